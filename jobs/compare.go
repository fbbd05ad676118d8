package jobs

import (
	"context"
	"errors"

	"creditsync/jobs/store"
)

// Compare reads a stream in full, whatever its cursor says, and then counts our own books again: what the counters say must
// equal a scan of every record, and every row of the source must stand in exactly one state.
func Compare(ctx context.Context, d Deps, stream string) error {
	return run(ctx, d, JobCompare, stream, func(ctx context.Context, r *running) error {
		// Whatever became of the read, the books are counted: they must be in order also while the source cannot be read.
		return errors.Join(collect(ctx, d, r, stream, true), recount(ctx, r, stream))
	})
}

// What a run of Compare has counted wrong.
const (
	countDiffering  = "books_differ" // states whose counters and scan say different numbers
	countDifference = "difference"   // rows that the books are off the last completed read
)

func recount(ctx context.Context, r *running, stream string) error {
	a, err := r.d.Store.Records.Audit(ctx, stream)
	if err != nil {
		return err
	}
	if off := a.Differing(); len(off) > 0 {
		r.count(countDiffering, int64(len(off)))
		detail := map[string]any{}
		for state, both := range off {
			detail[string(state)] = both[:]
		}
		if err := r.say(ctx, store.Event{Kind: KindAlarm, Stream: stream, Reason: BooksDiffer, Detail: detail}); err != nil {
			return err
		}
	}
	if off := a.Difference(); off != 0 {
		r.count(countDifference, off)
		return r.say(ctx, store.Event{Kind: KindAlarm, Stream: stream, Reason: BalanceBroken,
			Detail: map[string]any{"source": a.Scan.Source, "difference": off}})
	}
	return nil
}

// audited says how many states the last Compare of a stream found wrong: the status is red until one finds none.
func audited(ctx context.Context, d Deps, stream string) (differing int64, err error) {
	runs, err := d.Store.Log.Runs(ctx, store.EventFilter{Job: JobCompare, Stream: stream, Limit: 2})
	if err != nil {
		return 0, err
	}
	for _, r := range runs {
		if !r.Ended.IsZero() { // the one before, while one is under way
			return r.Counts[countDiffering], nil
		}
	}
	return 0, nil
}
