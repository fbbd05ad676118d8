package jobs

import (
	"bytes"
	"slices"

	"creditsync/jobs/store"
	"creditsync/mapping"

	"github.com/go-json-experiment/json/jsontext"
)

// Contrast sets the rules before beside the new ones, row by row.
type Contrast struct {
	Same      int64 `json:"same"`
	Changed   int64 `json:"changed"`           // both can be sent, with another content
	Published int64 `json:"changed_published"` // of these, on the platform already
	Broken    int64 `json:"become_invalid"`
	Mended    int64 `json:"become_valid"`
	In        int64 `json:"come_in"` // belong to the stream only by the new rules
	Out       int64 `json:"go_out"`
	Standing  int64 `json:"standing"` // readiness, withholding, channel or limit changes
	// Broke are the causes of Broken, Fields how often each field changed.
	Broke   []Cause          `json:"become_invalid_causes,omitempty"`
	Fields  map[string]int64 `json:"fields,omitempty"`
	Samples []Difference     `json:"samples,omitempty"`
}

// Difference is one field that the two rules send otherwise.
type Difference struct {
	Key       string `json:"key"`
	Field     string `json:"field"`
	Old       string `json:"old"`
	New       string `json:"new"`
	Published bool   `json:"published"`
}

// mostSamples is how many differences an impact shows by itself.
const mostSamples = 20

type contrasting struct {
	Contrast
	broke causes
	tell  func(Difference) error // gets every difference; nil: nobody

	compared bool
}

// begin forgets what an earlier walk over the rows saw.
func (c *contrasting) begin() {
	*c = contrasting{broke: causes{}, tell: c.tell, Contrast: Contrast{Fields: map[string]int64{}}}
}

func (c *contrasting) look(rows []*row, known map[string]store.Known) error {
	for _, r := range rows {
		if r.old == nil {
			continue
		}
		c.compared = true
		k, ok := known[r.Key]
		if err := c.row(r, ok && published(k.State)); err != nil {
			return err
		}
	}
	return nil
}

// left notes the rows of a page that the new rules exclude and the old did not.
func (c *contrasting) left(p *page) {
	for i := range p.rows {
		if r := &p.rows[i]; r.Excluded && r.old != nil && !r.old.Excluded {
			c.Out++
		}
	}
}

func (c *contrasting) row(r *row, published bool) error {
	old := r.old
	switch {
	case old.Excluded:
		c.In++
		return nil
	case len(old.Faults) == 0 && len(r.Faults) > 0:
		c.Broken++
		c.broke.add(r)
		return nil
	case len(old.Faults) > 0 && len(r.Faults) == 0:
		c.Mended++
		return nil
	case len(r.Faults) > 0:
		c.Same++
		return nil
	}
	if stands(old, &r.Record) {
		c.Standing++
	}
	if old.Hash == r.Hash {
		c.Same++
		return nil
	}
	c.Changed++
	if published {
		c.Published++
	}
	return c.fields(r, published)
}

// stands says that what surrounds the payload changes.
func stands(a, b *mapping.Record) bool {
	return a.Ready != b.Ready || (a.Withheld == nil) != (b.Withheld == nil) || a.Channel != b.Channel || a.Starts != b.Starts
}

func (c *contrasting) fields(r *row, published bool) error {
	names, old := members(r.old.Payload)
	more, next := members(r.Payload)
	for _, name := range more {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if bytes.Equal(old[name], next[name]) {
			continue
		}
		c.Fields[name]++
		d := Difference{Key: mapping.Shown(show(r.Key)), Field: name, Old: plain(old[name]), New: plain(next[name]), Published: published}
		if len(c.Samples) < mostSamples {
			c.Samples = append(c.Samples, d)
		}
		if c.tell != nil {
			if err := c.tell(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// members are the members of a JSON object, in their order.
func members(object []byte) (names []string, values map[string]jsontext.Value) {
	values = map[string]jsontext.Value{}
	d := jsontext.NewDecoder(bytes.NewReader(object))
	if _, err := d.ReadToken(); err != nil {
		return nil, values
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return names, values
		}
		key := name.String()
		value, err := d.ReadValue()
		if err != nil {
			return names, values
		}
		names = append(names, key)
		values[key] = bytes.Clone(value)
	}
	return names, values
}

// plain is a value as a person reads it: a text without its quotes, masked like every value that is shown.
func plain(v jsontext.Value) string {
	if text, err := jsontext.AppendUnquote(nil, v); err == nil {
		return mapping.Shown(string(text))
	}
	return mapping.Shown(string(v))
}
