package deadline

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"creditsync/mapping"
)

// Calendar answers which days are working days. It is never changed after NewCalendar and serves many goroutines.
type Calendar struct {
	notices []Notice // by year, published ones first given, one a year
	special map[mapping.Date]special
	first   mapping.Date // 1 January of the first year
	certain mapping.Date // the last day that no notice to come can move
	hash    string
}

type special struct {
	working bool
	name    string
}

// firm is the last day of December that the next year's notice is taken to leave alone. It may move what lies behind: the
// 2023 notice freed 2022-12-31, the 2019 one made Saturday 2018-12-29 a working day.
const firm = 25

// NewCalendar joins notices of consecutive years, in any order. A published notice replaces a provisional one of the same
// year; where two years name the same day, the later notice holds. The error is a mapping.Faults: two published notices for
// a year, a year left out, none at all.
func NewCalendar(notices []Notice) (*Calendar, error) {
	byYear, faults := onePerYear(notices)
	if len(faults) > 0 {
		return nil, faults
	}
	c := &Calendar{notices: byYear, special: make(map[mapping.Date]special)}
	for _, n := range byYear {
		for _, s := range n.Off {
			c.special[s.Date] = special{working: false, name: s.Name}
		}
		for _, s := range n.Work {
			c.special[s.Date] = special{working: true, name: s.Name}
		}
		if !n.Provisional {
			c.certain = mapping.NewDate(n.Year, time.December, firm)
		}
	}
	c.first = mapping.NewDate(byYear[0].Year, time.January, 1)
	c.hash = hashOf(byYear)
	return c, nil
}

// onePerYear sorts and checks: published years without a gap, then provisional ones.
func onePerYear(notices []Notice) ([]Notice, mapping.Faults) {
	sorted := slices.Clone(notices)
	slices.SortStableFunc(sorted, func(a, b Notice) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(rank(a), rank(b)))
	})
	var kept []Notice
	var faults mapping.Faults
	for _, n := range sorted {
		last := len(kept) - 1
		switch {
		case last < 0:
			kept = append(kept, n)
		case kept[last].Year == n.Year && n.Provisional:
			// a published notice of the year, or the first of two guesses, stands already
		case kept[last].Year == n.Year:
			faults = append(faults, mapping.Fault{What: yearTwice, Args: []string{strconv.Itoa(n.Year), kept[last].Number, n.Number}})
		case kept[last].Year+1 != n.Year || kept[last].Provisional && !n.Provisional:
			faults = append(faults, mapping.Fault{What: gap, Args: []string{strconv.Itoa(missingBefore(kept[last], n)), strconv.Itoa(n.Year)}})
			kept = append(kept, n)
		default:
			kept = append(kept, n)
		}
	}
	return kept, append(faults, nothingPublished(kept)...)
}

func rank(n Notice) int {
	if n.Provisional {
		return 1
	}
	return 0
}

// missingBefore is the year whose published notice is missing between two.
func missingBefore(last, next Notice) int {
	if last.Provisional && last.Year+1 == next.Year {
		return last.Year
	}
	return last.Year + 1
}

func nothingPublished(kept []Notice) mapping.Faults {
	switch {
	case len(kept) == 0:
		return mapping.Faults{{What: noCalendar}}
	case kept[0].Provisional:
		return mapping.Faults{{What: onlyGuessed, Args: []string{strconv.Itoa(kept[0].Year)}}}
	}
	return nil
}

// hashOf depends on what the notices say, not on how their files are laid out.
func hashOf(notices []Notice) string {
	h := sha256.New()
	for _, n := range notices {
		fmt.Fprintf(h, "%d %s %s %t\n", n.Year, n.Number, n.Issued, n.Provisional)
		for _, list := range [][]Special{n.Off, n.Work} {
			for _, s := range slices.SortedFunc(slices.Values(list), func(a, b Special) int { return cmp.Compare(a.Date, b.Date) }) {
				fmt.Fprintf(h, "%s %s\n", s.Date, s.Name)
			}
			fmt.Fprintln(h)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Hash is a hex SHA-256 over what all notices say: equal means that every deadline is counted the same.
func (c *Calendar) Hash() string { return c.hash }

// Notices are the notices in force, one a year, in order.
func (c *Calendar) Notices() []Notice { return slices.Clone(c.notices) }

// Covered is the span in which every day is known for sure: from 1 January of the first year to 25 December of the last
// published one, whose last days the next notice may still move.
func (c *Calendar) Covered() (from, to mapping.Date) { return c.first, c.certain }

// Working says whether d is a working day; known is false where that is no more than weekends and the days fixed by law:
// before the first notice, after the last, and in the last days of December that the next notice may move.
func (c *Calendar) Working(d mapping.Date) (working, known bool) {
	working, _ = c.day(d)
	return working, d >= c.first && d <= c.certain
}

// day applies the rule of the notices: what they declare working works, what they free is free, else Saturday and Sunday
// are free.
func (c *Calendar) day(d mapping.Date) (working bool, name string) {
	if s, named := c.special[d]; named {
		return s.working, s.name
	}
	if d > c.certain {
		if name, free := statutory(d); free {
			return false, name
		}
	}
	return !weekend(d), ""
}
