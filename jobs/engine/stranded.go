package engine

import (
	"context"
	"encoding/json"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// When the database is away, or has no room, River gives up writing down that a job has ended. Its row then says "running"
// until the job's timeout, for a long read six hours, and keeps the same work from being enqueued. So each process looks
// for rows in its own name that it does not run.

// between is how often it looks. A row has to be found twice, with the same attempt: one that was just taken up, or has just
// ended, is not stranded.
const between = 10 * time.Second

// tend releases stranded rows until ctx ends.
func (e *Engine) tend(ctx context.Context) {
	every := between
	if e.o.hasty {
		every = time.Second
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	var seen map[int64]int
	for {
		select {
		case <-tick.C:
			seen = e.stranded(ctx, seen)
		case <-ctx.Done():
			return
		}
	}
}

// stranded releases the rows that were seen before, and gives those that are seen now, with their attempts. What fails is
// tried again the next time.
func (e *Engine) stranded(ctx context.Context, before map[int64]int) map[int64]int {
	exec := e.driver.GetExecutor()
	rows, err := exec.JobGetStuck(ctx, &riverdriver.JobGetStuckParams{Max: adoptAtOnce, StuckHorizon: forever()})
	if err != nil {
		return nil
	}
	now := map[int64]int{}
	var lost []*rivertype.JobRow
	for _, job := range rows {
		if !e.mine(job) || e.running(job) {
			continue
		}
		if attempt, twice := before[job.ID]; twice && attempt == job.Attempt {
			lost = append(lost, job)
		}
		now[job.ID] = job.Attempt
	}
	if len(lost) > 0 {
		if err := e.rescue(ctx, lost); err != nil {
			e.o.Logger.WarnContext(ctx, "stranded jobs stay", "error", err)
		}
	}
	return now
}

// running says whether the row's work runs in this process.
func (e *Engine) running(job *rivertype.JobRow) bool {
	var w Work
	if err := json.Unmarshal(job.EncodedArgs, &w); err != nil {
		return true // none of ours
	}
	return e.active.has(w)
}

func (a active) has(w Work) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.runs[w.identity()] != nil
}
