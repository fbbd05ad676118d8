package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"creditsync/jobs/store"
)

// entriesAtOnce is how many entries are read from the store together.
const entriesAtOnce = 1000

// writeBook writes a pulled stream as a workbook, for bureaus whose registries we may only read.
func writeBook(ctx context.Context, d Deps, rules *Rules, stream string) error {
	if d.Books == nil {
		return nil
	}
	plan, _ := rules.Plan(stream)
	rows := func(yield func([]string, error) bool) {
		for e, err := range entries(ctx, d.Store, stream) {
			if !yield(e.Cells, err) || err != nil {
				return
			}
		}
	}
	if err := d.Books.Write(ctx, stream, rules.Title(stream), plan.LocalColumns(), rows); err != nil {
		return fmt.Errorf("workbook of %s: %w", stream, err)
	}
	return nil
}

// pulled is an entry in force with what is known of it.
type pulled struct {
	store.ListEntry
	listed
}

func readEntry(e store.ListEntry) (pulled, error) {
	p := pulled{ListEntry: e}
	if err := json.Unmarshal(e.Data, &p.listed); err != nil {
		return p, fmt.Errorf("entry %s %q: %w", e.Stream, e.Key, err)
	}
	return p, nil
}

// entries goes through a pulled stream as it is in force, in key order, in constant memory. After an error it ends.
func entries(ctx context.Context, db *store.DB, stream string) iter.Seq2[pulled, error] {
	return func(yield func(pulled, error) bool) {
		for after := ""; ; {
			page, err := db.Lists.Entries(ctx, stream, after, entriesAtOnce)
			if err != nil {
				yield(pulled{}, err)
				return
			}
			for _, e := range page {
				p, err := readEntry(e)
				if !yield(p, err) || err != nil {
					return
				}
				after = e.Key
			}
			if len(page) < entriesAtOnce {
				return
			}
		}
	}
}
