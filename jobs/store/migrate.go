package store

import (
	"context"
	"crypto/rand"
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
	folder, err := fs.Sub(migrations, db.d.migrations)
	if err != nil {
		return fmt.Errorf("migrate the store: %w", err)
	}
	p, err := goose.NewProvider(db.d.goose, db.write.DB, folder, goose.WithTableName("store_version"),
		goose.WithDisableGlobalRegistry(true))
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
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate the store: %w", err)
	}
	return db.christen(ctx)
}

// christen gives the store a name of its own. The platform knows a batch by its number: a store that was lost and made
// anew must not use the numbers of the old one.
func (db *DB) christen(ctx context.Context) error {
	name := strings.ToLower(rand.Text()[:8])
	return db.transact(ctx, "migrate", func(tx *Tx) error {
		_, err := tx.exec(ctx, "INSERT INTO meta (name, value) VALUES ('instance', ?) ON CONFLICT (name) DO NOTHING", name)
		return err
	})
}

// instance is the store's own name.
func (db *DB) instance(ctx context.Context) (string, error) {
	if name, ok := db.number.Load("instance"); ok {
		return name.(string), nil
	}
	var name string
	if err := db.get(ctx, &name, "SELECT value FROM meta WHERE name = 'instance'"); err != nil {
		return "", fmt.Errorf("read the store's name: %w", err)
	}
	db.number.Store("instance", name)
	return name, nil
}
