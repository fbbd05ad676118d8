package main

import (
	"io"
	"strconv"

	"creditsync/cmd/creditsync/console"
	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs/store"

	"github.com/spf13/cobra"
)

func (c *cli) logCommand() *cobra.Command {
	f := store.EventFilter{}
	var clock string
	var runs bool
	v := &cobra.Command{Use: "log", Short: c.say.Say("cmd.log.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
				if runs {
					all, err := h.Deps().Store.Log.Runs(cmd.Context(), f)
					if err != nil {
						return err
					}
					return c.show(all, func(w io.Writer) error { c.printRuns(w, all); return nil })
				}
				all, err := h.Deps().Store.Log.Events(cmd.Context(), f)
				if err != nil {
					return err
				}
				return c.show(all, func(w io.Writer) error { c.printEvents(w, h.Deps().Rules().Title, all); return nil })
			})
		}}
	v.Flags().IntVar(&f.Limit, "limit", 40, c.say.Say("cmd.log.flag.limit"))
	v.Flags().StringVar(&f.Stream, "stream", "", c.say.Say("cmd.log.flag.stream"))
	v.Flags().StringVar(&f.Kind, "kind", "", c.say.Say("cmd.log.flag.kind"))
	v.Flags().StringVar(&f.Key, "key", "", c.say.Say("cmd.log.flag.key"))
	v.Flags().BoolVar(&runs, "runs", false, c.say.Say("cmd.log.flag.runs"))
	hideClock(v, &clock)
	return v
}

func (c *cli) printEvents(w io.Writer, title func(stream string) string, all []store.Event) {
	var rows [][]string
	for _, e := range all {
		what := c.say.Say("kind." + e.Kind)
		rows = append(rows, []string{e.At.In(china()).Format("01-02 15:04:05"), what, console.About(title, e), console.EventText(c.say, e)})
	}
	c.grid(w, []column{{title: c.say.Say("word.time")}, {title: c.say.Say("word.kind")}, {title: c.say.Say("word.about"), max: 24},
		{title: c.say.Say("word.reason"), max: 48}}, rows)
}

func (c *cli) printRuns(w io.Writer, all []store.Run) {
	var rows [][]string
	for _, r := range all {
		took := ""
		if !r.Ended.IsZero() {
			took = strconv.FormatFloat(r.Ended.Sub(r.Started).Seconds(), 'f', 1, 64)
		}
		rows = append(rows, []string{r.Started.In(china()).Format("01-02 15:04:05"), c.say.Say("job." + r.Job), r.Target, took,
			c.say.Say("outcome." + r.Outcome), console.Counts(c.say, r.Counts)})
	}
	c.grid(w, []column{{title: c.say.Say("word.time")}, {title: c.say.Say("word.job")}, {title: c.say.Say("word.target"), max: 20},
		{title: c.say.Say("word.seconds"), right: true}, {title: c.say.Say("word.outcome")}, {title: c.say.Say("word.counts"), max: 36}}, rows)
}
