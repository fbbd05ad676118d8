package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs/store"
	"creditsync/mapping"

	"github.com/jedib0t/go-pretty/v6/progress"
)

// watch shows a bar per pushed stream: how many of its records have come to rest. It looks at the store and keeps nothing.
type watch struct {
	c        *cli
	house    *daemon.House
	bars     progress.Writer
	trackers map[string]*progress.Tracker
	rested   map[string]bool
	end      context.CancelFunc
	done     sync.WaitGroup
	once     sync.Once
}

// watchEvery is how often the bars look.
const watchEvery = 250 * time.Millisecond

// watch starts the bars; where there is no terminal, a line is printed when a stream comes to rest.
func (c *cli) watch(h *daemon.House) *watch {
	ctx, cancel := context.WithCancel(context.Background())
	w := &watch{c: c, house: h, end: cancel, trackers: map[string]*progress.Tracker{}, rested: map[string]bool{}}
	if tty, width := terminal(c.err); tty {
		w.bars = newBars(c, width)
		w.done.Go(w.bars.Render)
	}
	w.done.Go(func() { w.run(ctx) })
	return w
}

// stop ends the bars and waits until they are gone from the screen.
func (w *watch) stop() {
	w.once.Do(func() {
		w.end()
		if w.bars != nil {
			w.bars.Stop()
		}
		w.done.Wait()
	})
}

func (w *watch) run(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		w.look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// look moves the bars; a look that fails is tried again at the next tick.
func (w *watch) look(ctx context.Context) {
	d := w.house.Deps()
	for _, stream := range d.Rules().Streams(mapping.Push) {
		counts, err := d.Store.Records.Balance(ctx, stream)
		if err != nil {
			return
		}
		total, rested := rest(counts)
		w.show(stream, d.Rules().Title(stream), total, rested)
	}
}

// rest is how many rows a stream has and how many of them are not on their way.
func rest(c store.Counts) (total, rested int64) {
	for state, n := range c.States {
		if state == store.Missing {
			continue
		}
		total += n
		if !moving(state) {
			rested += n
		}
	}
	return total, rested
}

// moving says that a record of this state is on its way.
func moving(s store.State) bool {
	switch s {
	case store.Waiting, store.Sending, store.Unknown, store.Acknowledged:
		return true
	default:
		return false
	}
}

func (w *watch) show(stream, title string, total, rested int64) {
	if total == 0 {
		return
	}
	if w.bars == nil {
		if rested == total && !w.rested[stream] {
			w.rested[stream] = true
			fmt.Fprintln(w.c.err, w.c.say.Say("cmd.demo.rested", title, total))
		}
		return
	}
	t, ok := w.trackers[stream]
	if !ok {
		t = &progress.Tracker{Message: title}
		w.trackers[stream] = t
		w.bars.AppendTracker(t)
	}
	t.UpdateTotal(total)
	t.SetValue(rested)
}

// settled waits until every stream was read and nothing is on its way; false if ctx ended first.
func (w *watch) settled(ctx context.Context) bool {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if w.still(ctx) {
				return true
			}
		case <-ctx.Done():
			return false
		}
	}
}

func (w *watch) still(ctx context.Context) bool {
	d := w.house.Deps()
	for _, stream := range d.Rules().Streams(mapping.Push) {
		counts, err := d.Store.Records.Balance(ctx, stream)
		if err != nil || counts.Read == 0 {
			return false
		}
		if total, rested := rest(counts); rested != total {
			return false
		}
	}
	for _, stream := range d.Rules().Streams(mapping.Pull) {
		if _, ok, err := d.Store.Lists.Current(ctx, stream); err != nil || !ok {
			return false
		}
	}
	return true
}
