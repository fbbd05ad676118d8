package main

import "github.com/spf13/cobra"

// mappingCommand groups what is done with mappings: look, compare, change, undo.
func (c *cli) mappingCommand() *cobra.Command {
	v := &cobra.Command{Use: "mapping", Short: c.say.Say("cmd.mapping.short"), Long: c.say.Say("cmd.mapping.long"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	v.AddCommand(c.mappingNew(), c.mappingCheck(), c.mappingPreview(), c.mappingDiff(), c.mappingPropose(), c.mappingConfirm(), c.mappingHistory(),
		c.mappingShow(), c.mappingRollback(), c.mappingSchema())
	return v
}
