package store_test

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"creditsync/jobs/store"

	"github.com/google/go-cmp/cmp"
)

// states are all that a delivery can be in.
func states() []store.State {
	return []store.State{store.Waiting, store.Sending, store.Unknown, store.Acknowledged, store.Rejected, store.Proven, store.Void}
}

func TestTheDrawingIsTheTable(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var drawn []store.Transition
	arrow := regexp.MustCompile(`(?m)^//\t *([a-z]*) ──([a-z_]+)─+► (.+)$`)
	for _, m := range arrow.FindAllStringSubmatch(string(doc), -1) {
		for _, to := range strings.Split(strings.ReplaceAll(m[3], " or ", ", "), ", ") {
			drawn = append(drawn, store.Transition{From: store.State(m[1]), Cause: store.Cause(m[2]), To: store.State(to)})
		}
	}
	if d := cmp.Diff(store.Transitions(), drawn); d != "" {
		t.Errorf("the drawing in the package's doc (-table +drawing):\n%s", d)
	}
}

func TestTheDatabaseKnowsTheTable(t *testing.T) {
	each(t, func(w *world) {
		w.ok(w.Migrate(w.ctx)) // as at every start
		var rows []struct {
			From  store.State `db:"from_state"`
			Cause store.Cause `db:"cause"`
			To    store.State `db:"to_state"`
		}
		w.ok(w.SQLX().SelectContext(w.ctx, &rows, "SELECT from_state, cause, to_state FROM transitions"))
		if len(rows) != len(store.Transitions()) {
			w.Errorf("%d rows for %d transitions", len(rows), len(store.Transitions()))
		}
		for _, r := range rows {
			if !slices.Contains(store.Transitions(), store.Transition(r)) {
				w.Errorf("the database allows %+v", r)
			}
		}
	})
}

// ways are the shortest walks from waiting to each state, along drawn arrows.
func ways() map[store.State][]store.State {
	found := map[store.State][]store.State{store.Waiting: {store.Waiting}}
	for queue := []store.State{store.Waiting}; len(queue) > 0; queue = queue[1:] {
		for _, t := range store.Transitions() {
			if _, seen := found[t.To]; t.From == queue[0] && !seen {
				found[t.To] = append(slices.Clone(found[t.From]), t.To)
				queue = append(queue, t.To)
			}
		}
	}
	return found
}

func drawn(from, to store.State) bool {
	return slices.ContainsFunc(store.Transitions(), func(t store.Transition) bool { return t.From == from && t.To == to })
}

// force writes a state past all methods of the store.
func (w *world) force(id int64, to store.State) error {
	attempt := "attempt"
	if to == store.Sending || to == store.Unknown {
		attempt = "attempt + CASE WHEN state = 'waiting' THEN 1 ELSE 0 END"
	}
	_, err := w.SQLX().ExecContext(w.ctx, w.SQLX().Rebind("UPDATE deliveries SET state = ?, attempt = "+attempt+" WHERE id = ?"), string(to), id)
	return err
}

// at is a fresh delivery that has come to a state along drawn arrows.
func (w *world) at(state store.State, n int) store.Delivery {
	w.Helper()
	w.collect(key(n))
	k, _, err := w.Records.Find(w.ctx, stream, key(n))
	w.ok(err)
	way, ok := ways()[state]
	if !ok {
		w.Fatalf("no drawn way leads to %s", state)
	}
	for _, s := range way[1:] {
		w.ok(w.force(k.Delivery, s))
	}
	d, err := w.Deliveries.Get(w.ctx, k.Delivery)
	w.ok(err)
	equal(w, "state on arrival", d.State, state)
	return d
}

func TestOnlyDrawnTransitionsCommit(t *testing.T) {
	each(t, func(w *world) {
		n := 0
		for _, from := range states() {
			for _, to := range states() {
				n++
				d := w.at(from, n)
				err := w.force(d.ID, to)
				if allowed := from == to || drawn(from, to); (err == nil) != allowed {
					w.Errorf("%s to %s: drawn %v, error %v", from, to, allowed, err)
				}
			}
		}
	})
}

func TestAnAttemptBeginsWhereWaitingEnds(t *testing.T) {
	each(t, func(w *world) {
		for i, s := range states() {
			d := w.at(s, i+1)
			for _, change := range []string{"attempt = attempt + 1", "attempt = attempt - 1"} {
				if _, err := w.SQLX().ExecContext(w.ctx, w.SQLX().Rebind("UPDATE deliveries SET "+change+" WHERE id = ?"), d.ID); err == nil {
					w.Errorf("%s while %s", change, s)
				}
			}
		}
		d := w.at(store.Waiting, 100)
		if _, err := w.SQLX().ExecContext(w.ctx, w.SQLX().Rebind("UPDATE deliveries SET state = 'sending' WHERE id = ?"), d.ID); err == nil {
			w.Error("sending without a new attempt")
		}
	})
}

func TestUndrawnTransitionsHaveTheirError(t *testing.T) {
	each(t, func(w *world) {
		d := w.at(store.Proven, 1)
		err := w.Tx(w.ctx, func(tx *store.Tx) error {
			_, err := tx.SQLX().ExecContext(w.ctx, tx.SQLX().Rebind("UPDATE deliveries SET state = 'waiting' WHERE id = ?"), d.ID)
			return err
		})
		if !errors.Is(err, store.ErrUndrawn) {
			w.Errorf("got %v", err)
		}
	})
}

// TestTheLateAreStale tries every act on a delivery in every state, with its attempt and with older and newer ones.
func TestTheLateAreStale(t *testing.T) {
	acts := map[string]struct {
		from []store.State
		do   func(w *world, d store.Delivery, attempt int32) error
	}{
		"settle": {[]store.State{store.Sending}, func(w *world, d store.Delivery, attempt int32) error {
			return w.Deliveries.Settle(w.ctx, store.Outcome{Delivery: d.ID, Attempt: attempt, Stream: stream, Answered: true})
		}},
		"not sent": {[]store.State{store.Sending}, func(w *world, d store.Delivery, attempt int32) error {
			return w.Deliveries.Settle(w.ctx, store.Outcome{Delivery: d.ID, Attempt: attempt, Stream: stream, NotSent: true})
		}},
		"settle and claim": {[]store.State{store.Sending}, func(w *world, d store.Delivery, attempt int32) error {
			_, err := w.Deliveries.Claim(w.ctx, &store.Outcome{Delivery: d.ID, Attempt: attempt, Stream: stream, Unknown: true}, asked)
			return err
		}},
		"repeat": {[]store.State{store.Unknown}, func(w *world, d store.Delivery, attempt int32) error {
			return w.Deliveries.Repeat(w.ctx, d.ID, attempt, time.Time{})
		}},
		"look": {[]store.State{store.Unknown, store.Acknowledged}, func(w *world, d store.Delivery, attempt int32) error {
			k, err := w.Deliveries.Lines(w.ctx, d.ID)
			w.ok(err)
			return w.Deliveries.Looked(w.ctx, store.Looked{Delivery: d.ID, Attempt: attempt, Stream: stream, Proven: keysOf(k)})
		}},
	}
	each(t, func(w *world) {
		n := 0
		for what, act := range acts {
			for _, state := range states() {
				for _, off := range []int32{-1, 1, 0} {
					n++
					d := w.at(state, n)
					err := act.do(w, d, d.Attempt+off)
					if off == 0 && slices.Contains(act.from, state) {
						w.ok(err)
					} else if !errors.Is(err, store.ErrStale) {
						w.Errorf("%s of attempt %d of a delivery that is %s in attempt %d: %v", what, d.Attempt+off, state, d.Attempt, err)
					}
				}
			}
		}
	})
}
