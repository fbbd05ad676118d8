package engine

import (
	"context"
	"sync"
	"time"

	"github.com/riverqueue/river"
)

// worker hands River's jobs to the handlers.
type worker struct {
	river.WorkerDefaults[Work]
	e *Engine
}

// Timeout is how long the job may run.
func (w *worker) Timeout(job *river.Job[Work]) time.Duration { return timeoutOf(job.Args.Job) }

// zombie is how long work waits for an earlier run of it in this process that outlived its timeout.
const zombie = 5 * time.Second

// Work runs the handler. A panic passes through: River catches it and the job counts as failed.
func (w *worker) Work(ctx context.Context, job *river.Job[Work]) error {
	handler, ok := w.e.o.Handlers[job.Args.Job]
	if !ok {
		return river.JobCancel(&Fault{What: UnknownJob, Args: []string{job.Args.Job, job.Args.Target}})
	}
	run, free := w.e.active.enter(job.Args)
	if !free {
		return river.JobSnooze(zombie)
	}
	defer w.e.active.leave(job.Args)
	if err := handler(context.WithValue(ctx, running{}, run), job.Args); err != nil {
		return err
	}
	if w.e.active.repeats(run) {
		return river.JobSnooze(0) // the same row becomes available again: no gap in which a doublet could slip in
	}
	return nil
}

// running is the key under which a handler's context holds its run.
type running struct{}

// run is one execution in this process.
type run struct {
	work  Work
	again bool // it is to run once more
}

// active is what runs in this process, by job and target.
type active struct {
	mu   *sync.Mutex
	runs map[Work]*run
}

func newActive() active { return active{mu: new(sync.Mutex), runs: make(map[Work]*run)} }

// identity is what makes work unique.
func (w Work) identity() Work { return Work{Job: w.Job, Target: w.Target} }

// enter registers a run; free is false if another of the same identity has not returned.
func (a active) enter(w Work) (r *run, free bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.runs[w.identity()] != nil {
		return nil, false
	}
	r = &run{work: w}
	a.runs[w.identity()] = r
	return r, true
}

func (a active) leave(w Work) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.runs, w.identity())
}

// repeat marks the run that ctx belongs to, if w is the work that it does.
func (a active) repeat(ctx context.Context, w Work) bool {
	r, ok := ctx.Value(running{}).(*run)
	if !ok || r.work.identity() != w.identity() {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	r.again = true
	return true
}

// again marks the run of w in this process, if there is one.
func (a active) again(w Work) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r := a.runs[w.identity()]; r != nil {
		r.again = true
	}
}

func (a active) repeats(r *run) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return r.again
}
