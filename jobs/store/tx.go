package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"creditsync/mapping"

	"github.com/jmoiron/sqlx"
)

// Tx is one transaction; inside it only its own methods are used: SQLite has one connection that writes, and any other
// call of the store would wait for it until its context ends.
type Tx struct {
	tx  *sqlx.Tx
	db  *DB
	now int64 // milliseconds; the same for all that happens in the transaction
}

// SQLX is the running transaction, for the engine's InsertTx alone.
func (tx *Tx) SQLX() *sqlx.Tx { return tx.tx }

// Now is the instant that everything in this transaction carries.
func (tx *Tx) Now() time.Time { return at(tx.now) }

// attempts is how often a transaction is tried that others keep from being serialised.
const attempts = 6

// Tx runs f in one transaction. f may be run again after a serialisation failure.
func (db *DB) Tx(ctx context.Context, f func(tx *Tx) error) error { return db.transact(ctx, "tx", f) }

func (db *DB) transact(ctx context.Context, name string, f func(tx *Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := db.once(ctx, name, f)
		if cutOff(err) {
			return unreachable(err)
		}
		if full(err) {
			return trouble{mapping.Fault{What: CodeFull, Args: []string{db.d.name}}, err}
		}
		if err == nil || !retryable(err) || attempt == attempts {
			return err
		}
		if err := db.pause(ctx, time.Duration(attempt)*20*time.Millisecond); err != nil {
			return err
		}
	}
}

// once rolls back whatever ends f, a panic included: the hook may stand for the end of the process.
func (db *DB) once(ctx context.Context, name string, f func(tx *Tx) error) error {
	t, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: begin: %w", name, err)
	}
	defer func() { _ = t.Rollback() }() // a no-op after the commit
	tx := &Tx{tx: t, db: db}
	if tx.now, err = db.clock(ctx, t); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := f(tx); err != nil {
		if undrawn(err) {
			err = fmt.Errorf("%w: %w", ErrUndrawn, err)
		}
		return err
	}
	db.hook("before commit of " + name)
	if err := t.Commit(); err != nil {
		return fmt.Errorf("%s: commit: %w", name, err)
	}
	db.hook("after commit of " + name)
	return nil
}

func (db *DB) hook(point string) {
	if db.o.Hook != nil {
		db.o.Hook(point)
	}
}

// pause waits half to all of d.
func (db *DB) pause(ctx context.Context, d time.Duration) error {
	db.random.Lock()
	d = d/2 + time.Duration(db.o.Rand.Int64N(int64(d/2)))
	db.random.Unlock()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Now is the store's clock: the database's, or Options.Now.
func (db *DB) Now(ctx context.Context) (time.Time, error) {
	ms, err := db.clock(ctx, db.read)
	return at(ms), err
}

func (db *DB) clock(ctx context.Context, q sqlx.QueryerContext) (ms int64, err error) {
	if db.o.Now != nil {
		return db.o.Now().UnixMilli(), nil
	}
	if err := sqlx.GetContext(ctx, q, &ms, "SELECT "+db.d.clock); err != nil {
		return 0, fmt.Errorf("read the database's clock: %w", err)
	}
	return ms, nil
}

func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := tx.tx.ExecContext(ctx, tx.tx.Rebind(query), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (tx *Tx) get(ctx context.Context, out any, query string, args ...any) error {
	return tx.tx.GetContext(ctx, out, tx.tx.Rebind(query), args...)
}

func (tx *Tx) row(ctx context.Context, query string, args ...any) *sqlx.Row {
	return tx.tx.QueryRowxContext(ctx, tx.tx.Rebind(query), args...)
}

func (tx *Tx) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return tx.tx.QueryContext(ctx, tx.tx.Rebind(query), args...)
}

func (db *DB) get(ctx context.Context, out any, query string, args ...any) error {
	return db.read.GetContext(ctx, out, db.read.Rebind(query), args...)
}

func (db *DB) row(ctx context.Context, query string, args ...any) *sqlx.Row {
	return db.read.QueryRowxContext(ctx, db.read.Rebind(query), args...)
}

func (db *DB) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return db.read.QueryContext(ctx, db.read.Rebind(query), args...)
}

// collect scans all rows of a short answer.
func collect[T any](rows *sql.Rows, err error, scan func(rows *sql.Rows, t *T) error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var t T
		if err := scan(rows, &t); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

// at and ms turn stored instants, unix milliseconds with 0 for none, into times and back.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant scans a stored instant.
type instant struct{ t *time.Time }

func (i instant) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("an instant is stored as an integer, not as %T", v)
	}
	*i.t = at(n)
	return nil
}
