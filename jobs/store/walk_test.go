package store_test

import (
	"errors"
	"testing"
	"time"

	"creditsync/jobs/store"

	"github.com/google/go-cmp/cmp"
)

func equal(w *world, what string, got, want any) {
	w.Helper()
	if d := cmp.Diff(want, got); d != "" {
		w.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestDeliveryIsProvenInOneRow(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1), key(2), key(3))
		c := w.mustClaim()
		equal(w, "lines", keysOf(c.Lines), []string{key(1), key(2), key(3)})
		equal(w, "states while sending", w.states(), map[store.State]int64{store.Sending: 3})
		w.settle(w.answered(c, store.Exception{Key: key(2), State: store.Rejected, Reason: "platform.refused",
			Detail: store.Detail{Code: "E12", Message: "日期格式不对"}}))
		equal(w, "states after the answer", w.states(), map[store.State]int64{store.Acknowledged: 2, store.Rejected: 1})
		w.pass(time.Hour)
		due, err := w.Deliveries.ToLook(w.ctx, "henan", 10)
		w.ok(err)
		equal(w, "deliveries to look at", len(due), 1)
		equal(w, "open lines", w.open(due[0].ID), []string{key(1), key(3)})
		w.ok(w.Deliveries.Looked(w.ctx, store.Looked{Delivery: due[0].ID, Attempt: 1, Stream: stream, Proven: []string{key(1), key(3)}}))
		equal(w, "states after the look", w.states(), map[store.State]int64{store.Proven: 2, store.Rejected: 1})
		receipts, err := w.Deliveries.Receipts(w.ctx, due[0].ID)
		w.ok(err)
		equal(w, "receipts", string(receipts), "receipts")
		k, e, err := w.Records.Find(w.ctx, stream, key(2))
		w.ok(err)
		equal(w, "rejected", []any{k.State, k.Held, e.Detail.Message, e.Owner, e.Due}, []any{store.Rejected, false, "日期格式不对", "市场科", today + 5})
	})
}

func TestUnknownIsResentAfterTwoLooks(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1), key(2))
		c := w.mustClaim()
		w.pass(time.Minute)
		n, err := w.Deliveries.Expire(w.ctx)
		w.ok(err)
		equal(w, "expired", n, int64(1))
		if err := w.Deliveries.Settle(w.ctx, w.answered(c)); !errors.Is(err, store.ErrStale) {
			w.Fatalf("a zombie's answer: %v", err)
		}
		look := store.Looked{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream, Absent: []string{key(1), key(2)}, Resend: true}
		if err := w.Deliveries.Looked(w.ctx, look); !errors.Is(err, store.ErrOneLook) {
			w.Fatalf("resending after one look: %v", err)
		}
		look.Resend = false
		w.ok(w.Deliveries.Looked(w.ctx, look))
		equal(w, "states after one look", w.states(), map[store.State]int64{store.Unknown: 2})
		look.Resend = true
		w.ok(w.Deliveries.Looked(w.ctx, look))
		again := w.mustClaim()
		equal(w, "the same delivery", []any{again.Delivery.ID, again.Delivery.Number, again.Delivery.Attempt},
			[]any{c.Delivery.ID, c.Delivery.Number, int32(2)})
	})
}

func TestPartlyAbsentDeliveryIsSplit(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1), key(2), key(3), key(4))
		c := w.mustClaim()
		w.settle(store.Outcome{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream, Unknown: true, Reason: "platform.timed_out"})
		look := store.Looked{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream, Proven: []string{key(1), key(2)},
			Held: []string{key(3)}, Absent: []string{key(4)}, NextLook: w.clock}
		w.ok(w.Deliveries.Looked(w.ctx, look))
		equal(w, "states", w.states(), map[store.State]int64{store.Proven: 2, store.Acknowledged: 1, store.Unknown: 1})
		equal(w, "open lines", w.open(c.Delivery.ID), []string{key(3), key(4)})
		look.Proven, look.Held, look.Resend = []string{key(3)}, nil, true
		w.ok(w.Deliveries.Looked(w.ctx, look))
		equal(w, "states", w.states(), map[store.State]int64{store.Proven: 3, store.Waiting: 1})
		again := w.mustClaim()
		equal(w, "moved lines", keysOf(again.Lines), []string{key(4)})
		old, err := w.Deliveries.Get(w.ctx, c.Delivery.ID)
		w.ok(err)
		equal(w, "old delivery", []any{old.State, old.Live, old.NextLook.IsZero()}, []any{store.Proven, int32(3), true})
	})
}

// What is left open of a proven delivery may vanish from the registry: the look that finds nothing to look for is the last.
func TestProvenDeliveryIsNotLookedAtForWhatIsMissing(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1), key(2), key(3))
		c := w.mustClaim()
		w.settle(store.Outcome{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream, Unknown: true, Reason: "platform.timed_out"})
		w.ok(w.Deliveries.Looked(w.ctx, store.Looked{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream,
			Proven: []string{key(1), key(2)}, Absent: []string{key(3)}, NextLook: w.clock}))
		_, err := w.Records.Vanished(w.ctx, stream, 1, func(ordinal int64) bool { return ordinal != 3 })
		w.ok(err)
		w.ok(w.Deliveries.Looked(w.ctx, store.Looked{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream, NextLook: w.clock}))
		d, err := w.Deliveries.Get(w.ctx, c.Delivery.ID)
		w.ok(err)
		equal(w, "states", w.states(), map[store.State]int64{store.Proven: 2, store.Missing: 1})
		equal(w, "delivery", []any{d.State, d.NextLook.IsZero()}, []any{store.Proven, true})
	})
}

func TestNewVersionDropsTheLineThatWaits(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1), key(2))
		w.collect(key(2))
		first := w.mustClaim()
		equal(w, "first", keysOf(first.Lines), []string{key(1)})
		second := w.mustClaim()
		equal(w, "second", keysOf(second.Lines), []string{key(2)})
		equal(w, "version", second.Lines[0].Version, int32(2))
	})
}

func TestNewVersionWaitsForTheOneOnItsWay(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1), key(2))
		c := w.mustClaim()
		w.collect(key(1))
		if got := w.claim(); got.Reason != store.NothingDue {
			w.Fatalf("claimed while the older version is on its way: %+v", got)
		}
		equal(w, "open lines in flight", w.open(c.Delivery.ID), []string{key(1), key(2)})
		w.settle(w.answered(c))
		equal(w, "open lines after the answer", w.open(c.Delivery.ID), []string{key(2)})
		equal(w, "newer version", keysOf(w.mustClaim().Lines), []string{key(1)})
	})
}

func TestEmptiedDeliveryIsVoid(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1))
		w.except(store.Withheld, "collect.withheld", key(1))
		if got := w.claim(); got.Reason != store.NothingDue {
			w.Fatalf("claimed: %+v", got)
		}
		k, _, err := w.Records.Find(w.ctx, stream, key(1))
		w.ok(err)
		equal(w, "record", []any{k.State, k.Carrier, k.Dropped, k.Held}, []any{store.Withheld, store.Void, true, false})
		w.collect(key(1))
		equal(w, "sent after all", keysOf(w.mustClaim().Lines), []string{key(1)})
	})
}

func TestVanishedRecordStaysWhatItIsAtThePlatform(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1), key(2), key(3))
		w.settle(w.answered(w.mustClaim()))
		w.collect(key(4))
		seen := func(n int64) bool { return n == 1 }
		n, err := w.Records.CountUnseen(w.ctx, stream, seen)
		w.ok(err)
		equal(w, "unseen", n, int64(3))
		for _, want := range []int64{3, 0} {
			n, err := w.Records.Vanished(w.ctx, stream, 1, seen)
			w.ok(err)
			equal(w, "vanished", n, want)
		}
		equal(w, "states", w.states(), map[store.State]int64{store.Acknowledged: 1, store.Missing: 3})
		if got := w.claim(); got.Reason != store.NothingDue {
			w.Fatalf("a vanished record is sent: %+v", got)
		}
		known, err := w.Records.Known(w.ctx, stream, []string{key(2), key(4)})
		w.ok(err)
		equal(w, "published", []bool{known[key(2)].Held, known[key(2)].Dropped}, []bool{true, false})
		equal(w, "unsent", []bool{known[key(4)].Held, known[key(4)].Dropped}, []bool{false, true})
	})
}

func TestStalePageIsRefused(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1))
		known, err := w.Records.Known(w.ctx, stream, []string{key(1)})
		w.ok(err)
		w.collect(key(1))
		old := known[key(1)]
		for what, put := range map[string]store.Put{
			"changed meanwhile": {Key: key(1), Known: &old, Batch: 0},
			"there already":     {Key: key(1), Batch: 0},
		} {
			p := store.Page{Stream: stream, Puts: []store.Put{put}, Deliveries: []store.NewDelivery{{Stream: stream, Channel: "henan", Lines: []store.Line{line(key(1), 2)}}}}
			if _, err := w.Records.Commit(w.ctx, p, nil); !errors.Is(err, store.ErrStale) {
				w.Errorf("%s: %v", what, err)
			}
		}
		equal(w, "states", w.states(), map[store.State]int64{store.Waiting: 1})
	})
}
