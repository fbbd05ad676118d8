package draft

import (
	_ "embed" // the terms of the trade
	"slices"
	"strings"
	"unicode"

	"creditsync/mapping/schema"
	"creditsync/mapping/source"
)

//go:embed terms.yaml
var termsFile []byte

// terms is how columns are called.
type terms struct {
	Groups   []group  `yaml:"groups"`
	Approved []string `yaml:"approved"`
	Persons  []string `yaml:"persons"`
}

// group holds the ways to say one thing.
type group struct {
	Is      string     `yaml:"is"`
	Also    []string   `yaml:"also,omitempty"`
	Weak    []string   `yaml:"weak,omitempty"`
	Parts   [][]string `yaml:"parts,omitempty"`
	Instead []string   `yaml:"instead,omitempty"`
	For     []string   `yaml:"for,omitempty"`
	Digits  bool       `yaml:"digits,omitempty"`
}

// Terms are the terms of the trade, read once by who makes drafts.
type Terms struct{ terms }

// LoadTerms reads the terms that are built in.
func LoadTerms() (*Terms, error) {
	t := &Terms{}
	if faults := source.Decode("terms.yaml", termsFile, &t.terms); len(faults) > 0 {
		return nil, faults
	}
	return t, nil
}

// of is the group of a thing that may be called by any of words, in a family; a group of that family goes before one for all.
func (t *Terms) of(family schema.Family, words ...string) group {
	var general *group
	for i, g := range t.Groups {
		if !slices.ContainsFunc(words, func(w string) bool { return w != "" && fold(w) == fold(g.Is) }) {
			continue
		}
		switch {
		case slices.Contains(g.For, string(family)):
			return g
		case len(g.For) == 0 && general == nil:
			general = &t.Groups[i]
		}
	}
	if general == nil {
		return group{}
	}
	return *general
}

// fold is a name as it is compared: letters and digits alone, half-width, in lower case.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r += '!' - '！'
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
