package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Audit is the invariant of the books of one stream, at one instant.
type Audit struct {
	Stream string
	Booked Counts // by the counters: Records.Balance
	Scan   Counts // by a scan of every record: Records.Recount
}

// Audit counts a stream both ways in one snapshot, whatever else is going on: what it finds is no race. It may be called
// between any two commits, also while a read is under way, and scans every record of the stream.
func (r *Records) Audit(ctx context.Context, stream string) (a Audit, err error) {
	a.Stream = stream
	if _, err := r.db.streams.find(ctx, stream); err != nil { // outside the transaction, which may hold the one connection
		return a, err
	}
	tx, err := r.db.read.BeginTxx(ctx, &sql.TxOptions{Isolation: r.db.d.snapshot, ReadOnly: true})
	if err != nil {
		return a, fmt.Errorf("audit of %s: %w", stream, err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was changed
	if a.Booked, err = r.count(ctx, tx, stream, booked); err != nil {
		return a, err
	}
	a.Scan, err = r.count(ctx, tx, stream, scanned)
	return a, err
}

// Differing are the states of which counters and scan say different numbers, each with both; empty as long as the books are
// in order.
func (a Audit) Differing() map[State][2]int64 {
	off := map[State][2]int64{}
	for _, counts := range []map[State]int64{a.Booked.States, a.Scan.States} {
		for state := range counts {
			if b, s := a.Booked.States[state], a.Scan.States[state]; b != s {
				off[state] = [2]int64{b, s}
			}
		}
	}
	return off
}

// Difference is by how many rows the scan is off the last completed read; 0 before the first, when nothing can be said.
func (a Audit) Difference() int64 {
	if a.Scan.Read == 0 {
		return 0
	}
	return a.Scan.Difference()
}

// Broken says that the invariant does not hold.
func (a Audit) Broken() bool { return len(a.Differing()) > 0 || a.Difference() != 0 }
