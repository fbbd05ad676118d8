package registry

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
)

// unitSeparator stands between the cells of a joined row.
const unitSeparator = '\x1f'

// errAmbiguous: a cell holds the separator itself, so that the row cannot be taken apart.
var errAmbiguous = errors.New("a cell holds the separator of the cells")

// rowColumn is one column that holds all cells of a row: the driver makes one text of a row instead of one of each cell.
// It is its own sql.Scanner.
type rowColumn struct{ page *page }

func (c rowColumn) Scan(src any) error {
	row, ok := src.(string)
	if !ok || strings.Count(row, string(unitSeparator)) != len(c.page.columns)-1 {
		return errAmbiguous
	}
	for more := true; more; {
		var cell string
		cell, row, more = strings.Cut(row, string(unitSeparator))
		c.page.add(cell)
	}
	return nil
}

// streamJoined reads rows as one text each, and from the page on where a cell holds the separator, cell by cell: within
// one snapshot, the same order.
func (r *sqlRead) streamJoined(ctx context.Context, joined, condition string, args []any) error {
	taken := 0
	fill := func(rows *sqlx.Rows) error { return rows.Scan(rowColumn{r.page}) }
	flush := func() error { taken += r.page.len(); return r.flush(ctx) }
	statement := r.selecting([]string{joined}, condition)
	err := r.s.d.stream(ctx, r.tx, statement, args, r.size, fill, flush)
	if !errors.Is(err, errAmbiguous) {
		return err
	}
	r.page.reset()
	return r.streamCells(ctx, r.statement(condition)+" OFFSET "+strconv.Itoa(taken), args)
}
