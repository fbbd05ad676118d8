package store

import (
	"context"
	"database/sql/driver"
)

// keepingSQLite is an SQLite connection that keeps its statements prepared: SQLite spends more time on reading the text of
// a short statement than on doing what it says. The store reads the rows of a statement to their end before it runs
// another of the same text on the same connection; the engine does too.
type keepingSQLite struct {
	sqliteConn
	statements map[string]keptStatement
}

// sqliteConn is what database/sql uses of modernc's connection.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// ExecContext implements driver.ExecerContext. Statements without arguments may be several in one text.
func (k *keepingSQLite) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return k.sqliteConn.ExecContext(ctx, query, args)
	}
	s, err := k.statement(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return k.sqliteConn.ExecContext(ctx, query, args)
	}
	return s.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (k *keepingSQLite) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := k.statement(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return k.sqliteConn.QueryContext(ctx, query, args)
	}
	return s.QueryContext(ctx, args)
}

// statement is nil for what is not kept.
func (k *keepingSQLite) statement(ctx context.Context, query string) (keptStatement, error) {
	if s, ok := k.statements[query]; ok || len(k.statements) >= mostStatements {
		return s, nil
	}
	s, err := k.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	kept, ok := s.(keptStatement)
	if !ok {
		return nil, s.Close()
	}
	k.statements[query] = kept
	return kept, nil
}

// Close implements driver.Conn.
func (k *keepingSQLite) Close() error {
	for _, s := range k.statements {
		_ = s.Close() // with the connection they are gone anyway
	}
	return k.sqliteConn.Close()
}
