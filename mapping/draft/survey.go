package draft

import (
	"hash/maphash"
	"unicode/utf8"

	"creditsync/mapping"
)

const (
	// maxValues is how many different values of a column are kept to be looked up in code lists: more are no codes.
	maxValues = 300
	// maxKept is the longest value that is kept, in bytes.
	maxKept = 200
	// DefaultRows is how many rows are enough to know a column by.
	DefaultRows = 20_000
)

// Survey looks at the rows of one table, one after the other. Its memory grows with the rows it is given (eight bytes a
// cell, for the keys), so the caller bounds them.
type Survey struct {
	terms   *Terms
	seed    maphash.Seed
	columns []*tally
	rows    int
}

// NewSurvey looks at columns; types are the database's words for theirs, nil for a file.
func NewSurvey(t *Terms, columns, types []string) *Survey {
	s := &Survey{terms: t, seed: maphash.MakeSeed()}
	for i, name := range columns {
		c := &tally{name: name, seen: map[uint64]struct{}{}, values: map[string]int{}, shapes: map[string]int{}}
		if i < len(types) {
			c.typ = types[i]
		}
		s.columns = append(s.columns, c)
	}
	return s
}

// Add looks at the cells of one row. A cell that could not be read counts as such.
func (s *Survey) Add(row mapping.Row) {
	s.rows++
	broken := map[string]bool{}
	for _, f := range row.Faults {
		broken[f.Column] = true
	}
	for i, c := range s.columns {
		value := ""
		if i < len(row.Cells) {
			value = row.Cells[i]
		}
		hash := uint64(0)
		if value != "" {
			hash = maphash.String(s.seed, value) | 1
		}
		c.hashes = append(c.hashes, hash)
		switch {
		case broken[c.name]:
			c.broken++
		case hash != 0:
			c.add(value, hash)
		}
	}
}

// tally is what one column showed.
type tally struct {
	name, typ string
	filled    int
	broken    int
	seen      map[uint64]struct{}
	hashes    []uint64 // of each row, 0 for an empty cell
	values    map[string]int
	order     []string // of values, as they came
	many      bool     // more values than are kept
	longest   int      // characters
	shapes    map[string]int
	counts
}

// counts are how many values look like what.
type counts struct {
	dates, credit, eighteen, numbers, fractions, units, digits, withDigit, citizens, phones, shortHan int
}

func (c *tally) add(value string, hash uint64) {
	c.filled++
	c.seen[hash] = struct{}{}
	c.longest = max(c.longest, utf8.RuneCountInString(value))
	if _, known := c.values[value]; known || len(c.values) < maxValues && len(value) <= maxKept {
		if !known {
			c.order = append(c.order, value)
		}
		c.values[value]++
	} else {
		c.many = true
	}
	if shape, ok := mapping.DateShape(value); ok {
		c.dates++
		c.shapes[shape]++
	}
	c.look(value)
}

// share is how much of what is filled in n is.
func (c *tally) share(n int) float64 {
	if c.filled == 0 {
		return 0
	}
	return float64(n) / float64(c.filled)
}

// distinct is how many different values there are.
func (c *tally) distinct() int { return len(c.seen) }
