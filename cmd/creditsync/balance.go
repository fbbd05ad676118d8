package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) balanceCommand() *cobra.Command {
	var clock string
	var recount bool
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
				broken := slices.ContainsFunc(all, func(b jobs.StreamBalance) bool { return b.Difference != 0 })
				if recount {
					differs, err := c.recount(cmd.Context(), h, all)
					if err != nil {
						return err
					}
					broken = broken || differs
				}
				if broken {
					return exit{status: exitBroken}
				}
				return nil
			})
		}}
	v.Flags().BoolVar(&recount, "recount", false, c.say.Say("cmd.balance.flag.recount"))
	hideClock(v, &clock)
	return v
}

// recount counts every record and says where the books differ.
func (c *cli) recount(ctx context.Context, h *daemon.House, all []jobs.StreamBalance) (differs bool, err error) {
	for _, b := range all {
		counts, err := h.Deps().Store.Records.Recount(ctx, b.Stream)
		if err != nil {
			return false, err
		}
		for _, state := range jobs.States() {
			if counted, booked := counts.States[state], b.States[string(state)]; counted != booked {
				differs = true
				fmt.Fprintln(c.err, c.say.Say("cmd.balance.differs", b.Title, c.say.Say("state."+string(state)), counted, booked))
			}
		}
	}
	return differs, nil
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
