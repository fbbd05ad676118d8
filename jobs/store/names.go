package store

import (
	"context"
	"fmt"
	"sync"
)

// names gives streams and units small numbers, so that records stay slim. Numbers never change, so they are remembered.
type names struct {
	db     *DB
	table  string
	insert string
	ids    sync.Map // name to id
}

// find is the id of a name, 0 if there is none.
func (n *names) find(ctx context.Context, name string) (int64, error) {
	if name == "" {
		return 0, nil
	}
	if id, ok := n.ids.Load(name); ok {
		return id.(int64), nil
	}
	var id int64
	err := n.db.get(ctx, &id, "SELECT id FROM "+n.table+" WHERE name = ?", name)
	if none(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look up %s %q: %w", n.table, name, err)
	}
	n.remember(id, name)
	return id, nil
}

// ensure is the id of a name, which is given one if it has none. It must not be called inside a transaction.
func (n *names) ensure(ctx context.Context, name string) (int64, error) {
	id, err := n.find(ctx, name)
	if err != nil || id != 0 || name == "" {
		return id, err
	}
	err = n.db.transact(ctx, "name", func(tx *Tx) error {
		if _, err := tx.exec(ctx, n.insert, name); err != nil {
			return err
		}
		return tx.get(ctx, &id, "SELECT id FROM "+n.table+" WHERE name = ?", name)
	})
	if err != nil {
		return 0, fmt.Errorf("number %s %q: %w", n.table, name, err)
	}
	n.remember(id, name)
	return id, nil
}

func (n *names) remember(id int64, name string) {
	n.ids.Store(name, id)
}
