package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"creditsync/cmd/creditsync/console"
	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/spf13/cobra"
)

func (c *cli) restoreCommand() *cobra.Command {
	var here, yes bool
	v := &cobra.Command{Use: "restore [FILE]", Short: c.say.Say("cmd.restore.short"), Long: c.say.Say("cmd.restore.long"),
		Args: cobra.MaximumNArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			if here == (len(args) == 1) {
				return exit{exitUsage, &jobs.Failure{What: "cmd.restore.which"}}
			}
			if !yes {
				return exit{exitUsage, &jobs.Failure{What: "cmd.restore.confirm"}}
			}
			o, err := c.options("")
			if err != nil {
				return err
			}
			if here {
				return c.takeOver(cmd.Context(), o)
			}
			return c.restore(cmd.Context(), o, args[0])
		}}
	v.Flags().BoolVar(&here, "here", false, c.say.Say("cmd.restore.flag.here"))
	v.Flags().BoolVar(&yes, "yes", false, c.say.Say("cmd.restore.flag.yes"))
	return v
}

// restored is what a restore did, for programs.
type restored struct {
	Path   string    `json:"path,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Rows   int64     `json:"rows,omitempty"`
	Aside  string    `json:"aside,omitempty"`
	Epoch  int64     `json:"epoch"`
	Reason string    `json:"reason"`
}

func (c *cli) restore(ctx context.Context, o daemon.Options, path string) error {
	b := c.bars()
	var progress func(done, total int64)
	if b != nil {
		progress = func(done, total int64) { b.Progress("restore", path, done, total) }
	}
	r, err := store.Restore(ctx, o.Store, path, progress)
	b.stop()
	if err != nil {
		return err
	}
	result := restored{path, r.At, r.Rows, r.Aside, r.Epoch.Number, r.Epoch.Cause}
	return c.show(result, func(w io.Writer) error {
		fmt.Fprintln(w, c.say.Say("cmd.restore.done", path, console.Moment(r.At.In(china()).Format(time.RFC3339)), strconv.FormatInt(r.Rows, 10)))
		if r.Aside != "" {
			fmt.Fprintln(w, c.say.Say("cmd.restore.aside", r.Aside))
		}
		_, err := fmt.Fprintln(w, c.say.Say("cmd.restore.next"))
		return err
	})
}

// takeOver is a person's word that the store is at work nowhere else.
func (c *cli) takeOver(ctx context.Context, o daemon.Options) error {
	o.Store.Beside = true
	db, err := store.Open(ctx, o.Store)
	if err != nil {
		return err
	}
	now, err := db.Epochs.Confirm(ctx, o.Joining)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	return c.show(restored{Epoch: now.Number, Reason: now.Cause}, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, c.say.Say("cmd.restore.here"))
		return err
	})
}
