package daemon

import (
	"context"
	"errors"
	"fmt"

	"creditsync/connector"
	"creditsync/jobs/engine"
	"creditsync/jobs/store"
)

// Migrate brings the store's tables and the engine's to this version.
func Migrate(ctx context.Context, o Options) error {
	db, err := store.Open(ctx, o.Store)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	return errors.Join(migrate(ctx, db), db.Close())
}

func migrate(ctx context.Context, db *store.DB) error {
	if err := db.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate store: %w", err)
	}
	return engine.Migrate(ctx, db)
}

// OpenRegistries opens the local registries alone, for a check. done closes them.
func OpenRegistries(ctx context.Context, o Options) (all map[string]connector.Registry, done func(), err error) {
	h := &House{options: o, registries: map[string]connector.Registry{}}
	done = func() { _ = h.Close() } // a check has nothing to lose
	if err := h.openRegistries(ctx); err != nil {
		done()
		return nil, nil, err
	}
	return h.registries, done, nil
}
