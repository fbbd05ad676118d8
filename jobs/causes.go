package jobs

import (
	"cmp"
	"slices"
	"strings"

	"creditsync/mapping"
)

// Cause is why rows are invalid: what is wrong, in which column, how often, and where for example.
type Cause struct {
	Code     string    `json:"code"`
	Column   string    `json:"column,omitempty"`
	Field    string    `json:"field,omitempty"`
	Rows     int64     `json:"rows"`
	Examples []Example `json:"examples"`
}

// Example is one row with its fault, masked as in every account.
type Example struct {
	Key       string   `json:"key"`
	Place     string   `json:"place,omitempty"`
	Arguments []string `json:"arguments,omitempty"`
}

// mostExamples is how many rows a cause names; mostCauses bounds the causes that are told apart.
const (
	mostExamples = 3
	mostCauses   = 200
)

type causes map[[3]string]*Cause

// add counts a row under each of its faults.
func (c causes) add(r *row) {
	if len(r.Faults) == 0 && synthetic(r.Key) {
		c.note(NullKey, "", "", r, nil)
	}
	var seen [][3]string
	for i := range r.Faults {
		f := &r.Faults[i]
		id := [3]string{f.What, f.Column, f.Field}
		if slices.Contains(seen, id) {
			continue
		}
		seen = append(seen, id)
		c.note(f.What, f.Column, f.Field, r, f)
	}
}

// twin counts a row whose key another row has too.
func (c causes) twin(key string, r *row) {
	c.note(DuplicateKey, "", "", &row{Record: mapping.Record{Key: key}, place: r.place}, nil)
}

func (c causes) note(code, column, field string, r *row, f *mapping.Fault) {
	id := [3]string{code, column, field}
	cause := c[id]
	if cause == nil {
		if len(c) == mostCauses {
			return
		}
		cause = &Cause{Code: code, Column: column, Field: field}
		c[id] = cause
	}
	cause.Rows++
	if len(cause.Examples) < mostExamples {
		e := Example{Key: mapping.Shown(show(r.Key)), Place: r.place}
		if f != nil {
			e.Arguments = slices.Clone(f.Args)
		}
		cause.Examples = append(cause.Examples, e)
	}
}

// list is the most frequent first.
func (c causes) list() []Cause {
	all := make([]Cause, 0, len(c))
	for _, cause := range c {
		all = append(all, *cause)
	}
	slices.SortFunc(all, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), strings.Compare(a.Code, b.Code), strings.Compare(a.Column, b.Column))
	})
	return all
}
