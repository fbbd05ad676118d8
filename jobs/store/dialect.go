package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
)

// dialect is all that differs between the databases.
type dialect struct {
	name       string
	goose      goose.Dialect
	migrations string             // folder of them
	clock      string             // expression: the database's time of the statement, unix milliseconds
	among      string             // operator and placeholder that select by a whole list of texts
	keys       string             // table k(key) of a whole list of texts, joined first to what follows: SQLite would turn the join round
	lock       string             // suffix that locks the rows of a query
	skip       string             // suffix that locks one free row of the alias d, passing over those that others hold
	snapshot   sql.IsolationLevel // of a transaction that reads the whole store as it is at one instant
	scans      string             // statement that lets such a transaction read whole tables
	tables     string             // query of the names of the tables there are
	setup      []string
	analyze    string // statement that renews the planner's statistics; "" if it needs none
}

func postgresDialect() dialect {
	return dialect{
		name:       "postgres",
		goose:      goose.DialectPostgres,
		migrations: "migrations/postgres",
		clock:      "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
		// Never "= ANY": without statistics, as after a first load, it is planned as a scan of all records.
		among:    "IN (SELECT unnest(CAST(? AS TEXT[])))",
		keys:     "unnest(CAST(? AS TEXT[])) AS k(key) JOIN",
		lock:     " FOR NO KEY UPDATE",
		skip:     " FOR NO KEY UPDATE OF d SKIP LOCKED",
		snapshot: sql.LevelRepeatableRead,
		scans:    "SET LOCAL enable_seqscan = on",
		tables:   "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
		setup: []string{
			// Whatever is looked up here has an index. A plan made while a table was empty must not scan it for ever.
			"SET random_page_cost = 1.1",
			"SET enable_seqscan = off",
			"SET jit = off",                      // compiling a statement costs more than any of ours runs
			"SET default_statistics_target = 10", // rough numbers suffice, and are asked for while a first load runs
			"SET client_min_messages = warning",
			stageTables(` COLLATE "C"`, " ON COMMIT DELETE ROWS"),
		},
		analyze: "ANALYZE records, exceptions, deliveries, dropped",
	}
}

func sqliteDialect() dialect {
	return dialect{
		name:       "sqlite",
		goose:      goose.DialectSQLite3,
		migrations: "migrations/sqlite",
		clock:      "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
		among:      "IN (SELECT value FROM json_each(?))",
		keys:       "(SELECT value AS key FROM json_each(?)) AS k CROSS JOIN",
		tables:     "SELECT name FROM sqlite_master WHERE type = 'table'",
		setup:      []string{"PRAGMA temp_store = MEMORY", stageTables("", "")},
	}
}

// stageTables are the temporary tables of a connection, through which whole pages meet the tables in one statement. Each
// such statement says "key IN (SELECT key FROM stage_...)" of the table that is met, even where it joins by the key as
// well: SQLite, which takes a stream for ten rows, would else scan the whole stream for every page.
func stageTables(bytewise, end string) string {
	return fmt.Sprintf(`
CREATE TEMP TABLE IF NOT EXISTS stage_puts (
    key TEXT%[1]s PRIMARY KEY, known INTEGER, bump INTEGER, delivery BIGINT, source BIGINT, payload BIGINT, held BOOLEAN,
    starts INTEGER, due INTEGER, owner INTEGER, state TEXT, reason TEXT, detail TEXT, since BIGINT, travelled BIGINT,
    waits_stream TEXT, waits_key TEXT, old_delivery BIGINT, old_state TEXT)%[2]s;
CREATE TEMP TABLE IF NOT EXISTS stage_marks (
    key TEXT%[1]s PRIMARY KEY, state TEXT, reason TEXT, detail TEXT, since BIGINT)%[2]s;
CREATE TEMP TABLE IF NOT EXISTS stage_answers (by_key TEXT%[1]s PRIMARY KEY, key TEXT%[1]s)%[2]s;
CREATE TEMP TABLE IF NOT EXISTS stage_rows (key TEXT%[1]s PRIMARY KEY, row_hash BIGINT)%[2]s;
CREATE TEMP TABLE IF NOT EXISTS stage_dues (starts INTEGER PRIMARY KEY, due INTEGER)%[2]s`, bytewise, end)
}

// list is a parameter for among and keys.
func list(d dialect, values []string) any {
	if d.name == "postgres" {
		return pq.Array(values)
	}
	if values == nil {
		values = []string{}
	}
	b, err := json.Marshal(values)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(b)
}

// prepared gives every new connection its settings and temporary tables.
type prepared struct {
	driver.Connector
	setup []string
}

func (p prepared) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, unreachable(err) // so whatever is asked of a database that is away speaks clearly
	}
	for _, statement := range p.setup {
		if _, err := c.(driver.ExecerContext).ExecContext(ctx, statement, nil); err != nil {
			_ = c.Close()
			return nil, fmt.Errorf("set up the connection: %w", err)
		}
	}
	return keep(c), nil
}

// analyze renews the planner's statistics. Autovacuum would a minute later; until then PostgreSQL takes a stream that grows
// for a handful of rows and scans it for every page.
func (db *DB) analyze(ctx context.Context) error {
	if db.d.analyze == "" {
		return nil
	}
	if _, err := db.write.ExecContext(ctx, db.d.analyze); err != nil {
		return fmt.Errorf("renew statistics: %w", err)
	}
	return nil
}

// rowsPerStatement keeps a multi-row INSERT of SQLite short; longer ones gain nothing.
const rowsPerStatement = 100

// bulk inserts n rows: by COPY on PostgreSQL, by multi-row statements on SQLite. row fills the arguments of row i.
func (tx *Tx) bulk(ctx context.Context, table string, columns []string, n int, row func(i int, args []any)) error {
	if n == 0 {
		return nil
	}
	if tx.db.d.name == "postgres" {
		return tx.copyIn(ctx, table, columns, n, row)
	}
	for from := 0; from < n; from += rowsPerStatement {
		if err := tx.insertRows(ctx, table, columns, from, min(from+rowsPerStatement, n), row); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
	}
	return nil
}

func (tx *Tx) insertRows(ctx context.Context, table string, columns []string, from, to int, row func(i int, args []any)) error {
	args := make([]any, (to-from)*len(columns))
	for i := from; i < to; i++ {
		at := (i - from) * len(columns)
		row(i, args[at:at+len(columns)])
	}
	_, err := tx.tx.ExecContext(ctx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES "+
		tuples(to-from, len(columns)), args...)
	return err
}

func tuples(n, width int) string {
	one := "(" + strings.Repeat("?, ", width-1) + "?)"
	return strings.Repeat(one+", ", n-1) + one
}

func (tx *Tx) copyIn(ctx context.Context, table string, columns []string, n int, row func(i int, args []any)) error {
	if _, err := tx.tx.ExecContext(ctx, pq.CopyIn(table, columns...), &copying{n, len(columns), row}); err != nil {
		return fmt.Errorf("copy into %s: %w", table, err)
	}
	return nil
}

// stage fills one of the temporary tables, which is emptied first.
func (tx *Tx) stage(ctx context.Context, table string, columns []string, n int, row func(i int, args []any)) error {
	if _, err := tx.exec(ctx, "DELETE FROM "+table); err != nil {
		return err
	}
	return tx.bulk(ctx, table, columns, n, row)
}
