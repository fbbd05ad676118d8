package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"creditsync/cmd/creditsync/console"
	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) screenCommand() *cobra.Command {
	var clock, asOf string
	var former []string
	var person bool
	v := &cobra.Command{Use: "screen CODE|NAME [NAME]", Short: c.say.Say("cmd.screen.short"), Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			q := jobs.Ask(args...)
			q.Former, q.Person = former, person
			return c.withHouse(cmd.Context(), clock, func(h *daemon.House) (err error) {
				if q.AsOf, err = instant(asOf, h.Deps().Now().Location()); err != nil {
					return exit{exitUsage, &jobs.Failure{What: "cmd.screen.bad_as_of", Args: []string{asOf}}}
				}
				s, err := jobs.Screen(cmd.Context(), h.Deps(), q)
				if err != nil {
					return err
				}
				return c.show(s, func(w io.Writer) error { c.printScreening(w, s); return nil })
			})
		}}
	v.Flags().StringVar(&asOf, "as-of", "", c.say.Say("cmd.screen.as_of_flag"))
	v.Flags().StringSliceVar(&former, "former", nil, c.say.Say("cmd.screen.former"))
	v.Flags().BoolVar(&person, "person", false, c.say.Say("cmd.screen.person"))
	hideClock(v, &clock)
	return v
}

// instant reads 2026-12-01, which means the end of that day, or 2026-12-01T08:00.
func instant(text string, in *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, in); err == nil {
		return t.AddDate(0, 0, 1).Add(-time.Millisecond), nil
	}
	return time.ParseInLocation("2006-01-02T15:04", strings.Replace(text, " ", "T", 1), in)
}

func (c *cli) printScreening(w io.Writer, s jobs.Screening) {
	if s.Mock {
		fmt.Fprintln(w, "["+c.say.Say("word.mock")+"]")
	}
	fmt.Fprintln(w, c.say.Say("verdict."+string(s.Verdict), s.Query))
	if s.AsOf != "" {
		fmt.Fprintln(w, c.say.Say("cmd.screen.as_of", console.Moment(s.AsOf)))
	}
	if s.Note != "" {
		fmt.Fprintln(w, c.say.Say(s.Note))
	}
	for _, h := range append(s.Hits, s.Candidates...) {
		fmt.Fprintln(w, "  "+c.say.Say("cmd.screen.hit", h.Title, h.Name, h.CreditCode, h.Decision, h.Listed, h.Organ, h.Reason))
		var why []string
		for _, r := range h.Reasons {
			why = append(why, c.say.Say("match."+string(r)))
		}
		fmt.Fprintln(w, "    "+c.say.Say("cmd.screen.why", strings.Join(why, "、"), h.Score))
	}
	if s.More {
		fmt.Fprintln(w, "  "+c.say.Say("cmd.screen.more"))
	}
	for _, l := range s.Lists {
		fmt.Fprintln(w, "  "+c.say.Say("cmd.screen.list", l.Title, l.Version, l.Rows, console.Moment(l.PulledAt), console.Age(c.say, l.AgeSeconds)))
	}
}
