package main

import (
	"context"
	"fmt"
	"time"

	"creditsync/cmd/creditsync/daemon"

	"github.com/spf13/cobra"
)

// stopWithin bounds how long jobs may take to finish when the daemon is told to stop; what is cut off is looked up later.
const stopWithin = 20 * time.Second

func (c *cli) runCommand() *cobra.Command {
	var clock string
	var pace time.Duration
	v := &cobra.Command{Use: "run", Short: c.say.Say("cmd.run.short"), Long: c.say.Say("cmd.run.long"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := c.options(clock)
			if err != nil {
				return err
			}
			o.Every = pace
			return c.serve(cmd.Context(), o, func(d *daemon.Daemon) {
				fmt.Fprintln(c.err, c.say.Say("cmd.run.listening", d.Addr()))
			})
		}}
	hideClock(v, &clock)
	hidePace(v, &pace)
	return v
}

// serve runs a daemon until ctx ends.
func (c *cli) serve(ctx context.Context, o daemon.Options, started func(d *daemon.Daemon)) error {
	d, err := daemon.New(ctx, o)
	if err != nil {
		return err
	}
	if err := d.Start(ctx); err != nil {
		return err
	}
	started(d)
	<-ctx.Done()
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := d.Stop(bounded); err != nil {
		return err
	}
	fmt.Fprintln(c.err, c.say.Say("cmd.run.stopped"))
	return nil
}

// hidePace adds the flag by which tests make the plan run more often than each minute.
func hidePace(v *cobra.Command, pace *time.Duration) {
	v.Flags().DurationVar(pace, "pace", 0, "")
	_ = v.Flags().MarkHidden("pace") // the flag is there
}
