package main

import (
	"fmt"

	"creditsync/cmd/creditsync/daemon"

	"github.com/spf13/cobra"
)

func (c *cli) migrateCommand() *cobra.Command {
	return &cobra.Command{Use: "migrate", Short: c.say.Say("cmd.migrate.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := c.options("")
			if err != nil {
				return err
			}
			if err := daemon.Migrate(cmd.Context(), o); err != nil {
				return err
			}
			fmt.Fprintln(c.out, c.say.Say("cmd.migrate.done"))
			return nil
		}}
}
