package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/s2"
)

var errOutcome = errors.New("an outcome is exactly one of not sent, unknown and answered")

// outcome is an Outcome ready for its transaction.
type outcome struct {
	Outcome
	stream   int64
	receipts []byte
	details  []string // of the events
}

func (d *Deliveries) prepare(ctx context.Context, o Outcome) (outcome, error) {
	n := 0
	for _, is := range []bool{o.NotSent, o.Unknown, o.Answered} {
		if is {
			n++
		}
	}
	if n != 1 {
		return outcome{}, errOutcome
	}
	stream, err := d.db.streams.find(ctx, o.Stream)
	if err != nil {
		return outcome{}, err
	}
	w := outcome{Outcome: o, stream: stream}
	if len(o.Receipts) > 0 {
		w.receipts = s2.Encode(nil, o.Receipts)
	}
	w.details, err = details(o.Events)
	return w, err
}

// Settle records how one attempt ended; compare-and-set on (delivery, attempt): ErrStale if another has moved it.
func (d *Deliveries) Settle(ctx context.Context, o Outcome) error {
	w, err := d.prepare(ctx, o)
	if err == nil {
		err = d.db.transact(ctx, "settle", func(tx *Tx) error { return w.settle(ctx, tx) })
	}
	if err != nil {
		return fmt.Errorf("settle delivery %d: %w", o.Delivery, err)
	}
	return nil
}

func (w outcome) settle(ctx context.Context, tx *Tx) error {
	if len(w.Exceptions) > 0 || w.NotSent {
		if err := tx.lockStream(ctx, w.stream); err != nil {
			return err
		}
	}
	var channel string
	if err := w.unheard(ctx, tx); err != nil {
		return err
	}
	live, err := w.move(ctx, tx, &channel)
	if err != nil {
		return err
	}
	if len(w.receipts) > 0 {
		_, err := tx.exec(ctx, "INSERT INTO delivery_receipts (delivery, attempt, body) VALUES (?, ?, ?)", w.Delivery, w.Attempt, w.receipts)
		if err != nil {
			return fmt.Errorf("keep the receipts: %w", err)
		}
	}
	if err := w.except(ctx, tx, live); err != nil {
		return err
	}
	if err := tx.log(ctx, w.Events, w.details); err != nil {
		return fmt.Errorf("add to the log: %w", err)
	}
	return w.breaker(ctx, tx, channel)
}

// unheard: what was not sent or was refused did not arrive.
func (w outcome) unheard(ctx context.Context, tx *Tx) error {
	if w.NotSent {
		return tx.unheard(ctx, w.stream, w.Delivery, nil)
	}
	var refused []string
	for i := range w.Exceptions {
		if w.Exceptions[i].State == Rejected {
			refused = append(refused, w.Exceptions[i].Key)
		}
	}
	if len(refused) == 0 {
		return nil
	}
	return tx.unheard(ctx, w.stream, w.Delivery, refused)
}

// move changes the delivery's own row and says how many records count on it.
func (w outcome) move(ctx context.Context, tx *Tx, channel *string) (live int64, err error) {
	state, look, settled, retry := Acknowledged, ms(w.NextLook), tx.now, int64(0)
	switch {
	case w.NotSent:
		state, look, settled, retry = Waiting, 0, 0, ms(w.RetryAt)
	case w.Unknown:
		state, settled = Unknown, 0
		if look == 0 {
			look = tx.now
		}
	}
	err = tx.row(ctx, `UPDATE deliveries SET state = ?, next_look = ?, settled_at = ?, retry_at = ?, last_reason = ?, receipts = receipts + ?
		WHERE id = ? AND attempt = ? AND `+AnswerCame.from()+" RETURNING live, channel",
		string(state), look, settled, retry, w.Reason, w.Count, w.Delivery, w.Attempt).Scan(&live, channel)
	if none(err) {
		return 0, ErrStale
	}
	return live, err
}

// except writes what fared differently from the delivery, which is over if nothing is left of it.
func (w outcome) except(ctx context.Context, tx *Tx, live int64) error {
	n, err := tx.mark(ctx, w.stream, w.Delivery, w.Exceptions)
	if err != nil {
		return err
	}
	if !w.Answered || live-n > 0 {
		return nil
	}
	return tx.conclude(ctx, w.Delivery)
}

// breaker opens the channel's breaker, or closes it after an answer.
func (w outcome) breaker(ctx context.Context, tx *Tx, channel string) (err error) {
	if !w.BreakUntil.IsZero() {
		_, err = tx.exec(ctx, "UPDATE channels SET break_until = ? WHERE name = ? AND break_until < ?", ms(w.BreakUntil), channel, ms(w.BreakUntil))
	} else if w.Answered {
		_, err = tx.exec(ctx, "UPDATE channels SET break_until = 0 WHERE name = ? AND break_until <> 0 AND break_until <= ?", channel, tx.now)
	}
	if err != nil {
		return fmt.Errorf("set the breaker: %w", err)
	}
	return nil
}

// markColumns are those of stage_marks.
var markColumns = []string{"key", "state", "reason", "detail", "since"}

// mark gives records of a delivery exceptions and says how many that had none have one now. A record that moved on, or
// that collect or an earlier answer has settled, keeps what it has. The stream's lock must be held.
func (tx *Tx) mark(ctx context.Context, stream, delivery int64, marks []Exception) (int64, error) {
	if len(marks) == 0 {
		return 0, nil
	}
	err := tx.stage(ctx, "stage_marks", markColumns, len(marks), func(i int, args []any) {
		m := &marks[i]
		args[0], args[1], args[2], args[3], args[4] = m.Key, string(m.State), m.Reason, m.Detail.text(), tx.now
	})
	if err != nil {
		return 0, err
	}
	var fresh int64
	err = tx.get(ctx, &fresh, `SELECT COUNT(*) FROM records r WHERE r.stream = ? AND r.key IN (SELECT key FROM stage_marks)
		AND r.delivery = ? AND NOT EXISTS (SELECT 1 FROM exceptions e WHERE e.stream = r.stream AND e.key = r.key)`, stream, delivery)
	if err != nil {
		return 0, fmt.Errorf("count exceptions: %w", err)
	}
	_, err = tx.exec(ctx, `INSERT INTO exceptions (stream, key, state, reason, detail, since, due, owner, delivery, waits_stream, waits_key, assured)
		SELECT r.stream, r.key, m.state, m.reason, m.detail, m.since, r.due, r.owner, r.delivery, '', '', `+assured+`
		FROM stage_marks m JOIN records r ON r.key = m.key
		WHERE r.stream = ? AND r.key IN (SELECT key FROM stage_marks) AND r.delivery = ?
		ON CONFLICT (stream, key) DO UPDATE SET state = excluded.state, reason = excluded.reason, detail = excluded.detail,
			since = CASE WHEN exceptions.state = excluded.state THEN exceptions.since ELSE excluded.since END
		WHERE exceptions.delivery = excluded.delivery AND exceptions.state IN ('unknown', 'acknowledged')`, stream, delivery)
	if err != nil {
		return 0, fmt.Errorf("put exceptions: %w", err)
	}
	if fresh < int64(len(marks)) {
		if err := tx.markKept(ctx, stream, delivery); err != nil {
			return 0, err
		}
	}
	return fresh, tx.live(ctx, delivery, -fresh)
}

// markKept: of records that collect has kept back meanwhile, the exception stays, but the line is gone for good: should the
// record go again, it needs a new one.
func (tx *Tx) markKept(ctx context.Context, stream, delivery int64) error {
	_, err := tx.exec(ctx, `INSERT INTO dropped (delivery, key, attempt)
		SELECT d.id, m.key, d.attempt - 1 FROM stage_marks m JOIN deliveries d ON d.id = ?
		JOIN exceptions e ON e.stream = d.stream AND e.key = m.key AND e.state NOT IN (`+outcomes+`)
		JOIN records r ON r.stream = d.stream AND r.key = m.key AND r.delivery = d.id
		WHERE e.key IN (SELECT key FROM stage_marks) AND r.key IN (SELECT key FROM stage_marks)
		ON CONFLICT (delivery, key) DO UPDATE SET attempt = excluded.attempt`, delivery)
	if err == nil {
		_, err = tx.exec(ctx, `UPDATE records SET held = TRUE WHERE stream = ? AND delivery = ? AND key IN (
			SELECT key FROM stage_marks WHERE state IN ('unknown', 'acknowledged', 'proven'))`, stream, delivery)
	}
	if err != nil {
		return fmt.Errorf("close lines kept back: %w", err)
	}
	return nil
}

func (tx *Tx) live(ctx context.Context, delivery, by int64) error {
	if by == 0 {
		return nil
	}
	if _, err := tx.exec(ctx, "UPDATE deliveries SET live = live + ? WHERE id = ?", by, delivery); err != nil {
		return fmt.Errorf("count live records: %w", err)
	}
	return nil
}

// conclude ends a delivery of which no line is open: proven if records of it were, else rejected if the platform refused any
// of it, else void.
func (tx *Tx) conclude(ctx context.Context, delivery int64) error {
	open, err := tx.open(ctx, delivery)
	if err != nil || open > 0 {
		return err
	}
	joined, err := tx.exec(ctx, `DELETE FROM exceptions WHERE delivery = ? AND state = 'proven'
		AND EXISTS (SELECT 1 FROM deliveries d WHERE d.id = exceptions.delivery AND d.state <> 'proven')`, delivery)
	if err != nil {
		return fmt.Errorf("conclude the delivery: %w", err)
	}
	_, err = tx.exec(ctx, `UPDATE deliveries SET next_look = 0, settled_at = ?, live = live + ?, proven_at = CASE WHEN ? = 0 THEN 0 ELSE
			CAST(? AS BIGINT) END, state = CASE WHEN ? > 0 THEN 'proven' WHEN EXISTS (
			SELECT 1 FROM exceptions e WHERE e.delivery = deliveries.id AND e.state = 'rejected') THEN 'rejected' ELSE 'void' END
		WHERE id = ? AND `+Concluded.from(), tx.now, joined, joined, tx.now, joined, delivery)
	if err == nil { // of one that is proven, the last records that were looked for have gone
		_, err = tx.exec(ctx, "UPDATE deliveries SET next_look = 0 WHERE id = ? AND state = 'proven'", delivery)
	}
	if err != nil {
		return fmt.Errorf("conclude the delivery: %w", err)
	}
	return nil
}

// Expire moves deliveries whose send_until has passed to unknown and says how many.
func (d *Deliveries) Expire(ctx context.Context) (n int64, err error) {
	err = d.db.transact(ctx, "expire", func(tx *Tx) error {
		n, err = tx.exec(ctx, `UPDATE deliveries SET state = 'unknown', next_look = ?, last_reason = ?
			WHERE send_until <= ? AND `+ExpiredIntent.from(), tx.now, ReasonExpired, tx.now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("expire deliveries: %w", err)
	}
	return n, nil
}

// Repeat lets an unknown delivery wait for another attempt without a look: for channels whose profile says that a repeat
// with the same id is harmless, and for no others. Compare-and-set on (delivery, attempt).
func (d *Deliveries) Repeat(ctx context.Context, id int64, attempt int32, retryAt time.Time) error {
	err := d.db.transact(ctx, "repeat", func(tx *Tx) error {
		var stream int64
		err := tx.row(ctx, `UPDATE deliveries SET state = 'waiting', next_look = 0, first_absent = 0, retry_at = ?
			WHERE id = ? AND attempt = ? AND `+RepeatedBlind.from()+" RETURNING stream", ms(retryAt), id, attempt).Scan(&stream)
		if none(err) {
			return ErrStale
		}
		if err != nil {
			return err
		}
		return tx.unheard(ctx, stream, id, nil)
	})
	if err != nil {
		return fmt.Errorf("repeat delivery %d: %w", id, err)
	}
	return nil
}

// The reasons that the store itself gives.
const (
	ReasonEpoch       = "deliver.epoch"       // an epoch began: it may have been sent, and is looked for first
	ReasonExpired     = "deliver.expired"     // send_until passed without an outcome
	ReasonBaseChanged = "prove.base_changed"  // the proof was taken at another address
	ReasonOutside     = "collect.excluded"    // the row belongs to the stream no more, by rule
	ReasonVanished    = "collect.vanished"    // the registry has the row no more
	ReasonVoid        = "deliver.void"        // no line of the delivery is to go any more
	ReasonSuperseded  = "lists.superseded"    // a newer pull began before the version was released
	ReasonBrokenOff   = "lists.broken_off"    // the pull ended before its version was whole
	ReasonMoved       = "prove.moved_to_next" // absent lines were moved to a delivery of their own
)
