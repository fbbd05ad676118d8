package jobs

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"creditsync/jobs/store"
)

// A row may stay in the registry and leave the stream, because it changed or because the rules did. Its record becomes
// excluded, not missing: what is published stays untouched, and what has not gone yet goes no more. A key may have several
// rows, of which one belongs: then nothing has left.

// departure is a record that leaves the stream.
type departure struct {
	store.Known
	reason string
}

// mostLeavers bounds what an incremental read remembers; with more, a full read sorts them out in less memory.
const mostLeavers = 10_000

// noteLeavers finds the records of excluded rows.
func (c *collector) noteLeavers(ctx context.Context, p *page) error {
	var keys []string
	for i := range p.rows {
		if r := &p.rows[i]; r.Excluded && r.Key != "" {
			keys = append(keys, r.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	known, err := c.d.Store.Records.Known(ctx, c.stream, keys)
	if err != nil {
		return fmt.Errorf("look-up of %d records: %w", len(keys), err)
	}
	for key, k := range known {
		switch {
		case c.full && k.State == store.Excluded:
			c.still.set(k.Ordinal)
		case c.full:
			c.outside.set(k.Ordinal)
		case k.State == store.Excluded:
		default:
			if c.leavers == nil {
				c.leavers = map[string]struct{}{}
			}
			if len(c.leavers) <= mostLeavers {
				c.leavers[key] = struct{}{}
			}
		}
	}
	return nil
}

// gatherLeavers ends an incremental read's look at excluded rows: the keys are read again, and those of which no row
// belongs have left. They count as changed, for the guard.
func (c *collector) gatherLeavers(ctx context.Context) error {
	if len(c.leavers) == 0 || len(c.leavers) > mostLeavers {
		return nil
	}
	for keys := range slices.Chunk(slices.Sorted(maps.Keys(c.leavers)), keysAtOnce) {
		_, err := c.reader.pages(ctx, c.query(keys), func(p *page) error {
			for i := range p.rows {
				if r := &p.rows[i]; !r.Excluded {
					delete(c.leavers, r.Key)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		known, err := c.d.Store.Records.Known(ctx, c.stream, keys)
		if err != nil {
			return fmt.Errorf("look-up of %d records: %w", len(keys), err)
		}
		for _, key := range keys {
			if _, left := c.leavers[key]; left {
				c.gone = append(c.gone, departure{known[key], OutsideStream})
				c.extent.Changed++
			}
		}
	}
	return nil
}

// depart marks after a full read what it did not see.
func (c *collector) depart(ctx context.Context) error {
	var outside func(int64) bool
	if len(c.outside) > 0 {
		outside = c.outside.has
	}
	missing, excluded, err := c.d.Store.Records.Departed(ctx, c.stream, c.read.ID, c.seen.has, outside)
	if err != nil {
		return fmt.Errorf("missing rows: %w", err)
	}
	c.run.count("missing", missing)
	c.run.count("left", excluded)
	return nil
}
