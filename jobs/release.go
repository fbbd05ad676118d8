package jobs

import (
	"context"
	"strconv"

	"creditsync/jobs/store"
	"creditsync/mapping"
)

// Held is a read or a pulled version that waits for a person.
type Held struct {
	Stream string `json:"stream"`
	Title  string `json:"title"`
	Reason string `json:"reason"`
	Guard  string `json:"guard"` // what a release must name
	// Present, Gone and Changed say what the release would let through: rows there before, gone, and changed.
	Present int64  `json:"present"`
	Gone    int64  `json:"gone"`
	Changed int64  `json:"changed"`
	Since   string `json:"since"`
}

// HeldOf is what of a stream waits for a person, nil if nothing does.
func HeldOf(ctx context.Context, d Deps, stream string) (*Held, error) {
	rules := d.Rules()
	plan, ok := rules.Plan(stream)
	if !ok {
		return nil, &Failure{What: NoSuchStream, Args: []string{stream}}
	}
	if plan.Spec().Direction == mapping.Pull {
		return heldVersion(ctx, d, rules, stream)
	}
	latest, ok, err := d.Store.Reads.Latest(ctx, stream)
	if err != nil || !ok || latest.Guard == "" || latest.Outcome == "completed" {
		return nil, err
	}
	e, _ := parseGuard(latest.Guard)
	h := &Held{Stream: stream, Title: rules.Title(stream), Reason: latest.Reason, Guard: latest.Guard, Present: e.Present,
		Gone: e.Unseen, Changed: e.Changed, Since: stamp(latest.Ended, d)}
	if trip := e.trips(d.guard()); trip != "" {
		h.Reason = trip
	}
	return h, nil
}

func heldVersion(ctx context.Context, d Deps, rules *Rules, stream string) (*Held, error) {
	versions, err := d.Store.Lists.Versions(ctx, stream, 1)
	if err != nil || len(versions) == 0 || versions[0].State != "held" {
		return nil, err
	}
	v := versions[0]
	current, _, err := d.Store.Lists.Current(ctx, stream)
	if err != nil {
		return nil, err
	}
	return &Held{Stream: stream, Title: rules.Title(stream), Reason: v.Reason, Guard: strconv.FormatInt(v.Number, 10),
		Present: current.Rows, Gone: v.Removed, Changed: v.Changed, Since: stamp(v.Started, d)}, nil
}

// Release lets what is held through, on the word of a person: the next read of a pushed stream, or the held version of a
// pulled one. guard must be the one that is held.
func Release(ctx context.Context, d Deps, stream, guard, by string) error {
	h, err := HeldOf(ctx, d, stream)
	if err != nil {
		return err
	}
	if h == nil {
		return &Failure{What: NothingHeld, Args: []string{stream}}
	}
	if h.Guard != guard {
		return &Failure{What: GuardDiffer, Args: []string{stream, guard, h.Guard}}
	}
	e := store.Event{Kind: KindPerson, Stream: stream, Reason: ReleasedChange, Detail: map[string]any{"guard": guard, "by": by}}
	if err := d.Store.Log.Add(ctx, e); err != nil {
		return err
	}
	rules := d.Rules()
	if plan, _ := rules.Plan(stream); plan.Spec().Direction == mapping.Push {
		if err := d.Store.Reads.Release(ctx, stream, guard, by); err != nil {
			return err
		}
		return d.enqueue(ctx, nil, Work{Job: JobCollect, Target: stream})
	}
	number, err := strconv.ParseInt(guard, 10, 64)
	if err != nil {
		return &Failure{What: GuardDiffer, Args: []string{stream, guard, h.Guard}}
	}
	return run(ctx, d, JobPull, stream, func(ctx context.Context, r *running) error {
		return switched(ctx, r, rules, store.Version{Stream: stream, Number: number, Rows: h.Present - h.Gone, Removed: h.Gone, Changed: h.Changed})
	})
}
