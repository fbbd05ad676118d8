package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/spf13/cobra"
)

// verifyCommand holds what was sealed to its seals. Its status is 1 if anything was found.
func (c *cli) verifyCommand() *cobra.Command {
	var log bool
	var from, to, clock string
	var roots []string
	v := &cobra.Command{Use: "verify --log", Short: c.say.Say("cmd.verify.short"), Long: c.say.Say("cmd.verify.long"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			printed, err := printedRoots(roots)
			if err != nil {
				return err
			}
			return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
				span, err := days(from, to, h.Deps().Now().Location())
				if err != nil {
					return err
				}
				r, err := h.Deps().Store.Log.CheckSeals(cmd.Context(), span[0], span[1], printed, nil)
				if err != nil {
					return err
				}
				if err := c.show(r, func(w io.Writer) error { c.printSeals(w, r); return nil }); err != nil {
					return err
				}
				if len(r.Faults) > 0 {
					return exit{status: exitFailed}
				}
				return nil
			})
		}}
	v.Flags().BoolVar(&log, "log", false, c.say.Say("cmd.verify.flag.log"))
	v.Flags().StringVar(&from, "from", "", c.say.Say("cmd.verify.flag.from"))
	v.Flags().StringVar(&to, "to", "", c.say.Say("cmd.verify.flag.to"))
	v.Flags().StringArrayVar(&roots, "root", nil, c.say.Say("cmd.verify.flag.root"))
	if err := v.MarkFlagRequired("log"); err != nil {
		panic(err) // the flag was defined above
	}
	hideClock(v, &clock)
	return v
}

// printedRoots reads roots as `verify` prints them: 120:9f86d0….
func printedRoots(texts []string) (roots []store.PrintedRoot, err error) {
	for _, text := range texts {
		number, root, _ := strings.Cut(strings.TrimSpace(text), ":")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n < 1 || len(root) != 64 {
			return nil, exit{exitUsage, &jobs.Failure{What: "cmd.verify.bad_root", Args: []string{text}}}
		}
		roots = append(roots, store.PrintedRoot{Blocks: n, Root: strings.ToLower(root)})
	}
	return roots, nil
}

// days is the span from the beginning of one day to the end of another; zero where none is given.
func days(from, to string, in *time.Location) (span [2]time.Time, err error) {
	for i, text := range []string{from, to} {
		if text == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, text, in)
		if err != nil {
			return span, exit{exitUsage, &jobs.Failure{What: "cmd.verify.bad_day", Args: []string{text}}}
		}
		span[i] = day.AddDate(0, 0, i)
	}
	return span, nil
}

func (c *cli) printSeals(w io.Writer, r store.SealReport) {
	verdict := "cmd.verify.sound"
	if len(r.Faults) > 0 {
		verdict = "cmd.verify.broken"
	}
	fmt.Fprintln(w, c.say.Say(verdict, r.Blocks, r.Lines, r.Open, len(r.Faults)))
	for _, f := range r.Faults {
		fmt.Fprintln(w, "  "+c.say.Say(f.What, f.Block, f.First, f.Last, f.Want, f.Have))
	}
	if r.Root != "" {
		fmt.Fprintln(w, c.say.Say("cmd.verify.root"))
		fmt.Fprintf(w, "  %d:%s\n", r.Blocks, r.Root)
	}
}
