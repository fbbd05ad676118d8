package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings our tables to this program's version; a store from a newer version is refused.
func (db *DB) Migrate(ctx context.Context) error {
	newest, err := newestSchema()
	if err != nil {
		return err
	}
	if err := db.migrateTo(ctx, newest); err != nil {
		return err
	}
	if err := db.draw(ctx); err != nil {
		return fmt.Errorf("migrate the store: %w", err)
	}
	return db.christen(ctx)
}

// migrateTo brings the tables to a version that this program knows.
func (db *DB) migrateTo(ctx context.Context, version int64) error {
	folder, err := fs.Sub(migrations, db.d.migrations)
	if err != nil {
		return fmt.Errorf("migrate the store: %w", err)
	}
	p, err := goose.NewProvider(db.d.goose, db.write.DB, folder, goose.WithTableName("store_version"),
		goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true)) // numbers are given out ahead of time
	if err != nil {
		return fmt.Errorf("migrate the store: %w", err)
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrate the store: %w", err)
	}
	if current > target {
		return fault(CodeNewer, strconv.FormatInt(current, 10), strconv.FormatInt(target, 10))
	}
	if err := db.checkTables(ctx, current); err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return fmt.Errorf("migrate the store: %w", err)
	}
	return nil
}

// newestSchema is the version of the tables that this program knows.
func newestSchema() (int64, error) {
	files, err := fs.ReadDir(migrations, "migrations/sqlite")
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	number, _, _ := strings.Cut(files[len(files)-1].Name(), "_") // they are sorted
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	return version, nil
}

// christen gives the store a name of its own. The platform knows a batch by its number: a store that was lost and made
// anew must not use the numbers of the old one.
func (db *DB) christen(ctx context.Context) error {
	return db.transact(ctx, "migrate", func(tx *Tx) error {
		epoch, err := tx.epochs(ctx)
		if err != nil || epoch.Number >= 0 {
			return err
		}
		if epoch, err = tx.beginEpoch(ctx, CauseNew); err != nil {
			return err
		}
		_, err = tx.exec(ctx, "INSERT INTO meta (name, value) VALUES ('instance', ?)", epoch.Name)
		return err
	})
}
