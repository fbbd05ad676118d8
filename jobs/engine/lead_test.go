package engine

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// leaves makes the leader's row look as kill -9 leaves it.
func (b *bench) leaves(e *Engine, node string) {
	b.t.Helper()
	p := &riverdriver.LeaderInsertParams{LeaderID: node, TTL: time.Hour}
	if _, err := e.driver.GetExecutor().LeaderInsert(b.t.Context(), p); err != nil {
		b.t.Fatal(err)
	}
}

// leader is who leads, "" if nobody does.
func (b *bench) leader(e *Engine) string {
	b.t.Helper()
	l, err := e.driver.GetExecutor().LeaderGetElectedLeader(b.t.Context(), &riverdriver.LeaderGetElectedLeaderParams{})
	if errors.Is(err, rivertype.ErrNotFound) {
		return ""
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return l.LeaderID
}

func TestAKilledLeaderLeadsNoMore(t *testing.T) {
	each(t, func(b *bench) {
		runs := make(chan struct{}, 100)
		e := b.build(Options{Node: "one", Every: time.Second, Handlers: map[string]handler{plan: func(context.Context, Work) error {
			runs <- struct{}{}
			return nil
		}}})
		b.leaves(e, "one")
		b.startBuilt(e)
		for range 3 { // the first comes with the start; all others need a leader, and the row above says one for an hour
			await(b.t, runs, "plan")
		}
	})
}

func TestWhoElseLeadsLeadsOn(t *testing.T) {
	each(t, func(b *bench) {
		for _, node := range []string{"one", ""} {
			e := b.build(Options{Node: node, Handlers: map[string]handler{}})
			b.leaves(e, "two")
			if err := e.dethrone(b.t.Context()); err != nil {
				b.t.Fatal(err)
			}
			want := "two"
			if b.db.Dialect() == "sqlite" {
				want = "" // nobody else can be alive there
			}
			if got := b.leader(e); got != want {
				b.t.Errorf("node %q: %q leads, want %q", node, got, want)
			}
			if _, err := b.db.SQLX().ExecContext(b.t.Context(), "DELETE FROM river_leader"); err != nil {
				b.t.Fatal(err)
			}
			e.close()
		}
	})
}
