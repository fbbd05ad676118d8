package jobs

import (
	"context"
	"fmt"
	"slices"

	"creditsync/jobs/store"
	"creditsync/mapping"
)

// Rehearsal is what the next full collect of one stream would do by given rules, if nothing else moved meanwhile. It
// comes from the collector's own decisions, and nothing is written.
type Rehearsal struct {
	Stream   string `json:"stream"`
	Title    string `json:"title"`
	Rows     int64  `json:"rows"` // read, with the excluded
	Excluded int64  `json:"excluded"`
	// First sends, later versions of what the platform holds, and how many records are new to the books.
	Sent    int64 `json:"sent"`
	Again   int64 `json:"sent_again"`
	New     int64 `json:"new"`
	Missing int64 `json:"missing"` // records whose row is there no more, or no longer belongs to the stream
	// States is how many records stand where afterwards.
	States map[store.State]int64 `json:"states"`
	// Held is the guard's reason to hold the read until a person releases it, "" if it lets it pass.
	Held     string       `json:"held,omitempty"`
	Earliest mapping.Date `json:"-"` // earliest last day among what goes out or is hindered anew
	Due      string       `json:"earliest_due,omitempty"`
	Contrast *Contrast    `json:"contrast,omitempty"`
	Causes   []Cause      `json:"causes,omitempty"` // of the invalid rows
}

// rehearsal is a collector whose pages are counted where they would be committed.
type rehearsal struct {
	*collector
	out    Rehearsal
	fresh  *sieve              // keys the store does not know
	alone  map[string]struct{} // keys that the sieve took for twins and that are none
	back   int64               // missing records whose row is there again
	found  map[int64]struct{}  // missing records whose row is there again and does not belong to the stream
	causes causes
	look   *contrasting
}

// rehearse walks a stream as collect would by the rules of d.
func rehearse(ctx context.Context, d Deps, stream string, old *mapping.Plan, resend bool, look *contrasting) (Rehearsal, error) {
	c, err := newCollector(ctx, d, &running{d: d, run: store.Run{Counts: map[string]int64{}}}, stream, true)
	if err != nil {
		return Rehearsal{}, err
	}
	c.full, c.reader.glance = true, false
	c.former.standing.resend = c.former.standing.resend || resend
	if err := c.compare(ctx, old); err != nil {
		return Rehearsal{}, err
	}
	r := &rehearsal{collector: c, alone: map[string]struct{}{}, look: look}
	for {
		n := len(c.twins)
		if err := r.walk(ctx); err != nil {
			return r.out, err
		}
		if len(c.twins) == n {
			return r.out, r.close(ctx)
		}
		if err := c.gatherTwins(ctx); err != nil {
			return r.out, err
		}
		for key, rows := range c.twins {
			if len(rows) < 2 {
				delete(c.twins, key)
				r.alone[key] = struct{}{}
			}
		}
	}
}

// compare lets the reader run the old mapping beside the new one, where the registry still has what both read.
func (c *collector) compare(ctx context.Context, old *mapping.Plan) error {
	if old == nil {
		return nil
	}
	b := newBefore(old, c.reader.plan, c.reader.before)
	if b == nil {
		return nil
	}
	readable, err := b.readable(ctx, c.reader.registry, c.query(nil))
	if readable {
		c.reader.beside = b
	}
	return err
}

// walk is one pass over all rows. Twins that are known by now are left out of it.
func (r *rehearsal) walk(ctx context.Context) error {
	n, err := r.reader.registry.Count(ctx, r.spec.Registry)
	if err != nil {
		return fmt.Errorf("count of %s: %w", r.stream, err)
	}
	r.source, r.fresh, r.sieve, r.base = n, newSieve(n), nil, -1
	r.rows, r.excluded, r.back, r.seen, r.outside, r.found, r.extent.Changed = 0, 0, 0, nil, nil, nil, 0
	r.still, r.spared, r.gone = nil, 0, nil
	r.causes = causes{}
	clear(r.nulls)
	r.out = Rehearsal{Stream: r.stream, Title: r.rules.Title(r.stream), States: map[store.State]int64{}}
	if r.look != nil {
		r.look.begin()
	}
	_, err = r.reader.pages(ctx, r.query(nil), func(p *page) error {
		r.note(p)
		if r.look != nil {
			r.look.left(p)
		}
		return r.take(ctx, p)
	})
	return err
}

func (r *rehearsal) take(ctx context.Context, p *page) error {
	if err := r.leave(ctx, p); err != nil {
		return err
	}
	rows, known, err := r.admit(ctx, p, true)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(x *row) bool {
		if _, ok := known[x.Key]; ok {
			return false
		}
		if _, ok := r.alone[x.Key]; ok {
			return false
		}
		if r.fresh.add(x.Key) {
			r.twins[x.Key] = nil
			return true
		}
		return false
	})
	parents, err := r.parents(ctx, rows)
	if err != nil {
		return err
	}
	r.settle(rows, known, r.former.form(rows, known, parents))
	if r.look != nil {
		return r.look.look(rows, known)
	}
	return nil
}

// leave notes the records of excluded rows: they leave the stream, and are not missing.
func (r *rehearsal) leave(ctx context.Context, p *page) error {
	if err := r.noteLeavers(ctx, p); err != nil {
		return err
	}
	var keys []string
	for i := range p.rows {
		if x := &p.rows[i]; x.Excluded && x.Key != "" {
			keys = append(keys, x.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	known, err := r.d.Store.Records.Known(ctx, r.stream, keys)
	if err != nil {
		return fmt.Errorf("look-up of %d records: %w", len(keys), err)
	}
	for _, k := range known {
		if k.State == store.Missing {
			if r.found == nil {
				r.found = map[int64]struct{}{}
			}
			r.found[k.Ordinal] = struct{}{}
		}
	}
	return nil
}

// settle counts where the records of a page stand once it is committed.
func (r *rehearsal) settle(rows []*row, known map[string]store.Known, p store.Page) {
	for _, x := range rows {
		r.causes.add(x)
		k, ok := known[x.Key]
		switch {
		case !ok:
			r.out.New++
			continue
		case k.State == store.Missing:
			r.back++
		case !x.unchanged(&k):
			r.extent.Changed++
		}
		r.out.States[k.State]++
	}
	for i := range p.Puts {
		r.put(&p.Puts[i])
	}
	for i := range p.Deliveries {
		for j := range p.Deliveries[i].Lines {
			if p.Deliveries[i].Lines[j].Op == "I" {
				r.out.Sent++
			} else {
				r.out.Again++
			}
		}
	}
}

func (r *rehearsal) put(p *store.Put) {
	if p.Known != nil {
		r.out.States[p.Known.State]--
	}
	r.out.States[after(p)]++
	if due := p.Due; (p.Batch >= 0 || p.Exception != nil) && due != 0 && (r.out.Earliest == 0 || due < r.out.Earliest) {
		r.out.Earliest = due
	}
}

// after is the state that a put leaves its record in.
func after(p *store.Put) store.State {
	switch k := p.Known; {
	case p.Exception != nil:
		return p.Exception.State
	case p.Batch >= 0:
		return store.Waiting
	case k.Carrier != "" && !fromPlatform(k):
		return k.Carrier
	default:
		return k.State
	}
}

// fromPlatform says that what stands for the record is the platform's word, which a page leaves alone.
func fromPlatform(k *store.Known) bool { return k.State == store.Rejected || published(k.State) }

// close adds the rows whose key came twice and the records whose row did not come.
func (r *rehearsal) close(ctx context.Context) error {
	if err := r.seeTwins(ctx); err != nil {
		return err
	}
	if err := r.pairs(ctx); err != nil {
		return err
	}
	if err := r.passOver(ctx); err != nil {
		return err
	}
	unseen, err := r.d.Store.Records.CountUnseen(ctx, r.stream, r.seen.has)
	if err != nil {
		return fmt.Errorf("count of missing rows: %w", err)
	}
	missing, err := r.d.Store.Records.CountUnseen(ctx, r.stream, func(o int64) bool { return r.seen.has(o) || r.outside.has(o) })
	if err != nil {
		return fmt.Errorf("count of missing rows: %w", err)
	}
	for ordinal := range r.found {
		if !r.seen.has(ordinal) {
			r.back++
		}
	}
	b, err := r.d.Store.Records.Balance(ctx, r.stream)
	if err != nil {
		return fmt.Errorf("balance: %w", err)
	}
	r.extent.Unseen = unseen - r.spared
	if !r.first {
		r.out.Held = r.extent.trips(r.d.guard())
	}
	r.out.Rows, r.out.Excluded, r.out.Missing = r.rows, r.excluded, missing
	r.out.States[store.Missing] = b.States[store.Missing] - r.back + missing
	r.out.States[store.Excluded] = r.excluded
	for state, n := range r.out.States {
		if n == 0 {
			delete(r.out.States, state)
		}
	}
	if r.out.Earliest != 0 {
		r.out.Due = r.out.Earliest.String()
	}
	r.out.Causes = r.causes.list()
	return nil
}

// pairs counts the rows of keys that came more than once: every one of them becomes invalid.
func (r *rehearsal) pairs(ctx context.Context) error {
	for key, twins := range r.twins {
		var rows []*row
		for i := range twins {
			rows = append(rows, &twins[i])
			r.causes.twin(key, &twins[i])
		}
		known, err := r.lookUp(ctx, rows)
		if err != nil {
			return err
		}
		r.out.States[store.Invalid] += int64(len(rows))
		for _, x := range rows {
			if k, ok := known[x.Key]; !ok {
				r.out.New++
			} else if k.State == store.Missing {
				r.back++
			}
		}
	}
	return nil
}
