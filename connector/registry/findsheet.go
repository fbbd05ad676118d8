package registry

import (
	"errors"

	"creditsync/connector"
)

// findSheet finds the sheet that is wanted: the one of that name, or the first visible one that has the columns.
func (w *workspace) findSheet(s *snapshot, sheet string, columns []string) (*table, error) {
	b, err := openBook(s.copy)
	if err != nil {
		return nil, err
	}
	t, err := w.chooseSheet(s, b, sheet, columns)
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	t.release = b.close
	return t, nil
}

func (w *workspace) chooseSheet(s *snapshot, b *book, sheet string, columns []string) (*table, error) {
	if sheet != "" {
		found, err := b.named(s, sheet)
		if err != nil {
			return nil, err
		}
		w.noteHidden(s, b)
		t, c, err := b.table(s, found, columns)
		if err == nil {
			err = c.settle(t.label)
		}
		return t, err
	}
	w.noteHidden(s, b)
	var chosen *table
	best, place := candidate{missing: columns}, s.name
	for _, sh := range b.sheets {
		if sh.hidden {
			continue
		}
		t, c, err := b.table(s, sh, columns)
		switch {
		case err != nil:
			return nil, err
		case c.settle(t.label) == nil && chosen == nil:
			chosen = t
		case c.settle(t.label) == nil:
			w.note(foundOtherSheet, s.name, sh.name, chosen.label)
		case c.found > best.found:
			best, place = c, t.label
		}
	}
	if chosen == nil {
		return nil, best.settle(place)
	}
	return chosen, nil
}

// noteHidden tells of every hidden sheet, also when the mapping names another: the rows in it go nowhere.
func (w *workspace) noteHidden(s *snapshot, b *book) {
	for _, sh := range b.sheets {
		if sh.hidden {
			w.note(foundHiddenSheet, s.name, sh.name)
		}
	}
}

// named finds a sheet by its name. A sheet that was hidden is not what the bureau works with any more.
func (b *book) named(s *snapshot, sheet string) (bookSheet, error) {
	var visible []string
	hidden := ""
	for _, sh := range b.sheets {
		switch {
		case plain(sh.name) != plain(sheet) && !sh.hidden:
			visible = append(visible, sh.name)
		case plain(sh.name) == plain(sheet) && sh.hidden:
			hidden = "hidden"
		case plain(sh.name) == plain(sheet):
			return sh, nil
		}
	}
	return bookSheet{}, fail(connector.SheetGone, s.name, nil, s.name, sheet, listed(visible, 10), hidden)
}

func (b *book) table(s *snapshot, sh bookSheet, columns []string) (*table, candidate, error) {
	t := &table{label: s.name + "!" + sh.name, columns: columns, snap: s}
	t.open = func() (closingLines, error) { return b.lines(sh) }
	var err error
	if t.merges, err = b.merges(sh); err != nil {
		return t, candidate{}, err
	}
	head, err := headOf(t.open)
	if err != nil {
		return t, candidate{}, err
	}
	c := locate(head, t.merges, columns)
	t.head = c.header
	return t, c, nil
}
