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
	at    int // index in the page
	// former is the content hash as the rules before would have read the row, old its whole record; see before.
	former int64
	old    *mapping.Record
}

// page is some rows on their way from the reader to the committer. Its buffers are used again for later pages.
type page struct {
	rows  []row
	raw   []mapping.Row // the registry's own rows, kept while the records are only glanced at
	cells []string
}

// keep copies rows, whose slices are the registry's own.
func (p *page) keep(rows []mapping.Row) {
	p.raw, p.cells = append(p.raw[:0], rows...), p.cells[:0]
	for i := range p.raw {
		p.raw[i] = p.copied(p.raw[i])
	}
}

func (p *page) copied(r mapping.Row) mapping.Row {
	from := len(p.cells)
	p.cells = append(p.cells, r.Cells...)
	r.Cells = p.cells[from:len(p.cells):len(p.cells)]
	r.Faults = slices.Clone(r.Faults)
	r.Items = slices.Clone(r.Items)
	for i := range r.Items {
		r.Items[i] = p.copied(r.Items[i])
	}
	return r
}

// pagesInFlight bounds the memory of a read: one page is filled, one waits, one is committed.
const pagesInFlight = 3

// reader turns a registry's rows into records. Reading and mapping go on beside what is done with the pages.
type reader struct {
	registry connector.Registry
	plan     *mapping.Plan
	rules    *Rules
	limit    *mapping.Deadline
	memo     []map[mapping.Date]mapping.Date // due day by start day, one a worker
	// glance: only key, content hash and exclusion are worked out; apply does the rest for the rows that need it.
	glance bool
	raw    bool    // the registry's own rows are kept beside the records
	before *before // the rules of the last read, where they read otherwise; nil: none
	beside *before // the rules that a rehearsal compares with; nil: none
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
	if r.before != nil {
		q = r.before.ask(q)
	}
	if r.beside != nil {
		q = r.beside.ask(q)
	}
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
	if err := r.take(rows, p); err != nil {
		return err
	}
	select {
	case full <- p:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *reader) take(rows []mapping.Row, p *page) error {
	p.rows = slices.Grow(p.rows[:0], len(rows))[:len(rows)]
	if r.glance || r.raw {
		p.keep(rows)
	}
	return r.parallel(len(rows), func(i, worker int) {
		out := &p.rows[i]
		out.place, out.at, out.due, out.former, out.old = rows[i].Place, i, 0, 0, nil
		if r.glance {
			r.plan.Glance(rows[i], &out.Record)
			return
		}
		from := rows[i]
		if r.before != nil {
			next, old := r.before.split(rows[i])
			from, out.former = next, r.before.hash(old)
		}
		if r.beside != nil {
			next, old := r.beside.split(rows[i])
			from, out.old = next, r.beside.record(old)
		}
		r.plan.Apply(from, &out.Record)
		out.due = r.due(out.Starts, r.memo[worker])
	})
}

// apply maps those rows of a page in full that were only glanced at.
func (r *reader) apply(p *page, rows []*row) error {
	return r.parallel(len(rows), func(i, worker int) {
		out, key := rows[i], rows[i].Key
		r.plan.Apply(p.raw[out.at], &out.Record)
		out.Key = key // it may be one of ours
		out.due = r.due(out.Starts, r.memo[worker])
	})
}

// parallel does n things, on all processors if there are enough of them. A panic of one comes back as its error.
func (r *reader) parallel(n int, do func(i, worker int)) error {
	workers := min(len(r.memo), n/64+1)
	var g errgroup.Group
	for w := range workers {
		from, to := w*n/workers, (w+1)*n/workers
		g.Go(func() error {
			return caught(func() error {
				for i := from; i < to; i++ {
					do(i, w)
				}
				return nil
			})
		})
	}
	return g.Wait()
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
