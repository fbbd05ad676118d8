package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"
	"creditsync/jobs/deadline"

	"github.com/spf13/cobra"
)

func (c *cli) calendarRecheck() *cobra.Command {
	return &cobra.Command{Use: "recheck", Short: c.say.Say("cmd.calendar.recheck.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.recheck(cmd.Context()) }}
}

// recheck recomputes the deadline of everything unproven by the calendar in force.
func (c *cli) recheck(ctx context.Context) error {
	return c.atWork(ctx, "", func(h *daemon.House) error {
		changed, err := jobs.Recheck(ctx, h.Deps())
		if err != nil {
			return err
		}
		for _, stream := range slices.Sorted(maps.Keys(changed)) {
			fmt.Fprintln(c.out, c.say.Say("cmd.calendar.rechecked", h.Deps().Rules().Title(stream), changed[stream]))
		}
		return nil
	})
}

func (c *cli) calendarLoad() *cobra.Command {
	return &cobra.Command{Use: "load FILE", Short: c.say.Say("cmd.calendar.load.short"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.loadNotice(args[0]); err != nil {
				return err
			}
			return c.recheck(cmd.Context())
		}}
}

// loadNotice checks a year's notice and puts it among the configuration's, in place of a provisional one of that year.
func (c *cli) loadNotice(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return exit{exitUsage, &jobs.Failure{What: unreadableFile, Args: []string{file}, Err: err}}
	}
	n, faults := deadline.ParseNotice(file, content)
	if len(faults) > 0 {
		return exit{exitUsage, faults}
	}
	s, err := c.settings()
	if err != nil {
		return err
	}
	name := filepath.Join(s.holidays(), strconv.Itoa(n.Year)+".yaml")
	if err := writeWhole(name, content); err != nil {
		return err
	}
	fmt.Fprintln(c.out, c.say.Say("cmd.calendar.loaded", n.Year, n.Number, name))
	return nil
}
