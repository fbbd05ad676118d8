package store

import (
	"context"
	"database/sql/driver"
	"fmt"
)

// mostStatements bounds what one connection keeps prepared. The store has fewer texts of its own; listings with many
// filters make more, and those beyond are planned each time.
const mostStatements = 200

// keeping is a PostgreSQL connection that keeps its statements prepared. A lane runs some 15 short statements a delivery:
// parsed and planned anew each time, in two round trips, they cost PostgreSQL more than what they do.
//
// Statements without arguments that give no rows go straight through: they may be several in one text.
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
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func keep(c driver.Conn) driver.Conn {
	switch c := c.(type) {
	case postgresConn:
		return &keeping{c, map[string]keptStatement{}}
	case sqliteConn:
		return &keepingSQLite{c, map[string]keptStatement{}}
	}
	return c
}

// ExecContext implements driver.ExecerContext.
func (k *keeping) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return k.postgresConn.ExecContext(ctx, query, args)
	}
	if rows, ok := args[0].Value.(*copying); ok {
		return k.copy(ctx, query, rows)
	}
	s, err := k.statement(ctx, query)
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
	s, err := k.statement(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return k.postgresConn.QueryContext(ctx, query, args)
	}
	return s.QueryContext(ctx, args)
}

// statement is nil for what is not kept.
func (k *keeping) statement(ctx context.Context, query string) (keptStatement, error) {
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

// copying are the rows of a COPY. They reach the connection as one argument, because database/sql takes a lock, checks and
// wraps every value of every row: half of what a COPY cost.
type copying struct {
	n, width int
	row      func(i int, args []any)
}

// CheckNamedValue implements driver.NamedValueChecker.
func (k *keeping) CheckNamedValue(v *driver.NamedValue) error {
	if _, ok := v.Value.(*copying); ok {
		return nil
	}
	return k.postgresConn.CheckNamedValue(v)
}

func (k *keeping) copy(ctx context.Context, query string, c *copying) (_ driver.Result, err error) {
	s, err := k.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := s.Close(); err == nil {
			err = e
		}
	}()
	args, values := make([]any, c.width), make([]driver.Value, c.width)
	for i := range c.n {
		c.row(i, args)
		for j, arg := range args {
			if !driver.IsValue(arg) {
				return nil, fmt.Errorf("value of type %T", arg)
			}
			values[j] = arg
		}
		if _, err := s.Exec(values); err != nil { //nolint:staticcheck // all that lib/pq's COPY has
			return nil, err
		}
	}
	return s.Exec(nil) //nolint:staticcheck // ends it
}
