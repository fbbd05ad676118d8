package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// visible selects entries e of the version in force v.
const visible = "e.since <= v.number AND (e.until = 0 OR e.until > v.number)"

const entryColumns = `SELECT s.name, e.key, e.row_hash, e.since, e.until, e.data, e.starts, e.due
	FROM list_entries e JOIN streams s ON s.id = e.stream `

const inForce = "JOIN list_versions v ON v.stream = e.stream AND v.state = 'current' AND " + visible + " "

func (l *Lists) entries(ctx context.Context, where string, args ...any) ([]ListEntry, error) {
	rows, err := l.db.query(ctx, entryColumns+inForce+where, args...)
	return gatherEntries(rows, err)
}

func gatherEntries(rows *sql.Rows, err error) ([]ListEntry, error) {
	all, err := collect(rows, err, func(rows *sql.Rows, e *ListEntry) error {
		return rows.Scan(&e.Stream, &e.Key, &e.RowHash, &e.Since, &e.Until, &e.Data, &e.Starts, &e.Due)
	})
	if err != nil {
		return nil, fmt.Errorf("look up entries: %w", err)
	}
	return all, nil
}

// ByMarks finds the entries of a version that carry one of the marks, at most n of them. A mark is a hash: what it finds
// is still to be compared.
func (l *Lists) ByMarks(ctx context.Context, v Version, marks []int64, n int) ([]ListEntry, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	args := []any{v.Stream}
	for _, m := range marks {
		args = append(args, m)
	}
	rows, err := l.db.query(ctx, entryColumns+`JOIN (SELECT DISTINCT m.stream, m.key, m.since FROM list_marks m JOIN streams t ON t.id = m.stream
			WHERE t.name = ? AND m.mark IN (?`+strings.Repeat(", ?", len(marks)-1)+`)) m
		ON m.stream = e.stream AND m.key = e.key AND m.since = e.since
		WHERE e.since <= ? AND (e.until = 0 OR e.until > ?) ORDER BY e.key LIMIT ?`, append(args, v.Number, v.Number, n)...)
	return gatherEntries(rows, err)
}

// Entries pages through the version in force in key order.
func (l *Lists) Entries(ctx context.Context, stream, after string, n int) ([]ListEntry, error) {
	return l.entries(ctx, "WHERE s.name = ? AND e.key > ? ORDER BY e.key LIMIT ?", stream, after, limit(n))
}

// Unanswered pages through entries in force that no row of the answering stream has answered, by due day, none last: Key,
// Until and After (a key) select.
func (l *Lists) Unanswered(ctx context.Context, stream string, f Filter) ([]ListEntry, error) {
	var w where
	w.add(true, "s.name = ?", stream)
	w.add(true, "NOT EXISTS (SELECT 1 FROM answered a WHERE a.stream = e.stream AND a.key = e.key)")
	w.add(f.Key != "", "e.key = ?", f.Key)
	w.add(f.Until != 0, "e.due > 0 AND e.due <= ?", int64(f.Until))
	w.add(f.After != "", `(CASE WHEN e.due = 0 THEN 2147483647 ELSE e.due END, e.key) > ((SELECT CASE WHEN p.due = 0 THEN 2147483647
		ELSE p.due END FROM list_entries p WHERE p.stream = e.stream AND p.key = ? AND p.since <= v.number
		AND (p.until = 0 OR p.until > v.number)), ?)`, f.After, f.After)
	return l.entries(ctx, w.String()+" ORDER BY (e.due = 0), e.due, e.key LIMIT ?", append(w.args, f.limit())...)
}

const versionColumns = `SELECT s.name, v.number, v.state, v.started, v.switched, v.total, v.entries, v.added, v.changed, v.removed,
	v.repeated, v.hash, v.reason FROM list_versions v JOIN streams s ON s.id = v.stream `

func (v *Version) scan(row interface{ Scan(...any) error }) error {
	return row.Scan(&v.Stream, &v.Number, &v.State, instant{&v.Started}, instant{&v.Switched}, &v.Total, &v.Rows, &v.Added, &v.Changed,
		&v.Removed, &v.Repeated, &v.Hash, &v.Reason)
}

// Current is the version in force; ok is false if there is none.
func (l *Lists) Current(ctx context.Context, stream string) (v Version, ok bool, err error) {
	err = v.scan(l.db.row(ctx, versionColumns+"WHERE s.name = ? AND v.state = 'current'", stream))
	if none(err) {
		return Version{}, false, nil
	}
	if err != nil {
		return Version{}, false, fmt.Errorf("version in force of %s: %w", stream, err)
	}
	return v, true, nil
}

// InForce is the version that was in force at an instant; ok is false if there was none.
func (l *Lists) InForce(ctx context.Context, stream string, t time.Time) (v Version, ok bool, err error) {
	err = v.scan(l.db.row(ctx, versionColumns+`WHERE s.name = ? AND v.state IN ('current', 'past') AND v.switched > 0 AND v.switched <= ?
		ORDER BY v.number DESC LIMIT 1`, stream, ms(t)))
	if none(err) {
		return Version{}, false, nil
	}
	if err != nil {
		return Version{}, false, fmt.Errorf("version of %s in force at %s: %w", stream, t.Format(time.RFC3339), err)
	}
	return v, true, nil
}

// Versions lists them, newest first.
func (l *Lists) Versions(ctx context.Context, stream string, n int) ([]Version, error) {
	rows, err := l.db.query(ctx, versionColumns+"WHERE s.name = ? ORDER BY v.number DESC LIMIT ?", stream, limit(n))
	all, err := collect(rows, err, func(rows *sql.Rows, v *Version) error { return v.scan(rows) })
	if err != nil {
		return nil, fmt.Errorf("list versions of %s: %w", stream, err)
	}
	return all, nil
}
