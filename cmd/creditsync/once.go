package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) onceCommand() *cobra.Command {
	var clock string
	v := &cobra.Command{Use: "once JOB [TARGET]", Short: c.say.Say("cmd.once.short"), Long: c.say.Say("cmd.once.long"),
		Args: cobra.RangeArgs(1, 2), RunE: func(cmd *cobra.Command, args []string) error {
			o, err := c.options(clock)
			if err != nil {
				return err
			}
			b := c.bars()
			defer b.stop()
			if b != nil {
				o.Progress = b
			}
			return inHouse(cmd.Context(), o, func(h *daemon.House) error { return c.once(cmd.Context(), h, args[0], args[1:]) })
		}}
	hideClock(v, &clock)
	return v
}

// once runs one job for the given target, or for each of its targets.
func (c *cli) once(ctx context.Context, h *daemon.House, job string, targets []string) error {
	all := daemon.Jobs()
	all[pushJob] = func(ctx context.Context, _ jobs.Deps, stream string) error { return push(ctx, h, stream) }
	run, ok := all[job]
	if !ok {
		names := strings.Join(slices.Sorted(maps.Keys(all)), ", ")
		return exit{exitUsage, &jobs.Failure{What: "cmd.once.unknown_job", Args: []string{job, names}}}
	}
	if len(targets) == 0 && job == pushJob {
		targets = h.Targets(jobs.JobCollect)
	}
	if len(targets) == 0 {
		targets = h.Targets(job)
	}
	for _, target := range targets {
		if err := run(ctx, h.Deps(), target); err != nil {
			return err
		}
		fmt.Fprintln(c.out, c.say.Say("cmd.once.done", job, target))
	}
	return nil
}
