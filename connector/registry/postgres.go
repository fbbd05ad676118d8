package registry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"creditsync/connector"
)

func postgres() *dialect {
	return &dialect{
		begin:        pgBegin,
		clock:        `SELECT to_char(localtimestamp, 'YYYY-MM-DD HH24:MI:SS.US')`,
		columnsOf:    pgColumns,
		primary:      pgPrimary,
		tables:       pgTables,
		text:         pgText,
		joined:       pgJoined,
		changedSince: pgChangedSince,
		among:        pgAmong,
		order:        pgOrder,
		stream:       pgStream,
		reason:       pgReason,
	}
}

// pgBegin: everything of one read is one snapshot. The planner is told that a cursor is read to its end. A database without
// an encoding hands its bytes out as they are, so that a broken text is a fault of its row and not the end of the read.
func pgBegin(ctx context.Context, db *sqlx.DB, _ bool) (*sqlx.Tx, func(), error) {
	tx, err := db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, nil, err
	}
	_, err = tx.ExecContext(ctx, `SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'Asia/Shanghai';
		SET LOCAL cursor_tuple_fraction = 1; SET LOCAL extra_float_digits = 1;
		SELECT set_config('client_encoding', 'SQL_ASCII', true) WHERE current_setting('server_encoding') = 'SQL_ASCII'`)
	done := func() { _ = tx.Rollback() }
	if err != nil {
		done()
		return nil, nil, err
	}
	return tx, done, nil
}

// pgColumns reads the catalogue, which needs no right on the table itself.
func pgColumns(ctx context.Context, tx *sqlx.Tx, name []string) ([]column, error) {
	var cols []column
	err := tx.SelectContext(ctx, &cols, `SELECT a.attname::text AS name, upper(CASE WHEN t.typtype = 'd' THEN b.typname ELSE t.typname END) AS type
		FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype
		WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`, quoteAll(name))
	return cols, err
}

const pgTables = `SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r','v','m','p','f') AND n.nspname NOT IN ('pg_catalog','information_schema') AND n.nspname NOT LIKE 'pg_toast%'
	ORDER BY 1 LIMIT 10000`

// pgText: a cast drops the padding of char(n); a float is never left in scientific notation; a time with zone becomes
// civil time in China.
func pgText(c column) string {
	name := quote(c.Name)
	switch c.Type {
	case "FLOAT4", "FLOAT8":
		return fmt.Sprintf("CASE WHEN %[1]s::text LIKE '%%e%%' THEN %[1]s::text::numeric::text ELSE %[1]s::text END", name)
	case "TIMESTAMPTZ":
		return name + "::timestamp::text"
	case "BYTEA":
		return fmt.Sprintf(`CASE WHEN %s IS NULL THEN NULL ELSE ''::bytea END`, name)
	case "TEXT", "VARCHAR":
		return name
	}
	return name + "::text"
}

// pgConcat is how many columns one concat_ws may take: a function has at most 100 arguments.
const pgConcat = 90

// pgJoined: concat_ws leaves absent values out, so they become the empty texts that they mean to us anyway.
func pgJoined(cols []column) (string, bool) {
	const separator = `E'\x1f'`
	var parts []string
	for group := range slices.Chunk(cols, pgConcat) {
		args := []string{separator}
		for _, c := range group {
			if c.Type == "BYTEA" {
				return "", false
			}
			args = append(args, "COALESCE("+pgText(c)+", '')")
		}
		parts = append(parts, "concat_ws("+strings.Join(args, ", ")+")")
	}
	return strings.Join(parts, " || "+separator+" || "), true
}

// pgWhole is text that sorts by time once its separators are gone; seconds since 1970 and unpadded dates are not.
const pgWhole = `^(\d{8}(\d{4}(\d{2}(\d{3})?)?)?|\d{4}[-/.]\d{2}[-/.]\d{2}([ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?|\d{8} \d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)$`

func pgChangedSince(c column, t time.Time) (string, any) {
	name := quote(c.Name)
	switch c.Type {
	case "TIMESTAMP", "TIMESTAMPTZ", "DATE":
		return fmt.Sprintf("(%s >= $1::text::%s OR %[1]s IS NULL)", name, strings.ToLower(c.Type)), t.In(china()).Format(timeLayout)
	}
	return fmt.Sprintf(`(%[1]s IS NULL OR btrim(%[1]s::text) !~ '%[2]s' OR rpad(left(regexp_replace(%[1]s::text, '\D', '', 'g'), 14), 14, '9') >= $1::text COLLATE "C")`,
		name, pgWhole), t.In(china()).Format("20060102150405")
}

// pgAmong compares in the column's own type, so that an index serves; text that is no value of the type matches nothing.
func pgAmong(cols []column, keys [][]string, trimmed bool) (string, []any) {
	lists := make([][]string, len(cols))
	for _, k := range keys {
		if !fits(cols, k) {
			continue
		}
		for i, part := range k {
			lists[i] = append(lists[i], part)
		}
	}
	var args []any
	var unnest, names, match []string
	for i, c := range cols {
		args = append(args, pq.Array(lists[i]))
		left, typ := pgComparable(c, trimmed)
		unnest = append(unnest, fmt.Sprintf("$%d::text[]%s", i+1, typ))
		names = append(names, fmt.Sprintf("k%d", i))
		match = append(match, fmt.Sprintf("%s = wanted.k%d", left, i))
	}
	if len(cols) == 1 {
		return strings.Replace(match[0], "wanted.k0", "ANY("+unnest[0]+")", 1), args
	}
	return fmt.Sprintf("EXISTS (SELECT 1 FROM unnest(%s) AS wanted(%s) WHERE %s)",
		strings.Join(unnest, ", "), strings.Join(names, ", "), strings.Join(match, " AND ")), args
}

func pgComparable(c column, trimmed bool) (left, typ string) {
	if trimmed {
		return `btrim(` + pgText(c) + `, E' \t\r\n\u3000')`, ""
	}
	switch c.Type {
	case "INT2", "INT4", "INT8", "BPCHAR":
		return quote(c.Name), "::" + strings.ToLower(c.Type) + "[]"
	}
	return pgText(c), ""
}

// fits says whether every part can be a value of its column and is written as the column would write it.
func fits(cols []column, key []string) bool {
	if len(key) != len(cols) {
		return false
	}
	bits := map[string]int{"INT2": 16, "INT4": 32, "INT8": 64}
	for i, c := range cols {
		if b, ok := bits[c.Type]; ok {
			if n, err := strconv.ParseInt(key[i], 10, b); err != nil || strconv.FormatInt(n, 10) != key[i] {
				return false
			}
		}
	}
	return true
}

func pgPrimary(ctx context.Context, tx *sqlx.Tx, name []string) (pk []string, err error) {
	err = tx.SelectContext(ctx, &pk, `SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
		WHERE i.indrelid = to_regclass($1) AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum)`, quoteAll(name))
	return pk, err
}

// pgOrder: by the primary key; else by the place in the table, which stands still within a snapshot; else, of a view, by
// every column.
func pgOrder(ctx context.Context, tx *sqlx.Tx, r *relation) (string, error) {
	if r.table == nil {
		return "", nil
	}
	pk, err := pgPrimary(ctx, tx, r.table)
	if err != nil || len(pk) > 0 {
		return orderBy(pk), err
	}
	var kind string
	err = tx.GetContext(ctx, &kind, `SELECT relkind::text FROM pg_class WHERE oid = to_regclass($1)`, quoteAll(r.table))
	if kind == "r" {
		return "t.ctid", err
	}
	return "", err
}

// pgStream reads through a cursor, so that other statements of the same snapshot can run between two pages.
func pgStream(ctx context.Context, tx *sqlx.Tx, stmt string, args []any, size func() int, fill func(*sqlx.Rows) error, flush func() error) error {
	if _, err := tx.ExecContext(ctx, "DECLARE creditsync NO SCROLL CURSOR FOR "+stmt, args...); err != nil {
		return err
	}
	for {
		want := size()
		n, err := each(ctx, tx, fmt.Sprintf("FETCH FORWARD %d FROM creditsync", want), fill)
		if errors.Is(err, errAmbiguous) {
			_, closed := tx.ExecContext(ctx, "CLOSE creditsync")
			return errors.Join(err, closed)
		}
		if err != nil {
			return err
		}
		if err := flush(); err != nil {
			return err
		}
		if n < want {
			break
		}
	}
	_, err := tx.ExecContext(ctx, "CLOSE creditsync")
	return err
}

func each(ctx context.Context, tx *sqlx.Tx, stmt string, fill func(*sqlx.Rows) error) (n int, err error) {
	rows, err := tx.QueryxContext(ctx, stmt)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		if err := fill(rows); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// pgReason: the SQLSTATE classes of PostgreSQL's appendix A.
func pgReason(err error, place string) *connector.Reason {
	var e *pq.Error
	if !errors.As(err, &e) {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return failRetry(connector.QueryFailed, place, err, place)
		}
		return failRetry(connector.RegistryDown, place, err)
	}
	r := fail(connector.QueryFailed, place, nil, place)
	r.Words = cutWords(e.Message)
	switch code := string(e.Code); {
	case code == "28P01" || code == "28000" || code == "3D000":
		r.What, r.Args = connector.RegistryDown, nil
	case code == "42501":
		r.What = connector.PermissionDenied
	case code == "42P01" || code == "3F000":
		r.What, r.Args = connector.TableGone, []string{place, ""}
	case code == "42703":
		r.What, r.Args = connector.ColumnGone, []string{place, e.Column, ""}
	case strings.HasPrefix(code, "08") || strings.HasPrefix(code, "53") || strings.HasPrefix(code, "57P"):
		r.What, r.Args, r.Retry = connector.RegistryDown, nil, true
	case strings.HasPrefix(code, "22"):
		// The message of a data exception quotes the value, which may be an identity number.
		r.Words = "SQLSTATE " + code + " " + e.Code.Name()
	case code == "57014" || strings.HasPrefix(code, "40"):
		r.Retry = true
	}
	return r
}
