package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"

	"github.com/spf13/cobra"
)

func (c *cli) checkCommand() *cobra.Command {
	var live bool
	v := &cobra.Command{Use: "check", Short: c.say.Say("cmd.check.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.check(cmd.Context(), live) }}
	v.Flags().BoolVar(&live, "live", false, c.say.Say("cmd.check.flag.live"))
	return v
}

// check says everything that is wrong with settings and rules, and changes nothing.
func (c *cli) check(ctx context.Context, live bool) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	files, err := s.files()
	if err != nil {
		return err
	}
	built, err := daemon.Check(files, daemon.Options{Profile: s.Platform.Profile, Variables: s.Platform.Values(), Now: c.now})
	if err != nil {
		return exit{exitUsage, c.counted(err)}
	}
	if live {
		if err := c.checkLive(ctx, s, built.Rules()); err != nil {
			return err
		}
	}
	fmt.Fprintln(c.out, c.say.Say("cmd.check.ok", count(files, "mappings"), count(files, "codes"), count(files, "holidays")))
	return nil
}

// checkLive opens every registry and asks it for the columns of its streams.
func (c *cli) checkLive(ctx context.Context, s settings, rules *jobs.Rules) error {
	o, err := c.optionsOf(s, "")
	if err != nil {
		return err
	}
	registries, done, err := daemon.OpenRegistries(ctx, o)
	if err != nil {
		return err
	}
	defer done()
	var all []error
	for _, stream := range rules.Streams(mapping.Push) {
		all = append(all, jobs.Probe(ctx, registries, rules, stream))
	}
	if err := errors.Join(all...); err != nil {
		return exit{exitFailed, err}
	}
	return nil
}

// counted adds how many faults there are below them.
func (c *cli) counted(err error) error {
	var faults mapping.Faults
	if !errors.As(err, &faults) || len(faults) < 2 {
		return err
	}
	return errors.Join(faults, mapping.Fault{What: "cmd.check.faults", Args: []string{fmt.Sprint(len(faults))}})
}

// count is how many files a room has.
func count(files []store.RuleFile, room string) int {
	n := 0
	for _, f := range files {
		if strings.HasPrefix(f.Name, room+"/") {
			n++
		}
	}
	return n
}
