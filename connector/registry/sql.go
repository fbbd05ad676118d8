package registry

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"creditsync/connector"
	"creditsync/mapping"
)

// SQL is a registry in a database. It serves many goroutines; each read has a transaction of its own.
type SQL struct {
	db *sqlx.DB
	d  *dialect
}

// OpenSQL makes a registry of driver "postgres" or "sqlite". For SQLite dsn is the path of the file, which is opened
// read-only. It does not connect: a registry that is down at the start must not keep the rest from running; Read says so.
// An error is a *connector.Reason and never holds the dsn.
func OpenSQL(_ context.Context, driver, dsn string) (*SQL, error) {
	switch driver {
	case "postgres":
		c, err := pq.NewConnector(dsn)
		if err != nil {
			// The library's error may quote the dsn and with it the password.
			return nil, fail(connector.RegistryDown, "dsn", errors.New("the connection string cannot be read"))
		}
		return &SQL{db: sqlx.NewDb(sqlOpen(c), "postgres"), d: postgres()}, nil
	case "sqlite":
		db, err := sqlx.Open("sqlite", sqliteDSN(dsn))
		if err != nil {
			return nil, fail(connector.RegistryDown, "", err)
		}
		return &SQL{db: db, d: sqliteDialect()}, nil
	}
	return nil, fail(connector.RegistryDown, driver, fmt.Errorf("driver %q is neither postgres nor sqlite", driver))
}

// Close gives the connections back.
func (s *SQL) Close() error { return s.db.Close() }

// Count is what the table or query holds now.
func (s *SQL) Count(ctx context.Context, src mapping.Source) (n int64, err error) {
	tx, done, err := s.d.begin(ctx, s.db, false)
	if err != nil {
		return 0, s.d.reason(err, placeOf(src))
	}
	defer done()
	r, err := s.relation(ctx, tx, src)
	if err != nil {
		return 0, err
	}
	if err := tx.GetContext(ctx, &n, "SELECT count(*) FROM "+r.from); err != nil {
		return 0, s.d.reason(err, r.place)
	}
	return n, nil
}

// relation is a table or query that was found.
type relation struct {
	from    string   // what stands after FROM; its name there is t
	table   []string // nil for a query
	place   string
	columns []column
}

func placeOf(src mapping.Source) string {
	if src.Table != "" {
		return src.Table
	}
	return "query"
}

func (s *SQL) relation(ctx context.Context, tx *sqlx.Tx, src mapping.Source) (*relation, error) {
	if src.Query != "" {
		return s.query(ctx, tx, src.Query)
	}
	for _, name := range identifiers(src.Table) {
		cols, err := s.d.columnsOf(ctx, tx, name)
		if err != nil {
			return nil, s.d.reason(err, src.Table)
		}
		if len(cols) > 0 {
			return &relation{from: quoteAll(name) + " AS t", table: name, place: src.Table, columns: cols}, nil
		}
	}
	var tables []string
	if err := tx.SelectContext(ctx, &tables, s.d.tables); err != nil {
		return nil, s.d.reason(err, src.Table)
	}
	return nil, fail(connector.TableGone, src.Table, nil, src.Table, listed(similarTables(src.Table, tables), 3))
}

// similarTables compares without the schema, which is as often wrong as the name.
func similarTables(want string, tables []string) []string {
	names := identifiers(want)[0]
	return similar(names[len(names)-1], tables)
}

// query makes a subselect of a SELECT; the line break ends a comment at its end.
func (s *SQL) query(ctx context.Context, tx *sqlx.Tx, query string) (*relation, error) {
	r := &relation{from: "(" + strings.TrimRight(query, "; \t\r\n") + "\n) AS t", place: "query"}
	rows, err := tx.QueryxContext(ctx, "SELECT * FROM "+r.from+" LIMIT 0")
	if err != nil {
		return nil, s.d.reason(err, r.place)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, s.d.reason(err, r.place)
	}
	for _, t := range types {
		r.columns = append(r.columns, column{t.Name(), strings.ToUpper(t.DatabaseTypeName())})
	}
	return r, nil
}

// pick finds columns by name, all of them or a reason that names each missing one.
func (r *relation) pick(names []string) ([]column, error) {
	out := make([]column, 0, len(names))
	var gone, have, near []string
	for _, c := range r.columns {
		have = append(have, c.Name)
	}
	for _, n := range names {
		switch c, times := r.column(n); times {
		case 0:
			gone = append(gone, n)
			near = append(near, similar(n, have)...)
		case 1:
			out = append(out, c)
		default:
			return nil, fail(connector.ColumnTwice, r.place, nil, r.place, n)
		}
	}
	if gone == nil {
		return out, nil
	}
	return nil, fail(connector.ColumnGone, r.place, nil, r.place, listed(gone, 10), listed(near, 6))
}

func (r *relation) column(name string) (found column, times int) {
	for _, c := range r.columns {
		if c.Name == name {
			found = c
			times++
		}
	}
	return found, times
}
