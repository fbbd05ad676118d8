package registry

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"creditsync/connector"
	"creditsync/mapping"
)

// folderRead is one read of a folder.
type folderRead struct {
	ctx     context.Context
	q       connector.Query
	visit   func([]mapping.Row) error
	columns []string // as asked for, and behind them the key and the change time if they were not
	keyAt   []int
	changed int
	wanted  map[string]bool
	mark    *watermark
	items   *itemFile
	sum     connector.Summary
	batch   batch
}

// Read implements connector.Registry. Rows come in the order of the files' names and of the rows in them.
func (d *Folder) Read(ctx context.Context, q connector.Query, visit func([]mapping.Row) error) (connector.Summary, error) {
	r := &folderRead{ctx: ctx, q: q, visit: visit, columns: slices.Clone(q.Columns), changed: -1, mark: newWatermark(q.Source.Changed, q.Since)}
	for _, k := range q.Source.Key {
		r.keyAt = append(r.keyAt, ensure(&r.columns, k))
	}
	if c := q.Source.Changed; c != nil {
		r.changed = ensure(&r.columns, c.Column)
	}
	if q.Keys != nil {
		r.wanted = make(map[string]bool, len(q.Keys))
		for _, k := range q.Keys {
			r.wanted[k] = true
		}
	}
	err := r.run(d)
	var own *connector.Reason
	var theirs visitError
	switch {
	case err == nil:
		return r.sum, nil
	case errors.As(err, &theirs):
		return r.sum, theirs.err
	case errors.As(err, &own):
		return r.sum, own
	}
	return r.sum, failRetry(connector.FileUnreadable, q.Source.File, err, q.Source.File, "")
}

func (r *folderRead) run(d *Folder) error {
	dir, err := os.MkdirTemp("", "creditsync-registry-")
	if err != nil {
		return err
	}
	w := &workspace{dir: dir}
	defer w.close()
	tables, err := d.prepare(w, r.q.Source.File, r.q.Source.Sheet, r.columns)
	if err != nil {
		return err
	}
	// A file has no clock of its own but the moment it was saved: no row can have changed later.
	r.sum.Clock = w.newest.In(china()).Truncate(time.Millisecond)
	if r.q.Items != nil {
		if r.items, err = d.itemFile(r.ctx, w, r.q); err != nil {
			return err
		}
		defer r.items.close()
	}
	for _, t := range tables {
		if err := t.each(w, func(row row) error { return r.take(t, row) }); err != nil {
			return err
		}
	}
	if err := r.flush(); err != nil {
		return err
	}
	r.sum.Findings, r.sum.Late = w.sorted(), r.mark.late
	r.sum.Cursor = r.mark.cursor(r.sum.Clock)
	return nil
}

// sorted are the findings, in the same order each time; what was found once for rows and once for items is said once.
func (w *workspace) sorted() mapping.Faults {
	line := func(f mapping.Fault) string { return f.What + "\x00" + strings.Join(f.Args, "\x00") }
	slices.SortStableFunc(w.findings, func(a, b mapping.Fault) int { return cmp.Compare(line(a), line(b)) })
	return slices.CompactFunc(w.findings, func(a, b mapping.Fault) bool { return line(a) == line(b) })
}

func (r *folderRead) take(t *table, row row) error {
	r.sum.Source++
	if r.full() || !r.selected(row) {
		return nil
	}
	r.batch.add(row.cells[:len(r.q.Columns)], t.place(row.line), t.faults(row))
	if !r.batch.full(r.q.PageRows) {
		return nil
	}
	if err := r.ctx.Err(); err != nil {
		return err
	}
	return r.flush()
}

// full says that the limit is reached; the rest is counted.
func (r *folderRead) full() bool {
	return r.q.Limit > 0 && r.sum.Rows+int64(len(r.batch.rows)) >= int64(r.q.Limit)
}

func (r *folderRead) selected(row row) bool {
	if r.wanted != nil {
		parts := make([]string, len(r.keyAt))
		for i, at := range r.keyAt {
			parts[i] = row.cells[at].text
		}
		if !r.wanted[strings.Join(parts, mapping.KeySeparator)] {
			return false
		}
	}
	if r.changed < 0 {
		return true
	}
	text := row.cells[r.changed].text
	if t, ok := parseTime(text); ok && t.Before(r.mark.from()) {
		return false
	}
	r.mark.see(text)
	return true
}

func (r *folderRead) flush() error {
	rows := r.batch.build(len(r.q.Columns))
	defer r.batch.reset()
	if len(rows) == 0 {
		return nil
	}
	if r.items != nil {
		if err := r.items.attach(r.ctx, rows); err != nil {
			return err
		}
	}
	r.sum.Rows += int64(len(rows))
	if err := r.visit(rows); err != nil {
		return visitError{err}
	}
	return nil
}

// batch gathers the rows of a page.
type batch struct {
	cells []string
	rows  []mapping.Row
	bytes int
}

func (b *batch) add(cells []cell, place string, faults []mapping.Fault) {
	for _, c := range cells {
		b.cells = append(b.cells, c.text)
		b.bytes += len(c.text)
	}
	b.rows = append(b.rows, mapping.Row{Place: place, Faults: faults})
}

func (b *batch) full(rows int) bool {
	if rows <= 0 {
		rows = defaultPageRows
	}
	return len(b.rows) >= rows || b.bytes >= maxPageBytes
}

func (b *batch) build(width int) []mapping.Row {
	for i := range b.rows {
		b.rows[i].Cells = b.cells[i*width : (i+1)*width : (i+1)*width]
	}
	return b.rows
}

func (b *batch) reset() { b.cells, b.rows, b.bytes = b.cells[:0], b.rows[:0], 0 }
