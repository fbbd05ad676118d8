package main

import (
	"fmt"
	"io"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) releaseCommand() *cobra.Command {
	var guard, by string
	v := &cobra.Command{Use: "release STREAM", Short: c.say.Say("cmd.release.short"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withHouse(cmd.Context(), "", func(h *daemon.House) error {
				held, err := jobs.HeldOf(cmd.Context(), h.Deps(), args[0])
				if err != nil {
					return err
				}
				if held == nil {
					return exit{exitFailed, &jobs.Failure{What: jobs.NothingHeld, Args: []string{args[0]}}}
				}
				if guard == "" {
					return c.showHeld(held)
				}
				if err := jobs.Release(cmd.Context(), h.Deps(), args[0], guard, by); err != nil {
					return err
				}
				fmt.Fprintln(c.out, c.say.Say("cmd.release.done", held.Title))
				return nil
			})
		}}
	v.Flags().StringVar(&guard, "guard", "", c.say.Say("cmd.release.flag.guard"))
	v.Flags().StringVar(&by, "by", "", c.say.Say("cmd.flag.by"))
	v.MarkFlagsRequiredTogether("guard", "by")
	return v
}

// showHeld says what is held and what a release must name.
func (c *cli) showHeld(h *jobs.Held) error {
	return c.show(h, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, c.say.Say("cmd.release.held", h.Title, h.Present, h.Gone, h.Changed, c.say.Say(h.Reason), h.Stream, h.Guard))
		return err
	})
}
