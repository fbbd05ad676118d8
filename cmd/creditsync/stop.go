package main

import (
	"fmt"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) stopCommand() *cobra.Command {
	var reason, by string
	v := &cobra.Command{Use: "stop [CHANNEL]", Short: c.say.Say("cmd.stop.short"), Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withHouse(cmd.Context(), "", func(h *daemon.House) error {
				channel := channelOf(h, args)
				if err := jobs.Stop(cmd.Context(), h.Deps(), channel, reason, by); err != nil {
					return err
				}
				fmt.Fprintln(c.out, c.say.Say("cmd.stop.done", channel))
				return nil
			})
		}}
	v.Flags().StringVar(&reason, "reason", "", c.say.Say("cmd.stop.flag.reason"))
	v.Flags().StringVar(&by, "by", "", c.say.Say("cmd.flag.by"))
	_ = v.MarkFlagRequired("reason")
	_ = v.MarkFlagRequired("by")
	return v
}

func (c *cli) resumeCommand() *cobra.Command {
	var by string
	v := &cobra.Command{Use: "resume [CHANNEL]", Short: c.say.Say("cmd.resume.short"), Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withHouse(cmd.Context(), "", func(h *daemon.House) error {
				channel := channelOf(h, args)
				if err := jobs.Resume(cmd.Context(), h.Deps(), channel, by); err != nil {
					return err
				}
				fmt.Fprintln(c.out, c.say.Say("cmd.resume.done", channel))
				return nil
			})
		}}
	v.Flags().StringVar(&by, "by", "", c.say.Say("cmd.flag.by"))
	_ = v.MarkFlagRequired("by")
	return v
}

// channelOf is the channel named, or the platform's.
func channelOf(h *daemon.House, args []string) string {
	if len(args) > 0 {
		return args[0]
	}
	return h.Deps().Platform
}
