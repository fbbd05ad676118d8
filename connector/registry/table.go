package registry

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"creditsync/connector"
	"creditsync/mapping"
)

// closingLines is an open stream of rows.
type closingLines interface {
	lines
	close() error
}

// table is one sheet or csv file whose columns were found.
type table struct {
	label   string // file!sheet, or file
	columns []string
	head    header
	merges  []merge
	open    func() (closingLines, error)
	release func() error
	snap    *snapshot
}

func (t *table) close() error {
	if t.release == nil {
		return nil
	}
	return t.release()
}

// headOf reads as many lines as a header may stand in.
func headOf(open func() (closingLines, error)) (head []line, err error) {
	ls, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ls.close()) }()
	for len(head) < headerDepth {
		l, err := ls.next()
		if err == io.EOF {
			return head, nil
		}
		if err != nil {
			return nil, err
		}
		if !l.blank(len(l.cells)) {
			head = append(head, l.clone())
		}
	}
	return head, nil
}

// settle makes a table of a header that was found, or says what is wrong with it.
func (c *candidate) settle(place string) error {
	switch {
	case c.found == 0:
		return fail(connector.HeaderNotFound, place, nil, place, listed(c.missing, 10))
	case len(c.missing) > 0:
		var near []string
		for _, m := range c.missing {
			near = append(near, similar(m, c.have)...)
		}
		if near == nil {
			near = c.have
		}
		return fail(connector.ColumnGone, place, nil, place, listed(c.missing, 10), listed(near, 12))
	case c.twice != "":
		return fail(connector.ColumnTwice, place, nil, place, c.twice)
	}
	return nil
}

func findCSV(s *snapshot, columns []string) (*table, error) {
	enc, err := encodingOf(s)
	if err != nil {
		return nil, err
	}
	t := &table{label: s.name, columns: columns, snap: s}
	best := candidate{found: -1, missing: columns}
	for _, sep := range separators() {
		open := func() (closingLines, error) { return openCSV(s.copy, enc, sep) }
		head, err := headOf(open)
		if err != nil {
			return nil, err
		}
		if c := locate(head, nil, columns); c.found > best.found {
			best, t.open = c, open
		}
	}
	t.head = best.header
	return t, best.settle(t.label)
}

// row is a data row on its way.
type row struct {
	line  line
	cells []cell // in the order of the columns
}

// each hands out every data row; what is passed over is noted.
func (t *table) each(w *workspace, visit func(row) error) (err error) {
	ls, err := t.open()
	if err != nil {
		return unreadable(t.snap, err)
	}
	defer func() { err = errors.Join(err, ls.close()) }()
	s := &scan{t: t, fill: filler{merges: t.merges, after: t.head.last}, row: row{cells: make([]cell, len(t.columns))}}
	for {
		l, err := ls.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return unreadable(t.snap, err)
		}
		if !s.take(l) {
			continue
		}
		if err := visit(s.row); err != nil {
			return err
		}
	}
	s.report(w)
	return nil
}

// scan sorts the lines of a table into rows and others.
type scan struct {
	t                                 *table
	fill                              filler
	row                               row
	hidden                            int
	totals, repeats, formulas, merged tally
}

func (s *scan) take(l line) bool {
	h := &s.t.head
	if l.number <= h.last {
		return false
	}
	empty := l.blank(h.width)
	filled := s.fill.apply(&l)
	switch {
	case empty:
		return false
	case h.isSummary(l):
		s.totals.add(fmt.Sprint(l.number))
		return false
	case h.repeated(l):
		s.repeats.add(fmt.Sprint(l.number))
		return false
	}
	if filled {
		s.merged.add(fmt.Sprint(l.number))
	}
	if l.hidden {
		s.hidden++
	}
	s.row.line = l
	for i, at := range h.at {
		s.row.cells[i] = l.at(at)
		if s.row.cells[i].fault == cellNoValue {
			s.formulas.add(s.t.address(l, i))
		}
	}
	return true
}

func (s *scan) report(w *workspace) {
	if s.hidden > 0 {
		w.note(foundHiddenRows, s.t.label, fmt.Sprint(s.hidden))
	}
	for what, t := range map[string]*tally{foundTotals: &s.totals, foundHeaderAgain: &s.repeats, foundFormulas: &s.formulas, foundMerged: &s.merged} {
		if t.n > 0 {
			w.note(what, s.t.label, fmt.Sprint(t.n), t.list())
		}
	}
}

// tally counts and keeps the first few.
type tally struct {
	n     int
	first []string
}

func (t *tally) add(where string) {
	if t.n++; len(t.first) < 10 {
		t.first = append(t.first, where)
	}
}

func (t *tally) list() string {
	s := strings.Join(t.first, "、")
	if t.n > len(t.first) {
		s += "…"
	}
	return s
}

// filler gives the rows of a merged range the value that stands in its first.
type filler struct {
	merges []merge // by their top
	after  int     // ranges that begin before are the header's
	active []merge
	values []cell
}

func (f *filler) apply(l *line) (filled bool) {
	for len(f.merges) > 0 && f.merges[0].top <= l.number {
		m := f.merges[0]
		f.merges = f.merges[1:]
		if m.top == l.number && m.bottom > m.top && m.top > f.after {
			f.active, f.values = append(f.active, m), append(f.values, l.at(m.left))
		}
	}
	kept := 0
	for i, m := range f.active {
		if l.number > m.bottom {
			continue
		}
		if l.number > m.top && f.values[i] != (cell{}) && l.at(m.left) == (cell{}) {
			l.set(m.left, f.values[i])
			filled = true
		}
		f.active[kept], f.values[kept] = m, f.values[i]
		kept++
	}
	f.active, f.values = f.active[:kept], f.values[:kept]
	return filled
}

func (l *line) set(col int, c cell) {
	for len(l.cells) <= col {
		l.cells = append(l.cells, cell{})
	}
	l.cells[col] = c
}

func (t *table) place(l line) string { return fmt.Sprintf("%s!%d", t.label, l.number) }

// address is the cell of a column in a row as a spreadsheet names it: file!sheet!E17.
func (t *table) address(l line, column int) string {
	name, err := excelize.CoordinatesToCellName(t.head.at[column]+1, l.number)
	if err != nil {
		return t.place(l)
	}
	return t.label + "!" + name
}

// faults are the faults of a row.
func (t *table) faults(r row) (out []mapping.Fault) {
	for i, c := range r.cells {
		if c.fault != "" {
			out = append(out, columnFault(c.fault, t.columns[i], t.address(r.line, i), c.shown))
		}
	}
	return out
}
