package registry

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"creditsync/connector"
)

func sqliteDialect() *dialect {
	return &dialect{
		begin:        sqliteBegin,
		clock:        `SELECT strftime('%Y-%m-%d %H:%M:%f', 'now', '+8 hours')`,
		columnsOf:    sqliteColumns,
		primary:      sqlitePrimary,
		tables:       `SELECT name FROM sqlite_master WHERE type IN ('table','view') AND name NOT LIKE 'sqlite_%' ORDER BY name`,
		text:         sqliteText,
		changedSince: sqliteChangedSince,
		among:        sqliteAmong,
		order:        sqliteOrder,
		stream:       sqliteStream,
		reason:       sqliteReason,
	}
}

// sqliteDSN opens read-only and never creates the file. path is a path or a file: URI.
func sqliteDSN(path string) string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "sqlite:"), "//")
	if strings.HasPrefix(path, "file:") {
		path, _, _ = strings.Cut(strings.TrimPrefix(path, "file:"), "?")
	}
	// A '?' or '%' of the path itself must not be read as part of the URI.
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?mode=ro&_pragma=busy_timeout(5000)"
}

// sqliteBegin: with a rollback journal a reader keeps writers out for as long as it reads, so that a long read is made
// from a private copy; with a write-ahead log it disturbs nobody.
func sqliteBegin(ctx context.Context, db *sqlx.DB, whole bool) (*sqlx.Tx, func(), error) {
	close := func() {}
	var mode string
	if err := db.GetContext(ctx, &mode, "PRAGMA journal_mode"); err != nil {
		return nil, nil, err
	}
	if whole && mode != "wal" {
		copied, remove, err := sqliteCopy(ctx, db)
		if err != nil {
			return nil, nil, err
		}
		db, close = copied, remove
	}
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		close()
		return nil, nil, err
	}
	return tx, func() { _ = tx.Rollback(); close() }, nil
}

func sqliteCopy(ctx context.Context, db *sqlx.DB) (*sqlx.DB, func(), error) {
	dir, err := os.MkdirTemp("", "creditsync-registry-")
	if err != nil {
		return nil, nil, err
	}
	path := filepath.Join(dir, "copy.db")
	if _, err = db.ExecContext(ctx, "VACUUM INTO ?", path); err == nil {
		db, err = sqlx.Open("sqlite", sqliteDSN(path))
	}
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return db, func() { _ = db.Close(); _ = os.RemoveAll(dir) }, nil
}

func sqliteColumns(ctx context.Context, tx *sqlx.Tx, name []string) ([]column, error) {
	schema := "main"
	if len(name) == 2 {
		schema = name[0]
	}
	var cols []column
	err := tx.SelectContext(ctx, &cols, `SELECT name, upper(type) AS type FROM pragma_table_xinfo(?, ?) WHERE hidden <> 1`, name[len(name)-1], schema)
	if err != nil && strings.Contains(err.Error(), "unknown database") {
		return nil, nil
	}
	return cols, err
}

// sqliteText leaves the value as it is stored (the sign takes the declared type away, so that the driver makes no time of
// it); page.Scan writes numbers out.
func sqliteText(c column) string {
	if strings.HasPrefix(c.Type, "CHAR") || strings.HasPrefix(c.Type, "NCHAR") {
		return fmt.Sprintf("CASE typeof(%[1]s) WHEN 'text' THEN rtrim(%[1]s, ' ') ELSE %[1]s END", quote(c.Name))
	}
	return "+" + quote(c.Name)
}

// sqliteChangedSince: values have no type of time here, so all are compared as digits; what does not sort is read.
func sqliteChangedSince(c column, t time.Time) (string, any) {
	text := "trim(CAST(" + quote(c.Name) + " AS TEXT))"
	d := "[0-9]"
	iso := strings.Repeat(d, 4) + "[-/.]" + d + d + "[-/.]" + d + d
	digits := text
	for _, sign := range []string{"-", "/", ".", ":", " ", "T"} {
		digits = fmt.Sprintf("replace(%s,'%s','')", digits, sign)
	}
	return fmt.Sprintf(`(%[1]s IS NULL OR (%[1]s NOT GLOB '%[2]s*' AND %[1]s NOT GLOB '%[3]s*') OR %[1]s GLOB '*[^-0-9 T:./]*'
		OR (%[1]s NOT GLOB '*[^0-9]*' AND length(%[1]s) NOT IN (8,12,14,17)) OR substr(%[4]s || '99999999999999', 1, 14) >= ?)`,
		text, iso, strings.Repeat(d, 8), digits), t.In(china()).Format("20060102150405")
}

// sqliteAmong leaves it to the affinity of a declared column to compare '12' with 12; without one it compares text.
func sqliteAmong(cols []column, keys [][]string, trimmed bool) (string, []any) {
	left := make([]string, len(cols))
	for i, c := range cols {
		switch left[i] = quote(c.Name); {
		case trimmed:
			left[i] = "trim(CAST(" + left[i] + " AS TEXT), ' ' || char(9,10,13,12288))"
		case c.Type == "" || strings.Contains(c.Type, "BLOB"):
			left[i] = "CAST(" + left[i] + " AS TEXT)"
		}
	}
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(cols)), ",") + ")"
	var rows []string
	var args []any
	for _, k := range keys {
		if len(k) != len(cols) {
			continue
		}
		rows = append(rows, one)
		for _, part := range k {
			args = append(args, part)
		}
	}
	if len(rows) == 0 {
		return "0", nil
	}
	return fmt.Sprintf("(%s) IN (VALUES %s)", strings.Join(left, ","), strings.Join(rows, ",")), args
}

func sqlitePrimary(ctx context.Context, tx *sqlx.Tx, name []string) (pk []string, err error) {
	err = tx.SelectContext(ctx, &pk, `SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk`, name[len(name)-1])
	return pk, err
}

func sqliteOrder(ctx context.Context, tx *sqlx.Tx, r *relation) (string, error) {
	if r.table == nil {
		return "", nil
	}
	pk, err := sqlitePrimary(ctx, tx, r.table)
	if err != nil || len(pk) > 0 {
		return orderBy(pk), err
	}
	var isTable bool
	err = tx.GetContext(ctx, &isTable, `SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = ?`, r.table[len(r.table)-1])
	if isTable {
		return "t.rowid", err
	}
	return "", err
}

// sqliteStream steps one statement; other statements may run on the same connection meanwhile.
func sqliteStream(ctx context.Context, tx *sqlx.Tx, stmt string, args []any, size func() int, fill func(*sqlx.Rows) error, flush func() error) error {
	rows, err := tx.QueryxContext(ctx, stmt, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for left := size(); rows.Next(); left-- {
		if left == 0 {
			if err := flush(); err != nil {
				return err
			}
			left = size()
		}
		if err := fill(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return flush()
}

func sqliteReason(err error, place string) *connector.Reason {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return failRetry(connector.QueryFailed, place, err, place)
	}
	// The primary result code stands in the low byte.
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR:
		return failRetry(connector.RegistryDown, place, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return failRetry(connector.RegistryDown, place, err)
	case sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY:
		return fail(connector.PermissionDenied, place, err, place)
	}
	r := fail(connector.QueryFailed, place, nil, place)
	r.Words = cutWords(e.Error())
	if table, ok := strings.CutPrefix(afterCode(e.Error()), "no such table: "); ok {
		r.What, r.Args = connector.TableGone, []string{strings.TrimSuffix(table, " (1)"), ""}
	}
	if col, ok := strings.CutPrefix(afterCode(e.Error()), "no such column: "); ok {
		r.What, r.Args = connector.ColumnGone, []string{place, strings.TrimSuffix(col, " (1)"), ""}
	}
	return r
}

// afterCode takes "SQL logic error: " off.
func afterCode(s string) string {
	if _, rest, ok := strings.Cut(s, ": "); ok {
		return rest
	}
	return s
}
