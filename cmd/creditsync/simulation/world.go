package simulation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"creditsync/connector/platform"
	"creditsync/fixtures/mockplatform"
	"creditsync/jobs"
)

// world is one seed while it runs: a bureau, one or two daemons around a store, a platform, and the model of it all.
type world struct {
	ctx      context.Context
	kit      *kit
	plan     Plan
	dice     *dice
	clock    *clock
	trace    *trace
	model    *model
	bureau   *bureau
	platform *mockplatform.Server
	profile  platform.Profile
	path     string // of the store
	nodes    []*node
	rules    *jobs.Rules
	edition  edition

	current *task
	tasks   []*task
	waiting map[work]bool
	planAt  time.Time

	steps, commits, exchanges, runs, met int
	commitFaults, exchangeFaults         map[int]Fault
	platformSkew                         time.Duration
	down                                 time.Duration // how long daemons were not there
	healed                               bool
	read                                 map[string]int // completed reads since all was well again
	findings                             []Finding
}

// Finding is something that must not be.
type Finding struct {
	Check string        `json:"check"`
	At    time.Duration `json:"at"`
	What  string        `json:"what"`
}

func (w *world) find(check, what string, args ...any) {
	f := Finding{check, w.clock.now.Sub(w.plan.Begin), fmt.Sprintf(what, args...)}
	w.trace.say(w.clock.now, "FINDING %s: %s", check, f.What)
	w.findings = append(w.findings, f)
}

// newWorld lays out the world of a plan.
func newWorld(ctx context.Context, k *kit, p Plan, keep bool) (w *world, err error) {
	w = &world{ctx: ctx, kit: k, plan: p, dice: newDice(p.Seed), clock: &clock{now: p.Begin}, trace: newTrace(keep, p.Begin),
		waiting: map[work]bool{}, commitFaults: map[int]Fault{}, exchangeFaults: map[int]Fault{}, read: map[string]int{}}
	w.model = newModel(w)
	w.bureau = &bureau{now: func() time.Time { return w.clock.now }, tables: map[string][]row{}, onRead: w.model.sees}
	w.platform, err = mockplatform.New(mockplatform.Options{Now: func() time.Time { return w.clock.now }, After: w.clock.after,
		Seed: p.Seed, Key: "key", Secret: secret, PublishDelay: p.Publishing, Tasks: -1, Abnormal: -1, Serious: -1})
	if err != nil {
		return nil, err
	}
	if w.profile, err = k.profile(limits{p.Rate, p.Flight, p.Most}); err != nil {
		return nil, err
	}
	if w.path, err = k.store(); err != nil {
		return nil, err
	}
	w.fill()
	return w, w.startAll()
}

func (w *world) startAll() error {
	for i := range w.plan.Nodes {
		n := &node{w: w, id: i}
		w.nodes = append(w.nodes, n)
		if err := n.start(w.ctx); err != nil {
			return err
		}
	}
	if err := w.legislate(w.edition); err != nil {
		return err
	}
	if err := w.schedule(w.nodes[0]); err != nil {
		return err
	}
	for _, f := range w.plan.Faults {
		w.arm(f)
	}
	for _, s := range w.plan.Steps {
		w.clock.after(s.At, func() { w.act(s) })
	}
	w.enqueue(work{jobs.JobPlan, ""})
	return nil
}

// arm sets a fault to meet its commit, its exchange or its time.
func (w *world) arm(f Fault) {
	switch f.What {
	case crashBefore, crashAfter:
		w.commitFaults[f.Nth] = f
	case wallJump, platformSkew, outage, storm, hanging:
		w.clock.after(f.At, func() { w.begins(f) })
	default:
		w.exchangeFaults[f.Nth] = f
	}
}

func (w *world) begins(f Fault) {
	w.met++
	w.trace.say(w.clock.now, "begins: %s", f)
	switch f.What {
	case wallJump:
		n := w.nodes[f.Node%len(w.nodes)]
		n.skew += f.For - 20*time.Minute
	case platformSkew:
		w.platformSkew = f.For - 20*time.Minute
	}
}

// during says that a lasting fault is in force.
func (w *world) during(what string) bool {
	at := w.clock.now.Sub(w.plan.Begin)
	for _, f := range w.plan.Faults {
		if f.What == what && at >= f.At && at < f.At+f.For && !w.healed {
			return true
		}
	}
	return false
}

// legislate puts rules in force.
func (w *world) legislate(e edition) error {
	n := w.alive()
	if n == nil {
		return nil
	}
	compiled, err := w.kit.compiled(e)
	if err != nil {
		return err
	}
	v, err := n.db.Rules.Propose(w.ctx, e.sources())
	if err != nil {
		return err
	}
	rules := *compiled
	rules.Version = v.ID
	w.rules, w.edition = &rules, e
	return nil
}

// heal ends everything that goes wrong.
func (w *world) heal() {
	w.trace.say(w.clock.now, "all is well from here on")
	w.healed = true
	clear(w.commitFaults)
	clear(w.exchangeFaults)
	w.platformSkew = 0
	for _, n := range w.nodes {
		n.skew = 0
	}
	w.replan()
}

// close ends the world.
func (w *world) close() error {
	var errs []error
	for _, n := range w.nodes {
		n.dead = true
	}
	for len(w.tasks) > 0 {
		w.resume(w.tasks[0])
	}
	for _, n := range w.nodes {
		errs = append(errs, n.close())
	}
	return errors.Join(append(errs, w.platform.Close())...)
}
