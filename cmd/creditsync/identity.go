package main

import (
	"fmt"
	"io"

	"creditsync/mapping/identity"

	"github.com/spf13/cobra"
)

// identified is what `identity` prints as JSON. Normalized is the whole number, also a citizen ID: a program asked for it
// by --json. What people see has it masked.
type identified struct {
	Kind       identity.Kind   `json:"kind"`
	Valid      bool            `json:"valid"`
	Reason     identity.Reason `json:"reason"`
	Normalized string          `json:"normalized"`
}

func (c *cli) identityCommand() *cobra.Command {
	return &cobra.Command{Use: "identity VALUE", Short: c.say.Say("cmd.identity.short"), Long: c.say.Say("cmd.identity.long"), Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			i := identity.Of(args[0])
			return c.show(identified(i), func(w io.Writer) error { return c.printIdentity(w, i) })
		}}
}

func (c *cli) printIdentity(w io.Writer, i identity.Identity) error {
	kind := c.say.Say("identity.kind." + string(i.Kind))
	if i.Kind == identity.None {
		kind = c.say.Say("identity.kind.none")
	}
	shown := i.Normalized
	switch i.Kind {
	case identity.CreditCode, identity.Organisation, identity.Registration: // public numbers
	default:
		shown = identity.Mask(shown)
	}
	if i.Valid {
		_, err := fmt.Fprintln(w, c.say.Say("cmd.identity.valid", shown, kind))
		return err
	}
	_, err := fmt.Fprintln(w, c.say.Say("cmd.identity.invalid", shown, kind, c.say.Say("identity.reason."+string(i.Reason))))
	return err
}
