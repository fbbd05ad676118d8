package simulation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options say which seeds are played and where.
type Options struct {
	Dir     string // for the stores; a file system in memory makes it fast. The caller removes what is in it
	From    uint64
	Count   int
	Workers int              // 1 when 0
	Now     func() time.Time // the real clock, for what it took; required
	// Progress is told how far it has come, from one goroutine at a time; nil for nobody.
	Progress func(Totals)
}

// Totals are what a range of seeds has come to.
type Totals struct {
	Seeds   int           `json:"seeds"`
	Steps   int           `json:"steps"`  // runs of jobs, commits and exchanges
	Faults  int           `json:"faults"` // that met something
	Virtual time.Duration `json:"virtualNanoseconds"`
	Took    time.Duration `json:"tookNanoseconds"`
	Report  *Report       `json:"report,omitempty"` // of the first finding
}

// Report is a finding as small as it gets: the plan that is left of the seed's, and all that happens by it.
type Report struct {
	Seed     uint64    `json:"seed"`
	Findings []Finding `json:"findings"`
	Plan     Plan      `json:"plan"`
	Trace    []Line    `json:"trace"`
}

// Seeds plays a range and stops at the first finding, which it makes small. An error is no finding: the simulation itself
// could not go on.
func Seeds(ctx context.Context, o Options) (Totals, error) {
	r := &spread{Options: o, began: o.Now()}
	var all sync.WaitGroup
	for i := range max(1, o.Workers) {
		all.Go(func() { r.note(r.work(ctx, filepath.Join(o.Dir, fmt.Sprint(i)))) })
	}
	all.Wait()
	r.totals.Took = o.Now().Sub(r.began)
	return r.totals, r.err
}

// spread hands seeds to workers.
type spread struct {
	Options
	began  time.Time
	mu     sync.Mutex
	handed int
	totals Totals
	err    error
}

func (r *spread) note(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = errors.Join(r.err, err)
}

// take is the next seed, unless all are handed out or something was found.
func (r *spread) take() (seed uint64, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.handed == r.Count || r.totals.Report != nil || r.err != nil {
		return 0, false
	}
	r.handed++
	return r.From + uint64(r.handed-1), true
}

func (r *spread) work(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	k, err := newKit(ctx, dir)
	if err != nil {
		return err
	}
	for {
		seed, ok := r.take()
		if !ok {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		res, err := k.run(ctx, PlanOf(seed), false)
		if err != nil {
			return fmt.Errorf("seed %d: %w", seed, err)
		}
		var found *Report
		if len(res.Findings) > 0 {
			if found, err = k.report(ctx, PlanOf(seed), res.Findings[0].Check); err != nil {
				return fmt.Errorf("seed %d: %w", seed, err)
			}
		}
		r.add(res, found)
	}
}

func (r *spread) add(res Result, found *Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := &r.totals
	t.Seeds, t.Steps, t.Faults, t.Virtual = t.Seeds+1, t.Steps+res.Steps, t.Faults+res.Faults, t.Virtual+res.Virtual
	t.Took = r.Now().Sub(r.began)
	if found != nil && (t.Report == nil || found.Seed < t.Report.Seed) {
		t.Report = found
	}
	if r.Progress != nil {
		r.Progress(*t)
	}
}

// report makes a finding small and plays it once more, with its trace.
func (k *kit) report(ctx context.Context, p Plan, check string) (*Report, error) {
	small, err := k.shrink(ctx, p, check)
	if err != nil {
		return nil, err
	}
	res, err := k.run(ctx, small, true)
	if err != nil {
		return nil, err
	}
	return &Report{Seed: p.Seed, Findings: res.Findings, Plan: small, Trace: res.Trace}, nil
}

// Replay plays one seed with its trace: a finding as small as it gets, else all of it.
func Replay(ctx context.Context, dir string, seed uint64) (Report, error) {
	k, err := newKit(ctx, dir)
	if err != nil {
		return Report{}, err
	}
	p := PlanOf(seed)
	res, err := k.run(ctx, p, true)
	if err != nil {
		return Report{}, err
	}
	if len(res.Findings) == 0 {
		return Report{Seed: seed, Plan: p, Trace: res.Trace}, nil
	}
	small, err := k.report(ctx, p, res.Findings[0].Check)
	if err != nil {
		return Report{}, err
	}
	return *small, nil
}
