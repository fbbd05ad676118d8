package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"creditsync/jobs"

	"github.com/spf13/cobra"
)

// errStopped ends a walk whose workbook takes no more rows.
var errStopped = errors.New("the workbook takes no more rows")

func (c *cli) mappingDiff() *cobra.Command {
	var clock, out, stream string
	var resend bool
	v := &cobra.Command{Use: "diff", Short: c.say.Say("cmd.mapping.diff.short"), Long: c.say.Say("cmd.mapping.diff.long"), Args: cobra.NoArgs}
	e := c.editedFlags(v)
	v.Flags().StringVar(&stream, "stream", "", c.say.Say("cmd.log.flag.stream"))
	v.Flags().StringVar(&out, "out", "", c.say.Say("cmd.mapping.flag.out"))
	v.Flags().BoolVar(&resend, "resend", false, c.say.Say("cmd.mapping.flag.resend"))
	hideClock(v, &clock)
	v.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.onRules(cmd, clock, e, func(w workplace) error {
			i, err := c.impact(w, jobs.ImpactQuery{Stream: stream, Resend: resend}, out)
			if err != nil {
				return err
			}
			return c.show(i, func(w io.Writer) error { return c.printImpact(w, i, out) })
		})
	}
	return v
}

// impact works out what the edited rules would do.
func (c *cli) impact(w workplace, q jobs.ImpactQuery, out string) (i jobs.Impact, err error) {
	if out == "" {
		return jobs.Preview(w.ctx, w.deps, w.deps.Rules(), w.next, q)
	}
	err = c.differences(out, func(tell func(string, jobs.Difference) error) (err error) {
		q.Tell = tell
		i, err = jobs.Preview(w.ctx, w.deps, w.deps.Rules(), w.next, q)
		return err
	})
	return i, err
}

func (c *cli) printImpact(w io.Writer, i jobs.Impact, out string) error {
	if len(i.Streams) == 0 {
		fmt.Fprintln(w, c.say.Say("cmd.mapping.diff.none"))
	}
	for _, s := range i.Streams {
		c.printRehearsal(w, s)
	}
	for _, f := range i.Findings {
		fmt.Fprintln(w, "✗ "+c.say.Say(f.What, anys(f.Args)...))
	}
	if out != "" {
		fmt.Fprintln(w, c.say.Say("cmd.mapping.out", out))
	}
	return nil
}

func (c *cli) printRehearsal(w io.Writer, r jobs.Rehearsal) {
	fmt.Fprintln(w, c.say.Say("cmd.mapping.diff.stream", r.Title, r.Stream, r.Rows, r.Excluded))
	if x := r.Contrast; x == nil {
		fmt.Fprintln(w, "  "+c.say.Say("cmd.mapping.diff.no_contrast"))
	} else {
		c.printContrast(w, *x)
	}
	fmt.Fprintln(w, "  "+c.say.Say("cmd.mapping.diff.then", r.Sent, r.Again, r.Missing))
	var states []string
	for _, s := range slices.Sorted(maps.Keys(r.States)) {
		states = append(states, fmt.Sprintf("%s %d", c.say.Say("state."+string(s)), r.States[s]))
	}
	fmt.Fprintln(w, "  "+c.say.Say("cmd.mapping.diff.states", strings.Join(states, "，")))
	if r.Due != "" {
		fmt.Fprintln(w, "  "+c.say.Say("cmd.mapping.diff.due", r.Due))
	}
	if r.Held != "" {
		fmt.Fprintln(w, "  ✗ "+c.say.Say("cmd.mapping.diff.held"))
	}
}

func (c *cli) printContrast(w io.Writer, x jobs.Contrast) {
	fmt.Fprintln(w, "  "+c.say.Say("cmd.mapping.diff.contrast", x.Changed, x.Published, x.Broken, x.Mended, x.In, x.Out, x.Standing, x.Same))
	c.printCauses(w, x.Broke)
	var rows [][]string
	for _, d := range x.Samples {
		mark := ""
		if d.Published {
			mark = "●"
		}
		rows = append(rows, []string{d.Key, d.Field, d.Old, d.New, mark})
	}
	if len(rows) > 0 {
		c.grid(w, []column{{title: c.say.Say("word.key"), max: 24}, {title: c.say.Say("word.field"), max: 16}, {title: c.say.Say("word.old"), max: 20},
			{title: c.say.Say("word.new"), max: 20}, {title: c.say.Say("word.on_platform")}}, rows)
	}
}
