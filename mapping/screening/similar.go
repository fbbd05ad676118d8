package screening

import "slices"

// bySimilarity finds names that may have been meant. Natural persons and shops are not looked for that way: everybody's
// name resembles somebody's.
func bySimilarity(s, e *Marks) Match {
	a, b := s.name, e.name
	if s.person || e.person || a.core == "" || b.core == "" || a.form == "" && b.form == "" {
		return none()
	}
	region, conflict := regions(a.region, b.region)
	if conflict {
		return none()
	}
	var reasons []Reason
	switch {
	case a.core == b.core:
	case len(a.region)+len(b.region) > 0 && region != "": // of another region, and written otherwise: somebody else
		return none()
	case a.form == b.form && oneApart([]rune(a.core), []rune(b.core)):
		reasons = append(reasons, OneCharacter)
	default:
		return none()
	}
	if region != "" {
		reasons = append(reasons, region)
	}
	if a.branch != b.branch {
		reasons = append(reasons, Branch)
	} else if a.form != b.form {
		reasons = append(reasons, FormDiffers)
	}
	if len(reasons) == 0 {
		reasons = []Reason{BracketsDiffer}
	}
	return Match{Grade: Candidate, Score: score(reasons), Reasons: reasons}
}

// regions compares where two names say they are from. Two counties conflict; a name without one, or of the province alone,
// does not.
func regions(a, b []string) (doubt Reason, conflict bool) {
	switch {
	case slices.Equal(a, b):
		return "", false
	case len(a) == 0 || len(b) == 0:
		return RegionMissing, false
	case within(a, b), within(b, a), provincial(a), provincial(b):
		return RegionLevel, false
	}
	return "", true
}

func within(a, b []string) bool {
	return !slices.ContainsFunc(a, func(r string) bool { return !slices.Contains(b, r) })
}

func provincial(r []string) bool { return len(r) == 1 && slices.Contains(provinces, r[0]) }

var costs = map[Reason]int{BracketsDiffer: 10, FormDiffers: 15, OneCharacter: 20, RegionMissing: 25, Branch: 40, RegionLevel: 45}

// score lets each doubt cost.
func score(reasons []Reason) int {
	total := 100
	for _, r := range reasons {
		total -= costs[r]
	}
	return max(total, 5)
}

// apart is how far into a core a character may differ for the names to resemble each other: the trade name (字号) stands
// there. Behind it stands the trade, and another trade is another firm.
const apart = 4

// oneApart says that one of the first characters was replaced, added, left out, or swapped with its neighbour. Texts of one
// character resemble everything.
func oneApart(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 2 || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if i >= apart || i == len(b) {
		return false
	}
	if len(a) < len(b) {
		return slices.Equal(a[i:], b[i+1:])
	}
	swapped := i+1 < min(len(a), apart) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
	return swapped || slices.Equal(a[i+1:], b[i+1:])
}

// Key is something that two parties have in common if they can match at all.
type Key struct {
	Kind  string // code, organisation, registration, old, doubtful, citizen, name, near
	Value string
}

// Keys are what entries are looked up by: numbers, names, and what the cores of names that resemble each other share. Two
// parties with a common key are compared; only Compare tells whether they match.
func (m *Marks) Keys() []Key {
	keys := make([]Key, 0, 8)
	add := func(kind, value string) {
		if value != "" {
			keys = append(keys, Key{kind, value})
		}
	}
	add("code", m.code)
	add("organisation", m.organisation)
	add("registration", m.registration)
	add("old", m.old)
	add("doubtful", m.doubtful)
	add("citizen", m.citizen)
	for _, n := range append([]name{m.name}, m.former...) {
		add("name", n.text)
	}
	if m.name.form != "" && m.name.core != "" {
		for _, core := range near(m.name.core) {
			add("near", core)
		}
	}
	return keys
}

// near are the cores that may be one character away from this one: itself, and itself without each of its first
// characters.
func near(core string) []string {
	runes := []rune(core)
	all := []string{core}
	for i := range min(len(runes), apart) {
		if one := string(runes[:i]) + string(runes[i+1:]); one != "" && !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}
