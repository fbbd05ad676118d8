package jobs

import (
	"context"
	"fmt"

	"creditsync/jobs/store"
)

// passOver keeps two kinds of record from becoming missing after a full read: those that the rules exclude and whose rows
// are there, and those under keys of ours, whose rows were never anything but rows that could not be sent.
func (c *collector) passOver(ctx context.Context) error {
	if !c.full {
		return nil
	}
	err := c.eachExcluded(ctx, func(k store.Known) {
		switch {
		case synthetic(k.Key) || c.still.has(k.Ordinal):
			c.seen.set(k.Ordinal)
		case !c.seen.has(k.Ordinal):
			c.spared++
		}
	})
	if err != nil {
		return err
	}
	for after := nowhere; ; {
		keys, err := c.d.Store.Records.OpenKeys(ctx, c.stream, after, keysAtOnce)
		if err != nil {
			return fmt.Errorf("open records: %w", err)
		}
		n := 0
		for n < len(keys) && synthetic(keys[n]) {
			n++
		}
		if n == 0 {
			return nil
		}
		known, err := c.d.Store.Records.Known(ctx, c.stream, keys[:n])
		if err != nil {
			return fmt.Errorf("look-up of %d records: %w", n, err)
		}
		for _, key := range keys[:n] {
			if k, ok := known[key]; ok && !c.seen.has(k.Ordinal) {
				c.seen.set(k.Ordinal)
				c.gone = append(c.gone, departure{k, RowGone})
			}
		}
		after = keys[n-1]
	}
}

func (c *collector) eachExcluded(ctx context.Context, note func(store.Known)) error {
	f := store.Filter{Stream: c.stream, State: store.Excluded, Limit: keysAtOnce}
	for {
		page, err := c.d.Store.Records.Exceptions(ctx, f)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return nil
		}
		keys := make([]string, len(page))
		for i := range page {
			keys[i] = page[i].Key
		}
		known, err := c.d.Store.Records.Known(ctx, c.stream, keys)
		if err != nil {
			return fmt.Errorf("look-up of %d records: %w", len(keys), err)
		}
		for _, k := range known {
			note(k)
		}
		f.After = keys[len(keys)-1]
	}
}

// retire takes the records off the books of which this read found that they do not belong to the stream.
func (c *collector) retire(ctx context.Context) error {
	for len(c.gone) > 0 {
		n := min(len(c.gone), keysAtOnce)
		p := store.Page{Stream: c.stream, Read: c.read.ID}
		for i := range c.gone[:n] {
			k := &c.gone[i].Known
			p.Puts = append(p.Puts, store.Put{Key: k.Key, Known: k, Source: k.Source, Payload: k.Payload, Batch: -1,
				Exception: &store.Exception{Stream: c.stream, Key: k.Key, State: store.Excluded, Reason: c.gone[i].reason}})
		}
		if err := c.write(ctx, p); err != nil {
			return err
		}
		c.gone = c.gone[n:]
	}
	return nil
}
