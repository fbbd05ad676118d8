package main

import "github.com/spf13/cobra"

// verbs are all verbs, in the order that the help shows them.
func (c *cli) verbs() []*cobra.Command {
	return []*cobra.Command{
		c.demoCommand(), c.initCommand(), c.checkCommand(), c.migrateCommand(), c.runCommand(), c.onceCommand(),
		c.statusCommand(), c.logCommand(), c.dueCommand(), c.balanceCommand(), c.whyCommand(), c.screenCommand(), c.identityCommand(),
		c.registryCommand(), c.mappingCommand(), c.stopCommand(), c.resumeCommand(), c.releaseCommand(), c.resendCommand(), c.backupCommand(), c.restoreCommand(), c.verifyCommand(), c.calendarCommand(), c.mockCommand(), c.simulateCommand(), c.versionCommand(),
	}
}
