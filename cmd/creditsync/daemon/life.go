package daemon

import (
	"context"
	"fmt"
	"time"

	"creditsync/jobs/store"
)

// join tells the store that somebody is about to work with it, and gives signs of life from then on. A verb that only looks
// does neither.
func (h *House) join(ctx context.Context) error {
	if h.options.Look {
		return nil
	}
	now, begun, err := h.store.Epochs.Join(ctx, h.options.Joining)
	if err != nil {
		return fmt.Errorf("join the store: %w", err)
	}
	if begun {
		h.told(now)
	}
	if h.options.Joining.Brief {
		return nil
	}
	beating, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.beat(beating)
	}()
	h.beats = func() { stop(); <-done }
	return nil
}

func (h *House) told(now store.Epoch) {
	h.options.Log.Warn("an epoch began: what may have been sent is looked for first", "epoch", now.Number, "cause", now.Cause)
}

// beat gives signs of life until ctx ends. One that fails is told and tried again: while none succeeds, nothing can be
// claimed either.
func (h *House) beat(ctx context.Context) {
	tick := time.NewTicker(store.Beats)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, begun, err := h.store.Epochs.Beat(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			h.options.Log.Error("no sign of life could be given", "error", err)
		case begun:
			h.told(now)
		}
	}
}
