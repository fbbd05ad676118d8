package store

import (
	"context"
	"database/sql"
	"fmt"
)

// lineGone says that the record's line does not travel with its delivery: dropped before the last attempt was formed, or
// before any that may still come.
const lineGone = `(x.key IS NOT NULL AND (x.attempt < d.attempt OR d.state IN ('waiting', 'void')))`

// mayHold says that the platform holds a record, or may: a former version was there, or its delivery got as far as being
// sent with it and it was not refused.
const mayHold = `(r.held OR COALESCE(e.state, '') IN ('unknown', 'acknowledged', 'proven')
	OR (COALESCE(d.state, '') IN ('sending', 'unknown', 'acknowledged', 'proven')
		AND COALESCE(e.state, '') <> 'rejected' AND NOT ` + lineGone + `))`

// knownColumns derives what is known of a record.
const knownColumns = `
SELECT r.key, r.ordinal, r.version, r.source, r.payload, r.delivery, COALESCE(e.state, d.state, ''), COALESCE(e.reason, ''),
	COALESCE(d.state, ''), ` + lineGone + `,
	` + mayHold + `,
	r.starts, r.due
FROM %s records r ON r.stream = ? AND r.key = k.key
LEFT JOIN deliveries d ON d.id = r.delivery
LEFT JOIN exceptions e ON e.stream = r.stream AND e.key = r.key
LEFT JOIN dropped x ON x.delivery = r.delivery AND x.key = r.key`

func scanKnown(rows *sql.Rows, k *Known) error {
	return rows.Scan(&k.Key, &k.Ordinal, &k.Version, &k.Source, &k.Payload, &k.Delivery, &k.State, &k.Reason,
		&k.Carrier, &k.Dropped, &k.Held, &k.Starts, &k.Due)
}

// Known looks up keys of a stream: one statement for all of them.
func (r *Records) Known(ctx context.Context, stream string, keys []string) (map[string]Known, error) {
	id, err := r.db.streams.find(ctx, stream)
	if err != nil || id == 0 || len(keys) == 0 {
		return map[string]Known{}, err
	}
	rows, err := r.db.query(ctx, fmt.Sprintf(knownColumns, r.db.d.keys), list(r.db.d, keys), id)
	if err != nil {
		return nil, fmt.Errorf("look up records of %s: %w", stream, err)
	}
	defer rows.Close()
	known := make(map[string]Known, len(keys))
	for rows.Next() {
		var k Known
		if err := scanKnown(rows, &k); err != nil {
			return nil, fmt.Errorf("look up records of %s: %w", stream, err)
		}
		known[k.Key] = k
	}
	return known, rows.Err()
}

// States says the state of records of another stream, for dependencies; absent keys are absent.
func (r *Records) States(ctx context.Context, stream string, keys []string) (map[string]Known, error) {
	return r.Known(ctx, stream, keys)
}

// Empty says that the stream has no record at all: then nothing needs looking up.
func (r *Records) Empty(ctx context.Context, stream string) (bool, error) {
	n, err := r.Ordinals(ctx, stream)
	return n == 0, err
}

// Ordinals says how many ordinals of the stream are taken: the size of a seen-set. They run from 1 to it.
func (r *Records) Ordinals(ctx context.Context, stream string) (int64, error) {
	var n int64
	err := r.db.get(ctx, &n, "SELECT ordinals FROM streams WHERE name = ?", stream)
	if none(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("count records of %s: %w", stream, err)
	}
	return n, nil
}

// OpenKeys pages through the keys whose exception may end without a change at the source (not ready, waiting, withheld,
// invalid), in key order after the given key.
func (r *Records) OpenKeys(ctx context.Context, stream, after string, limit int) ([]string, error) {
	id, err := r.db.streams.find(ctx, stream)
	if err != nil || id == 0 {
		return nil, err
	}
	rows, err := r.db.query(ctx, `SELECT key FROM exceptions WHERE stream = ? AND key > ?
		AND state IN ('not_ready', 'waiting', 'withheld', 'invalid') ORDER BY key LIMIT ?`, id, after, limit)
	keys, err := collect(rows, err, func(rows *sql.Rows, key *string) error { return rows.Scan(key) })
	if err != nil {
		return nil, fmt.Errorf("list open records of %s: %w", stream, err)
	}
	return keys, nil
}

// Find is everything the store knows of one record; ErrNotFound if it knows nothing.
func (r *Records) Find(ctx context.Context, stream, key string) (Known, *Exception, error) {
	known, err := r.Known(ctx, stream, []string{key})
	if err != nil {
		return Known{}, nil, err
	}
	k, ok := known[key]
	if !ok {
		return Known{}, nil, fmt.Errorf("%s %q: %w", stream, key, ErrNotFound)
	}
	e, err := r.exceptions(ctx, "WHERE s.name = ? AND e.key = ?", stream, key)
	if err != nil || len(e) == 0 {
		return k, nil, err
	}
	return k, &e[0], nil
}
