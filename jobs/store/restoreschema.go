package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/lib/pq"
)

// restoringSchema is where a restore makes the new tables, before they take the place of the old ones.
const restoringSchema = "creditsync_restoring"

// schema restores into a PostgreSQL database. The old tables are moved into a schema of their own, the new ones into the
// place of the old, in one transaction. The engine's tables stay: they refer to nothing of ours.
func (r *restoring) schema(ctx context.Context) (Restored, error) {
	db, err := Open(ctx, r.Options)
	if err != nil {
		return Restored{}, err
	}
	restored, err := r.replace(ctx, db)
	return restored, errors.Join(err, db.Close())
}

func (r *restoring) replace(ctx context.Context, db *DB) (Restored, error) {
	if err := db.transact(ctx, "restore", func(tx *Tx) error { return tx.idle(ctx) }); err != nil {
		return Restored{}, err
	}
	dsn, err := inSchema(r.DSN)
	if err != nil {
		return Restored{}, err
	}
	for _, statement := range []string{"DROP SCHEMA IF EXISTS " + restoringSchema + " CASCADE", "CREATE SCHEMA " + restoringSchema} {
		if _, err := db.write.ExecContext(ctx, statement); err != nil {
			return Restored{}, fmt.Errorf("make room for the restored store: %w", err)
		}
	}
	if err := r.fill(ctx, dsn); err != nil {
		_, e := db.write.ExecContext(context.WithoutCancel(ctx), "DROP SCHEMA IF EXISTS "+restoringSchema+" CASCADE")
		return Restored{}, errors.Join(err, e)
	}
	aside := ""
	err = db.transact(ctx, "restore", func(tx *Tx) (err error) {
		if err := tx.idle(ctx); err != nil {
			return err
		}
		aside, err = tx.swap(ctx, "creditsync_before_"+strings.ReplaceAll(r.epoch.Began.UTC().Format("20060102T150405.000"), ".", "_"))
		return err
	})
	if err != nil {
		return Restored{}, fmt.Errorf("put the restored store in place: %w", err)
	}
	return Restored{r.from.m, r.epoch, aside}, nil
}

func inSchema(dsn string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", fault(CodeDSN, "postgres")
	}
	q := u.Query()
	q.Set("search_path", restoringSchema)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// idle refuses a store that gave a sign of life just now.
func (tx *Tx) idle(ctx context.Context) error {
	var there bool
	err := tx.get(ctx, &there, "SELECT to_regclass('life') IS NOT NULL")
	if err != nil || !there {
		return err
	}
	var beat int64
	err = tx.get(ctx, &beat, "SELECT COALESCE(MAX(beat), 0) FROM life")
	if err != nil {
		return err
	}
	if age := tx.now - beat; age >= 0 && age < silence.Milliseconds() {
		return fault(CodeAlive, strconv.FormatInt(age/1000, 10), strconv.FormatInt(silence.Milliseconds()/1000, 10))
	}
	return nil
}

// swap moves the old tables aside and the new ones in. It returns the schema of the old ones, "" if there were none.
func (tx *Tx) swap(ctx context.Context, aside string) (string, error) {
	old, err := tx.tablesIn(ctx, "current_schema()")
	if err != nil {
		return "", err
	}
	made, err := tx.tablesIn(ctx, pq.QuoteLiteral(restoringSchema))
	if err != nil {
		return "", err
	}
	var home string
	if err := tx.get(ctx, &home, "SELECT current_schema()"); err != nil {
		return "", err
	}
	var statements []string
	if len(old) > 0 {
		statements = append(statements, "CREATE SCHEMA "+aside)
	} else {
		aside = ""
	}
	for _, t := range old {
		statements = append(statements, "ALTER TABLE "+pq.QuoteIdentifier(home)+"."+t+" SET SCHEMA "+aside)
	}
	for _, t := range made {
		statements = append(statements, "ALTER TABLE "+restoringSchema+"."+t+" SET SCHEMA "+pq.QuoteIdentifier(home))
	}
	guarded, err := tx.guarded(ctx, home)
	if err != nil {
		return "", err
	}
	if guarded && len(old) > 0 {
		statements = append(statements, "ALTER FUNCTION "+pq.QuoteIdentifier(home)+"."+guard+" SET SCHEMA "+aside)
	}
	statements = append(statements, "ALTER FUNCTION "+restoringSchema+"."+guard+" SET SCHEMA "+pq.QuoteIdentifier(home))
	for _, s := range append(statements, "DROP SCHEMA "+restoringSchema) {
		if _, err := tx.exec(ctx, s); err != nil {
			return "", err
		}
	}
	return aside, nil
}

// guard is the function of the trigger on deliveries: it moves with them.
const guard = "check_delivery()"

// guarded says that a schema has it; stores of an older version have none.
func (tx *Tx) guarded(ctx context.Context, schema string) (yes bool, err error) {
	err = tx.get(ctx, &yes, "SELECT to_regprocedure(?) IS NOT NULL", pq.QuoteIdentifier(schema)+"."+guard)
	return yes, err
}

// tablesIn are our tables in a schema, with the one that tells their version.
func (tx *Tx) tablesIn(ctx context.Context, schema string) ([]string, error) {
	newest, err := newestSchema()
	if err != nil {
		return nil, err
	}
	ours, err := tablesOf("postgres", newest)
	if err != nil {
		return nil, err
	}
	rows, err := tx.query(ctx, "SELECT tablename FROM pg_tables WHERE schemaname = "+schema+" AND tablename = ANY (?) ORDER BY tablename",
		pq.Array(append(ours, "store_version")))
	return collect(rows, err, func(rows *sql.Rows, name *string) error { return rows.Scan(name) })
}

// restart lets identity columns go on after the rows that were restored. SQLite does so by itself.
func (db *DB) restart(ctx context.Context) error {
	if db.d.name != "postgres" {
		return nil
	}
	return db.transact(ctx, "restore", func(tx *Tx) error {
		rows, err := tx.query(ctx, `SELECT table_name FROM information_schema.columns
			WHERE table_schema = current_schema() AND column_name = 'id' AND is_identity = 'YES'`)
		tables, err := collect(rows, err, func(rows *sql.Rows, name *string) error { return rows.Scan(name) })
		if err != nil {
			return fmt.Errorf("find identity columns: %w", err)
		}
		for _, t := range tables {
			_, err := tx.exec(ctx, "SELECT setval(pg_get_serial_sequence('"+t+"', 'id'), COALESCE(MAX(id), 1), MAX(id) IS NOT NULL) FROM "+t)
			if err != nil {
				return fmt.Errorf("restart the numbers of %s: %w", t, err)
			}
		}
		return nil
	})
}
