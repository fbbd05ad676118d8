package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"creditsync/jobs/store"
)

// The outcomes of a run.
const (
	Done      = "done"
	Failed    = "failed"
	HeldBack  = "held" // a person has to release what was read
	Abandoned = "abandoned"
)

// Failure is why a job could not do its work, in words that can be acted upon. Code has a sentence in the catalogue.
type Failure struct {
	What string
	Args []string
	Err  error // what stands behind it, nil if nothing does
}

// Code is the stable code, for the catalogue.
func (f *Failure) Code() string { return f.What }

// Arguments are what fills the sentence.
func (f *Failure) Arguments() []string { return f.Args }

// Unwrap gives the error behind.
func (f *Failure) Unwrap() error { return f.Err }

// Error is the developer's sentence.
func (f *Failure) Error() string {
	s := f.What
	if len(f.Args) > 0 {
		s += fmt.Sprintf(" %q", f.Args)
	}
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

// Panic is a panic of a job, caught at the end of its run. If the value was an error, it can be unwrapped.
type Panic struct {
	Value any
	Stack []byte
}

// Code is the stable code, for the catalogue.
func (p *Panic) Code() string { return ReasonPanic }

// Arguments are what fills the sentence.
func (p *Panic) Arguments() []string { return []string{fmt.Sprint(p.Value)} }

// Error is the developer's sentence, without the stack.
func (p *Panic) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Unwrap gives the value if it was an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// caught runs f and turns a panic into an error.
func caught(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			if p, ok := v.(*Panic); ok {
				err = p
				return
			}
			err = &Panic{Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}

// held ends a run whose changes wait for a person: the run is not done, but nothing is broken either.
type held struct{ reason string }

func (h held) Error() string { return h.reason }

// running is one run of one job while it lasts.
type running struct {
	d   Deps
	run store.Run
}

// run is the one place where a job begins and ends: a run in the log with its counts, its outcome and its reason. A panic
// becomes a failed run and an error.
func run(ctx context.Context, d Deps, job, target string, f func(ctx context.Context, r *running) error) error {
	return caught(func() error {
		started, err := d.Store.Log.Start(ctx, store.Run{Job: job, Target: target, Node: d.Node, Counts: map[string]int64{}})
		if err != nil {
			return fmt.Errorf("start of %s %s: %w", job, target, err)
		}
		r := &running{d: d, run: started}
		if r.run.Counts == nil {
			r.run.Counts = map[string]int64{}
		}
		err = caught(func() error { return f(ctx, r) })
		return r.end(ctx, err)
	})
}

func (r *running) end(ctx context.Context, err error) error {
	// The log is written even when the run was told to stop.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	r.run.Outcome, r.run.Reason = outcome(err)
	if r.run.Outcome == HeldBack {
		err = nil
	}
	var events []store.Event
	if r.run.Outcome == Failed {
		events = append(events, r.failure(err))
	}
	if len(events) > 0 {
		if e := r.d.Store.Log.Add(ctx, events...); e != nil {
			return errors.Join(err, fmt.Errorf("log of %s %s: %w", r.run.Job, r.run.Target, e))
		}
	}
	if e := r.d.Store.Log.End(ctx, r.run); e != nil {
		return errors.Join(err, fmt.Errorf("end of %s %s: %w", r.run.Job, r.run.Target, e))
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.run.Job, r.run.Target, err)
	}
	r.d.Log.Info("run ended", "job", r.run.Job, "target", r.run.Target, "run", r.run.ID, "outcome", r.run.Outcome,
		"reason", r.run.Reason, "counts", r.run.Counts)
	return nil
}

// closing is how long a run may take to write its end after it was told to stop.
const closing = 5 * time.Second

func (r *running) failure(err error) store.Event {
	detail := map[string]any{"job": r.run.Job, "target": r.run.Target, "error": err.Error()}
	if args := arguments(err); len(args) > 0 {
		detail["arguments"] = args
	}
	var p *Panic
	if errors.As(err, &p) {
		detail["stack"] = string(p.Stack)
	}
	return store.Event{Run: r.run.ID, Kind: KindRun, Stream: r.run.Target, Reason: r.run.Reason, Detail: detail}
}

// count adds to one of the run's counts.
func (r *running) count(what string, n int64) {
	if n != 0 {
		r.run.Counts[what] += n
	}
}

// say adds events of this run to the log.
func (r *running) say(ctx context.Context, events ...store.Event) error {
	if len(events) == 0 {
		return nil
	}
	if err := r.d.Store.Log.Add(ctx, r.own(events)...); err != nil {
		return fmt.Errorf("log: %w", err)
	}
	return nil
}

// own names this run in events.
func (r *running) own(events []store.Event) []store.Event {
	for i := range events {
		events[i].Run = r.run.ID
	}
	return events
}

// once adds an event unless the newest of its stream, reason and key already says the same.
func (r *running) once(ctx context.Context, e store.Event) error {
	old, err := r.d.Store.Log.Events(ctx, store.EventFilter{Stream: e.Stream, Reason: e.Reason, Key: e.Key, Kind: e.Kind, Limit: 1})
	if err != nil {
		return fmt.Errorf("log: %w", err)
	}
	if len(old) > 0 && old[0].Delivery == e.Delivery && sameDetail(old[0].Detail, e.Detail) {
		return nil
	}
	return r.say(ctx, e)
}

func outcome(err error) (outcome, reason string) {
	var h held
	switch {
	case err == nil:
		return Done, ""
	case errors.As(err, &h):
		return HeldBack, h.reason
	case errors.Is(err, store.ErrOvertaken):
		return HeldBack, ReadOvertaken
	case errors.Is(err, context.Canceled):
		return Abandoned, ReasonStopped
	default:
		return Failed, Code(err)
	}
}

// coded is an error whose sentence stands in the catalogue.
type coded interface {
	error
	Code() string
	Arguments() []string
}

// Code is the named reason of an error: its own code, or that of an inner trouble.
func Code(err error) string {
	var c coded
	if errors.As(err, &c) {
		return c.Code()
	}
	return ReasonInternal
}

func arguments(err error) []string {
	var c coded
	if errors.As(err, &c) {
		return c.Arguments()
	}
	return nil
}
