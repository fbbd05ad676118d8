package jobs

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"creditsync/jobs/store"
	"creditsync/mapping"
)

// Impact is what putting rules in force would do to every stream that they treat otherwise.
type Impact struct {
	Streams  []Rehearsal    `json:"streams"`
	Findings mapping.Faults `json:"-"`
	// Warnings are the findings as programs read them.
	Warnings []FaultView `json:"findings,omitempty"`
}

// The codes of what a change would orphan: records that the platform keeps and that no rule speaks of any more.
const (
	OrphanedKey    = "change.key"     // title, old key, new key, records published
	OrphanedStream = "change.stream"  // stream, title, records published
	RenamedStream  = "change.renamed" // old stream, new stream, records published
	MovedRoute     = "change.route"   // title, records published
	MovedPlace     = "change.place"   // title
)

// ImpactQuery says how far an impact is worked out.
type ImpactQuery struct {
	Stream string // only this one; "": every stream whose mapping, codes or calendar changed
	Resend bool   // as if the confirmation said that what is published goes again
	// Tell gets every field-level difference; nil: only the samples are kept.
	Tell func(stream string, d Difference) error
}

// Preview runs old and new rules over all live rows of the streams that change, and writes nothing.
func Preview(ctx context.Context, d Deps, old, next *Rules, q ImpactQuery) (Impact, error) {
	var out Impact
	for _, stream := range next.Streams(mapping.Push) {
		if q.Stream != "" && q.Stream != stream || q.Stream == "" && sameRules(old, next, stream) {
			continue
		}
		r, err := previewStream(ctx, d, old, next, stream, q)
		if err != nil {
			return out, fmt.Errorf("impact on %s: %w", stream, err)
		}
		out.Streams = append(out.Streams, r)
	}
	if err := out.orphans(ctx, d, old, next); err != nil {
		return out, err
	}
	for _, f := range out.Findings {
		out.Warnings = append(out.Warnings, FaultView{Code: f.What, Arguments: f.Args})
	}
	return out, nil
}

func previewStream(ctx context.Context, d Deps, old, next *Rules, stream string, q ImpactQuery) (Rehearsal, error) {
	d.Rules = func() *Rules { return next }
	var former *mapping.Plan
	if old != nil {
		former, _ = old.Plan(stream)
	}
	if former == nil || former.Spec().Direction != mapping.Push {
		return rehearse(ctx, d, stream, nil, q.Resend, nil)
	}
	return contrasted(ctx, d, stream, former, q)
}

func contrasted(ctx context.Context, d Deps, stream string, former *mapping.Plan, q ImpactQuery) (Rehearsal, error) {
	c := &contrasting{}
	if q.Tell != nil {
		c.tell = func(x Difference) error { return q.Tell(stream, x) }
	}
	r, err := rehearse(ctx, d, stream, former, q.Resend, c)
	if err == nil && c.compared {
		c.Broke = c.broke.list()
		r.Contrast = &c.Contrast
	}
	return r, err
}

// sameRules says that nothing a stream is judged by differs: its mapping, its code lists, the calendar.
func sameRules(old, next *Rules, stream string) bool {
	if old == nil {
		return false
	}
	return old.marks[stream] == next.marks[stream]
}

// orphans finds published records that the new rules no longer speak of under the name the platform knows.
func (i *Impact) orphans(ctx context.Context, d Deps, old, next *Rules) error {
	if old == nil {
		return nil
	}
	for _, stream := range old.Streams(mapping.Push) {
		b, err := d.Store.Records.Balance(ctx, stream)
		if err != nil {
			return fmt.Errorf("balance: %w", err)
		}
		held := b.States[store.Acknowledged] + b.States[store.Proven] + b.States[store.Unknown] + b.States[store.Sending]
		if held == 0 {
			continue
		}
		i.orphan(old, next, stream, strconv.FormatInt(held, 10))
	}
	return nil
}

func (i *Impact) orphan(old, next *Rules, stream, held string) {
	was, _ := old.Plan(stream)
	a, title := was.Spec(), old.Title(stream)
	now, ok := next.Plan(stream)
	if !ok {
		for _, other := range next.Streams(mapping.Push) {
			p, _ := next.Plan(other)
			if _, known := old.Plan(other); !known && p.Spec().Resource == a.Resource {
				i.find(RenamedStream, stream, other, held)
				return
			}
		}
		i.find(OrphanedStream, stream, title, held)
		return
	}
	b := now.Spec()
	if !slices.Equal(a.Registry.Key, b.Registry.Key) {
		i.find(OrphanedKey, title, strings.Join(a.Registry.Key, "、"), strings.Join(b.Registry.Key, "、"), held)
	}
	if !slices.Equal(a.Route, b.Route) || a.Resource != b.Resource {
		i.find(MovedRoute, title, held)
	}
	if !samePlace(a, b) && slices.Equal(a.Registry.Key, b.Registry.Key) {
		i.find(MovedPlace, title)
	}
}

func (i *Impact) find(what string, args ...string) {
	i.Findings = append(i.Findings, mapping.Fault{What: what, Args: args})
}
