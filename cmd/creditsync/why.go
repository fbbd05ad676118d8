package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"creditsync/cmd/creditsync/console"
	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) whyCommand() *cobra.Command {
	var clock, stream string
	v := &cobra.Command{Use: "why KEY", Short: c.say.Say("cmd.why.short"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
				all, err := jobs.Why(cmd.Context(), h.Deps(), stream, args[0])
				if err != nil {
					return err
				}
				return c.show(all, func(w io.Writer) error {
					if len(all) == 0 {
						fmt.Fprintln(w, c.say.Say("cmd.why.nobody", args[0]))
					}
					for _, a := range all {
						c.printAccount(w, a)
					}
					return nil
				})
			})
		}}
	v.Flags().StringVar(&stream, "stream", "", c.say.Say("cmd.log.flag.stream"))
	hideClock(v, &clock)
	return v
}

func (c *cli) printAccount(w io.Writer, a jobs.Account) {
	fmt.Fprintf(w, "%s %s：%s\n", a.Title, a.Key, c.say.Say("state."+a.State))
	for _, line := range console.Story(c.say, a) {
		fmt.Fprintln(w, "  "+line)
	}
	var rows [][]string
	for _, s := range a.Steps {
		value := s.Value
		if s.Fault != "" {
			args := make([]any, len(s.Args))
			for i, arg := range s.Args {
				args[i] = arg
			}
			value = "✗ " + c.say.Say(s.Fault, args...)
		}
		rows = append(rows, []string{s.Column, s.Local, s.Rule, s.Field, value})
	}
	if len(rows) > 0 {
		fmt.Fprintln(w)
		c.grid(w, []column{{title: c.say.Say("word.column"), max: 18}, {title: c.say.Say("word.local"), max: 22}, {title: c.say.Say("word.rule"), max: 16},
			{title: c.say.Say("word.field"), max: 12}, {title: c.say.Say("word.platform_value"), max: 22}}, rows)
	}
	if a.Deadline != nil && len(a.Deadline.Days) > 0 {
		fmt.Fprintln(w, "\n"+c.say.Say("cmd.why.count", a.Deadline.Starts, a.Deadline.WorkingDays, a.Deadline.Due)+" "+countLine(a.Deadline.Days))
	}
	fmt.Fprintln(w)
}

// countLine is a count in one paragraph: working days numbered, holidays named.
func countLine(days []jobs.DayRow) string {
	var parts []string
	for _, d := range days {
		switch {
		case d.Working:
			parts = append(parts, d.Date[5:]+"("+strconv.Itoa(d.N)+")")
		case d.Name != "":
			parts = append(parts, d.Date[5:]+"["+d.Name+"]")
		}
	}
	return strings.Join(parts, " ")
}
