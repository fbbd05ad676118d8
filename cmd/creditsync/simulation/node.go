package simulation

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"creditsync/connector"
	"creditsync/connector/platform"
	"creditsync/jobs"
	"creditsync/jobs/store"
)

// node is one daemon: its own process memory around the store that all share.
type node struct {
	w       *world
	id      int
	life    int // how often it was started
	db      *store.DB
	client  *platform.Client
	dead    bool
	skew    time.Duration // of its wall clock
	nonces  int
	stopped time.Time
}

// start opens the store and builds what a process has.
func (n *node) start(ctx context.Context) (err error) {
	n.life++
	n.dead = false
	if n.db, err = store.Open(ctx, store.Options{DSN: "sqlite:" + n.w.path, Now: func() time.Time { return n.w.clock.now },
		Rand: rand.New(rand.NewPCG(n.w.plan.Seed, uint64(n.life))), Hook: n.hook, Beside: true}); err != nil {
		return fmt.Errorf("start of node %d: %w", n.id, err)
	}
	n.client, err = platform.New(n.w.profile, platform.Options{Now: n.wall, Transport: wire{n}, Nonce: n.nonce,
		Variables: map[string]string{"PLATFORM_URL": "http://platform.invalid", "PLATFORM_KEY": "key", "PLATFORM_SECRET": secret}})
	if err != nil {
		return fmt.Errorf("start of node %d: %w", n.id, err)
	}
	if _, err := n.db.Channels.Ensure(ctx, channelName, n.client.Base(), false); err != nil {
		return fmt.Errorf("start of node %d: %w", n.id, err)
	}
	return nil
}

const secret = "nobody's secret"

func (n *node) nonce() string {
	n.nonces++
	return fmt.Sprintf("nonce-%d-%d-%d", n.id, n.life, n.nonces)
}

// wall is the wall clock; a run that is under way keeps the offset it began with, because it measures by a monotonic clock.
func (n *node) wall() time.Time {
	skew := n.skew
	if t := n.w.current; t != nil {
		skew = t.skew
	}
	return n.w.clock.now.Add(skew).In(shanghai())
}

// deps are what the jobs of this process work with.
func (n *node) deps() jobs.Deps {
	return jobs.Deps{
		Store: n.db, Registries: map[string]connector.Registry{"bureau": n.w.bureau},
		Channels: map[string]connector.Channel{channelName: n.client}, Platform: channelName,
		Rules: func() *jobs.Rules { return n.w.rules }, Now: n.wall,
		Wait: func(_ context.Context, pause time.Duration) error { n.w.sleep(pause); return nil },
		Log:  slog.New(slog.DiscardHandler), Node: fmt.Sprint("n", n.id), Spool: n.w.kit.dir, Enqueue: enqueuer{n.w},
	}
}

// hook is called by the store before and after every commit. A dead process commits nothing more.
func (n *node) hook(point string) {
	w, t := n.w, n.w.current
	if t == nil {
		return
	}
	if n.dead {
		panic(crash{})
	}
	name, after := strings.CutPrefix(point, "after commit of ")
	if !after {
		w.commits++
		if f, ok := w.commitFaults[w.commits]; ok && f.What == crashBefore {
			w.crash(n, f.What+" of "+strings.TrimPrefix(point, "before commit of "))
		}
		return
	}
	w.committed(t, name)
	if f, ok := w.commitFaults[w.commits]; ok && f.What == crashAfter {
		w.crash(n, f.What+" of "+name)
	}
	if w.dice.below("give way", 4) == 0 {
		w.sleep(time.Duration(w.dice.below("give way for", 400)) * time.Millisecond)
	}
}

// close ends the process's connections.
func (n *node) close() error {
	if n.db == nil {
		return nil
	}
	err := n.db.Close()
	n.db = nil
	return err
}
