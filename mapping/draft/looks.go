package draft

import (
	"strings"
	"unicode"

	"creditsync/mapping"
	"creditsync/mapping/identity"
)

// look counts what a value looks like.
func (c *tally) look(value string) {
	id := identity.Of(value)
	switch {
	case id.Kind == identity.CreditCode && id.Valid:
		c.credit++
		c.eighteen++
	case len(id.Normalized) == 18 && id.Kind == identity.CreditCode:
		c.eighteen++
	case id.Kind == identity.CitizenID && id.Valid:
		c.citizens++
	}
	if id.Kind != identity.CreditCode && mapping.MaskPersonal(value) != value && id.Kind != identity.CitizenID {
		c.phones++
	}
	c.lookAtSigns(value)
}

func (c *tally) lookAtSigns(value string) {
	digits, points, others := 0, 0, 0
	bare := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(value), "元"), "万")
	if bare != strings.TrimSpace(value) {
		c.units++
	}
	for _, r := range bare {
		switch {
		case unicode.IsDigit(r):
			digits++
		case r == '.' || r == '．':
			points++
		case r == ',' || r == '-' || r == '，':
		default:
			others++
		}
	}
	if digits > 0 {
		c.withDigit++
	}
	if digits > 0 && others == 0 && points == 0 && digits == len([]rune(bare)) {
		c.digits++
	}
	if digits > 0 && digits <= 15 && others == 0 && points <= 1 && !strings.Contains(strings.TrimPrefix(bare, "-"), "-") {
		c.numbers++
		if points == 1 {
			c.fractions++
		}
	}
	if shortHan(value) {
		c.shortHan++
	}
}

// shortHan: two to four Chinese characters, as names of persons have.
func shortHan(value string) bool {
	n := 0
	for _, r := range value {
		if n++; !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return n >= 2 && n <= 4
}

// codeMatch is how well the values of a column are known to a code list.
type codeMatch struct {
	share   float64 // of the filled cells
	worded  float64 // of the filled cells: by a name, not by a bare number that any list may have
	known   int     // different values that the list knows
	unknown []string
}

// matchCodes looks the values of a column up; separators part several values of one cell.
func (c *tally) matchCodes(l mapping.CodeList, separators string) (m codeMatch) {
	if c.filled == 0 || c.many {
		return m
	}
	find := l.Finder()
	matched, worded := 0, 0
	for _, v := range c.order {
		if !allKnown(v, separators, find) {
			m.unknown = append(m.unknown, v)
			continue
		}
		m.known++
		matched += c.values[v]
		if strings.ContainsFunc(v, unicode.IsLetter) {
			worded += c.values[v]
		}
	}
	m.share, m.worded = c.share(matched), c.share(worded)
	return m
}

func allKnown(value, separators string, find func(string) (mapping.CodeItem, bool)) bool {
	if _, ok := find(value); ok {
		return true
	}
	if separators == "" || !strings.ContainsAny(value, separators) {
		return false
	}
	for _, part := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if _, ok := find(part); !ok {
			return false
		}
	}
	return true
}
