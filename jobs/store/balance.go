package store

import (
	"context"
	"fmt"

	"creditsync/mapping"

	"github.com/jmoiron/sqlx"
)

// Balance is the counts of a stream, from the deliveries' live counters and the exceptions: no scan of records.
func (r *Records) Balance(ctx context.Context, stream string) (Counts, error) {
	return r.count(ctx, r.db.read, stream, booked)
}

// Recount is the same by a scan of every record: what Balance must equal.
func (r *Records) Recount(ctx context.Context, stream string) (Counts, error) {
	return r.count(ctx, r.db.read, stream, scanned)
}

// What the counters of the deliveries and the exceptions say, and what the records themselves say.
const (
	booked = `SELECT d.state, SUM(d.live), MIN(CASE WHEN d.state = 'waiting' THEN d.formed END),
			MIN(CASE WHEN d.state <> 'proven' AND d.due > 0 THEN d.due END)
		FROM deliveries d WHERE d.stream = ? AND d.live > 0 GROUP BY d.state
		UNION ALL SELECT e.state, COUNT(*), MIN(CASE WHEN e.state = 'waiting' THEN e.since END),
			MIN(CASE WHEN e.state NOT IN ('proven', 'missing', 'excluded') AND e.due > 0 THEN e.due END)
		FROM exceptions e WHERE e.stream = ? GROUP BY e.state`
	scanned = `SELECT COALESCE(e.state, d.state, ''), COUNT(*),
			MIN(CASE WHEN COALESCE(e.state, d.state) = 'waiting' THEN COALESCE(e.since, d.formed) END),
			MIN(CASE WHEN COALESCE(e.state, d.state) NOT IN ('proven', 'missing', 'excluded')
				THEN CASE WHEN e.key IS NULL AND d.due > 0 THEN d.due WHEN r.due > 0 THEN r.due END END)
		FROM records r LEFT JOIN deliveries d ON d.id = r.delivery
		LEFT JOIN exceptions e ON e.stream = r.stream AND e.key = r.key
		WHERE r.stream = ? AND r.stream = ? GROUP BY COALESCE(e.state, d.state, '')`
)

// count fills in what the query counts by state. One statement reads it all, so that it is of one instant.
func (r *Records) count(ctx context.Context, q sqlx.QueryerContext, stream, query string) (Counts, error) {
	c := Counts{Stream: stream, States: map[State]int64{}}
	id, err := r.db.streams.find(ctx, stream)
	if err != nil || id == 0 {
		return c, err
	}
	rows, err := q.QueryContext(ctx, r.db.read.Rebind(`WITH last AS (SELECT id, ended, source, excluded, present FROM reads
			WHERE stream = ? AND outcome = 'completed' ORDER BY id DESC LIMIT 1),
		proof AS (SELECT proven_at FROM deliveries WHERE stream = ? ORDER BY proven_at DESC LIMIT 1)
		SELECT '', s.ordinals, (SELECT proven_at FROM proof), NULL, (SELECT id FROM last), (SELECT ended FROM last), (SELECT source FROM last),
			(SELECT excluded FROM last), (SELECT present FROM last) FROM streams s WHERE s.id = ?
		UNION ALL SELECT counted.*, NULL, NULL, NULL, NULL, NULL FROM (`+query+`) counted`), id, id, id, id, id)
	if err != nil {
		return c, fmt.Errorf("count records of %s: %w", stream, err)
	}
	defer rows.Close()
	var t tally
	for rows.Next() {
		if err := t.scan(rows, &c); err != nil {
			return c, fmt.Errorf("count records of %s: %w", stream, err)
		}
	}
	t.finish(&c)
	return c, rows.Err()
}

// tally is what the counts are made from.
type tally struct {
	ordinals, excluded, present int64
}

func (t *tally) scan(rows interface{ Scan(...any) error }, c *Counts) error {
	var state State
	var n int64
	var since, due, read, ended, source, excluded, present *int64
	if err := rows.Scan(&state, &n, &since, &due, &read, &ended, &source, &excluded, &present); err != nil {
		return err
	}
	if state == "" {
		t.ordinals, c.LastProof = n, at(value(since))
		c.Read, c.ReadAt, c.Source = value(read), at(value(ended)), value(source)
		t.excluded, t.present = value(excluded), value(present)
		return nil
	}
	c.States[state] += n
	if old := at(value(since)); since != nil && (c.Oldest.IsZero() || old.Before(c.Oldest)) {
		c.Oldest = old
	}
	c.Earliest = earlier(c.Earliest, mapping.Date(value(due)))
	return nil
}

// finish sets the rows that were excluded by the last completed read beside the records. Records that are excluded now
// are among them, or will be in the next.
func (t *tally) finish(c *Counts) {
	present := t.ordinals - c.States[Missing] - c.States[Excluded]
	delete(c.States, Excluded)
	if t.excluded > 0 {
		c.States[Excluded] = t.excluded
	}
	if c.Read != 0 {
		c.Since = present - t.present
	}
}

func value(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}
