package registry

import (
	"context"
	"encoding/json"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"creditsync/connector"
	"creditsync/mapping"
)

// itemFile is the child rows of a second sheet or file, brought into the order of their parents by a temporary database,
// so that memory does not grow with them.
type itemFile struct {
	db       *sqlx.DB
	parentAt int
}

func (d *Folder) itemFile(ctx context.Context, w *workspace, q connector.Query) (*itemFile, error) {
	glob := q.Items.File
	if glob == "" {
		glob = q.Source.File
	}
	tables, err := d.prepare(w, glob, q.Items.Sheet, q.ItemColumns)
	if err != nil {
		return nil, err
	}
	path := "file:" + filepath.ToSlash(filepath.Join(w.dir, "items.db")) + "?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"
	db, err := sqlx.Open("sqlite", path)
	if err != nil {
		return nil, err
	}
	f := &itemFile{db: db, parentAt: parentIndex(q)}
	if err := f.load(ctx, w, tables); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

func (f *itemFile) close() { _ = f.db.Close() }

func (f *itemFile) load(ctx context.Context, w *workspace, tables []*table) error {
	if _, err := f.db.ExecContext(ctx, `CREATE TABLE item (n INTEGER PRIMARY KEY, parent TEXT NOT NULL, item TEXT NOT NULL)`); err != nil {
		return err
	}
	tx, err := f.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.PreparexContext(ctx, `INSERT INTO item (parent, item) VALUES (?, ?)`)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := t.each(w, func(r row) error { return store(ctx, insert, t, r) }); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = f.db.ExecContext(ctx, `CREATE INDEX item_parent ON item (parent)`)
	return err
}

func store(ctx context.Context, insert *sqlx.Stmt, t *table, r row) error {
	item := mapping.Row{Place: t.place(r.line), Faults: t.faults(r)}
	for _, c := range r.cells {
		item.Cells = append(item.Cells, c.text)
	}
	b, err := json.Marshal(item)
	if err != nil {
		return err
	}
	_, err = insert.ExecContext(ctx, item.Cells[0], string(b))
	return err
}

// attach gives each row its items, in the order of the file.
func (f *itemFile) attach(ctx context.Context, rows []mapping.Row) error {
	byParent := make(map[string][]mapping.Row, len(rows))
	keys := make([]string, 0, len(rows))
	for _, r := range rows {
		keys = append(keys, r.Cells[f.parentAt])
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	found, err := f.db.QueryxContext(ctx, `SELECT parent, item FROM item WHERE parent <> '' AND parent IN (SELECT value FROM json_each(?)) ORDER BY n`, string(list))
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var parent, text string
		var item mapping.Row
		if err := found.Scan(&parent, &text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &item); err != nil {
			return err
		}
		byParent[parent] = append(byParent[parent], item)
	}
	for i := range rows {
		rows[i].Items = byParent[rows[i].Cells[f.parentAt]]
	}
	return found.Err()
}
