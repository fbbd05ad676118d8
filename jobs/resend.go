package jobs

import (
	"context"
	"fmt"

	"creditsync/jobs/store"
)

// Refused is a record that may be sent again as it is, on the word of a person: the platform, or we, refused it.
type Refused struct {
	Stream string  `json:"stream"`
	Title  string  `json:"title"`
	Key    string  `json:"key"`
	State  string  `json:"state"`
	Reason string  `json:"reason"`
	Since  string  `json:"since"`
	Detail *Detail `json:"detail,omitempty"`

	known store.Known
}

// RefusedOf looks the records up that a resend names. One that was not refused fails it: what may have been sent is settled
// by looking, and what is published is changed by its row or not at all.
func RefusedOf(ctx context.Context, d Deps, stream string, keys []string) ([]Refused, error) {
	rules := d.Rules()
	if _, _, err := d.pushed(rules, stream); err != nil {
		return nil, err
	}
	known, err := d.Store.Records.Known(ctx, stream, keys)
	if err != nil {
		return nil, fmt.Errorf("look-up of %d records: %w", len(keys), err)
	}
	all := make([]Refused, 0, len(keys))
	named := map[string]bool{}
	for _, key := range keys {
		k, ok := known[key]
		switch {
		case !ok:
			return nil, &Failure{What: NoSuchRecord, Args: []string{rules.Title(stream), show(key)}}
		case k.State != store.Rejected && k.State != store.Invalid:
			return nil, &Failure{What: NotRefused, Args: []string{rules.Title(stream), show(key)}}
		case named[key]:
			continue
		}
		named[key] = true
		r := Refused{Stream: stream, Title: rules.Title(stream), Key: show(key), State: string(k.State), Reason: k.Reason, known: k}
		_, ex, err := d.Store.Records.Find(ctx, stream, key)
		if err != nil {
			return nil, err
		}
		if ex != nil {
			r.Since, r.Detail = stamp(ex.Since, d), detailOf(ex.Detail)
		}
		all = append(all, r)
	}
	return all, nil
}

// Resend lets refused records be judged anew by the next collect, which is asked for: what passes goes out as a version of
// its own, in a delivery of its own. If one of them has moved since it was looked up, none does.
func Resend(ctx context.Context, d Deps, records []Refused, by string) error {
	if len(records) == 0 {
		return nil
	}
	stream := records[0].Stream
	p := store.Page{Stream: stream}
	events := make([]store.Event, 0, len(records))
	for i := range records {
		r := &records[i]
		p.Puts = append(p.Puts, store.Put{Key: r.known.Key, Known: &r.known, Source: r.known.Source, Payload: r.known.Payload,
			Held: r.known.Held, Starts: r.known.Starts, Due: r.known.Due, Batch: -1,
			Exception: &store.Exception{Stream: stream, Key: r.known.Key, State: store.Waiting, Reason: ResendOrdered}})
		events = append(events, store.Event{Kind: KindPerson, Stream: stream, Key: r.known.Key, Reason: ResendOrdered,
			Detail: map[string]any{"by": by, "was": r.State}})
	}
	if _, err := d.Store.Records.Commit(ctx, p, nil); err != nil {
		return fmt.Errorf("order the resend of %d records: %w", len(records), err)
	}
	if err := d.Store.Log.Add(ctx, events...); err != nil {
		return err
	}
	return d.enqueue(ctx, nil, Work{Job: JobCollect, Target: stream})
}
