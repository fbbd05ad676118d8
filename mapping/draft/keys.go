package draft

import (
	"cmp"
	"slices"
)

// Key is columns whose values together tell the rows apart.
type Key struct {
	Columns []string `json:"columns"`
	// Exact says that no two rows, of those that were read, have the same; else a few have, or a few are empty.
	Exact bool `json:"exact"`
}

// nearly is how much of the rows a column must tell apart to be worth mention as a key.
const nearly = 0.97

// Keys are the candidates for a key: single columns first, then pairs where no single column is exact. A column of dates
// or long texts alone is none.
func (s *Survey) Keys() []Key {
	if s.rows == 0 {
		return nil
	}
	var exact, near []Key
	for _, c := range s.columns {
		switch {
		case c.filled == s.rows && c.distinct() == s.rows && c.longest <= maxKeyLength:
			exact = append(exact, Key{[]string{c.name}, true})
		case float64(c.distinct()) >= nearly*float64(s.rows) && c.longest <= maxKeyLength && !c.fleeting():
			near = append(near, Key{[]string{c.name}, false})
		}
	}
	if exact != nil {
		return append(exact, near...)
	}
	return append(near, s.pairs()...)
}

// maxKeyLength is the longest value that a key may have, in characters.
const maxKeyLength = 200

// fleeting columns tell rows apart by accident: dates and times.
func (c *tally) fleeting() bool { return c.share(c.dates) >= enough }

// pairs are the pairs of columns that are filled throughout and together tell every row apart, at most three.
func (s *Survey) pairs() (out []Key) {
	var candidates []*tally
	for _, c := range s.columns {
		if c.filled == s.rows && c.distinct() > 1 && c.longest <= maxKeyLength {
			candidates = append(candidates, c)
		}
	}
	slices.SortStableFunc(candidates, func(a, b *tally) int { return cmp.Compare(b.distinct(), a.distinct()) })
	for i, a := range candidates {
		for _, b := range candidates[i+1:] {
			if a.distinct()*b.distinct() < s.rows || !apart(a, b) {
				continue
			}
			if out = append(out, Key{[]string{a.name, b.name}, true}); len(out) == 3 {
				return out
			}
		}
	}
	return out
}

func apart(a, b *tally) bool {
	seen := make(map[[2]uint64]struct{}, len(a.hashes))
	for i := range a.hashes {
		k := [2]uint64{a.hashes[i], b.hashes[i]}
		if _, twice := seen[k]; twice {
			return false
		}
		seen[k] = struct{}{}
	}
	return true
}
