package main

import (
	"fmt"
	"io"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) resendCommand() *cobra.Command {
	var by string
	var yes bool
	v := &cobra.Command{Use: "resend STREAM KEY...", Short: c.say.Say("cmd.resend.short"), Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withHouse(cmd.Context(), "", func(h *daemon.House) error {
				refused, err := jobs.RefusedOf(cmd.Context(), h.Deps(), args[0], args[1:])
				if err != nil {
					return err
				}
				if !yes {
					return c.show(refused, func(w io.Writer) error { return c.printRefused(w, refused) })
				}
				if err := jobs.Resend(cmd.Context(), h.Deps(), refused, by); err != nil {
					return err
				}
				fmt.Fprintln(c.out, c.say.Say("cmd.resend.done", refused[0].Title, len(refused)))
				return nil
			})
		}}
	v.Flags().BoolVar(&yes, "yes", false, c.say.Say("cmd.resend.flag.yes"))
	v.Flags().StringVar(&by, "by", "", c.say.Say("cmd.flag.by"))
	v.MarkFlagsRequiredTogether("yes", "by")
	return v
}

// printRefused shows what would be sent again, and why it was not taken.
func (c *cli) printRefused(w io.Writer, refused []jobs.Refused) error {
	var rows [][]string
	for _, r := range refused {
		why := ""
		if r.Detail != nil {
			why = r.Detail.Message
		}
		rows = append(rows, []string{r.Key, c.say.Say("state." + r.State), why})
	}
	c.grid(w, []column{{title: c.say.Say("word.key"), max: 28}, {title: c.say.Say("word.state")}, {title: "", max: 50}}, rows)
	_, err := fmt.Fprintln(w, c.say.Say("cmd.resend.confirm"))
	return err
}
