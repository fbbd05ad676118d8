package jobs

import (
	"context"
	"maps"

	"creditsync/jobs/store"
)

// Compare reads a stream in full, whatever its cursor says, and then counts our own books again: what the counters say must
// equal a scan of every record, and every row of the source must stand in exactly one state.
func Compare(ctx context.Context, d Deps, stream string) error {
	return run(ctx, d, JobCompare, stream, func(ctx context.Context, r *running) error {
		if err := collect(ctx, d, r, stream, true); err != nil {
			return err
		}
		return recount(ctx, r, stream)
	})
}

func recount(ctx context.Context, r *running, stream string) error {
	books, err := r.d.Store.Records.Balance(ctx, stream)
	if err != nil {
		return err
	}
	scan, err := r.d.Store.Records.Recount(ctx, stream)
	if err != nil {
		return err
	}
	if off := differing(books, scan); len(off) > 0 {
		r.count("books_differ", int64(len(off)))
		if err := r.say(ctx, store.Event{Kind: KindAlarm, Stream: stream, Reason: BooksDiffer, Detail: off}); err != nil {
			return err
		}
	}
	if off := scan.Difference(); off != 0 {
		r.count("difference", off)
		return r.say(ctx, store.Event{Kind: KindAlarm, Stream: stream, Reason: BalanceBroken,
			Detail: map[string]any{"source": scan.Source, "difference": off}})
	}
	return nil
}

// differing names the states whose counts differ, each with both counts.
func differing(books, scan store.Counts) map[string]any {
	off := map[string]any{}
	states := maps.Clone(books.States)
	if states == nil {
		states = map[store.State]int64{}
	}
	maps.Copy(states, scan.States)
	for state := range states {
		if books.States[state] != scan.States[state] {
			off[string(state)] = []int64{books.States[state], scan.States[state]}
		}
	}
	if books.Source != scan.Source {
		off["source"] = []int64{books.Source, scan.Source}
	}
	return off
}
