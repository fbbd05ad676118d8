package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"

	"github.com/spf13/cobra"
)

// workplace is what a verb about edited rules works with.
type workplace struct {
	ctx      context.Context
	settings settings
	deps     jobs.Deps
	files    []store.RuleFile
	next     *jobs.Rules
}

func (c *cli) mappingCheck() *cobra.Command {
	var live bool
	v := &cobra.Command{Use: "check [FILE...]", Short: c.say.Say("cmd.mapping.check.short"), Long: c.say.Say("cmd.mapping.check.long"),
		RunE: func(cmd *cobra.Command, names []string) error { return c.checkMappings(cmd.Context(), names, live) }}
	v.Flags().BoolVar(&live, "live", false, c.say.Say("cmd.check.flag.live"))
	return v
}

// checkMappings holds edited files, or all files of the folders, to everything a mapping must keep to.
func (c *cli) checkMappings(ctx context.Context, names []string, live bool) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	files, err := s.files()
	if err != nil {
		return err
	}
	var own []string
	for _, name := range names {
		f, err := ruleFile(name)
		if err != nil {
			return err
		}
		files, own = replaced(files, f), append(own, f.Name)
	}
	rules, err := c.rulesOf(s, files)
	if err != nil {
		return err
	}
	ok := checked{OK: true, Mappings: count(files, "mappings"), Codes: count(files, "codes"), Calendars: count(files, "holidays")}
	if live {
		if err := c.checkRows(ctx, s, rules, own); err != nil {
			return err
		}
	}
	return c.show(ok, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, c.say.Say("cmd.check.ok", ok.Mappings, ok.Codes, ok.Calendars))
		return err
	})
}

// checkRows asks every registry for the columns of its streams, and looks whether each row has a key of its own.
func (c *cli) checkRows(ctx context.Context, s settings, rules *jobs.Rules, own []string) error {
	if err := c.checkLive(ctx, s, rules); err != nil {
		return err
	}
	o, err := c.optionsOf(s, "")
	if err != nil {
		return err
	}
	registries, done, err := daemon.OpenRegistries(ctx, o)
	if err != nil {
		return err
	}
	defer done()
	d := jobs.Deps{Registries: registries, Rules: func() *jobs.Rules { return rules }, Now: o.Now, Log: o.Log}
	var faults mapping.Faults
	for _, stream := range rules.Streams(mapping.Push) {
		if len(own) > 0 && !slices.Contains(own, "mappings/"+stream+".yaml") {
			continue
		}
		sample, err := jobs.Look(ctx, d, rules, jobs.SampleQuery{Stream: stream})
		if err != nil {
			return err
		}
		faults = append(faults, keyFaults(sample)...)
	}
	if len(faults) > 0 {
		return exit{exitFailed, faults}
	}
	return nil
}

// keyFaults are the keys that do not tell rows apart.
func keyFaults(s jobs.Sample) (faults mapping.Faults) {
	for _, cause := range s.Causes {
		if cause.Code != jobs.DuplicateKey && cause.Code != mapping.NullKey && cause.Code != jobs.NullKey {
			continue
		}
		faults = append(faults, mapping.Fault{What: cause.Code, Args: append([]string{s.Title}, cause.Examples[0].Key)})
	}
	return faults
}
