package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
)

// look is a Looked on its way into the tables.
type look struct {
	Looked
	stream int64
	moved  map[string]Line // lines of the absent records, read before the transaction, for they may have to move
	state  State           // of the delivery when the transaction began
	absent int64           // first_absent then
	open   int64           // lines that were open then
}

// Looked records what a look-up saw; compare-and-set on (delivery, attempt).
//
// A delivery whose open records are all proven is settled in its one row. Otherwise the delivery takes the state that most
// of its records are in, and the others become exceptions. With Resend the absent ones wait again: in the same delivery if
// nothing else is in it, else in a new one. A look that names no record ends a delivery of which none is open.
func (d *Deliveries) Looked(ctx context.Context, l Looked) error {
	w := look{Looked: l}
	err := w.prepare(ctx, d)
	if err == nil {
		err = d.db.transact(ctx, "prove", func(tx *Tx) error { return w.run(ctx, tx) })
	}
	if err != nil {
		return fmt.Errorf("look of delivery %d: %w", l.Delivery, err)
	}
	return nil
}

func (w *look) prepare(ctx context.Context, d *Deliveries) (err error) {
	if w.stream, err = d.db.streams.find(ctx, w.Stream); err != nil || !w.Resend || len(w.Absent) == 0 {
		return err
	}
	lines, err := d.Lines(ctx, w.Delivery)
	if err != nil {
		return err
	}
	w.moved = make(map[string]Line, len(w.Absent))
	for _, k := range w.Absent {
		w.moved[k] = Line{}
	}
	for _, l := range lines {
		if _, ok := w.moved[l.Key]; ok {
			w.moved[l.Key] = l
		}
	}
	return nil
}

func (w *look) run(ctx context.Context, tx *Tx) error {
	if err := w.lock(ctx, tx); err != nil {
		return err
	}
	if w.Resend && len(w.Absent) > 0 {
		if w.absent == 0 {
			return ErrOneLook
		}
		if err := tx.unheard(ctx, w.stream, w.Delivery, w.Absent); err != nil {
			return err
		}
		done, err := w.resend(ctx, tx)
		if err != nil || done {
			return err
		}
	}
	if len(w.Held)+len(w.Differing) == 0 && (len(w.Absent) == 0 || w.Resend) {
		return w.whole(ctx, tx)
	}
	return w.split(ctx, tx)
}

func (w *look) lock(ctx context.Context, tx *Tx) (err error) {
	if err := tx.lockStream(ctx, w.stream); err != nil {
		return err
	}
	err = tx.row(ctx, `SELECT state, first_absent FROM deliveries WHERE id = ? AND attempt = ? AND stream = ?
		AND (state IN ('unknown', 'acknowledged') OR state = 'proven' AND next_look > 0)`+tx.db.d.lock, w.Delivery, w.Attempt, w.stream).
		Scan(&w.state, &w.absent)
	if none(err) {
		return ErrStale
	}
	if err != nil {
		return fmt.Errorf("lock the delivery: %w", err)
	}
	w.open, err = tx.open(ctx, w.Delivery)
	return err
}

// open counts the lines of a delivery that are unsettled.
func (tx *Tx) open(ctx context.Context, delivery int64) (n int64, err error) {
	err = tx.get(ctx, &n, `SELECT CASE WHEN state = 'proven' THEN
			(SELECT COUNT(*) FROM exceptions e WHERE e.delivery = deliveries.id AND e.state IN ('unknown', 'acknowledged'))
		ELSE lines - (SELECT COUNT(*) FROM (`+closedLines+`) closed) END FROM deliveries WHERE id = ?`, delivery, delivery, delivery)
	if err != nil {
		return 0, fmt.Errorf("count open lines: %w", err)
	}
	return n, nil
}

// whole settles a delivery whose open records are all proven. Records that were open as exceptions count on it again.
func (w *look) whole(ctx context.Context, tx *Tx) error {
	open, err := tx.open(ctx, w.Delivery)
	if err != nil {
		return err
	}
	if open == 0 && len(w.Proven) == 0 {
		return tx.conclude(ctx, w.Delivery)
	}
	if int64(len(w.Proven)) < open {
		return w.split(ctx, tx)
	}
	joined, err := tx.exec(ctx, "DELETE FROM exceptions WHERE delivery = ? AND state IN ('unknown', 'acknowledged', 'proven')", w.Delivery)
	if err != nil {
		return fmt.Errorf("end exceptions: %w", err)
	}
	_, err = tx.exec(ctx, `UPDATE deliveries SET state = 'proven', live = live + ?, proven_at = ?, settled_at = ?, next_look = 0,
		first_absent = 0, last_reason = ? WHERE id = ?`, joined, tx.now, tx.now, w.Reason, w.Delivery)
	if err != nil {
		return fmt.Errorf("settle the delivery: %w", err)
	}
	return w.contact(ctx, tx)
}

// contact notes the proof in the channel's control row.
func (w *look) contact(ctx context.Context, tx *Tx) error {
	if len(w.Proven) == 0 {
		return nil
	}
	_, err := tx.exec(ctx, `UPDATE channels SET last_proof = ? WHERE last_proof < ?
		AND name = (SELECT channel FROM deliveries WHERE id = ?)`, tx.now, tx.now, w.Delivery)
	if err != nil {
		return fmt.Errorf("note the proof: %w", err)
	}
	return nil
}

// split settles a delivery whose records fare differently.
func (w *look) split(ctx context.Context, tx *Tx) error {
	if _, err := tx.mark(ctx, w.stream, w.Delivery, w.Differing); err != nil {
		return err
	}
	state := w.majority()
	missed, err := w.unmarked(ctx, tx, w.missed())
	if err != nil {
		return err
	}
	groups := []struct {
		state State
		keys  []string
	}{{Proven, w.Proven}, {Acknowledged, w.Held}, {w.missedAs(), missed}}
	for _, g := range groups {
		if err := w.place(ctx, tx, g.keys, g.state, state); err != nil {
			return err
		}
	}
	if err := w.join(ctx, tx, state); err != nil {
		return err
	}
	if err := w.move(ctx, tx, state); err != nil {
		return err
	}
	if err := w.contact(ctx, tx); err != nil {
		return err
	}
	return tx.conclude(ctx, w.Delivery)
}

// missed are the absent records that stay in the delivery.
func (w *look) missed() []string {
	if w.Resend {
		return nil
	}
	return w.Absent
}

// majority is the state that the delivery takes. Records the look did not name stay as they are, and so does the delivery.
func (w *look) majority() State {
	named := int64(len(w.Proven) + len(w.Held) + len(w.Absent) + len(w.Differing))
	if w.state == Proven || named < w.open {
		return w.state
	}
	state, most := w.state, 0
	for _, g := range []struct {
		state State
		n     int
	}{{Proven, len(w.Proven)}, {Acknowledged, len(w.Held)}, {w.missedAs(), len(w.missed())}} {
		if g.n > most {
			state, most = g.state, g.n
		}
	}
	return state
}

// missedAs is what a missed record is: one that was acknowledged stays so.
func (w *look) missedAs() State {
	if w.state == Unknown {
		return Unknown
	}
	return Acknowledged
}

// place brings records into a state: out of an exception if it is the delivery's own, else into one.
func (w *look) place(ctx context.Context, tx *Tx, keys []string, to, delivery State) error {
	if len(keys) == 0 {
		return nil
	}
	if to != delivery {
		return w.mark(ctx, tx, keys, to)
	}
	n, err := tx.exec(ctx, `DELETE FROM exceptions WHERE stream = ? AND delivery = ? AND state IN ('unknown', 'acknowledged', 'proven')
		AND key `+tx.db.d.among, w.stream, w.Delivery, list(tx.db.d, keys))
	if err != nil {
		return fmt.Errorf("end exceptions: %w", err)
	}
	return tx.live(ctx, w.Delivery, n)
}

// unmarked are those of the keys whose records have no exception. The others keep what they have when they are missed: an
// earlier look, or a receipt, stands against a look too early.
func (w *look) unmarked(ctx context.Context, tx *Tx, keys []string) ([]string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	rows, err := tx.query(ctx, "SELECT key FROM exceptions WHERE stream = ? AND delivery = ?", w.stream, w.Delivery)
	marked, err := collect(rows, err, func(rows *sql.Rows, key *string) error { return rows.Scan(key) })
	if err != nil {
		return nil, fmt.Errorf("read exceptions: %w", err)
	}
	free := without(marked)
	return slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return !free(k) }), nil
}

func (w *look) mark(ctx context.Context, tx *Tx, keys []string, to State) error {
	marks := make([]Exception, len(keys))
	for i, k := range keys {
		marks[i] = Exception{Key: k, State: to, Reason: w.Reason}
	}
	_, err := tx.mark(ctx, w.stream, w.Delivery, marks)
	return err
}

// join lets records of earlier looks, whose exception says what the delivery now says itself, count on it again.
func (w *look) join(ctx context.Context, tx *Tx, state State) error {
	if state == w.state {
		return nil
	}
	n, err := tx.exec(ctx, "DELETE FROM exceptions WHERE delivery = ? AND state = ?", w.Delivery, string(state))
	if err != nil {
		return fmt.Errorf("end exceptions: %w", err)
	}
	return tx.live(ctx, w.Delivery, n)
}

// move changes the delivery's own row. The next look is for what is still open, if anything is.
func (w *look) move(ctx context.Context, tx *Tx, state State) error {
	absent, proven, next := int64(0), int64(0), ms(w.NextLook)
	if len(w.missed()) > 0 {
		if absent = w.absent; absent == 0 {
			absent = tx.now
		}
	}
	if state == Proven {
		proven = tx.now
	}
	if next == 0 {
		next = tx.now
	}
	_, err := tx.exec(ctx, `UPDATE deliveries SET state = ?, first_absent = ?, settled_at = CASE WHEN settled_at = 0 AND ? <> 'unknown'
			THEN CAST(? AS BIGINT) ELSE settled_at END, proven_at = CASE WHEN proven_at = 0 THEN CAST(? AS BIGINT) ELSE proven_at END,
			last_reason = ?, next_look = CASE WHEN ? <> 'proven' OR EXISTS (SELECT 1 FROM exceptions e
				WHERE e.delivery = deliveries.id AND e.state IN ('unknown', 'acknowledged')) THEN CAST(? AS BIGINT) ELSE 0 END
		WHERE id = ?`, string(state), absent, string(state), tx.now, proven, w.Reason, string(state), next, w.Delivery)
	if err != nil {
		return fmt.Errorf("settle the delivery: %w", err)
	}
	return nil
}

// resend lets the absent records wait again. It reports that nothing is left to settle.
func (w *look) resend(ctx context.Context, tx *Tx) (done bool, err error) {
	var final int64
	err = tx.get(ctx, &final, "SELECT COUNT(*) FROM exceptions WHERE delivery = ? AND state NOT IN ('unknown', 'acknowledged')", w.Delivery)
	if err != nil {
		return false, fmt.Errorf("count exceptions: %w", err)
	}
	if w.state == Proven || final > 0 || int64(len(w.Absent)) < w.open || len(w.Ops) > 0 {
		return false, w.moveAbsent(ctx, tx)
	}
	n, err := tx.exec(ctx, "DELETE FROM exceptions WHERE delivery = ? AND state IN ('unknown', 'acknowledged')", w.Delivery)
	if err != nil {
		return false, fmt.Errorf("end exceptions: %w", err)
	}
	_, err = tx.exec(ctx, `UPDATE deliveries SET state = 'waiting', live = live + ?, next_look = 0, first_absent = 0, settled_at = 0,
		proven_at = 0, retry_at = ?, last_reason = ? WHERE id = ?`, n, tx.now, w.Reason, w.Delivery)
	if err != nil {
		return false, fmt.Errorf("let the delivery wait again: %w", err)
	}
	return true, nil
}

// moveAbsent copies the lines of absent records that still count on this delivery into a new one that waits. The others
// were superseded or kept back meanwhile: nobody sends them again.
func (w *look) moveAbsent(ctx context.Context, tx *Tx) error {
	rows, err := tx.query(ctx, `SELECT r.key, e.key IS NULL FROM records r LEFT JOIN exceptions e ON e.stream = r.stream AND e.key = r.key
		WHERE r.stream = ? AND r.delivery = ? AND (e.key IS NULL OR e.delivery = r.delivery AND e.state IN ('unknown', 'acknowledged'))
			AND r.key `+tx.db.d.among+" ORDER BY r.key", w.stream, w.Delivery, list(tx.db.d, w.Absent))
	plain := int64(0)
	keys, err := collect(rows, err, func(rows *sql.Rows, key *string) error {
		var live bool
		err := rows.Scan(key, &live)
		if live {
			plain++
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("find absent records: %w", err)
	}
	if err := w.dropAbsent(ctx, tx); err != nil || len(keys) == 0 {
		return err
	}
	lines := make([]Line, len(keys))
	for i, k := range keys {
		if lines[i] = w.moved[k]; lines[i].Key != k {
			return fmt.Errorf("no line of %q: %w", k, errBody)
		}
		if op, other := w.Ops[k]; other {
			lines[i].Op = op
		}
	}
	return w.carry(ctx, tx, keys, lines, plain)
}

// carry makes the new delivery and lets the records count on it.
func (w *look) carry(ctx context.Context, tx *Tx, keys []string, lines []Line, plain int64) error {
	var d Delivery
	err := tx.row(ctx, "SELECT channel, resource, rules FROM deliveries WHERE id = ?", w.Delivery).Scan(&d.Channel, &d.Resource, &d.Rules)
	if err != nil {
		return fmt.Errorf("read the delivery: %w", err)
	}
	body := tx.db.pack(lines)
	d.Rows, d.Live, d.Due = int32(len(lines)), int32(len(lines)), body.due
	now, err := tx.epochs(ctx)
	if err != nil {
		return fmt.Errorf("read the epoch: %w", err)
	}
	id, err := tx.form(ctx, w.stream, d, body, now)
	if err != nil {
		return err
	}
	moves := []struct {
		query string
		args  []any
	}{
		{"UPDATE records SET delivery = ? WHERE stream = ? AND key " + tx.db.d.among, []any{id, w.stream, list(tx.db.d, keys)}},
		{"DELETE FROM exceptions WHERE stream = ? AND key " + tx.db.d.among, []any{w.stream, list(tx.db.d, keys)}},
		{"UPDATE deliveries SET live = live - ?, last_reason = ? WHERE id = ?", []any{plain, ReasonMoved + " " + strconv.FormatInt(id, 10), w.Delivery}},
	}
	for _, m := range moves {
		if _, err := tx.exec(ctx, m.query, m.args...); err != nil {
			return fmt.Errorf("move absent records: %w", err)
		}
	}
	return nil
}

// dropAbsent closes the lines of absent records in this delivery: the attempt number is one below the current, as if they
// had not travelled.
func (w *look) dropAbsent(ctx context.Context, tx *Tx) error {
	err := tx.stage(ctx, "stage_marks", markColumns, len(w.Absent), func(i int, args []any) {
		args[0], args[1], args[2], args[3], args[4] = w.Absent[i], "", "", "", int64(0)
	})
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO dropped (delivery, key, attempt) SELECT CAST(? AS BIGINT), key, CAST(? AS INTEGER) FROM stage_marks
		WHERE TRUE ON CONFLICT (delivery, key) DO UPDATE SET attempt = excluded.attempt`, w.Delivery, w.Attempt-1)
	if err != nil {
		return fmt.Errorf("drop absent lines: %w", err)
	}
	return nil
}
