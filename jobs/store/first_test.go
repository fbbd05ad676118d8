package store_test

import (
	"testing"
	"time"

	"creditsync/jobs/store"
)

// correct commits the next version of a known record as collect does: an update where the platform holds a version or may.
func (w *world) correct(k string) {
	w.Helper()
	known, err := w.Records.Known(w.ctx, stream, []string{k})
	w.ok(err)
	old := known[k]
	next := line(k, old.Version+1)
	d := store.NewDelivery{Stream: stream, Channel: "henan", Resource: "result", Due: today + 5, Rules: 1}
	if old.Held || old.State == store.Sending || old.State == store.Unknown {
		next.Op = "U"
	}
	if old.State == store.Sending || old.State == store.Unknown {
		d.Needs = []int64{old.Delivery}
	}
	d.Lines = []store.Line{next}
	put := store.Put{Key: k, Known: &old, Held: old.Held || next.Op == "U", Source: old.Source + 1, Payload: old.Payload + 1,
		Starts: today - 10, Due: today + 5, Owner: "市场科"}
	_, err = w.Records.Commit(w.ctx, store.Page{Stream: stream, Puts: []store.Put{put}, Deliveries: []store.NewDelivery{d}}, nil)
	w.ok(err)
}

// A correction that was formed while its first version was on its way is the first message of its record, if that version
// turns out never to have arrived.
func TestCorrectionOfWhatNeverArrivedIsFirst(t *testing.T) {
	absent := func(w *world, c store.Claimed, keys ...string) {
		look := store.Looked{Delivery: c.Delivery.ID, Attempt: c.Delivery.Attempt, Stream: stream, Absent: keys, NextLook: w.clock}
		w.ok(w.Deliveries.Looked(w.ctx, look))
		look.Resend = true
		w.ok(w.Deliveries.Looked(w.ctx, look))
	}
	unknown := func(w *world, c store.Claimed) {
		w.settle(store.Outcome{Delivery: c.Delivery.ID, Attempt: c.Delivery.Attempt, Stream: stream, Unknown: true, Reason: "platform.timed_out"})
	}
	for name, lost := range map[string]func(w *world, c store.Claimed){
		"absent whole": func(w *world, c store.Claimed) { unknown(w, c); absent(w, c, key(1), key(2)) },
		"absent in part": func(w *world, c store.Claimed) {
			unknown(w, c)
			look := store.Looked{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream, Proven: []string{key(2)}, NextLook: w.clock}
			w.ok(w.Deliveries.Looked(w.ctx, look))
			absent(w, c, key(1))
		},
		"not sent": func(w *world, c store.Claimed) {
			w.settle(store.Outcome{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream, NotSent: true, Reason: "platform.unreachable"})
		},
		"repeated": func(w *world, c store.Claimed) {
			unknown(w, c)
			w.ok(w.Deliveries.Repeat(w.ctx, c.Delivery.ID, 1, w.clock))
		},
		"refused": func(w *world, c store.Claimed) {
			o := w.answered(c)
			o.Exceptions = []store.Exception{{Stream: stream, Key: key(1), State: store.Rejected, Delivery: c.Delivery.ID}}
			w.settle(o)
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(w *world) {
				w.collect(key(1), key(2))
				first := w.mustClaim()
				w.correct(key(1))
				lost(w, first)
				equal(w, "the correction", w.operation(key(1)), "I")
			})
		})
	}
}

// operation claims and settles what waits until the record's line comes, and gives its operation.
func (w *world) operation(k string) string {
	w.Helper()
	for {
		c := w.mustClaim()
		for _, l := range c.Lines {
			if l.Key == k {
				return l.Op
			}
		}
		w.settle(w.answered(c))
	}
}

func TestCorrectionOfWhatArrivedIsAnUpdate(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1), key(2))
		first := w.mustClaim()
		w.correct(key(1))
		w.settle(w.answered(first))
		equal(w, "the correction", w.operation(key(1)), "U")
	})
}

// Of two corrections the second is the first message, if neither the first version nor the first correction arrived.
func TestCorrectionOfALostCorrectionIsFirst(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1))
		for range 2 {
			c := w.mustClaim()
			equal(w, "operation", c.Lines[0].Op, "I")
			w.correct(key(1))
			w.pass(time.Minute)
			_, err := w.Deliveries.Expire(w.ctx)
			w.ok(err)
			look := store.Looked{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream, Absent: []string{key(1)}, NextLook: w.clock}
			w.ok(w.Deliveries.Looked(w.ctx, look))
			look.Resend = true
			w.ok(w.Deliveries.Looked(w.ctx, look))
		}
		c := w.mustClaim()
		equal(w, "the last correction", []any{c.Lines[0].Op, c.Lines[0].Version}, []any{"I", int32(3)})
		lines, err := w.Deliveries.Lines(w.ctx, c.Delivery.ID)
		w.ok(err)
		equal(w, "the body that is kept", lines[0].Op, "I")
	})
}

// What was published before stays published, whatever becomes of a correction: the next one is an update too.
func TestCorrectionOfALostUpdateIsAnUpdate(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1))
		w.settle(w.answered(w.mustClaim()))
		w.correct(key(1))
		second := w.mustClaim()
		w.correct(key(1))
		w.settle(store.Outcome{Delivery: second.Delivery.ID, Attempt: 1, Stream: stream, NotSent: true, Reason: "platform.unreachable"})
		equal(w, "the correction", w.operation(key(1)), "U")
	})
}
