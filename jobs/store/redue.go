package store

import (
	"context"
	"database/sql"
	"fmt"

	"creditsync/mapping"
)

// Redue recomputes the due day of every unproven record of a stream from its start day, set-based: by distinct start
// day. It reports how many changed. Deliveries that wait are moved up to the earliest
// due day of what counts on them, and never put off: other streams may wait for them.
func (r *Records) Redue(ctx context.Context, stream string, due func(starts mapping.Date) mapping.Date) (changed int64, err error) {
	id, err := r.db.streams.find(ctx, stream)
	if err != nil || id == 0 {
		return 0, err
	}
	days, err := r.newDues(ctx, id, due)
	if err != nil || len(days) == 0 {
		return 0, err
	}
	for after := ""; ; {
		var n int64
		err = r.db.transact(ctx, "redue", func(tx *Tx) (err error) {
			n, after, err = tx.redue(ctx, id, after, days)
			return err
		})
		if err != nil {
			return changed, fmt.Errorf("recompute due days of %s: %w", stream, err)
		}
		changed += n
		if after == "" {
			return changed, nil
		}
	}
}

// unproven selects records r whose clock still runs.
const unproven = `r.stream = ? AND r.starts <> 0 AND COALESCE((SELECT e.state FROM exceptions e WHERE e.stream = r.stream AND e.key = r.key),
	(SELECT d.state FROM deliveries d WHERE d.id = r.delivery), '') <> 'proven'`

// newDues is what changes: start days with their new due day.
func (r *Records) newDues(ctx context.Context, stream int64, due func(mapping.Date) mapping.Date) ([][2]mapping.Date, error) {
	rows, err := r.db.query(ctx, "SELECT DISTINCT r.starts, r.due FROM records r WHERE "+unproven, stream)
	all, err := collect(rows, err, func(rows *sql.Rows, d *[2]mapping.Date) error { return rows.Scan(&d[0], &d[1]) })
	if err != nil {
		return nil, fmt.Errorf("read start days: %w", err)
	}
	fresh := map[mapping.Date]mapping.Date{}
	for _, d := range all {
		if to := due(d[0]); to != d[1] {
			fresh[d[0]] = to
		}
	}
	var days [][2]mapping.Date
	for _, starts := range sortedKeys(fresh) {
		days = append(days, [2]mapping.Date{starts, fresh[starts]})
	}
	return days, nil
}

// redue changes the next portion of records in key order and says where it ended, "" at the end.
func (tx *Tx) redue(ctx context.Context, stream int64, after string, days [][2]mapping.Date) (changed int64, last string, err error) {
	if err := tx.lockStream(ctx, stream); err != nil {
		return 0, after, err
	}
	err = tx.stage(ctx, "stage_dues", []string{"starts", "due"}, len(days), func(i int, args []any) {
		args[0], args[1] = int64(days[i][0]), int64(days[i][1])
	})
	if err != nil {
		return 0, after, err
	}
	err = tx.get(ctx, &last, "SELECT COALESCE(MAX(key), '') FROM (SELECT key FROM records WHERE stream = ? AND key > ? ORDER BY key LIMIT ?) p",
		stream, after, portion)
	if err != nil || last == "" {
		return 0, last, err
	}
	changed, err = tx.exec(ctx, `UPDATE records SET due = s.due FROM stage_dues s WHERE records.stream = ? AND records.key > ? AND records.key <= ?
		AND s.starts = records.starts AND s.due <> records.due
		AND EXISTS (SELECT 1 FROM records r WHERE `+unproven+` AND r.key = records.key)`, stream, after, last, stream)
	if err != nil {
		return 0, after, err
	}
	for _, query := range []string{
		`UPDATE exceptions SET due = r.due FROM records r WHERE r.stream = exceptions.stream AND r.key = exceptions.key
			AND r.stream = ? AND r.key > ? AND r.key <= ? AND r.due <> exceptions.due`,
		`UPDATE deliveries SET due = m.due FROM (SELECT r.delivery, MIN(r.due) AS due FROM records r
				WHERE r.stream = ? AND r.key > ? AND r.key <= ? AND r.due > 0 GROUP BY r.delivery) m
			WHERE deliveries.id = m.delivery AND deliveries.state = 'waiting' AND (deliveries.due = 0 OR m.due < deliveries.due)`,
	} {
		if _, err := tx.exec(ctx, query, stream, after, last); err != nil {
			return 0, after, err
		}
	}
	return changed, last, nil
}
