package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"creditsync/cmd/creditsync/simulation"

	"github.com/jedib0t/go-pretty/v6/progress"
	"github.com/spf13/cobra"
)

// simulating are the words of `simulate`.
type simulating struct {
	seed, from uint64
	count      int
	workers    int
}

func (c *cli) simulateCommand() *cobra.Command {
	s := simulating{}
	v := &cobra.Command{Use: "simulate", Short: c.say.Say("cmd.simulate.short"), Long: c.say.Say("cmd.simulate.long"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := ramFolder()
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir)
			// Seeds are short and leave little behind: collecting it less often saves a fifth of the time.
			defer debug.SetGCPercent(debug.SetGCPercent(400))
			if cmd.Flags().Changed("seed") {
				return c.replay(cmd.Context(), dir, s.seed)
			}
			return c.simulate(cmd.Context(), dir, s)
		}}
	v.Flags().Uint64Var(&s.seed, "seed", 0, c.say.Say("cmd.simulate.flag.seed"))
	v.Flags().IntVar(&s.count, "seeds", 100, c.say.Say("cmd.simulate.flag.seeds"))
	v.Flags().Uint64Var(&s.from, "from", 1, c.say.Say("cmd.simulate.flag.from"))
	v.Flags().IntVar(&s.workers, "workers", runtime.NumCPU(), c.say.Say("cmd.simulate.flag.workers"))
	v.MarkFlagsMutuallyExclusive("seed", "seeds")
	v.MarkFlagsMutuallyExclusive("seed", "from")
	return v
}

// ramFolder is a folder in memory where the system has one: the stores of the simulation are synced at every commit.
func ramFolder() (string, error) {
	if dir, err := os.MkdirTemp("/dev/shm", "creditsync-simulation-"); err == nil {
		return dir, nil
	}
	dir, err := os.MkdirTemp("", "creditsync-simulation-")
	if err != nil {
		return "", fmt.Errorf("folder of the simulation: %w", err)
	}
	return dir, nil
}

// simulate plays a range of seeds; the exit status is 1 at the first finding.
func (c *cli) simulate(ctx context.Context, dir string, s simulating) error {
	o := simulation.Options{Dir: dir, From: s.from, Count: s.count, Workers: s.workers, Now: c.now}
	bar := c.seedsBar(s.count)
	if bar != nil {
		o.Progress = func(t simulation.Totals) { bar.set(int64(t.Seeds)) }
	}
	totals, err := simulation.Seeds(ctx, o)
	bar.stop()
	if err != nil {
		return err
	}
	if err := c.show(totals, func(w io.Writer) error { c.printTotals(w, totals); return nil }); err != nil {
		return err
	}
	if totals.Report != nil {
		return exit{status: exitFailed}
	}
	return nil
}

func (c *cli) replay(ctx context.Context, dir string, seed uint64) error {
	report, err := simulation.Replay(ctx, dir, seed)
	if err != nil {
		return err
	}
	if err := c.show(report, func(w io.Writer) error { c.printReport(w, &report); return nil }); err != nil {
		return err
	}
	if len(report.Findings) > 0 {
		return exit{status: exitFailed}
	}
	return nil
}

func (c *cli) printTotals(w io.Writer, t simulation.Totals) {
	if t.Report != nil {
		c.printReport(w, t.Report)
	}
	perThousand := t.Took.Seconds() * 1000 / float64(max(1, t.Seeds))
	fmt.Fprintln(w, c.say.Say("cmd.simulate.totals", t.Seeds, t.Steps, t.Faults, int(t.Virtual.Hours()/24),
		fmt.Sprintf("%.1f", t.Took.Seconds()), fmt.Sprintf("%.1f", perThousand)))
	if t.Report == nil {
		fmt.Fprintln(w, c.say.Say("cmd.simulate.nothing"))
	}
}

// printReport prints the trace in the words of the code, which are for those who mend it.
func (c *cli) printReport(w io.Writer, r *simulation.Report) {
	for _, l := range r.Trace {
		fmt.Fprintf(w, "%14s  %s\n", l.At.Round(time.Millisecond), l.What)
	}
	p := r.Plan
	fmt.Fprintln(w, c.say.Say("cmd.simulate.world", r.Seed, p.Nodes, p.Objects, p.Results, p.Every, p.Most))
	for _, s := range p.Steps {
		fmt.Fprintln(w, "  "+s.String())
	}
	for _, f := range p.Faults {
		fmt.Fprintln(w, "  "+f.String())
	}
	for _, f := range r.Findings {
		fmt.Fprintln(w, c.say.Say("cmd.simulate.found", f.Check, f.At.Round(time.Second), f.What))
	}
	if len(r.Findings) > 0 {
		fmt.Fprintln(w, c.say.Say("cmd.simulate.again", r.Seed))
	}
}

// seedsBar is one bar with rate and remaining time; nil where standard error is no terminal.
type seedsBar struct {
	writer  progress.Writer
	tracker *progress.Tracker
	done    chan struct{}
}

func (c *cli) seedsBar(total int) *seedsBar {
	tty, width := terminal(c.err)
	if !tty {
		return nil
	}
	b := &seedsBar{writer: newBars(c, width), tracker: &progress.Tracker{Message: c.say.Say("cmd.simulate.bar"), Total: int64(total)}, done: make(chan struct{})}
	b.writer.AppendTracker(b.tracker)
	go func() {
		defer close(b.done)
		b.writer.Render()
	}()
	return b
}

func (b *seedsBar) set(n int64) { b.tracker.SetValue(n) }

func (b *seedsBar) stop() {
	if b == nil {
		return
	}
	b.tracker.MarkAsDone()
	b.writer.Stop()
	<-b.done
}
