package jobs

import (
	"context"
	"runtime"
	"slices"

	"creditsync/connector"
	"creditsync/mapping"

	"golang.org/x/sync/errgroup"
)

// row is one row of a registry as the mapping sees it.
type row struct {
	mapping.Record
	place string
	due   mapping.Date
}

// page is some rows on their way from the reader to the committer. Its buffers are used again for later pages.
type page struct{ rows []row }

// pagesInFlight bounds the memory of a read: one page is filled, one waits, one is committed.
const pagesInFlight = 3

// reader turns a registry's rows into records. Reading and mapping go on beside what is done with the pages.
type reader struct {
	registry connector.Registry
	plan     *mapping.Plan
	rules    *Rules
	limit    *mapping.Deadline
	memo     []map[mapping.Date]mapping.Date // due day by start day, one a worker
}

func newReader(registry connector.Registry, plan *mapping.Plan, rules *Rules) *reader {
	spec := plan.Spec()
	r := &reader{registry: registry, plan: plan, rules: rules, limit: spec.Deadline}
	for range runtime.GOMAXPROCS(0) {
		r.memo = append(r.memo, map[mapping.Date]mapping.Date{})
	}
	return r
}

// pages reads what q asks for and hands each page to use, on the caller's goroutine and in order. The page is valid until
// use returns. An error of use ends the read and is returned as it is.
func (r *reader) pages(ctx context.Context, q connector.Query, use func(p *page) error) (connector.Summary, error) {
	ctx, cancel := context.WithCancel(ctx)
	free, full := make(chan *page, pagesInFlight), make(chan *page, 1)
	for range pagesInFlight {
		free <- new(page)
	}
	var sum connector.Summary
	var readErr error
	go func() {
		defer close(full)
		readErr = caught(func() (err error) {
			sum, err = r.registry.Read(ctx, q, func(rows []mapping.Row) error { return r.fill(ctx, rows, free, full) })
			return err
		})
	}()
	defer func() {
		cancel()
		for range full { // wait for the reader, whatever became of use
		}
	}()
	for p := range full {
		if err := use(p); err != nil {
			return sum, err
		}
		free <- p
	}
	return sum, readErr
}

func (r *reader) fill(ctx context.Context, rows []mapping.Row, free, full chan *page) error {
	var p *page
	select {
	case p = <-free:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := r.apply(rows, p); err != nil {
		return err
	}
	select {
	case full <- p:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// apply maps the rows, on all processors if there are enough of them.
func (r *reader) apply(rows []mapping.Row, p *page) error {
	p.rows = slices.Grow(p.rows[:0], len(rows))
	p.rows = p.rows[:len(rows)]
	workers := min(len(r.memo), len(rows)/64+1)
	var g errgroup.Group
	for w := range workers {
		from, to := w*len(rows)/workers, (w+1)*len(rows)/workers
		g.Go(func() error {
			return caught(func() error {
				r.span(rows[from:to], p.rows[from:to], r.memo[w])
				return nil
			})
		})
	}
	return g.Wait()
}

func (r *reader) span(in []mapping.Row, out []row, memo map[mapping.Date]mapping.Date) {
	for i := range in {
		r.plan.Apply(in[i], &out[i].Record)
		out[i].place = in[i].Place
		out[i].due = r.due(out[i].Starts, memo)
	}
}

func (r *reader) due(starts mapping.Date, memo map[mapping.Date]mapping.Date) mapping.Date {
	if r.limit == nil || starts == 0 {
		return 0
	}
	due, ok := memo[starts]
	if !ok {
		due = r.rules.due(r.limit, starts)
		memo[starts] = due
	}
	return due
}
