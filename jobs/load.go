package jobs

import (
	"context"
	"errors"
	"fmt"

	"creditsync/connector"
	"creditsync/jobs/store"
)

// load takes a first load page by page as it is read. While a page is committed, the next is read, mapped and compressed.
func (c *collector) load(ctx context.Context) (sum connector.Summary, err error) {
	defer func() { err = errors.Join(err, c.land()) }()
	sum, err = c.reader.pages(ctx, c.query(nil), func(p *page) error {
		c.note(p)
		return c.commit(ctx, p)
	})
	if err != nil {
		return sum, err
	}
	if err := c.gatherTwins(ctx); err != nil {
		return sum, err
	}
	return sum, c.commitTwins(ctx)
}

// flight is the commit of a page beside the work on the next.
type flight struct {
	done     chan struct{}
	page     store.Page
	ordinals []int64
	err      error
}

// aloft is how many records of a first load make a page worth leaving on its way: behind one, more are likely.
const aloft = 1000

// write commits a page. In a first load a large one is left on its way: nobody else changes the stream's records then, so
// that it need not be classified again.
func (c *collector) write(ctx context.Context, p store.Page) error {
	if len(p.Puts) == 0 && len(p.Touched) == 0 {
		return nil
	}
	p.Rows = c.rows
	w, err := c.d.Store.Records.Prepare(ctx, p)
	if err != nil {
		return fmt.Errorf("commit of a page: %w", err)
	}
	if err := c.land(); err != nil {
		return err
	}
	f := &flight{done: make(chan struct{}), page: p}
	c.flight = f
	if c.first && len(p.Puts) >= aloft {
		go c.fly(ctx, f, w)
		return nil
	}
	c.fly(ctx, f, w)
	c.flight = nil
	return c.landed(f)
}

func (c *collector) fly(ctx context.Context, f *flight, w *store.Prepared) {
	defer close(f.done)
	f.err = caught(func() (err error) {
		f.ordinals, err = w.Commit(ctx, func(tx *store.Tx) error { return c.lanes(ctx, tx, f.page.Deliveries) })
		return err
	})
}

// land waits for the commit that is on its way. That it failed is said once, and ends the read.
func (c *collector) land() error {
	f := c.flight
	if f == nil {
		return nil
	}
	c.flight = nil
	<-f.done
	c.lost = c.landed(f)
	return c.lost
}

func (c *collector) landed(f *flight) error {
	if f.err != nil {
		return fmt.Errorf("commit of a page: %w", f.err)
	}
	for i, o := range f.ordinals {
		if f.page.Puts[i].Known == nil {
			c.seen.set(o)
		}
	}
	c.tally(f.page)
	return nil
}
