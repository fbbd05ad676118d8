package draft

import (
	"strings"
	"unicode/utf8"
)

// How sure a name makes a pair; a pair needs accept.
const (
	sameWord     = 1.0
	sameTerm     = 0.92
	sameInitials = 0.86
	termInitials = 0.82
	partOfName   = 0.7
	weakTerm     = 0.66
	weakInitials = 0.6
	shortMalus   = 0.05 // two letters mean many things
	accept       = 0.55
)

// naming is how a column's name fits a thing.
type naming struct {
	score  float64
	reason Reason
}

// named compares a column's name with the words of a thing, the surest way first.
func named(column string, own []string, g group) (best naming) {
	at := func(score float64, what, term string) {
		if score > best.score {
			best = naming{score, Reason{what, []string{column, term}}}
		}
	}
	for _, name := range spellings(column) {
		for _, w := range append([]string{g.Is}, own...) {
			compare(column, name, w, sameWord, sameInitials, at)
		}
		for _, w := range g.Also {
			compare(column, name, w, sameTerm, termInitials, at)
		}
		for _, w := range g.Weak {
			compare(column, name, w, weakTerm, weakInitials, at)
		}
	}
	if best.score == 0 {
		contained(fold(column), append([]string{g.Is}, g.Also...), at)
	}
	return best
}

func compare(column, name, term string, same, abbreviated float64, at func(score float64, what, term string)) {
	word := fold(term)
	switch short := initials(term); {
	case word == "":
	case name == word && fold(column) == word:
		at(same, NamedSame, term)
	case name == word:
		at(same, NamedAlike, term)
	case short == "" || name != short || short == word:
	case len(short) == 2:
		at(abbreviated-shortMalus, NamedShort, term)
	case len(short) > 2:
		at(abbreviated, NamedShort, term)
	}
}

// spellings are a column's name, and without the letter or two that vendors put before every name: C_DXMC, F_DXMC.
func spellings(column string) []string {
	out := []string{fold(column)}
	if prefix, rest, ok := strings.Cut(column, "_"); ok && len(prefix) <= 2 {
		out = append(out, fold(rest))
	}
	return out
}

// contained: a longer name that begins or ends with a term of four characters or more.
func contained(name string, terms []string, at func(score float64, what, term string)) {
	for _, term := range terms {
		w := fold(term)
		if utf8.RuneCountInString(w) >= 4 && len(w) < len(name) && w[0] >= 0x80 && (strings.HasPrefix(name, w) || strings.HasSuffix(name, w)) {
			at(partOfName, NamedInside, term)
		}
	}
}
