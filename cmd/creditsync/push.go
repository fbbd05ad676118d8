package main

import (
	"context"
	"time"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"golang.org/x/sync/errgroup"
)

// pushJob collects a stream while lanes deliver what is formed: what the daemon does, for one stream and to its end.
const pushJob = "push"

// push runs it. Lanes that find nothing to do look again soon, until the collect has ended and nothing is due.
func push(ctx context.Context, h *daemon.House, stream string) error {
	collected := make(chan struct{})
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(collected)
		return jobs.Collect(ctx, h.Deps(), stream)
	})
	for _, channel := range h.Targets(jobs.JobDeliver) {
		for range max(1, h.Deps().Channels[channel].Limits().InFlight) {
			g.Go(func() error { return deliverUntil(ctx, h, channel, collected) })
		}
	}
	return g.Wait()
}

// idleLane is how long a lane rests that found nothing to do.
const idleLane = 200 * time.Millisecond

func deliverUntil(ctx context.Context, h *daemon.House, channel string, collected <-chan struct{}) error {
	for {
		last := false
		select {
		case <-collected:
			last = true
		default:
		}
		next, err := h.Deps().Store.Deliveries.NextDue(ctx, channel)
		if err != nil {
			return err
		}
		if !next.IsZero() && !next.After(h.Deps().Now()) {
			if err := jobs.Deliver(ctx, h.Deps(), channel); err != nil {
				return err
			}
			continue
		}
		if last {
			return nil
		}
		if err := pause(ctx, idleLane); err != nil {
			return err
		}
	}
}
