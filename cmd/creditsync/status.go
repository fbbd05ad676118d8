package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"creditsync/cmd/creditsync/console"
	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) statusCommand() *cobra.Command {
	var clock string
	v := &cobra.Command{Use: "status", Short: c.say.Say("cmd.status.short"), Long: c.say.Say("cmd.status.long"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
				s, err := jobs.StatusOf(cmd.Context(), h.Deps())
				if err != nil {
					return err
				}
				if err := c.show(s, func(w io.Writer) error { return c.printStatus(w, s) }); err != nil {
					return err
				}
				if err := c.onDisk(cmd.Context(), h.Deps()); err != nil {
					return err
				}
				return levelExit(s.Level)
			})
		}}
	hideClock(v, &clock)
	return v
}

// onDisk names the rule files that are not those in force.
func (c *cli) onDisk(ctx context.Context, d jobs.Deps) error {
	if c.json {
		return nil
	}
	s, err := c.settings()
	if err != nil {
		return err
	}
	files, err := s.files()
	if err != nil {
		return err
	}
	v, ok, err := d.Store.Rules.InForce(ctx)
	if err != nil || !ok {
		return err
	}
	if names := v.Differing(files); len(names) > 0 {
		fmt.Fprintln(c.out, "! "+c.say.Say("cmd.mapping.on_disk", v.ID, strings.Join(names, "、")))
	}
	return nil
}

// levelExit is the exit status of a level.
func levelExit(l jobs.Level) error {
	switch l {
	case jobs.ProvenLevel:
		return nil
	case jobs.AtRisk:
		return exit{status: exitAtRisk}
	case jobs.Broken:
		return exit{status: exitBroken}
	default:
		return exit{status: exitUnknown}
	}
}

// hideClock gives a verb the flag that demo and tests set their clock by.
func hideClock(v *cobra.Command, clock *string) {
	v.Flags().StringVar(clock, "clock", "", "")
	_ = v.Flags().MarkHidden("clock")
}

func (c *cli) printStatus(w io.Writer, s jobs.Status) error {
	fmt.Fprintln(w, console.Sentence(c.say, s))
	for _, r := range console.Headlines(s.Reasons) {
		fmt.Fprintln(w, console.Mark(r.Severity)+" "+console.ReasonText(c.say, r))
	}
	if b := s.Backup; b != nil && b.At != "" {
		fmt.Fprintln(w, c.say.Say("cmd.status.backup", console.Moment(b.At), strconv.FormatInt(b.Rows, 10)))
	}
	fmt.Fprintln(w)
	c.printBalance(w, balances(s))
	if len(s.Pulled) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	var rows [][]string
	for _, l := range s.Pulled {
		rows = append(rows, []string{l.Title, strconv.FormatInt(l.Version, 10), strconv.FormatInt(l.Rows, 10), console.Moment(l.PulledAt)})
	}
	c.grid(w, []column{{title: c.say.Say("word.pulled")}, {title: c.say.Say("word.version"), right: true},
		{title: c.say.Say("word.rows"), right: true}, {title: c.say.Say("word.pulled_at")}}, rows)
	return nil
}

func balances(s jobs.Status) []jobs.StreamBalance {
	all := make([]jobs.StreamBalance, len(s.Streams))
	for i, st := range s.Streams {
		all[i] = st.StreamBalance
	}
	return all
}
