package main

import (
	"fmt"
	"path/filepath"

	"creditsync/config"

	"github.com/spf13/cobra"
)

func (c *cli) initCommand() *cobra.Command {
	return &cobra.Command{Use: "init DIR", Short: c.say.Say("cmd.init.short"), Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			n, err := config.Init(args[0])
			if err != nil {
				return err
			}
			fmt.Fprintln(c.out, c.say.Say("cmd.init.done", args[0], n, filepath.Join(args[0], "creditsync.yaml")))
			return nil
		}}
}
