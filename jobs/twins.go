package jobs

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"creditsync/jobs/store"
	"creditsync/mapping"
)

// nowhere begins the keys that we make for rows without a key of their own, and for the second and later rows of a key:
// every row of the source has to stand in the books. Records with such keys are never sent, and vanish for good when no
// read sees them any more.
const nowhere = "∅"

func synthetic(key string) bool { return strings.HasPrefix(key, nowhere) }

// Above these numbers the key of the mapping does not identify rows at all, which is a fault of the mapping.
const (
	mostTwinKeys = 1000
	mostTwinRows = 10_000
)

// admit gives the rows of a page that belong to the stream, each key once, with what is known of them. Rows without a key
// get one of ours; keys met before in the same read are set aside.
func (c *collector) admit(ctx context.Context, p *page, sifting bool) ([]*row, map[string]store.Known, error) {
	rows := c.keyed(p)
	known, err := c.known(ctx, rows)
	if err != nil {
		return nil, nil, err
	}
	clear(c.local)
	apart := len(c.twins)
	rows = slices.DeleteFunc(rows, func(r *row) bool {
		k, ok := known[r.Key]
		return !c.alone(r, k, ok, sifting)
	})
	if len(c.twins) > apart { // the first row of a pair on this page goes too
		rows = slices.DeleteFunc(rows, func(r *row) bool { _, twin := c.twins[r.Key]; return twin })
	}
	return rows, known, nil
}

// alone says that the row is the first of its key in this read and notes it as seen.
func (c *collector) alone(r *row, k store.Known, known, sifting bool) bool {
	if _, twin := c.twins[r.Key]; twin {
		return false
	}
	_, here := c.local[r.Key]
	c.local[r.Key] = struct{}{}
	fresh := !known || k.Ordinal > c.base
	twice := here || known && c.seen.has(k.Ordinal)
	switch {
	case twice && (fresh || sifting):
		c.twins[r.Key] = nil
		return false
	case here: // read again by its key: the later row is the newer
		return false
	case known && !c.full && !c.again && k.Reason == DuplicateKey:
		return false // only a read by key sees all rows of the key
	}
	if known {
		c.seen.set(k.Ordinal)
	}
	return true
}

// keyed drops excluded rows and names those without a key.
func (c *collector) keyed(p *page) []*row {
	rows := make([]*row, 0, len(p.rows))
	for i := range p.rows {
		r := &p.rows[i]
		if r.Excluded {
			continue
		}
		if strings.Trim(r.Key, mapping.KeySeparator) == "" {
			r.Key = c.named("", r)
		}
		rows = append(rows, r)
	}
	return rows
}

// named makes a key for a row that has none of its own: by its place, or by its content and how often that came.
func (c *collector) named(key string, r *row) string {
	prefix := nowhere
	if key != "" {
		prefix += key + mapping.KeySeparator
	}
	if r.place != "" {
		return prefix + r.place
	}
	c.nulls[r.Source]++
	return prefix + strconv.FormatUint(uint64(r.Source), 16) + "#" + strconv.Itoa(c.nulls[r.Source])
}

// known looks up what the store knows: nothing in a first load, except of keys that may have come before in it.
func (c *collector) known(ctx context.Context, rows []*row) (map[string]store.Known, error) {
	keys := make([]string, 0, len(rows))
	for _, r := range rows {
		if c.sieve == nil || c.sieve.add(r.Key) {
			keys = append(keys, r.Key)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	if err := c.land(); err != nil {
		return nil, err
	}
	known, err := c.d.Store.Records.Known(ctx, c.stream, keys)
	if err != nil {
		return nil, fmt.Errorf("look-up of %d records: %w", len(keys), err)
	}
	return known, nil
}

// gatherTwins reads all rows of the keys that came more than once, by key, so that each can be named with its place.
func (c *collector) gatherTwins(ctx context.Context) error {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(c.twins)) {
		if c.twins[key] == nil {
			keys = append(keys, key)
		}
	}
	if len(c.twins) > mostTwinKeys {
		return &Failure{What: KeyNotUnique, Args: []string{c.stream, strings.Join(c.spec.Registry.Key, "、"), show(keys[0])}}
	}
	glance := c.reader.glance
	c.reader.glance = false
	defer func() { c.reader.glance = glance }()
	n := 0
	for chunk := range slices.Chunk(keys, keysAtOnce) {
		_, err := c.reader.pages(ctx, c.query(chunk), func(p *page) error {
			n += len(p.rows)
			if n > mostTwinRows {
				return &Failure{What: KeyNotUnique, Args: []string{c.stream, strings.Join(c.spec.Registry.Key, "、"), show(chunk[0])}}
			}
			for i := range p.rows {
				if r := p.rows[i]; !r.Excluded {
					r.Payload, r.Faults, r.After = nil, nil, nil // buffers of the page
					c.twins[r.Key] = append(c.twins[r.Key], r)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return c.seeTwins(ctx)
}

// seeTwins marks the records of twins as seen, before the guard counts what was not.
func (c *collector) seeTwins(ctx context.Context) error {
	var rows []*row
	for key, twins := range c.twins {
		for i := range twins {
			if i > 0 && twins[i].Key == key {
				twins[i].Key = c.named(key, &twins[i])
			}
			rows = append(rows, &twins[i])
		}
	}
	known, err := c.lookUp(ctx, rows)
	for _, k := range known {
		c.seen.set(k.Ordinal)
	}
	return err
}

func (c *collector) lookUp(ctx context.Context, rows []*row) (map[string]store.Known, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	if err := c.land(); err != nil {
		return nil, err
	}
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = r.Key
	}
	known, err := c.d.Store.Records.Known(ctx, c.stream, keys)
	if err != nil {
		return nil, fmt.Errorf("look-up of %d records: %w", len(keys), err)
	}
	return known, nil
}

// commitTwins makes every row of a key that came more than once invalid: nobody can say which of them is meant. The
// first keeps the key, so that what was published under it stays known.
func (c *collector) commitTwins(ctx context.Context) error {
	for keys := range slices.Chunk(slices.Sorted(maps.Keys(c.twins)), keysAtOnce) {
		var rows []*row
		places := map[*row]string{}
		for _, key := range keys {
			if len(c.twins[key]) < 2 {
				continue // no longer twins when they were read again: the next read decides
			}
			where := c.places(key)
			for i := range c.twins[key] {
				r := &c.twins[key][i]
				rows, places[r] = append(rows, r), where
			}
		}
		known, err := c.lookUp(ctx, rows)
		if err != nil {
			return err
		}
		if err := c.write(ctx, c.twinPage(rows, places, known)); err != nil {
			return err
		}
	}
	return nil
}

// mostPlaces bounds how many places a reason names.
const mostPlaces = 5

func (c *collector) places(key string) string {
	var places []string
	for _, r := range c.twins[key] {
		if r.place != "" && len(places) < mostPlaces {
			places = append(places, r.place)
		}
	}
	return strings.Join(places, "、")
}

func (c *collector) twinPage(rows []*row, places map[*row]string, known map[string]store.Known) store.Page {
	p := store.Page{Stream: c.stream, Read: c.read.ID}
	slices.SortFunc(rows, byKey)
	for _, r := range rows {
		ex := &store.Exception{Stream: c.stream, Key: r.Key, State: store.Invalid, Reason: DuplicateKey, Due: r.due, Owner: r.Owner,
			Detail: store.Detail{Place: places[r]}}
		var k *store.Known
		if found, ok := known[r.Key]; ok {
			k = &found
		}
		if k != nil && hinder(k, r, ex, true) == skip {
			continue
		}
		p.Puts = append(p.Puts, put(k, r, ex, except))
	}
	return p
}

// show writes a key for people: the parts of a composite key side by side.
func show(key string) string { return strings.ReplaceAll(key, mapping.KeySeparator, " + ") }
