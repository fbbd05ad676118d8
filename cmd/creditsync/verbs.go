package main

import "github.com/spf13/cobra"

// verbs are all verbs, in the order that the help shows them.
func (c *cli) verbs() []*cobra.Command {
	return []*cobra.Command{
		c.versionCommand(),
	}
}
