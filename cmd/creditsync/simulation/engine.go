package simulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"creditsync/jobs"
	"creditsync/jobs/store"
)

// work is one job to be done; it is unique while it waits or runs, like the engine's.
type work struct{ job, target string }

func (w work) String() string { return w.job + " " + w.target }

// enqueuer takes the place of the engine. What is handed over in a transaction counts from its commit on.
type enqueuer struct{ w *world }

// Enqueue implements jobs.Enqueuer.
func (e enqueuer) Enqueue(_ context.Context, tx *store.Tx, j jobs.Work) error {
	x, t := work{j.Job, j.Target}, e.w.current
	if tx != nil && t != nil {
		t.queued = append(t.queued, x)
		return nil
	}
	e.w.enqueue(x)
	return nil
}

// enqueue puts work on its way. Work that waits is not doubled; what runs is run once more.
func (w *world) enqueue(x work) {
	for _, t := range w.tasks {
		if t.work == x {
			t.again = true
			return
		}
	}
	if w.waiting[x] {
		return
	}
	w.waiting[x] = true
	w.clock.after(time.Duration(w.dice.below("handover", 300))*time.Millisecond, func() { w.begin(x) })
}

// begin lets one of the daemons do waiting work.
func (w *world) begin(x work) {
	if !w.waiting[x] {
		return
	}
	delete(w.waiting, x)
	var alive []*node
	for _, n := range w.nodes {
		if !n.dead {
			alive = append(alive, n)
		}
	}
	if len(alive) == 0 {
		return // the plan brings it back
	}
	n := alive[w.dice.below("node", len(alive))]
	t := newTask(n, x, func(t *task) error { return w.do(n, x) })
	w.runs++
	t.run, t.skew = w.runs, n.skew
	w.tasks = append(w.tasks, t)
	w.trace.say(w.clock.now, "run %d on node %d: %s", t.run, n.id, x)
	w.resume(t)
}

// do runs the real job.
func (w *world) do(n *node, x work) error {
	d := n.deps()
	switch x.job {
	case jobs.JobCollect:
		return jobs.Collect(w.ctx, d, x.target)
	case jobs.JobCompare:
		return jobs.Compare(w.ctx, d, x.target)
	case jobs.JobDeliver:
		return jobs.Deliver(w.ctx, d, x.target)
	case jobs.JobProve:
		return jobs.Prove(w.ctx, d, x.target)
	case jobs.JobRemind:
		return jobs.Remind(w.ctx, d, x.target)
	case jobs.JobPlan:
		return jobs.Plan(w.ctx, d, x.target)
	}
	return fmt.Errorf("no job %s", x.job)
}

// resume lets a task go on until it gives way or ends.
func (w *world) resume(t *task) {
	if t.ended {
		return
	}
	before := w.current
	w.current = t
	pause, more := t.next()
	w.current = before
	if more {
		w.clock.after(pause, func() { w.resume(t) })
		return
	}
	w.ended(t)
}

// sleep gives way to the other tasks for so long. Only a task sleeps, and only where no transaction of its is open.
func (w *world) sleep(d time.Duration) {
	t := w.current
	if t == nil {
		return
	}
	if t.node.dead {
		panic(crash{})
	}
	if !t.yield(d) || t.node.dead {
		panic(crash{})
	}
}

func (w *world) ended(t *task) {
	t.ended = true
	w.tasks = slices.DeleteFunc(w.tasks, func(o *task) bool { return o == t })
	if t.node.dead {
		return
	}
	w.trace.say(w.clock.now, "run %d ends: %s", t.run, said(t.err))
	w.judgeRun(t)
	if t.again {
		w.enqueue(t.work)
	}
	w.replan()
}

func said(err error) string {
	if err == nil {
		return "done"
	}
	return jobs.Code(err)
}

// crash ends a process at once: whatever it was doing ends where it stands, and it is started again later.
func (w *world) crash(n *node, why string) {
	w.trace.say(w.clock.now, "CRASH of node %d: %s", n.id, why)
	w.met++
	n.dead, n.stopped = true, w.clock.now
	w.clock.after(0, func() { w.bury(n) })
	panic(crash{})
}

// bury unwinds the other runs of a dead process and starts it anew after a while. The engine takes up what was left
// running, or loses it: then the plan brings it back.
func (w *world) bury(n *node) {
	left := slices.DeleteFunc(slices.Clone(w.tasks), func(t *task) bool { return t.node != n })
	for _, t := range left {
		for !t.ended {
			w.resume(t)
		}
	}
	if err := n.close(); err != nil {
		w.find("store", "closing the store of node %d: %v", n.id, err)
	}
	pause := time.Duration(1+w.dice.below("restart", 90)) * time.Second
	w.down += pause
	w.clock.after(pause, func() {
		if err := n.start(w.ctx); err != nil {
			w.find("start", "%v", err)
			return
		}
		w.trace.say(w.clock.now, "node %d starts again", n.id)
		if w.dice.below("engine", 2) == 0 {
			for _, t := range left {
				w.enqueue(t.work)
			}
		}
		w.enqueue(work{jobs.JobPlan, ""})
	})
}

// replan sets the next run of the plan: it comes every minute, and the minutes at which it would find nothing are skipped.
func (w *world) replan() {
	n := w.alive()
	if n == nil {
		return
	}
	next, err := w.nextDue(n)
	if err != nil {
		w.find("store", "looking ahead: %v", err)
		return
	}
	at := w.clock.now.Truncate(time.Minute).Add(time.Minute)
	if next.After(at) {
		at = next.Add(time.Minute - 1).Truncate(time.Minute)
	}
	if !w.planAt.After(w.clock.now) || at.Before(w.planAt) {
		w.planAt = at
		w.clock.after(at.Sub(w.clock.now), func() {
			if w.planAt.Equal(at) {
				w.enqueue(work{jobs.JobPlan, ""})
			}
		})
	}
}

func (w *world) nextDue(n *node) (time.Time, error) {
	next := w.clock.now.Add(time.Hour)
	slots, err := n.db.Schedule.List(w.ctx)
	for _, s := range slots {
		if s.Next.Before(next) {
			next = s.Next
		}
	}
	due, e := n.db.Deliveries.NextDue(w.ctx, channelName)
	if !due.IsZero() && due.Before(next) {
		next = due
	}
	return next, errors.Join(err, e)
}

// alive is a daemon that runs, nil if none does.
func (w *world) alive() *node {
	i := slices.IndexFunc(w.nodes, func(n *node) bool { return !n.dead })
	if i < 0 {
		return nil
	}
	return w.nodes[i]
}

// schedule is when what is read.
func (w *world) schedule(n *node) error {
	spec := fmt.Sprintf("*/%d * * * *", w.plan.Every)
	slots := []store.Slot{{Job: jobs.JobCollect, Target: objectsStream, Spec: spec}, {Job: jobs.JobCollect, Target: resultsStream, Spec: spec},
		{Job: jobs.JobCompare, Target: resultsStream, Spec: "0,30 * * * *"}, {Job: jobs.JobRemind, Spec: "30 8 * * *"}}
	slices.SortFunc(slots, func(a, b store.Slot) int { return cmp.Or(cmp.Compare(a.Job, b.Job), cmp.Compare(a.Target, b.Target)) })
	return n.db.Schedule.Set(w.ctx, slots, func(s store.Slot) time.Time { return jobs.Next(s, w.clock.now.In(shanghai())) })
}
