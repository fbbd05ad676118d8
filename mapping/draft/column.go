package draft

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"creditsync/mapping"
	"creditsync/mapping/identity"
)

// Column is what a survey says of one column. Nothing in it points to a person.
type Column struct {
	Name     string   `json:"name"`
	Type     string   `json:"type,omitempty"`
	Filled   int      `json:"filled"`
	Share    float64  `json:"share"` // filled cells of the rows read
	Distinct int      `json:"distinct"`
	Longest  int      `json:"longest"` // characters
	Broken   int      `json:"broken,omitempty"`
	Looks    []Look   `json:"looks,omitempty"`
	Samples  []string `json:"samples,omitempty"` // masked
}

// The looks of a column.
const (
	LooksCredit  = "credit_code"
	LooksDate    = "date"   // Note: the formats, the most frequent first
	LooksCodes   = "codes"  // Note: the name of the list
	LooksYesNo   = "yes_no" // two values that say yes and no
	LooksMoney   = "money"
	LooksNumber  = "number"
	LooksCitizen = "citizen_id"
	LooksPhone   = "phone"
)

// Look is one thing that a column looks like and how much of its filled cells do.
type Look struct {
	As    string  `json:"as"`
	Share float64 `json:"share"`
	Note  string  `json:"note,omitempty"`
}

// enough is the share from which on a column looks like something.
const enough = 0.5

// Columns says what was seen, with the code lists that exist.
func (s *Survey) Columns(lists map[string]mapping.CodeList) []Column {
	out := make([]Column, len(s.columns))
	for i, c := range s.columns {
		out[i] = Column{Name: c.name, Type: c.typ, Filled: c.filled, Distinct: c.distinct(), Longest: c.longest, Broken: c.broken,
			Looks: c.looksLike(lists), Samples: s.samples(c)}
		if s.rows > 0 {
			out[i].Share = float64(c.filled) / float64(s.rows)
		}
	}
	return out
}

func (c *tally) looksLike(lists map[string]mapping.CodeList) (looks []Look) {
	add := func(as string, n int, note string) {
		if share := c.share(n); share >= enough {
			looks = append(looks, Look{as, share, note})
		}
	}
	add(LooksCredit, c.eighteen, "")
	add(LooksCitizen, c.citizens, "")
	add(LooksPhone, c.phones, "")
	add(LooksDate, c.dates, c.formats())
	switch {
	case c.money():
		add(LooksMoney, c.numbers, "")
	case c.dates < c.numbers:
		add(LooksNumber, c.numbers, "")
	}
	return append(looks, c.looksCoded(lists)...)
}

// money: amounts have a unit, or a name that says so, or a fraction.
func (c *tally) money() bool {
	named := false
	for _, w := range []string{"金额", "价款", "罚款", "罚金", "资本", "amount", "money", "price"} {
		named = named || strings.Contains(strings.ToLower(c.name), w)
	}
	return c.share(c.numbers) >= enough && (named || c.units > 0 || c.share(c.fractions) > 0.8)
}

// formats are the ways in which the dates of a column are written, the most frequent first, at most three; whether a month
// below ten has a zero before it makes no other way.
func (c *tally) formats() string {
	ways, most := map[string]int{}, map[string]string{}
	for _, shape := range slices.Sorted(maps.Keys(c.shapes)) {
		way := strings.NewReplacer("MM", "M", "dd", "d").Replace(shape)
		if ways[way] += c.shapes[shape]; c.shapes[shape] > c.shapes[most[way]] {
			most[way] = shape
		}
	}
	var names []string
	for _, way := range slices.SortedFunc(maps.Keys(ways), func(a, b string) int { return cmp.Or(ways[b]-ways[a], cmp.Compare(a, b)) }) {
		names = append(names, most[way])
	}
	if len(names) > 3 {
		names = append(names[:3], "…")
	}
	return strings.Join(names, "、")
}

// looksCoded are the lists that know the column's values, by words; bare numbers fit any list and name none.
func (c *tally) looksCoded(lists map[string]mapping.CodeList) (looks []Look) {
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		m := c.matchCodes(lists[name], "、，,;；")
		switch {
		case name == "yes_no" && m.share > 0.95 && c.distinct() <= 2:
			looks = append(looks, Look{LooksYesNo, m.share, name})
		case m.worded >= enough && m.known > 0 && name != "yes_no":
			looks = append(looks, Look{LooksCodes, m.share, name})
		}
	}
	return looks
}

// samples are the first three different values, masked.
func (s *Survey) samples(c *tally) (out []string) {
	for _, v := range c.order[:min(3, len(c.order))] {
		out = append(out, s.shown(c, v))
	}
	return out
}

// shown is a value as anybody may see it: names of persons and personal numbers masked, long texts cut.
func (s *Survey) shown(c *tally, value string) string {
	if s.holdsPersons(c) || c.aPersonAmongOthers(value) {
		return identity.Mask(value)
	}
	if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[{") { // whatever a vendor keeps there, persons included
		return "{…}"
	}
	const most = 30
	value = mapping.MaskPersonal(strings.Join(strings.Fields(value), " "))
	if r := []rune(value); len(r) > most {
		return string(r[:most]) + "…"
	}
	return value
}

// holdsPersons: by the column's name; or by short Chinese words that hardly repeat, which are names more often than not.
func (s *Survey) holdsPersons(c *tally) bool {
	name := strings.ToLower(c.name)
	for _, w := range s.terms.Persons {
		if strings.Contains(name, strings.ToLower(w)) && (len(w) > 3 || name == strings.ToLower(w)) {
			return true
		}
	}
	return c.share(c.shortHan) > 0.6 && c.distinct() > 20 && float64(c.distinct()) > 0.1*float64(c.filled)
}

// aPersonAmongOthers: among the names of enterprises, one of two to four characters is a person's.
func (c *tally) aPersonAmongOthers(value string) bool {
	return c.distinct() > 20 && c.longest > 6 && c.share(c.shortHan) < 0.4 && shortHan(value)
}
