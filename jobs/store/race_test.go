package store_test

import (
	"errors"
	"testing"

	"creditsync/jobs/store"
)

// Between the look at a record and the commit of its new version a lane may take the older one up, or give it back. Whether
// the new version is a first message was decided by that look: the page is refused and formed anew.
func TestVersionThatALaneMovedMeanwhileIsStale(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1))
		waiting := w.known(key(1))
		c := w.mustClaim()
		sending := w.known(key(1))
		if err := w.next(waiting); !errors.Is(err, store.ErrStale) {
			t.Errorf("a first message beside one on its way: %v", err)
		}
		w.settle(store.Outcome{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream, NotSent: true, Reason: "platform.unreachable"})
		if err := w.next(sending); !errors.Is(err, store.ErrStale) {
			t.Errorf("an update of what was not sent: %v", err)
		}
		w.ok(w.next(w.known(key(1))))
	})
}

func (w *world) known(k string) store.Known {
	w.Helper()
	known, err := w.Records.Known(w.ctx, stream, []string{k})
	w.ok(err)
	return known[k]
}

// next commits the next version of a record as it was known.
func (w *world) next(old store.Known) error {
	w.Helper()
	put := store.Put{Key: old.Key, Known: &old, Held: old.Held, Source: old.Source + 1, Payload: old.Payload + 1, Due: today + 5, Starts: today - 10}
	d := store.NewDelivery{Stream: stream, Channel: "henan", Resource: "result", Due: today + 5, Rules: 1, Lines: []store.Line{line(old.Key, old.Version+1)}}
	_, err := w.Records.Commit(w.ctx, store.Page{Stream: stream, Puts: []store.Put{put}, Deliveries: []store.NewDelivery{d}}, nil)
	return err
}
