package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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
		return c.faulty(err)
	}
	files, err := s.files()
	if err != nil {
		return err
	}
	built, err := daemon.Check(files, daemon.Options{Profile: s.Platform.Profile, Variables: s.Platform.Values(), Now: c.now})
	if err != nil {
		return c.faulty(err)
	}
	if live {
		if err := c.checkLive(ctx, s, built.Rules()); err != nil {
			return err
		}
	}
	ok := checked{OK: true, Mappings: count(files, "mappings"), Codes: count(files, "codes"), Calendars: count(files, "holidays")}
	return c.show(ok, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, c.say.Say("cmd.check.ok", ok.Mappings, ok.Codes, ok.Calendars))
		return err
	})
}

// checked is what `check` prints as JSON.
type checked struct {
	OK        bool     `json:"ok"`
	Mappings  int      `json:"mappings"`
	Codes     int      `json:"codes"`
	Calendars int      `json:"calendars"`
	Faults    []string `json:"faults,omitempty"`
}

// faulty ends a check that found faults: as lines for people, or as a list.
func (c *cli) faulty(err error) error {
	if !c.json {
		return exit{exitUsage, c.counted(err)}
	}
	a := checked{Faults: strings.Split(c.say.Error(err), "\n")}
	if err := c.show(a, nil); err != nil {
		return err
	}
	return exit{status: exitUsage}
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
