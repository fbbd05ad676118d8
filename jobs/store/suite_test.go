package store_test

import (
	"context"
	"flag"
	"fmt"
	"testing"
	"time"

	"creditsync/fixtures/testdb"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

func TestMain(m *testing.M) {
	// A random life costs a tenth of a second on PostgreSQL. The command line still decides.
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
	testdb.Main(m)
}

// world is an open store with a clock that a test moves.
type world struct {
	testing.TB
	*store.DB
	ctx   context.Context
	clock time.Time
	hook  func(point string)
}

var start = time.Date(2026, 12, 21, 2, 0, 0, 0, time.UTC)

// today is start's day in China.
var today = mapping.NewDate(2026, 12, 21)

func each(t *testing.T, suite func(w *world)) {
	testdb.Each(t, func(t *testing.T, dsn string) { suite(open(t, dsn)) })
}

func open(t testing.TB, dsn string) *world {
	t.Helper()
	w := &world{TB: t, ctx: t.Context(), clock: start}
	db, err := store.Open(w.ctx, store.Options{DSN: dsn, Now: func() time.Time { return w.clock },
		Hook: func(point string) {
			if w.hook != nil {
				w.hook(point)
			}
		}})
	w.ok(err)
	w.DB = db
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w.ok(db.Migrate(w.ctx))
	_, err = db.Channels.Ensure(w.ctx, "henan", "http://platform", false)
	w.ok(err)
	return w
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) pass(d time.Duration) { w.clock = w.clock.Add(d) }

const stream = "inspection_results"

func key(i int) string { return fmt.Sprintf("R%05d", i) }

func line(k string, version int32) store.Line {
	return store.Line{Key: k, Op: "I", Version: version, Due: today + 5, Payload: []byte(`{"id":"` + k + `"}`)}
}

// collect commits records in one delivery: new ones, or the next version of known ones.
func (w *world) collect(keys ...string) {
	w.Helper()
	w.ok(w.tryCollect(keys...))
}

func (w *world) tryCollect(keys ...string) error {
	known, err := w.Records.Known(w.ctx, stream, keys)
	if err != nil {
		return err
	}
	d := store.NewDelivery{Stream: stream, Channel: "henan", Resource: "result", Due: today + 5, Rules: 1}
	p := store.Page{Stream: stream}
	for _, k := range keys {
		put := store.Put{Key: k, Source: 1, Payload: 1, Starts: today - 10, Due: today + 5, Owner: "市场科"}
		if old, ok := known[k]; ok {
			put.Known, put.Held, put.Source = &old, old.Held, old.Source+1
		}
		version := int32(1)
		if put.Known != nil {
			version = put.Known.Version + 1
		}
		d.Lines = append(d.Lines, line(k, version))
		p.Puts = append(p.Puts, put)
	}
	p.Deliveries = []store.NewDelivery{d}
	_, err = w.Records.Commit(w.ctx, p, nil)
	return err
}

// except puts records, new or known, into an exception.
func (w *world) except(state store.State, reason string, keys ...string) {
	w.Helper()
	known, err := w.Records.Known(w.ctx, stream, keys)
	w.ok(err)
	p := store.Page{Stream: stream}
	for _, k := range keys {
		put := store.Put{Key: k, Source: 2, Payload: 2, Batch: -1, Due: today + 5, Starts: today - 10,
			Exception: &store.Exception{State: state, Reason: reason}}
		if old, ok := known[k]; ok {
			put.Known, put.Held = &old, old.Held
		}
		p.Puts = append(p.Puts, put)
	}
	_, err = w.Records.Commit(w.ctx, p, nil)
	w.ok(err)
}

var asked = store.ClaimRequest{Channel: "henan", Timeout: time.Minute, Today: today}

func (w *world) claim() store.Claimed {
	w.Helper()
	c, err := w.Deliveries.Claim(w.ctx, nil, asked)
	w.ok(err)
	return c
}

// mustClaim fails the test if nothing is claimed.
func (w *world) mustClaim() store.Claimed {
	w.Helper()
	c := w.claim()
	if c.Delivery == nil {
		w.Fatalf("nothing claimed: %s", c.Reason)
	}
	return c
}

func (w *world) answered(c store.Claimed, exceptions ...store.Exception) store.Outcome {
	return store.Outcome{Delivery: c.Delivery.ID, Attempt: c.Delivery.Attempt, Stream: stream, Answered: true,
		Receipts: []byte("receipts"), Count: int32(len(c.Lines)), NextLook: w.clock.Add(time.Minute), Exceptions: exceptions}
}

func (w *world) settle(o store.Outcome) {
	w.Helper()
	w.ok(w.Deliveries.Settle(w.ctx, o))
}

func (w *world) states() map[store.State]int64 {
	w.Helper()
	b, err := w.Records.Balance(w.ctx, stream)
	w.ok(err)
	return b.States
}

func (w *world) open(id int64) []string {
	w.Helper()
	lines, err := w.Deliveries.Open(w.ctx, id)
	w.ok(err)
	return keysOf(lines)
}

func keysOf(lines []store.Line) []string {
	var keys []string
	for _, l := range lines {
		keys = append(keys, l.Key)
	}
	return keys
}
