package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// Epochs is the family of epochs. One begins whenever the store may have forgotten what it did: it was restored from a
// backup, its machine was rolled back, it was copied, or it was silent for so long that either may have happened unseen.
//
// In a new epoch nothing goes out that could have gone out in the time that was lost. What waited, or was on its way,
// becomes unknown; a stream is in doubt until a whole read of it that began in the epoch is completed, and what that read
// finds new or changed forms deliveries that begin as unknown. Unknown is settled by looking, and absence counts only by
// two looks, the later at least complete_after after the epoch began.
type Epochs struct{ db *DB }

// Epoch is one of them.
type Epoch struct {
	Number   int64
	Name     string // begins the numbers of the deliveries formed in it
	Cause    string // one of the causes
	Began    time.Time
	Until    time.Time // whatever was under way when it began has left by then
	LastBeat time.Time // the last sign of life before it
}

// The causes of an epoch.
const (
	CauseNew        = "epoch.new"         // the store was made
	CauseRestored   = "epoch.restored"    // a backup was put in its place
	CauseReplaced   = "epoch.replaced"    // the file, or the cluster's timeline, is another one in the same place
	CauseCopied     = "epoch.copied"      // it stands elsewhere than it did: the other one may be at work
	CauseConfirmed  = "epoch.confirmed"   // a person says that the other one is off
	CauseSilent     = "epoch.silent"      // no sign of life for longer than a restart takes
	CauseRolledBack = "epoch.rolled_back" // the store went back in time under a running process
	CauseClock      = "epoch.clock"       // time passed that the running process has not seen: a machine was resumed
)

// grace is how long after an epoch began a byte of the time before it may still leave: longer than any send timeout.
const grace = 2 * time.Minute

const epochColumns = "SELECT number, name, cause, began, until, last_beat FROM epochs ORDER BY number DESC LIMIT 1"

func (e *Epoch) scan(row interface{ Scan(...any) error }) error {
	return row.Scan(&e.Number, &e.Name, &e.Cause, instant{&e.Began}, instant{&e.Until}, instant{&e.LastBeat})
}

// Current is the newest epoch.
func (e *Epochs) Current(ctx context.Context) (Epoch, error) {
	var now Epoch
	if err := now.scan(e.db.row(ctx, epochColumns)); err != nil {
		return Epoch{}, fmt.Errorf("read the epoch: %w", err)
	}
	return now, nil
}

// Begin begins an epoch for the given cause, whatever the store itself can tell. It is what a restore calls, and the seam
// by which tests and the simulation say that the store was put back to an older copy of itself.
func (e *Epochs) Begin(ctx context.Context, cause string) (Epoch, error) {
	var begun Epoch
	err := e.db.transact(ctx, "epoch", func(tx *Tx) (err error) {
		begun, err = tx.beginEpoch(ctx, cause)
		return err
	})
	if err != nil {
		return Epoch{}, fmt.Errorf("begin an epoch: %w", err)
	}
	e.db.memory.follow(begun.Number)
	return begun, nil
}

// Doubt names the streams that are in doubt: their first whole read of the epoch is not completed.
func (e *Epochs) Doubt(ctx context.Context) (map[string]bool, error) {
	rows, err := e.db.query(ctx, "SELECT name FROM streams WHERE doubt > 0 OR epoch < (SELECT MAX(number) FROM epochs)")
	names, err := collect(rows, err, func(rows *sql.Rows, name *string) error { return rows.Scan(name) })
	if err != nil {
		return nil, fmt.Errorf("list streams in doubt: %w", err)
	}
	doubt := make(map[string]bool, len(names))
	for _, n := range names {
		doubt[n] = true
	}
	return doubt, nil
}

// beginEpoch writes the epoch. The rows of streams and channels are changed, not only locked: whoever waits for one of them
// sees what it says now.
func (tx *Tx) beginEpoch(ctx context.Context, cause string) (Epoch, error) {
	old, err := tx.epochs(ctx)
	if err != nil {
		return Epoch{}, err
	}
	now := Epoch{Number: old.Number + 1, Name: newName(), Cause: cause, Began: at(tx.now), Until: at(tx.now).Add(grace)}
	if cause == CauseNew {
		now.Number, now.Began, now.Until = 0, time.Time{}, time.Time{}
	}
	_, err = tx.exec(ctx, `INSERT INTO epochs (number, name, cause, began, until, last_beat)
		SELECT CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), beat FROM life`,
		now.Number, now.Name, cause, ms(now.Began), ms(now.Until))
	if err != nil {
		return Epoch{}, fmt.Errorf("note the epoch: %w", err)
	}
	if cause == CauseNew {
		return now, nil
	}
	for _, s := range []struct {
		what, query string
		args        []any
	}{
		{"put streams in doubt", "UPDATE streams SET epoch = ?, doubt = (SELECT COALESCE(MAX(id), 0) + 1 FROM reads)", []any{now.Number}},
		{"tell the channels", "UPDATE channels SET epoch = ?", []any{now.Number}},
		{"doubt what waits", `UPDATE deliveries SET state = 'unknown', attempt = attempt + 1, doubt = TRUE, sent_at = ?, send_until = ?,
			settled_at = 0, next_look = ?, first_absent = 0, retry_at = 0, last_reason = ? WHERE state = 'waiting'`,
			[]any{ms(now.Began), ms(now.Until), tx.now, ReasonEpoch}},
		{"doubt what is on its way", `UPDATE deliveries SET state = CASE WHEN state = 'sending' THEN 'unknown' ELSE state END, doubt = TRUE,
			send_until = CASE WHEN send_until > ? THEN send_until ELSE CAST(? AS BIGINT) END, first_absent = 0, next_look = ?
			WHERE state = 'sending' OR next_look > 0`, []any{ms(now.Until), ms(now.Until), tx.now}},
	} {
		if _, err := tx.exec(ctx, s.query, s.args...); err != nil {
			return Epoch{}, fmt.Errorf("%s: %w", s.what, err)
		}
	}
	return now, tx.sayEpoch(ctx, now, old)
}

// sayEpoch writes the epoch into the log. A silence is what every longer stop looks like; the rest is worth an alarm.
func (tx *Tx) sayEpoch(ctx context.Context, now, old Epoch) error {
	e := Event{Kind: "alarm", Reason: now.Cause, Detail: map[string]any{"epoch": now.Number, "name": now.Name, "former": old.Number}}
	if now.Cause == CauseSilent {
		e.Kind = "decision"
	}
	texts, err := details([]Event{e})
	if err == nil {
		err = tx.log(ctx, []Event{e}, texts)
	}
	if err != nil {
		return fmt.Errorf("log the epoch: %w", err)
	}
	return nil
}

// epochs is the newest epoch; number -1 if there is none.
func (tx *Tx) epochs(ctx context.Context) (now Epoch, err error) {
	err = now.scan(tx.row(ctx, epochColumns))
	if none(err) {
		return Epoch{Number: -1}, nil
	}
	return now, err
}

func newName() string { return strings.ToLower(rand.Text()[:8]) }

// settled ends a stream's doubt when the read that is completed was whole and began after the epoch did. What was missed
// so far is looked at again now: until now, absence could not count.
func (tx *Tx) settled(ctx context.Context, read int64) error {
	ended, err := tx.exec(ctx, `UPDATE streams SET doubt = 0 WHERE id = (SELECT stream FROM reads WHERE id = ? AND whole)
		AND doubt > 0 AND doubt <= ?`, read, read)
	if err == nil && ended > 0 {
		_, err = tx.exec(ctx, `UPDATE deliveries SET next_look = ? WHERE stream = (SELECT stream FROM reads WHERE id = ?)
			AND doubt AND next_look > ?`, tx.now, read, tx.now)
	}
	if err != nil {
		return fmt.Errorf("end the doubt: %w", err)
	}
	return nil
}

// overtaken puts a stream in doubt that an epoch has not reached, because it was named in the same moment.
func (tx *Tx) overtaken(ctx context.Context, stream, read int64) error {
	_, err := tx.exec(ctx, `UPDATE streams SET doubt = ?, epoch = (SELECT MAX(number) FROM epochs)
		WHERE id = ? AND epoch < (SELECT MAX(number) FROM epochs)`, read, stream)
	if err != nil {
		return fmt.Errorf("follow the epoch: %w", err)
	}
	return nil
}

// assured is the epoch to which an exception of stream alias r is assured: none while its stream is in doubt.
const assured = "(SELECT CASE WHEN st.doubt > 0 THEN -1 ELSE st.epoch END FROM streams st WHERE st.id = r.stream)"
