package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"creditsync/fixtures/testdb"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

func code(err error) string {
	var f mapping.Fault
	if errors.As(err, &f) {
		return f.Code()
	}
	return ""
}

func TestSecondDaemonIsRefused(t *testing.T) {
	dsn := testdb.SQLite(t)
	w := open(t, dsn)
	_, err := store.Open(w.ctx, store.Options{DSN: dsn})
	if code(err) != store.CodeLocked {
		t.Fatalf("a second daemon: %v", err)
	}
	beside, err := store.Open(w.ctx, store.Options{DSN: dsn, Beside: true})
	w.ok(err)
	defer beside.Close()
	w.ok(beside.Channels.Stop(w.ctx, "henan", "test", "test"))
	w.refused("stopped from beside", asked, store.Stopped)
}

func TestFrailDatabaseIsRefused(t *testing.T) {
	dsn := testdb.Postgres(t) + "&synchronous_commit=off"
	if _, err := store.Open(t.Context(), store.Options{DSN: dsn}); code(err) != store.CodeNotDurable {
		t.Errorf("synchronous_commit=off: %v", err)
	}
	if _, err := store.Open(t.Context(), store.Options{DSN: "mysql://u:secret@h/d"}); code(err) != store.CodeDSN || strings.Contains(err.Error(), "secret") {
		t.Errorf("another database: %v", err)
	}
}

func TestNewerStoreIsRefused(t *testing.T) {
	each(t, func(w *world) {
		w.ok(w.Migrate(w.ctx))
		_, err := w.SQLX().Exec("INSERT INTO store_version (version_id, is_applied) VALUES (99999, TRUE)")
		w.ok(err)
		if err := w.Migrate(w.ctx); code(err) != store.CodeNewer {
			t.Errorf("a newer store: %v", err)
		}
	})
}

func TestDatabaseClock(t *testing.T) {
	testdb.Each(t, func(t *testing.T, dsn string) {
		db, err := store.Open(t.Context(), store.Options{DSN: dsn})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		now, err := db.Now(t.Context())
		if err != nil || now.Sub(time.Now()).Abs() > time.Minute {
			t.Errorf("now is %v, %v", now, err)
		}
	})
}

func TestScheduleCatchesUpOnce(t *testing.T) {
	each(t, func(w *world) {
		hourly := func(s store.Slot, now time.Time) time.Time { return now.Truncate(time.Hour).Add(time.Hour) }
		first := func(s store.Slot) time.Time { return hourly(s, w.clock) }
		slots := []store.Slot{{Job: "collect", Target: "a", Spec: "@hourly"}, {Job: "pull", Target: "b", Spec: "@hourly"}}
		w.ok(w.Schedule.Set(w.ctx, slots, first))
		w.pass(72 * time.Hour)
		w.ok(w.Schedule.Set(w.ctx, slots[:1], first))
		var inserted int
		for range 2 {
			_, err := w.Schedule.Due(w.ctx, hourly, func(_ *store.Tx, s store.Slot) error {
				equal(w, "slot", s.Next, start.Add(time.Hour))
				inserted++
				return nil
			})
			w.ok(err)
		}
		equal(w, "runs after three days", inserted, 1)
		w.pass(time.Hour)
		failed := errors.New("engine is full")
		if _, err := w.Schedule.Due(w.ctx, hourly, func(*store.Tx, store.Slot) error { return failed }); !errors.Is(err, failed) {
			t.Errorf("failed insert: %v", err)
		}
		list, err := w.Schedule.List(w.ctx)
		w.ok(err)
		equal(w, "still due", []any{len(list), list[0].Next.After(w.clock)}, []any{1, false})
	})
}

func TestRulesArePutInForceOnce(t *testing.T) {
	each(t, func(w *world) {
		files := []store.RuleFile{{Name: "b.yaml", Content: []byte("b")}, {Name: "a.yaml", Content: []byte("a")}}
		one, err := w.Rules.Propose(w.ctx, files)
		w.ok(err)
		same, err := w.Rules.Propose(w.ctx, []store.RuleFile{files[1], files[0]})
		w.ok(err)
		equal(w, "same", same.ID, one.ID)
		files[0].Content = []byte("c")
		_, err = w.Rules.Propose(w.ctx, files)
		w.ok(err)
		v, ok, err := w.Rules.InForce(w.ctx)
		w.ok(err)
		equal(w, "in force", []any{ok, v.ID > one.ID, string(v.Files[1].Content)}, []any{true, true, "c"})
	})
}

func TestLog(t *testing.T) {
	each(t, func(w *world) {
		run, err := w.DB.Log.Start(w.ctx, store.Run{Job: "collect", Target: stream, Node: "n1"})
		w.ok(err)
		var events []store.Event
		for i := range 250 {
			events = append(events, store.Event{Run: run.ID, Kind: "decision", Stream: stream, Reason: "test", Key: key(i), Detail: map[string]any{"n": float64(i)}})
		}
		w.ok(w.DB.Log.Add(w.ctx, events...))
		run.Outcome, run.Counts = "done", map[string]int64{"rows": 250}
		w.ok(w.DB.Log.End(w.ctx, run))
		var read int
		for before := int64(0); ; {
			page, err := w.DB.Log.Events(w.ctx, store.EventFilter{Job: "collect", Before: before, Limit: 60})
			w.ok(err)
			if len(page) == 0 {
				break
			}
			read, before = read+len(page), page[len(page)-1].ID
			equal(w, "detail", key(int(page[0].Detail["n"].(float64))), page[0].Key)
		}
		equal(w, "events", read, 250)
		runs, err := w.DB.Log.Runs(w.ctx, store.EventFilter{Job: "collect"})
		w.ok(err)
		equal(w, "run", []any{len(runs), runs[0].Outcome, runs[0].Counts["rows"]}, []any{1, "done", int64(250)})
	})
}

func TestHeldReadIsReleasedOnce(t *testing.T) {
	each(t, func(w *world) {
		rd, err := w.Reads.Begin(w.ctx, stream, true)
		w.ok(err)
		rd.Guard = "g1"
		w.ok(w.Reads.Hold(w.ctx, rd))
		if err := w.Reads.Release(w.ctx, stream, "g2", "王"); code(err) != store.CodeGuard {
			t.Errorf("another guard: %v", err)
		}
		w.ok(w.Reads.Release(w.ctx, stream, "g1", "王"))
		for _, want := range []bool{true, false} {
			got, err := w.Reads.Released(w.ctx, stream, "g1")
			w.ok(err)
			equal(w, "released", got, want)
			rd, err := w.Reads.Begin(w.ctx, stream, true)
			w.ok(err)
			rd.Guard = "g1"
			w.ok(w.Reads.Complete(w.ctx, rd))
		}
	})
}

func TestRedueAndPaging(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1), key(2), key(3))
		w.except(store.NotReady, "collect.not_ready", key(4), key(5))
		n, err := w.Records.Redue(w.ctx, stream, func(starts mapping.Date) mapping.Date { return starts + 20 })
		w.ok(err)
		equal(w, "changed", n, int64(5))
		var keys []string
		f := store.Filter{Limit: 2}
		for {
			page, err := w.Records.Dues(w.ctx, f)
			w.ok(err)
			if len(page) == 0 {
				break
			}
			for _, e := range page {
				equal(w, "due", e.Due, today+10)
				keys = append(keys, e.Key)
			}
			f.After, f.AfterStream = keys[len(keys)-1], stream
		}
		equal(w, "dues", keys, []string{key(1), key(2), key(3), key(4), key(5)})
		open, err := w.Records.OpenKeys(w.ctx, stream, "", 10)
		w.ok(err)
		equal(w, "open keys", open, []string{key(4), key(5)})
		exceptions, err := w.Records.Exceptions(w.ctx, store.Filter{State: store.NotReady, Stream: stream})
		w.ok(err)
		equal(w, "exceptions", []any{len(exceptions), exceptions[0].Due}, []any{2, today + 10})
		balance, err := w.Records.Balance(w.ctx, stream)
		w.ok(err)
		equal(w, "earliest", balance.Earliest, today+5) // a delivery's due day is never put off
	})
}
