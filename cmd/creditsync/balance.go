package main

import (
	"io"
	"strconv"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) balanceCommand() *cobra.Command {
	var clock string
	v := &cobra.Command{Use: "balance [STREAM]", Short: c.say.Say("cmd.balance.short"), Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			stream := ""
			if len(args) > 0 {
				stream = args[0]
			}
			return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
				all, err := jobs.Balance(cmd.Context(), h.Deps(), stream)
				if err != nil {
					return err
				}
				if err := c.show(all, func(w io.Writer) error { c.printBalance(w, all); return nil }); err != nil {
					return err
				}
				for _, b := range all {
					if b.Difference != 0 {
						return exit{status: exitBroken}
					}
				}
				return nil
			})
		}}
	hideClock(v, &clock)
	return v
}

// printBalance prints a line per state and a column per stream: states are many and streams are few, so this fits.
func (c *cli) printBalance(w io.Writer, all []jobs.StreamBalance) {
	columns := []column{{title: ""}}
	source, difference, unread := []string{c.say.Say("word.source")}, []string{c.say.Say("word.difference")}, []string{c.say.Say("word.unread")}
	for _, b := range all {
		columns = append(columns, column{title: b.Title, right: true, max: 18})
		source = append(source, strconv.FormatInt(b.Source, 10))
		difference = append(difference, strconv.FormatInt(b.Difference, 10))
		u := strconv.FormatInt(b.Unread, 10)
		if b.UnreadReason != "" {
			u = "?"
		}
		unread = append(unread, u)
	}
	rows := [][]string{source}
	for _, state := range jobs.States() {
		row, some := []string{c.say.Say("state." + string(state))}, false
		for _, b := range all {
			n := b.States[string(state)]
			some = some || n != 0
			row = append(row, strconv.FormatInt(n, 10))
		}
		if some {
			rows = append(rows, row)
		}
	}
	c.grid(w, columns, append(rows, difference, unread))
}
