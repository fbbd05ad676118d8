package simulation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"creditsync/jobs"
	"creditsync/jobs/store"
)

// Result is what came of one seed.
type Result struct {
	Seed     uint64        `json:"seed"`
	Hash     uint64        `json:"hash"` // of the trace: the same seed gives the same
	Findings []Finding     `json:"findings,omitempty"`
	Trace    []Line        `json:"trace,omitempty"`
	Steps    int           `json:"steps"`   // events: runs, commits, exchanges
	Faults   int           `json:"faults"`  // that met something
	Virtual  time.Duration `json:"virtual"` // time that passed in the world
}

// patience is how long all may be well before everything must be published: longer than the longest pause of a look
// (1 h) and of an attempt (15 min) one after another.
const patience = 8 * time.Hour

// run plays a plan.
func (k *kit) run(ctx context.Context, p Plan, keep bool) (res Result, err error) {
	w, err := newWorld(ctx, k, p, keep)
	if err != nil {
		return res, err
	}
	w.play()
	res = Result{Seed: p.Seed, Hash: w.trace.sum.Sum64(), Findings: w.findings, Trace: w.trace.lines,
		Steps: w.commits + w.exchanges + w.runs, Faults: w.met, Virtual: w.clock.now.Sub(p.Begin)}
	return res, errors.Join(w.close(), err)
}

func (w *world) play() {
	end := w.plan.Begin.Add(w.plan.Active)
	for w.goes(end) {
	}
	w.clock.now = later(w.clock.now, end)
	if len(w.findings) > 0 {
		return
	}
	w.heal()
	if !w.settle() {
		return
	}
	w.final(false)
	for _, stream := range []string{objectsStream, resultsStream} {
		w.enqueue(work{jobs.JobCompare, stream})
	}
	if len(w.findings) == 0 && w.settle() {
		w.final(true)
	}
}

// mostEvents is far above what any plan needs.
const mostEvents = 50_000

// goes lets the next event happen, unless there is none before end or something was found.
func (w *world) goes(end time.Time) bool {
	if w.steps++; w.steps == mostEvents {
		w.find(checkProgress, "%d events lead nowhere", mostEvents)
	}
	return len(w.findings) == 0 && w.clock.step(end)
}

// settle lets time pass until nothing is due any more, and another read of everything has brought nothing new.
func (w *world) settle() bool {
	end, before := w.clock.now.Add(patience), -1
	clear(w.read)
	w.readAll()
	asked := w.clock.now
	for w.goes(end) {
		if w.clock.now.Sub(asked) > time.Hour { // what changed after it was let through is held again
			asked = w.clock.now
			w.readAll()
		}
		if !w.quiet() || w.read[objectsStream] == 0 || w.read[resultsStream] == 0 {
			continue
		}
		if before == w.exchanges {
			return true
		}
		before = w.exchanges
		clear(w.read)
		w.readAll()
	}
	if len(w.findings) == 0 {
		w.find(checkProgress, "after %s without faults something is still due: %s", patience, w.open())
	}
	return false
}

// readAll reads everything, and lets through what is held: people are there again.
func (w *world) readAll() {
	if err := w.release(); err != nil {
		w.trace.say(w.clock.now, "release: %s", jobs.Code(err))
	}
	for _, stream := range []string{objectsStream, resultsStream} {
		w.enqueue(work{jobs.JobCollect, stream})
	}
}

// quiet says that nothing runs and nothing is due by any clock but the schedule's.
func (w *world) quiet() bool {
	if len(w.tasks) > 0 || len(w.waiting) > 0 {
		return false
	}
	n := w.alive()
	if n == nil {
		return false
	}
	next, err := n.db.Deliveries.NextDue(w.ctx, channelName)
	return err == nil && next.IsZero()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// open says what has not come to its end.
func (w *world) open() string {
	n := w.alive()
	if n == nil {
		return "no daemon runs"
	}
	next, err := n.db.Deliveries.NextDue(w.ctx, channelName)
	text := fmt.Sprintf("next %s (%v)", next.Sub(w.plan.Begin).Round(time.Second), err)
	all, err := n.db.Deliveries.List(w.ctx, store.Filter{})
	if err != nil {
		return text + ": " + err.Error()
	}
	for _, d := range all {
		if d.State != store.Proven && d.State != store.Void || !d.NextLook.IsZero() {
			text += fmt.Sprintf("; delivery %d of %s is %s, %d of %d live, %s", d.ID, d.Stream, d.State, d.Live, d.Rows, d.LastReason)
		}
	}
	return text
}
