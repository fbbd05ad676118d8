package site

import (
	"bytes"
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"creditsync/connector"
)

// Look reads every package in the published folder and in the outbox, and gives one sight per record in the order asked:
// what only lies in the outbox is found, not published. A record in a package whose hashes do not hold is found but not the
// same. An unreadable folder is an error: it proves no absence.
func (c *Channel) Look(ctx context.Context, resource string, records []connector.Outgoing) ([]connector.Sight, error) {
	v := viewer{sights: make([]connector.Sight, len(records)), asked: make(map[string]int, len(records)), records: records}
	for i, r := range records {
		v.sights[i].ID = r.ID
		v.asked[r.ID] = i
	}
	for _, folder := range []string{c.o.Published, c.o.Outbox} {
		v.outbox = folder == c.o.Outbox
		err := packages(folder, func(p pack) {
			if ctx.Err() == nil {
				v.open(p, resource)
			}
		})
		if err != nil {
			return nil, c.refused(PublishedFailed, folder, err)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, c.refused(Stopped, c.o.Published, err)
	}
	return v.sights, nil
}

// viewer gathers what the packages show of the records asked for.
type viewer struct {
	records []connector.Outgoing
	asked   map[string]int
	sights  []connector.Sight
	outbox  bool // what is seen now is not published
}

func (v *viewer) open(p pack, resource string) {
	intact := p.intact()
	found := map[int]jsontext.Value{}
	err := p.entries(resource, func(id string, payload jsontext.Value) {
		if i, ok := v.asked[id]; ok {
			found[i] = payload
		}
	})
	for i, payload := range found {
		v.see(i, payload, intact && err == nil)
	}
}

func (v *viewer) see(i int, payload jsontext.Value, intact bool) {
	s := connector.Sight{ID: v.records[i].ID, Found: true, Copies: 1, Held: payload, Published: intact && !v.outbox}
	switch {
	case !intact:
		s.Differing = sumsFile
	case sameJSON(v.records[i].Payload, payload):
		s.Same = true
	default:
		s.Differing = differing(v.records[i].Payload, payload)
	}
	old := v.sights[i]
	if !old.Found || s.Same && !(old.Same && old.Published) || !old.Same && intact && !v.outbox {
		v.sights[i] = s
	}
}

// sameJSON compares by bytes but for blanks: a package holds what was sent, as it was sent.
func sameJSON(sent []byte, held jsontext.Value) bool {
	a, b := jsontext.Value(bytes.Clone(sent)), held.Clone()
	return a.Compact() == nil && b.Compact() == nil && bytes.Equal(a, b)
}

// differing names the first field that is not the same on both sides.
func differing(sent []byte, held jsontext.Value) string {
	there := map[string]jsontext.Value{}
	for name, value := range members(held) {
		there[name] = value
	}
	for name, value := range members(sent) {
		if other, ok := there[name]; !ok || !sameJSON(value, other) {
			return name
		}
		delete(there, name)
	}
	for name := range members(held) {
		if _, left := there[name]; left {
			return name
		}
	}
	return ""
}
