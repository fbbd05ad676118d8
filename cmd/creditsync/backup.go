package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"creditsync/cmd/creditsync/console"
	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/spf13/cobra"
)

func (c *cli) backupCommand() *cobra.Command {
	var verify bool
	v := &cobra.Command{Use: "backup [PATH]", Short: c.say.Say("cmd.backup.short"), Long: c.say.Say("cmd.backup.long"),
		Args: cobra.MaximumNArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			if verify && len(args) == 1 {
				return c.verify(cmd.Context(), args[0])
			}
			s, err := c.settings()
			if err != nil {
				return err
			}
			path := s.Backup.Folder
			if len(args) == 1 {
				path = args[0]
			} else if err := os.MkdirAll(path, 0o700); err != nil {
				return fmt.Errorf("make the folder of backups: %w", err)
			}
			return c.backup(cmd.Context(), path)
		}}
	v.Flags().BoolVar(&verify, "verify", false, c.say.Say("cmd.backup.flag.verify"))
	return v
}

// backup writes one beside a running daemon, or without one. A folder gets a file with a name of its own.
func (c *cli) backup(ctx context.Context, path string) error {
	return c.withHouse(ctx, "", func(h *daemon.House) error {
		db := h.Deps().Store
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			now, err := db.Now(ctx)
			if err != nil {
				return err
			}
			path = filepath.Join(path, store.BackupName(now))
		}
		if _, err := os.Stat(path); err == nil {
			return exit{exitUsage, &jobs.Failure{What: "cmd.backup.exists", Args: []string{path}}}
		}
		m, err := db.Backup(ctx, path, nil)
		if err != nil {
			return err
		}
		return c.showBackup("cmd.backup.done", path, m)
	})
}

func (c *cli) verify(ctx context.Context, path string) error {
	m, err := store.VerifyBackup(ctx, path)
	if err != nil {
		return err
	}
	return c.showBackup("cmd.backup.verified", path, m)
}

// backupReport is what a backup says of itself.
type backupReport struct {
	Path string `json:"path"`
	store.Manifest
}

func (c *cli) showBackup(code, path string, m store.Manifest) error {
	return c.show(backupReport{path, m}, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, c.say.Say(code, path, console.Moment(m.At.In(china()).Format(time.RFC3339)), strconv.FormatInt(m.Rows, 10),
			strconv.Itoa(len(m.Parts))))
		return err
	})
}
