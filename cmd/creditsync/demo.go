package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/fixtures/world"
	"creditsync/jobs/store"

	"github.com/spf13/cobra"
)

// demoInstant is when every demo begins, so that holidays, year end and quiet hours are the same every day: a Monday ten
// days before the end of a year whose successor has no notice yet.
func demoInstant() time.Time { return time.Date(2026, 12, 21, 10, 0, 0, 0, china()) }

// demoFlags are what the demo can be told.
type demoFlags struct {
	once                          bool
	dir, postgres, listen, faults string
}

func (c *cli) demoCommand() *cobra.Command {
	var f demoFlags
	v := &cobra.Command{Use: "demo", Short: c.say.Say("cmd.demo.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.demo(cmd.Context(), f) }}
	v.Flags().BoolVar(&f.once, "once", false, c.say.Say("cmd.demo.flag.once"))
	v.Flags().StringVar(&f.dir, "dir", "", c.say.Say("cmd.demo.flag.dir"))
	v.Flags().StringVar(&f.postgres, "postgres", "", c.say.Say("cmd.demo.flag.postgres"))
	v.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8765", c.say.Say("cmd.demo.flag.listen"))
	v.Flags().StringVar(&f.faults, "faults", "", c.say.Say("cmd.mock.flag.faults"))
	return v
}

// demo makes the sample world or goes on with one, starts the far side as a child, and runs the loop.
func (c *cli) demo(ctx context.Context, f demoFlags) (err error) {
	if f.dir == "" {
		if f.dir, err = os.MkdirTemp("", "creditsync-demo-"); err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(f.dir)) }()
	}
	stage, err := c.demoStage(f.dir)
	if err != nil {
		return err
	}
	mock, err := c.startMock(ctx, stage, f.faults)
	if err != nil {
		return err
	}
	defer mock.stop()
	o, err := c.demoOptions(f, stage)
	if err != nil {
		return err
	}
	if f.once {
		return c.demoOnce(ctx, o)
	}
	return c.demoServe(ctx, o)
}

// demoStage is what stays the same over restarts of one demo folder.
type demoStage struct {
	Clock   string        `json:"clock"`
	Address string        `json:"address"` // of the mock: proofs are tied to it
	World   world.Summary `json:"world"`
	dir     string
}

// demoStage reads the stage of a folder, or sets a new one. It is written last, so that its presence means that the
// sample world is whole.
func (c *cli) demoStage(dir string) (demoStage, error) {
	stage, name := demoStage{dir: dir}, filepath.Join(dir, "demo.json")
	if b, err := os.ReadFile(name); err == nil {
		if err := json.Unmarshal(b, &stage); err != nil {
			return stage, fmt.Errorf("read %s: %w", name, err)
		}
		return stage, c.tellWorld(stage)
	}
	var err error
	if stage.Address, err = freeAddress(); err != nil {
		return stage, err
	}
	stage.Clock = formatClock(demoInstant(), c.now())
	if stage.World, err = world.Write(dir, world.Options{Seed: 1, Now: demoInstant(), PlatformURL: "http://" + stage.Address}); err != nil {
		return stage, fmt.Errorf("write the sample world: %w", err)
	}
	if err := errors.Join(writeJSON(filepath.Join(dir, listedFile), stage.World.Listed), writeJSON(name, stage)); err != nil {
		return stage, err
	}
	return stage, c.tellWorld(stage)
}

// listedFile names the subjects of the sample world that stand in the mock's credit lists.
const listedFile = "listed.json"

// demoOptions are the house of the sample world, with a schedule that does not keep a watcher waiting.
func (c *cli) demoOptions(f demoFlags, stage demoStage) (daemon.Options, error) {
	c.config = filepath.Join(stage.dir, "creditsync.yaml")
	if f.postgres != "" {
		env := c.env
		c.env = func(name string) (string, bool) {
			if name == "CREDITSYNC_STORE_DSN" {
				return f.postgres, true
			}
			return env(name)
		}
	}
	o, err := c.options(stage.Clock)
	if err != nil {
		return o, err
	}
	o.Listen, o.Node, o.Every = f.listen, "demo", 2*time.Second
	o.Log = slog.New(slog.DiscardHandler)
	o.Schedule = func(job string, targets []string) []store.Slot {
		var all []store.Slot
		for _, t := range targets {
			all = append(all, store.Slot{Job: job, Target: t, Spec: demoPace(job)})
		}
		return all
	}
	return o, nil
}

// demoPace is how often a job of the demo runs.
func demoPace(job string) string {
	switch job {
	case "collect":
		return "@every 10s"
	case "prove":
		return "@every 3s"
	case "compare", "remind":
		return "@every 10m"
	default:
		return "@every 30s"
	}
}

// tellWorld says what the sample world holds.
func (c *cli) tellWorld(s demoStage) error {
	_, err := fmt.Fprintln(c.err, c.say.Say("cmd.demo.world", s.dir, s.World.Objects, s.World.Inspectors, s.World.Items, s.World.Results, s.World.ListEntries))
	return err
}
