package registry

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"creditsync/connector"
	"creditsync/mapping"
)

func sqlOpen(c driver.Connector) *sql.DB { return sql.OpenDB(c) }

// visitError carries an error of visit past the naming of the database's own.
type visitError struct{ err error }

func (e visitError) Error() string { return e.err.Error() }

// errEnough ends a read that has its limit of rows.
var errEnough = errors.New("enough rows were read")

// sqlRead is one read in one snapshot.
type sqlRead struct {
	s       *SQL
	q       connector.Query
	visit   func([]mapping.Row) error
	tx      *sqlx.Tx
	from    *relation
	key     []column
	columns []column // as asked for, and behind them the key and the change time if they were not
	keyAt   []int    // indices of the key columns
	changed int      // index of the change time, -1 if there is none
	items   *children
	mark    *watermark
	page    *page
	sum     connector.Summary
	wanted  map[string]bool // of a read by keys: the keys of this portion, true once found
	// rowBytes is the mean length of a row of the last page.
	rowBytes int
}

// Read implements connector.Registry. The rows of one read are ordered by their key as the database orders it.
func (s *SQL) Read(ctx context.Context, q connector.Query, visit func([]mapping.Row) error) (connector.Summary, error) {
	place := placeOf(q.Source)
	tx, done, err := s.d.begin(ctx, s.db, q.Since == "" && q.Keys == nil && q.Limit == 0)
	if err != nil {
		return connector.Summary{}, s.d.reason(err, place)
	}
	defer done()
	r := &sqlRead{s: s, q: q, visit: visit, tx: tx, changed: -1, mark: newWatermark(q.Source.Changed, q.Since)}
	err = r.run(ctx)
	r.sum.Late = r.mark.late
	var own *connector.Reason
	var theirs visitError
	switch {
	case err == nil:
		r.sum.Cursor = r.mark.cursor(r.sum.Clock)
		return r.sum, nil
	case errors.As(err, &theirs):
		return r.sum, theirs.err
	case errors.As(err, &own):
		return r.sum, own
	}
	return r.sum, s.d.reason(err, place)
}

func (r *sqlRead) run(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	var err error
	switch {
	case r.q.Keys != nil:
		err = r.byKeys(ctx)
	case r.mark.from().IsZero():
		err = r.stream(ctx, "", nil)
	default:
		cond, arg := r.s.d.changedSince(r.columns[r.changed], r.mark.from())
		err = r.stream(ctx, cond, []any{arg})
	}
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	r.sum.Source = r.sum.Rows
	if err != nil || r.q.Keys != nil || !r.mark.from().IsZero() {
		return r.tx.GetContext(ctx, &r.sum.Source, "SELECT count(*) FROM "+r.from.from)
	}
	return nil
}

func (r *sqlRead) prepare(ctx context.Context) (err error) {
	if r.from, err = r.s.relation(ctx, r.tx, r.q.Source); err != nil {
		return err
	}
	names := slices.Clone(r.q.Columns)
	for _, k := range r.q.Source.Key {
		r.keyAt = append(r.keyAt, ensure(&names, k))
	}
	if c := r.q.Source.Changed; c != nil {
		r.changed = ensure(&names, c.Column)
	}
	if r.columns, err = r.from.pick(names); err != nil {
		return err
	}
	if r.key, err = r.from.pick(r.q.Source.Key); err != nil {
		return err
	}
	if r.q.Items != nil {
		if r.items, err = r.s.children(ctx, r.tx, r.q); err != nil {
			return err
		}
	}
	r.noteBinary()
	r.page = newPage(names)
	var clock string
	if err := r.tx.GetContext(ctx, &clock, r.s.d.clock); err != nil {
		return err
	}
	r.sum.Clock, _ = parseTime(clock)
	return nil
}

// ensure adds a name that is not there yet and says where it stands.
func ensure(names *[]string, name string) int {
	if i := slices.Index(*names, name); i >= 0 {
		return i
	}
	*names = append(*names, name)
	return len(*names) - 1
}

func (r *sqlRead) noteBinary() {
	for _, c := range r.columns {
		if c.Type == "BYTEA" || strings.Contains(c.Type, "BLOB") {
			f := mapping.Fault{What: foundBinaryColumn, Args: []string{r.from.place, c.Name}, Column: c.Name}
			r.sum.Findings = append(r.sum.Findings, f)
		}
	}
}

// statement selects the columns, each as text.
func (r *sqlRead) statement(condition string) string {
	return r.selecting(texts(r.s.d, r.columns), condition)
}

func (r *sqlRead) selecting(exprs []string, condition string) string {
	return selectFrom(exprs, r.from.from, condition, keyOrder(r.key))
}

func texts(d *dialect, cols []column) []string {
	exprs := make([]string, len(cols))
	for i, c := range cols {
		exprs[i] = d.text(c)
	}
	return exprs
}

func selectFrom(exprs []string, from, condition, order string) string {
	stmt := "SELECT " + strings.Join(exprs, ", ") + " FROM " + from
	if condition != "" {
		stmt += " WHERE " + condition
	}
	if order != "" {
		stmt += " ORDER BY " + order
	}
	return stmt
}

func keyOrder(key []column) string {
	names := make([]string, len(key))
	for i, c := range key {
		names[i] = c.Name
	}
	return orderBy(names)
}

// orderBy names the table: a bare name would mean the text that was selected under it, and 10 would come before 9.
func orderBy(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "t." + quote(n)
	}
	return strings.Join(out, ", ")
}

// firstPage is small, to learn how long the rows are before a whole page of them is in memory.
const firstPage = 200

// size is how many rows the next page may hold.
func (r *sqlRead) size() int {
	most := r.q.PageRows
	if most <= 0 {
		most = defaultPageRows
	}
	if r.q.Limit > 0 {
		most = min(most, max(1, r.q.Limit-int(r.sum.Rows)))
	}
	if r.rowBytes == 0 {
		return min(most, firstPage)
	}
	return max(1, min(most, maxPageBytes/r.rowBytes))
}

func (r *sqlRead) stream(ctx context.Context, condition string, args []any) error {
	if r.s.d.joined != nil {
		if expr, ok := r.s.d.joined(r.columns); ok {
			return r.streamJoined(ctx, expr, condition, args)
		}
	}
	return r.streamCells(ctx, r.statement(condition), args)
}

func (r *sqlRead) streamCells(ctx context.Context, statement string, args []any) error {
	fill := func(rows *sqlx.Rows) error { return rows.Scan(r.page.targets...) }
	return r.s.d.stream(ctx, r.tx, statement, args, r.size, fill, func() error { return r.flush(ctx) })
}

// flush hands one page to visit.
func (r *sqlRead) flush(ctx context.Context) error {
	defer r.page.reset()
	if r.page.len() == 0 {
		return nil
	}
	r.rowBytes = len(r.page.buf)/r.page.len() + 1
	rows := r.page.build(len(r.q.Columns))
	for i := 0; r.changed >= 0 && i < len(rows); i++ {
		r.mark.see(r.page.cell(i, r.changed))
	}
	if r.wanted != nil {
		rows = r.keep(rows)
	}
	if r.items != nil {
		if err := r.items.attach(ctx, rows); err != nil {
			return err
		}
	}
	r.sum.Rows += int64(len(rows))
	if len(rows) == 0 {
		return nil
	}
	if err := r.visit(rows); err != nil {
		return visitError{err}
	}
	if r.q.Limit > 0 && r.sum.Rows >= int64(r.q.Limit) {
		return errEnough
	}
	return nil
}
