package main

import (
	"fmt"
	"io"

	"creditsync/cmd/creditsync/console"
	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) screenCommand() *cobra.Command {
	var clock string
	v := &cobra.Command{Use: "screen CODE|NAME", Short: c.say.Say("cmd.screen.short"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
				s, err := jobs.Screen(cmd.Context(), h.Deps(), args[0])
				if err != nil {
					return err
				}
				return c.show(s, func(w io.Writer) error { c.printScreening(w, s); return nil })
			})
		}}
	hideClock(v, &clock)
	return v
}

func (c *cli) printScreening(w io.Writer, s jobs.Screening) {
	if s.Mock {
		fmt.Fprintln(w, "["+c.say.Say("word.mock")+"]")
	}
	fmt.Fprintln(w, c.say.Say("verdict."+string(s.Verdict), s.Query))
	if s.Note != "" {
		fmt.Fprintln(w, c.say.Say(s.Note))
	}
	for _, h := range s.Hits {
		fmt.Fprintln(w, "  "+c.say.Say("cmd.screen.hit", h.Title, h.Name, h.CreditCode, h.Decision, h.Listed, h.Organ, h.Reason))
	}
	for _, l := range s.Lists {
		fmt.Fprintln(w, "  "+c.say.Say("cmd.screen.list", l.Title, l.Version, l.Rows, console.Moment(l.PulledAt), console.Age(c.say, l.AgeSeconds)))
	}
}
