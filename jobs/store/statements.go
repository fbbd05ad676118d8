package store

import (
	"context"
	"database/sql/driver"
)

// mostStatements bounds what one connection keeps prepared. The store has fewer texts of its own; listings with many
// filters make more, and those beyond are planned each time.
const mostStatements = 200

// keeping is a PostgreSQL connection that keeps its statements prepared. A lane runs some 15 short statements a delivery:
// parsed and planned anew each time, in two round trips, they cost PostgreSQL more than what they do.
//
// Statements without arguments go straight through: they are one round trip as they are, and may be several in one text.
type keeping struct {
	postgresConn
	statements map[string]keptStatement
}

// postgresConn is what database/sql uses of lib/pq's connection.
type postgresConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type keptStatement interface {
	driver.StmtExecContext
	driver.StmtQueryContext
}

func keep(c driver.Conn) driver.Conn {
	if p, ok := c.(postgresConn); ok {
		return &keeping{p, map[string]keptStatement{}}
	}
	return c
}

// ExecContext implements driver.ExecerContext.
func (k *keeping) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := k.statement(ctx, query, len(args))
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return k.postgresConn.ExecContext(ctx, query, args)
	}
	return s.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (k *keeping) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := k.statement(ctx, query, len(args))
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return k.postgresConn.QueryContext(ctx, query, args)
	}
	return s.QueryContext(ctx, args)
}

// statement is nil for what is not kept.
func (k *keeping) statement(ctx context.Context, query string, args int) (keptStatement, error) {
	if args == 0 {
		return nil, nil
	}
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
