package store

import (
	"context"
	"fmt"
)

// portion is how many rows one transaction changes at most.
const portion = 5000

// CountUnseen counts what Vanished would mark, without changing anything. It reads no record: the ordinals that were not
// seen are counted, less those of records that are missing already.
func (r *Records) CountUnseen(ctx context.Context, stream string, seen func(ordinal int64) bool) (int64, error) {
	last, err := r.Ordinals(ctx, stream)
	if err != nil {
		return 0, err
	}
	var unseen int64
	for n := int64(1); n <= last; n++ {
		if !seen(n) {
			unseen++
		}
	}
	if unseen == 0 {
		return 0, nil
	}
	rows, err := r.db.query(ctx, `SELECT r.ordinal FROM exceptions e JOIN streams s ON s.id = e.stream
		JOIN records r ON r.stream = e.stream AND r.key = e.key WHERE s.name = ? AND e.state = 'missing'`, stream)
	if err != nil {
		return 0, fmt.Errorf("count unseen records of %s: %w", stream, err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return 0, fmt.Errorf("count unseen records of %s: %w", stream, err)
		}
		if !seen(n) {
			unseen--
		}
	}
	return unseen, rows.Err()
}

// Vanished marks what a full read did not see as missing, set-based and in portions; seen says which ordinals were. What
// waits unsent in a delivery is dropped from it. It returns how many became missing.
func (r *Records) Vanished(ctx context.Context, stream string, read int64, seen func(ordinal int64) bool) (int64, error) {
	missing, _, err := r.Departed(ctx, stream, read, seen, nil)
	return missing, err
}

// Departed is Vanished for reads that tell rows apart that are there and do not belong to the stream any more: records whose
// ordinal is outside, and not seen, become excluded, also those that were missing. What is published stays untouched. A nil
// outside stands for none.
func (r *Records) Departed(ctx context.Context, stream string, read int64, seen, outside func(ordinal int64) bool) (missing, excluded int64, err error) {
	unseen, err := r.CountUnseen(ctx, stream, seen)
	if err != nil || unseen == 0 && outside == nil {
		return 0, 0, err
	}
	id, err := r.db.streams.find(ctx, stream)
	if err != nil {
		return 0, 0, err
	}
	for after := ""; outside != nil || missing < unseen; {
		gone, last, err := r.unseen(ctx, id, after, seen, outside)
		if err == nil && len(gone) > 0 {
			err = r.db.transact(ctx, "vanish", func(tx *Tx) error { return tx.vanish(ctx, id, read, gone) })
		}
		if err != nil {
			return missing, excluded, fmt.Errorf("mark vanished records of %s in read %d: %w", stream, read, err)
		}
		for i := range gone {
			if gone[i].state == Excluded {
				excluded++
			} else {
				missing++
			}
		}
		if last == "" {
			break
		}
		after = last
	}
	return missing, excluded, nil
}

// lost is a record that is no longer there, as far as it matters.
type lost struct {
	key        string
	version    int64
	due, owner int64
	state      State // that it comes to: Missing or Excluded
	reason     string
}

// unseen gives the unseen ones among the next records in key order, and the last key looked at, "" at the end.
func (r *Records) unseen(ctx context.Context, stream int64, after string, seen, outside func(int64) bool) (gone []lost, last string, err error) {
	rows, err := r.db.query(ctx, `SELECT r.key, r.ordinal, r.version, r.due, r.owner, COALESCE(e.state, '') FROM records r
		LEFT JOIN exceptions e ON e.stream = r.stream AND e.key = r.key
		WHERE r.stream = ? AND r.key > ? ORDER BY r.key LIMIT ?`, stream, after, portion)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	for rows.Next() {
		var l lost
		var ordinal int64
		var state State
		if err := rows.Scan(&l.key, &ordinal, &l.version, &l.due, &l.owner, &state); err != nil {
			return nil, "", err
		}
		last = l.key
		if seen(ordinal) {
			continue
		}
		if outside != nil && outside(ordinal) {
			l.state, l.reason = Excluded, ReasonOutside
		} else if l.state, l.reason = Missing, ReasonVanished; state == Missing {
			continue
		}
		gone = append(gone, l)
	}
	return gone, last, rows.Err()
}

func (tx *Tx) vanish(ctx context.Context, stream, read int64, gone []lost) error {
	if err := tx.lockStream(ctx, stream); err != nil {
		return err
	}
	if err := tx.newest(ctx, stream, read); err != nil {
		return err
	}
	err := tx.stage(ctx, "stage_puts", putColumns, len(gone), func(i int, args []any) {
		l := &gone[i]
		args[0], args[1], args[2], args[3], args[4], args[5] = l.key, l.version, int64(0), int64(0), int64(0), int64(0)
		args[6], args[7], args[8], args[9] = false, int64(0), l.due, l.owner
		args[10], args[11], args[12], args[13], args[14] = string(l.state), l.reason, "{}", tx.now, int64(0)
		args[15], args[16], args[17], args[18] = "", "", int64(0), ""
	})
	if err != nil {
		return err
	}
	return tx.supersede(ctx, stream, len(gone))
}
