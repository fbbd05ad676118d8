package jobs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"creditsync/connector"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// defaultRows is how many records a batch holds when the profile does not say.
const defaultRows = 500

// collector is one read of one stream while it lasts.
type collector struct {
	d      Deps
	run    *running
	stream string
	rules  *Rules
	spec   mapping.Spec
	reader *reader
	former former
	rows   int64
	source int64 // rows expected, -1 if unknown

	last  store.Read // the last completed read
	read  store.Read
	since mark
	full  bool
	first bool // the stream had no record before this read
	again bool // rows are read a second time in the same read: they were counted

	base     int64  // ordinals taken before this read
	seen     bitset // ordinals seen by this read
	sieve    *sieve // keys of a first load
	excluded int64
	extent   extent
	pending  string // guard of a read that is held, "" if none

	local map[string]struct{} // keys of the page at hand
	nulls map[int64]int       // rows without a key and without a place, by content
	twins map[string][]row    // keys met more than once, with their rows once these were gathered
	gone  []departure         // records that leave the stream by this read, full reads apart

	outside bitset              // full read: ordinals of records whose rows are there and excluded
	still   bitset              // full read: ordinals of records that were excluded before and whose rows are there
	spared  int64               // excluded records whose rows are gone: they leave nothing, and do not trip the guard
	leavers map[string]struct{} // incremental read: keys of such rows, until they are read again

	flight *flight // the commit that is on its way, nil if there is none
	lost   error   // why one failed whose page is gone
}

func newCollector(ctx context.Context, d Deps, r *running, stream string, full bool) (*collector, error) {
	rules := d.Rules()
	plan, registry, err := d.pushed(rules, stream)
	if err != nil {
		return nil, err
	}
	c := &collector{d: d, run: r, stream: stream, rules: rules, spec: plan.Spec(), reader: newReader(registry, plan, rules),
		local: map[string]struct{}{}, nulls: map[int64]int{}, twins: map[string][]row{}}
	if err := c.route(); err != nil {
		return nil, err
	}
	if err := c.recall(ctx, full); err != nil {
		return nil, err
	}
	if err := c.lookBack(ctx, registry); err != nil {
		return nil, err
	}
	return c, c.measure(ctx, registry)
}

// lookBack finds the rules of the last read, if the mapping reads other columns since, and whether a person let what is
// published go again.
func (c *collector) lookBack(ctx context.Context, registry connector.Registry) error {
	if c.former.standing.sameRules || c.first || c.since.rules == 0 {
		return nil
	}
	upTo := c.rules.Version
	if upTo == 0 { // a rehearsal: whatever was confirmed by now
		upTo = math.MaxInt64
	}
	resend, err := c.d.Store.Rules.Resends(ctx, c.since.rules, upTo)
	if err != nil {
		return fmt.Errorf("confirmations: %w", err)
	}
	c.former.standing.resend = resend
	old, ok, err := c.d.oldPlan(ctx, c.since.rules, c.stream)
	if err != nil || !ok {
		return err
	}
	b := newBefore(old, c.reader.plan, nil)
	if b == nil || b.sameReading(c.reader.plan) {
		return nil
	}
	readable, err := b.readable(ctx, registry, c.query(nil))
	if readable {
		c.reader.before = b
	}
	return err
}

// oldPlan compiles a stream's mapping of an older version; ok is false if that version can no longer be built.
func (d Deps) oldPlan(ctx context.Context, version int64, stream string) (*mapping.Plan, bool, error) {
	v, err := d.Store.Rules.Get(ctx, version)
	if errors.Is(err, store.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("rules of the last read: %w", err)
	}
	rules, faults := BuildRules(v.Files)
	if len(faults) > 0 {
		return nil, false, nil // a newer program refuses what an older one took
	}
	plan, ok := rules.Plan(stream)
	return plan, ok && plan.Spec().Direction == mapping.Push, nil
}

// pushed finds what a push stream is read with.
func (d Deps) pushed(rules *Rules, stream string) (*mapping.Plan, connector.Registry, error) {
	plan, ok := rules.Plan(stream)
	if !ok {
		return nil, nil, &Failure{What: NoSuchStream, Args: []string{stream}}
	}
	spec := plan.Spec()
	if spec.Direction != mapping.Push {
		return nil, nil, &Failure{What: WrongDirection, Args: []string{stream, string(spec.Direction)}}
	}
	registry, ok := d.Registries[spec.Registry.Database]
	if !ok {
		return nil, nil, &Failure{What: NoSuchRegistry, Args: []string{stream, spec.Registry.Database}}
	}
	return plan, registry, nil
}

// route resolves every channel the mapping may send to before the first row is read.
func (c *collector) route() error {
	rows := map[string]int{}
	names := []string{""}
	for _, r := range c.spec.Route {
		names = append(names, r.To)
	}
	for _, name := range names {
		ch, ok := c.d.Channels[c.d.channel(name)]
		if !ok {
			return &Failure{What: NoSuchChannel, Args: []string{c.stream, c.d.channel(name)}}
		}
		res, ok := ch.Resource(c.spec.Resource)
		if !ok {
			return &Failure{What: NoSuchResource, Args: []string{c.stream, c.spec.Resource, c.d.channel(name)}}
		}
		rows[c.d.channel(name)] = res.MaxRows
		if res.MaxRows <= 0 {
			rows[c.d.channel(name)] = defaultRows
		}
	}
	c.former = former{stream: c.stream, resource: c.spec.Resource, rules: c.rules.Version,
		route: func(channel string) (string, int) { return c.d.channel(channel), rows[c.d.channel(channel)] }}
	if c.spec.Answers != nil {
		c.former.answers = c.spec.Answers.Stream
	}
	return nil
}

// recall asks the store how far earlier reads came.
func (c *collector) recall(ctx context.Context, full bool) error {
	last, ok, err := c.d.Store.Reads.Last(ctx, c.stream)
	if err != nil {
		return fmt.Errorf("last read: %w", err)
	}
	latest, _, err := c.d.Store.Reads.Latest(ctx, c.stream)
	if err != nil {
		return fmt.Errorf("latest read: %w", err)
	}
	if latest.ID > last.ID {
		c.pending = latest.Guard
	}
	c.last, c.since = last, parseMark(last.Cursor)
	doubt, err := c.d.Store.Epochs.Doubt(ctx)
	if err != nil {
		return err
	}
	c.former.standing = standing{sameRules: ok && c.since.rules == c.rules.Version, doubt: doubt[c.stream]}
	c.full = full || doubt[c.stream] || !c.former.standing.sameRules || c.since.at == "" || c.spec.Registry.Changed == nil
	if c.first, err = c.d.Store.Records.Empty(ctx, c.stream); err != nil {
		return fmt.Errorf("look at the records: %w", err)
	}
	c.reader.glance = c.former.standing.sameRules && !c.first
	if c.base, err = c.d.Store.Records.Ordinals(ctx, c.stream); err != nil {
		return fmt.Errorf("look at the records: %w", err)
	}
	return nil
}

func (c *collector) measure(ctx context.Context, registry connector.Registry) error {
	c.source = c.last.Source
	if c.first {
		n, err := registry.Count(ctx, c.spec.Registry)
		if err != nil {
			return fmt.Errorf("count of %s: %w", c.stream, err)
		}
		c.source, c.sieve = n, newSieve(n)
		return nil
	}
	b, err := c.d.Store.Records.Balance(ctx, c.stream)
	if err != nil {
		return fmt.Errorf("balance: %w", err)
	}
	for state, n := range b.States {
		if state != store.Missing {
			c.extent.Present += n
		}
	}
	c.extent.Present -= c.last.Excluded
	return nil
}

func (c *collector) query(keys []string) connector.Query {
	plan := c.reader.plan
	q := connector.Query{Source: c.spec.Registry, Columns: plan.Columns(), Items: c.spec.Items, Keys: keys, PageRows: pageRows}
	if c.spec.Items != nil {
		q.ItemColumns = plan.ItemColumns()
	}
	if !c.full && keys == nil {
		q.Since = c.since.at
	}
	return q
}

// note counts a page that was read for the first time.
func (c *collector) note(p *page) {
	c.rows += int64(len(p.rows))
	for i := range p.rows {
		if p.rows[i].Excluded {
			c.excluded++
		}
	}
	c.d.progress(JobCollect, c.stream, c.rows, c.source)
}

// sift keeps of a page what may change something and spools it for after the guard.
func (c *collector) sift(ctx context.Context, p *page, s *spool) error {
	if err := c.noteLeavers(ctx, p); err != nil {
		return err
	}
	rows, known, err := c.admit(ctx, p, true)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if k, ok := known[r.Key]; ok && !c.again && k.State != store.Missing && !r.unchanged(&k) {
			c.extent.Changed++
		}
	}
	rows = slices.DeleteFunc(rows, func(r *row) bool {
		k, ok := known[r.Key]
		return ok && (c.settled(&k, r) || c.unmoved(&k, r))
	})
	if c.reader.glance {
		if err := c.reader.apply(p, rows); err != nil {
			return err
		}
	}
	for _, r := range rows {
		if err := s.add(r); err != nil {
			return err
		}
	}
	return nil
}

// settled says that a row whose content and rules are those of the last read changes nothing, and need not be mapped.
func (c *collector) settled(k *store.Known, r *row) bool {
	if !c.former.standing.sameRules || k.Source != r.Source || k.Reason == DuplicateKey {
		return false
	}
	switch k.State {
	case store.Missing, store.Excluded:
		return false
	case store.Waiting:
		return k.Reason == ""
	}
	return true
}

// unmoved says the same of a row that was mapped in full, by other rules than the last read.
func (c *collector) unmoved(k *store.Known, r *row) bool {
	switch {
	case c.reader.glance:
		return false
	case r.unchanged(k) && published(k.State) && !c.former.standing.resend:
		return dated(k, r) == skip
	case len(r.After) > 0:
		return false // what it waits for is asked for when it is committed
	}
	return classify(k, r, obstacle(c.stream, r, nil), c.former.standing) == skip
}

// commit makes a page's changes, with the lanes that deliver them, in one transaction.
func (c *collector) commit(ctx context.Context, p *page) error {
	rows, known, err := c.admit(ctx, p, false)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		parents, err := c.parents(ctx, rows)
		if err != nil {
			return err
		}
		err = c.write(ctx, c.former.form(rows, known, parents))
		if c.lost != nil || !errors.Is(err, store.ErrStale) || attempt == commitAttempts {
			return err
		}
		// A lane or another daemon moved one of these records since they were looked up.
		if known, err = c.lookUp(ctx, rows); err != nil {
			return err
		}
	}
}

// commitAttempts is how often a page is classified anew when its records move meanwhile.
const commitAttempts = 5

func (c *collector) tally(p store.Page) {
	for i := range p.Puts {
		switch put := &p.Puts[i]; {
		case put.Exception != nil:
			c.run.count(string(put.Exception.State), 1)
		case put.Batch >= 0:
			c.run.count("outgoing", 1)
		}
		if p.Puts[i].Known == nil {
			c.run.count("new", 1)
		}
	}
	c.run.count("deliveries", int64(len(p.Deliveries)))
}

// lanes asks the engine for lanes, as many as the page can keep busy.
func (c *collector) lanes(ctx context.Context, tx *store.Tx, deliveries []store.NewDelivery) error {
	ready := map[string]int{}
	for _, d := range deliveries {
		ready[d.Channel]++
	}
	for channel, n := range ready {
		if err := c.d.lanes(ctx, tx, channel, n); err != nil {
			return err
		}
	}
	return nil
}

// parents looks up the records that these wait for, one statement a stream.
func (c *collector) parents(ctx context.Context, rows []*row) (map[mapping.Dependency]store.Known, error) {
	keys := map[string][]string{}
	asked := map[mapping.Dependency]struct{}{}
	for _, r := range rows {
		for _, dep := range r.After {
			if _, ok := asked[dep]; ok || dep.Key == "" {
				continue
			}
			asked[dep] = struct{}{}
			keys[dep.Stream] = append(keys[dep.Stream], dep.Key)
		}
	}
	found := make(map[mapping.Dependency]store.Known, len(asked))
	if _, own := keys[c.stream]; own {
		if err := c.land(); err != nil {
			return nil, err
		}
	}
	for stream, names := range keys {
		states, err := c.d.Store.Records.States(ctx, stream, names)
		if err != nil {
			return nil, fmt.Errorf("state of %s: %w", stream, err)
		}
		for key, k := range states {
			found[mapping.Dependency{Stream: stream, Key: key}] = k
		}
	}
	return found, nil
}
