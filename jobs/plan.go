package jobs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"creditsync/jobs/store"

	"github.com/robfig/cron/v3"
)

// Plan puts what is due by the schedule on its way, at most once for a time however late it comes, and sees that every
// channel on which something waits has a lane and a look: so an engine that lost all its jobs gets them back.
func Plan(ctx context.Context, d Deps, _ string) error {
	return run(ctx, d, JobPlan, "", func(ctx context.Context, r *running) error {
		if err := schedule(ctx, r); err != nil {
			return err
		}
		now, err := d.Store.Now(ctx)
		if err != nil {
			return err
		}
		for _, channel := range slices.Sorted(maps.Keys(d.Channels)) {
			if err := revive(ctx, r, channel, now); err != nil {
				return err
			}
		}
		return seal(ctx, r)
	})
}

// mostBlocks is how many blocks of the log one run seals: the next goes on.
const mostBlocks = 20

// seal closes what is old enough of the log into blocks, off the way of those who write it.
func seal(ctx context.Context, r *running) error {
	for range mostBlocks {
		n, err := r.d.Store.Log.Seal(ctx)
		if errors.Is(err, store.ErrStale) { // another daemon seals
			return nil
		}
		if err != nil || n == 0 {
			return err
		}
		r.count("sealed", n)
	}
	return nil
}

func schedule(ctx context.Context, r *running) error {
	next := func(s store.Slot, after time.Time) time.Time { return Next(s, after.In(r.d.Now().Location())) }
	due, err := r.d.Store.Schedule.Due(ctx, next, func(tx *store.Tx, s store.Slot) error {
		return r.d.enqueue(ctx, tx, Work{Job: s.Job, Target: s.Target, Slot: s.Next.UTC().Format(time.RFC3339)})
	})
	if err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	r.count("due", int64(len(due)))
	return nil
}

// revive starts lanes and looks of a channel if it is time for either.
func revive(ctx context.Context, r *running, channel string, now time.Time) error {
	next, err := r.d.Store.Deliveries.NextDue(ctx, channel)
	if err != nil {
		return err
	}
	if next.IsZero() || next.After(now) {
		return nil
	}
	if err := r.d.lanes(ctx, nil, channel, defaultLanes); err != nil {
		return err
	}
	return r.d.enqueue(ctx, nil, Work{Job: JobProve, Target: channel})
}

// never is the next time of a slot whose spec is unreadable: far enough to be never.
func never(after time.Time) time.Time { return after.AddDate(100, 0, 0) }

// Next is when a slot is due after the given time, in that time's location. A spec that ParseSpec refuses is never due.
func Next(s store.Slot, after time.Time) time.Time {
	spec, err := ParseSpec(s.Spec)
	if err != nil {
		return never(after)
	}
	return spec.Next(after)
}

// ParseSpec reads a schedule as cron v3 writes it: five fields, or a descriptor such as @every 5m.
func ParseSpec(spec string) (cron.Schedule, error) {
	s, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, fmt.Errorf("schedule %q: %w", spec, err)
	}
	return s, nil
}
