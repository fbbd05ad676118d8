package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Start opens a run, End closes it.
func (l *Log) Start(ctx context.Context, r Run) (Run, error) {
	counts, err := object(r.Counts)
	if err != nil {
		return Run{}, fmt.Errorf("start a run of %s: %w", r.Job, err)
	}
	err = l.db.transact(ctx, "start run", func(tx *Tx) error {
		r.Started = at(tx.now)
		return tx.get(ctx, &r.ID, `INSERT INTO runs (job, target, slot, node, started, counts) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
			r.Job, r.Target, r.Slot, r.Node, tx.now, counts)
	})
	if err != nil {
		return Run{}, fmt.Errorf("start a run of %s: %w", r.Job, err)
	}
	return r, nil
}

// End closes a run with its outcome, reason and counts.
func (l *Log) End(ctx context.Context, r Run) error {
	counts, err := object(r.Counts)
	if err == nil {
		err = l.db.transact(ctx, "end run", func(tx *Tx) error {
			n, err := tx.exec(ctx, "UPDATE runs SET ended = ?, outcome = ?, reason = ?, counts = ? WHERE id = ? AND ended = 0",
				tx.now, r.Outcome, r.Reason, counts, r.ID)
			if err == nil && n == 0 {
				err = ErrStale
			}
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("end run %d of %s: %w", r.ID, r.Job, err)
	}
	return nil
}

// object is a map as it is stored: JSON, or nothing.
func object[V any](m map[string]V) (string, error) {
	if len(m) == 0 {
		return "", nil
	}
	b, err := json.Marshal(m)
	return string(b), err
}

var eventColumns = []string{"at", "run", "kind", "stream", "reason", "delivery", "attempt", "key", "detail"}

// Add writes events in one statement. Those without a time get the store's.
func (l *Log) Add(ctx context.Context, events ...Event) error {
	texts, err := details(events)
	if err == nil {
		err = l.db.transact(ctx, "log", func(tx *Tx) error { return tx.log(ctx, events, texts) })
	}
	if err != nil {
		return fmt.Errorf("add to the log: %w", err)
	}
	return nil
}

// details are the details of events as they are stored.
func details(events []Event) ([]string, error) {
	texts := make([]string, len(events))
	for i, e := range events {
		var err error
		if texts[i], err = object(e.Detail); err != nil {
			return nil, fmt.Errorf("detail of %s: %w", e.Reason, err)
		}
	}
	return texts, nil
}

func (tx *Tx) log(ctx context.Context, events []Event, details []string) error {
	fill := func(i int, args []any) {
		e := &events[i]
		when := ms(e.At)
		if when == 0 {
			when = tx.now
		}
		args[0], args[1], args[2], args[3], args[4] = when, e.Run, e.Kind, e.Stream, e.Reason
		args[5], args[6], args[7], args[8] = e.Delivery, int64(e.Attempt), e.Key, details[i]
	}
	if len(events) != 1 {
		return tx.bulk(ctx, "events", eventColumns, len(events), fill)
	}
	args := make([]any, len(eventColumns)) // one line, as of every attempt: a COPY would take three round trips
	fill(0, args)
	_, err := tx.exec(ctx, "INSERT INTO events ("+strings.Join(eventColumns, ", ")+") VALUES "+tuples(1, len(args)), args...)
	return err
}

// EventFilter selects lines of the log; zero fields select all. From is included, To is not.
type EventFilter struct {
	Kind, Stream, Reason, Key, Job string
	Delivery, Before               int64
	From, To                       time.Time
	Limit                          int
}

// Events pages through the log, newest first; f.Before is an event id. f.Job selects by the job of the event's run.
func (l *Log) Events(ctx context.Context, f EventFilter) ([]Event, error) {
	var w where
	w.add(f.Kind != "", "kind = ?", f.Kind)
	w.add(f.Stream != "", "stream = ?", f.Stream)
	w.add(f.Reason != "", "reason = ?", f.Reason)
	w.add(f.Key != "", "key = ?", f.Key)
	w.add(f.Job != "", "run IN (SELECT id FROM runs WHERE job = ?)", f.Job)
	w.add(f.Delivery != 0, "delivery = ?", f.Delivery)
	w.add(f.Before != 0, "id < ?", f.Before)
	w.add(!f.From.IsZero(), "at >= ?", ms(f.From))
	w.add(!f.To.IsZero(), "at < ?", ms(f.To))
	rows, err := l.db.query(ctx, "SELECT id, at, run, kind, stream, reason, delivery, attempt, key, detail FROM events "+w.String()+
		" ORDER BY id DESC LIMIT ?", append(w.args, limit(f.Limit))...)
	all, err := collect(rows, err, func(rows *sql.Rows, e *Event) error {
		var detail []byte
		err := rows.Scan(&e.ID, instant{&e.At}, &e.Run, &e.Kind, &e.Stream, &e.Reason, &e.Delivery, &e.Attempt, &e.Key, &detail)
		if err != nil || len(detail) == 0 {
			return err
		}
		return json.Unmarshal(detail, &e.Detail)
	})
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	return all, nil
}

// Runs pages through the runs, newest first: Job, Stream (the target), Reason, Before, From and To select.
func (l *Log) Runs(ctx context.Context, f EventFilter) ([]Run, error) {
	var w where
	w.add(f.Job != "", "job = ?", f.Job)
	w.add(f.Stream != "", "target = ?", f.Stream)
	w.add(f.Reason != "", "reason = ?", f.Reason)
	w.add(f.Before != 0, "id < ?", f.Before)
	w.add(!f.From.IsZero(), "started >= ?", ms(f.From))
	w.add(!f.To.IsZero(), "started < ?", ms(f.To))
	rows, err := l.db.query(ctx, "SELECT id, job, target, slot, node, started, ended, outcome, reason, counts FROM runs "+w.String()+
		" ORDER BY id DESC LIMIT ?", append(w.args, limit(f.Limit))...)
	all, err := collect(rows, err, func(rows *sql.Rows, r *Run) error {
		var counts []byte
		err := rows.Scan(&r.ID, &r.Job, &r.Target, &r.Slot, &r.Node, instant{&r.Started}, instant{&r.Ended}, &r.Outcome, &r.Reason, &counts)
		if err != nil || len(counts) == 0 {
			return err
		}
		return json.Unmarshal(counts, &r.Counts)
	})
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	return all, nil
}
