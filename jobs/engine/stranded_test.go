package engine

import (
	"context"
	"testing"
)

func TestAStrandedRowIsTakenUp(t *testing.T) {
	each(t, func(b *bench) {
		ran := make(chan string, 10)
		busy, finish := make(chan struct{}), make(chan struct{})
		e := b.build(Options{Node: "one", Handlers: map[string]handler{"collect": func(_ context.Context, w Work) error {
			ran <- w.Target
			if w.Target == "long" {
				close(busy) // a second run would panic
				<-finish
			}
			return nil
		}}})
		b.startBuilt(e)
		b.enqueue(e, Work{Job: "collect", Target: "long"})
		await(b.t, ran, "long run")
		<-busy
		b.enqueue(e, Work{Job: "collect", Target: "short"})
		await(b.t, ran, "first run")
		b.strand("short")
		if got := await(b.t, ran, "run of what was stranded"); got != "short" {
			b.t.Errorf("%s ran", got)
		}
		var still int
		err := b.db.SQLX().GetContext(b.t.Context(), &still, "SELECT COUNT(*) FROM river_job WHERE args ->> 'target' = 'long' AND state = 'running' AND attempt = 1")
		if err != nil || still != 1 {
			b.t.Errorf("a job that runs was taken for stranded: %v", err)
		}
		close(finish)
	})
}

// strand makes the row of a job that has ended look as if its end had not been written.
func (b *bench) strand(target string) {
	b.t.Helper()
	by := "'[\"one\"]'"
	if b.db.Dialect() == "postgres" {
		by = "ARRAY['one']"
	}
	for n := int64(0); n == 0; {
		r, err := b.db.SQLX().ExecContext(b.t.Context(), "UPDATE river_job SET state = 'running', finalized_at = NULL, attempted_by = "+by+
			" WHERE state = 'completed' AND args ->> 'target' = '"+target+"'")
		if err != nil {
			b.t.Fatal(err)
		}
		if n, err = r.RowsAffected(); err != nil {
			b.t.Fatal(err)
		}
	}
}
