package main

import (
	"io"
	"strconv"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) dueCommand() *cobra.Command {
	q := jobs.DueQuery{}
	var clock string
	v := &cobra.Command{Use: "due", Short: c.say.Say("cmd.due.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
				rows, more, err := jobs.Due(cmd.Context(), h.Deps(), q)
				if err != nil {
					return err
				}
				return c.show(map[string]any{"rows": rows, "more": more}, func(w io.Writer) error { return c.printDue(w, rows, more) })
			})
		}}
	v.Flags().IntVar(&q.Within, "within", -1, c.say.Say("cmd.due.flag.within"))
	v.Flags().StringVar(&q.Stream, "stream", "", c.say.Say("cmd.log.flag.stream"))
	v.Flags().StringVar(&q.Owner, "owner", "", c.say.Say("cmd.due.flag.owner"))
	v.Flags().IntVar(&q.Limit, "limit", 50, c.say.Say("cmd.log.flag.limit"))
	hideClock(v, &clock)
	return v
}

func (c *cli) printDue(w io.Writer, rows []jobs.DueRow, more bool) error {
	var cells [][]string
	for _, r := range rows {
		due := r.Due
		if r.Provisional {
			due += " " + c.say.Say("word.provisional_mark")
		}
		cells = append(cells, []string{due, strconv.Itoa(r.Left), c.say.Say("state." + r.State), r.Title, r.Key, r.Owner})
	}
	c.grid(w, []column{{title: c.say.Say("word.due")}, {title: c.say.Say("word.slack"), right: true}, {title: c.say.Say("word.state")},
		{title: c.say.Say("word.stream"), max: 18}, {title: c.say.Say("word.key"), max: 28}, {title: c.say.Say("word.owner"), max: 16}}, cells)
	if more {
		_, err := io.WriteString(w, c.say.Say("cmd.due.more")+"\n")
		return err
	}
	return nil
}
