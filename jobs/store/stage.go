package store

import (
	"context"
	"database/sql"
	"fmt"
)

// StagedRow is one row of a page: its identity and the hash of its raw bytes.
type StagedRow struct {
	Key  string
	Hash int64
}

// Stage adds one page to a version that nobody sees yet and says how many entries are new or changed. The row hashes of the
// page are compared set-based against what is in force, and only new and changed rows are decoded. A key that came before
// in this version (pages shift while they are pulled) is counted once; if its content changed meanwhile, the later one
// counts.
func (l *Lists) Stage(ctx context.Context, stream string, version int64, rows []StagedRow, decode func(i int) (ListEntry, error)) (added, changed int64, err error) {
	id, err := l.db.streams.find(ctx, stream)
	if err != nil {
		return 0, 0, err
	}
	for from := 0; from < len(rows); from += portion {
		p := staging{stream: id, version: version, rows: rows[from:min(from+portion, len(rows))],
			decode: func(i int) (ListEntry, error) { return decode(from + i) }}
		if err := p.run(ctx, l.db); err != nil {
			return added, changed, fmt.Errorf("stage version %d of %s: %w", version, stream, err)
		}
		added += p.added
		changed += p.changed
	}
	return added, changed, nil
}

// staging is one portion of a page.
type staging struct {
	stream, version int64
	rows            []StagedRow
	decode          func(i int) (ListEntry, error)
	last            map[string]int // index of the last row of each key
	entries         []ListEntry    // decoded: new and changed
	added, changed  int64
}

// standing is what stands for a key: the hash staged before in this version, and the hash in force.
type standing struct {
	key             string
	staged, inForce *int64
}

func (p *staging) run(ctx context.Context, db *DB) error {
	p.last = make(map[string]int, len(p.rows))
	keys := make([]string, 0, len(p.rows))
	for i, r := range p.rows {
		if _, twice := p.last[r.Key]; !twice {
			keys = append(keys, r.Key)
		}
		p.last[r.Key] = i
	}
	known, err := p.compare(ctx, db, keys)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := p.classify(p.last[key], known[key]); err != nil {
			return err
		}
	}
	return db.transact(ctx, "stage", func(tx *Tx) error { return p.write(ctx, tx, keys) })
}

func (p *staging) compare(ctx context.Context, db *DB, keys []string) (map[string]standing, error) {
	rows, err := db.query(ctx, `SELECT e.key, NULL, e.row_hash FROM list_entries e
			WHERE e.stream = ? AND e.until IN (0, ?) AND e.since < ? AND e.key `+db.d.among+`
		UNION ALL SELECT g.key, g.row_hash, NULL FROM list_stage g WHERE g.stream = ? AND g.key `+db.d.among,
		p.stream, p.version, p.version, list(db.d, keys), p.stream, list(db.d, keys))
	all, err := collect(rows, err, func(rows *sql.Rows, s *standing) error { return rows.Scan(&s.key, &s.staged, &s.inForce) })
	if err != nil {
		return nil, fmt.Errorf("compare rows: %w", err)
	}
	known := make(map[string]standing, len(all))
	for _, s := range all {
		k := known[s.key]
		if s.staged != nil {
			k.staged = s.staged
		} else {
			k.inForce = s.inForce
		}
		known[s.key] = k
	}
	return known, nil
}

// classify decodes row i if it is new, changed, or other than what was staged before.
func (p *staging) classify(i int, known standing) error {
	hash := p.rows[i].Hash
	if known.staged != nil && *known.staged == hash {
		return nil
	}
	if known.staged == nil && known.inForce != nil && *known.inForce == hash {
		return nil
	}
	e, err := p.decode(i)
	if err != nil {
		return err
	}
	e.Key, e.RowHash = p.rows[i].Key, hash
	p.entries = append(p.entries, e)
	switch {
	case known.staged != nil:
	case known.inForce != nil:
		p.changed++
	default:
		p.added++
	}
	return nil
}

var entryTable = []string{"stream", "key", "since", "row_hash", "data", "starts", "due"}

// write stages the keys and puts new and changed entries beside those in force, which see the next version's number as
// their end. Nothing of it is visible before the switch.
func (p *staging) write(ctx context.Context, tx *Tx, keys []string) error {
	err := tx.stage(ctx, "stage_rows", []string{"key", "row_hash"}, len(keys), func(i int, args []any) {
		args[0], args[1] = keys[i], p.rows[p.last[keys[i]]].Hash
	})
	if err != nil {
		return err
	}
	staged, err := tx.exec(ctx, `INSERT INTO list_stage (stream, key, row_hash) SELECT CAST(? AS INTEGER), key, row_hash FROM stage_rows
		WHERE TRUE ON CONFLICT (stream, key) DO NOTHING`, p.stream)
	if err != nil {
		return fmt.Errorf("stage rows: %w", err)
	}
	n, err := tx.exec(ctx, `UPDATE list_versions SET added = added + ?, changed = changed + ?, repeated = repeated + ?
		WHERE stream = ? AND number = ? AND state = 'loading'`, p.added, p.changed, int64(len(p.rows))-staged, p.stream, p.version)
	if err != nil {
		return fmt.Errorf("count staged rows: %w", err)
	}
	if n == 0 {
		return ErrStale
	}
	return p.put(ctx, tx)
}

func (p *staging) put(ctx context.Context, tx *Tx) error {
	if len(p.entries) == 0 {
		return nil
	}
	err := tx.stage(ctx, "stage_rows", []string{"key", "row_hash"}, len(p.entries), func(i int, args []any) {
		args[0], args[1] = p.entries[i].Key, p.entries[i].RowHash
	})
	if err != nil {
		return err
	}
	steps := []struct {
		what, query string
		args        []any
	}{
		{"renew staged rows", `UPDATE list_stage SET row_hash = s.row_hash FROM stage_rows s
			WHERE list_stage.stream = ? AND list_stage.key IN (SELECT key FROM stage_rows) AND list_stage.key = s.key AND list_stage.row_hash <> s.row_hash`, []any{p.stream}},
		{"replace marks", `DELETE FROM list_marks WHERE stream = ? AND since = ? AND key IN (SELECT key FROM stage_rows)`,
			[]any{p.stream, p.version}},
		{"replace staged entries", `DELETE FROM list_entries WHERE stream = ? AND since = ? AND key IN (SELECT key FROM stage_rows)`,
			[]any{p.stream, p.version}},
		{"end changed entries", `UPDATE list_entries SET until = ? WHERE stream = ? AND until = 0 AND since < ?
			AND key IN (SELECT key FROM stage_rows)`, []any{p.version, p.stream, p.version}},
	}
	for _, s := range steps {
		if _, err := tx.exec(ctx, s.query, s.args...); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	if err := tx.bulk(ctx, "list_entries", entryTable, len(p.entries), func(i int, args []any) {
		e := &p.entries[i]
		args[0], args[1], args[2], args[3] = p.stream, e.Key, p.version, e.RowHash
		args[4], args[5], args[6] = e.Data, int64(e.Starts), int64(e.Due)
	}); err != nil {
		return err
	}
	return p.mark(ctx, tx)
}

var markTable = []string{"stream", "mark", "key", "since"}

// mark writes what the entries can be found by.
func (p *staging) mark(ctx context.Context, tx *Tx) error {
	type one struct {
		mark int64
		key  string
	}
	var marks []one
	for i := range p.entries {
		for _, m := range p.entries[i].Marks {
			marks = append(marks, one{m, p.entries[i].Key})
		}
	}
	return tx.bulk(ctx, "list_marks", markTable, len(marks), func(i int, args []any) {
		args[0], args[1], args[2], args[3] = p.stream, marks[i].mark, marks[i].key, p.version
	})
}
