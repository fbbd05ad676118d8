package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"creditsync/cmd/creditsync/console"
	"creditsync/cmd/creditsync/daemon"
	"creditsync/cmd/creditsync/texts"
	"creditsync/config"
	"creditsync/jobs"
	"creditsync/jobs/store"
)

// settings are the settings of this run, read once.
type settings struct{ config.Settings }

// settings reads the settings file. From then on no error that is printed holds a secret; the log hides them by itself.
func (c *cli) settings() (settings, error) {
	s, faults := config.Load(c.config, c.env)
	if len(faults) > 0 {
		return settings{}, exit{exitUsage, faults}
	}
	c.redact = s.Redactor().Redact
	return settings{s}, nil
}

// files reads what people edit, from the folders that the settings name.
func (s settings) files() ([]store.RuleFile, error) {
	var all []store.RuleFile
	for room, dir := range map[string]string{"codes": s.Folders.Codes, "holidays": s.Folders.Holidays,
		"mappings": s.Folders.Mappings, "platforms": s.Folders.Platforms} {
		files, err := readRoom(os.DirFS(dir), room, ".")
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	slices.SortFunc(all, func(a, b store.RuleFile) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func (s settings) holidays() string { return s.Folders.Holidays }

// options are the house that the settings describe. clock is empty in production.
func (c *cli) options(clock string) (daemon.Options, error) {
	s, err := c.settings()
	if err != nil {
		return daemon.Options{}, err
	}
	return c.optionsOf(s, clock)
}

func (c *cli) optionsOf(s settings, clock string) (daemon.Options, error) {
	at, since, err := parseClock(clock)
	if err != nil {
		return daemon.Options{}, exit{exitUsage, err}
	}
	now := shifted(c.now, at, since)
	o := daemon.Options{
		Store:     store.Options{DSN: s.Store.DSN.Text(), Holder: c.holder()},
		Databases: map[string]daemon.Database{},
		Folder:    s.Registry,
		Books:     filepath.Join(s.Data, "books"),
		Site:      daemon.Site{Outbox: s.Site.Outbox, Published: s.Site.Published},
		Files:     s.files,
		Confirm:   s.Rules.Confirm != "none",
		Profile:   s.Platform.Profile,
		Variables: s.Platform.Values(),
		Mock:      s.Platform.Mock,
		Schedule:  s.slots,
		Lanes:     s.Platform.Lanes + s.Site.Lanes,
		Listen:    s.Listen,
		Node:      s.Node,
		Guard:     jobs.Guard{ShrinkPercent: s.Guard.ShrinkPercent, ChangePercent: s.Guard.ChangePercent, Rows: int64(s.Guard.Rows)},
		ListAge:   s.Lists.StaleAfter,
		Backups:   jobs.Backups{Folder: s.Backup.Folder, Keep: s.Backup.Keep},
		Spool:     filepath.Join(s.Data, "spool"),
		Now:       now,
		Log:       c.logger(s),
		Console:   c.console,
		Joining:   store.Joining{Machine: machine(), Steady: c.now},
	}
	if clock != "" {
		o.Store.Now = now
	}
	if o.Node == "" {
		if o.Node, err = os.Hostname(); err != nil {
			return o, fmt.Errorf("find this machine's name: %w", err)
		}
	}
	for _, d := range s.Databases {
		o.Databases[d.Name] = daemon.Database{Driver: d.Driver, DSN: d.DSN.Text()}
	}
	return o, os.MkdirAll(s.Data, 0o700)
}

// holder says whose program this is.
func (c *cli) holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return fmt.Sprintf("PID %d @ %s", os.Getpid(), host)
}

// slots are the schedule of the targets a job has.
func (s settings) slots(job string, targets []string) []store.Slot {
	var all []store.Slot
	for _, t := range targets {
		if spec, ok := s.Cron(job, t); ok {
			all = append(all, store.Slot{Job: job, Target: t, Spec: spec})
		}
	}
	return all
}

// console is the handler of the status page, in the reader's language.
func (c *cli) console(h *daemon.House) http.Handler {
	return console.New(console.Options{Deps: h.Deps, Now: func() time.Time { return h.Deps().Now() },
		Chinese: texts.New("zh"), English: texts.New("en"), Prefer: c.lang})
}

// withHouse opens the rooms beside a running daemon to look, and closes them: no rules are put in force.
func (c *cli) withHouse(ctx context.Context, clock string, do func(h *daemon.House) error) error {
	o, err := c.options(clock)
	if err != nil {
		return err
	}
	o.Look = true
	return inHouse(ctx, o, do)
}

// atWork is withHouse for verbs that do what the daemon does: the rules of the files are put in force first.
func (c *cli) atWork(ctx context.Context, clock string, do func(h *daemon.House) error) error {
	o, err := c.options(clock)
	if err != nil {
		return err
	}
	return inHouse(ctx, o, do)
}

func inHouse(ctx context.Context, o daemon.Options, do func(h *daemon.House) error) error {
	o.Store.Beside, o.Joining.Brief = true, true
	h, err := daemon.Open(ctx, o)
	if err != nil {
		return err
	}
	if err := do(h); err != nil {
		_ = h.Close() // the first error tells more
		return err
	}
	return h.Close()
}
