package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"creditsync/mapping"
)

// want is one thing that a column is looked for.
type want struct {
	field mapping.Field // what the far side wants; To names the pair
	words []string      // our own names of it
	group group
}

// Pair is a thing and the columns that were found for it.
type Pair struct {
	Field   string   `json:"field"`
	Columns []string `json:"columns"`
	Score   float64  `json:"score"`
	Reasons []Reason `json:"reasons"`
}

// matcher pairs things with the columns of one table.
type matcher struct {
	survey *Survey
	lists  map[string]mapping.CodeList
}

// judged is one column as a candidate for one thing.
type judged struct {
	want, column int
	pair         Pair
}

// assign gives each thing its best column, the surest pair first; no column serves two.
func (m matcher) assign(wants []want) map[int]Pair {
	var all []judged
	for i, w := range wants {
		for j, c := range m.survey.columns {
			if p := m.judge(w, c); p.Score >= accept {
				all = append(all, judged{i, j, p})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b judged) int { return cmp.Compare(b.pair.Score, a.pair.Score) })
	out, used := map[int]Pair{}, map[int]bool{}
	for _, j := range all {
		if _, has := out[j.want]; has || used[j.column] {
			continue
		}
		out[j.want], used[j.column] = j.pair, true
	}
	return out
}

// best is the surest column for a thing, whatever else it serves.
func (m matcher) best(w want) (best Pair) {
	for _, c := range m.survey.columns {
		if p := m.judge(w, c); p.Score >= accept && p.Score > best.Score {
			best = p
		}
	}
	return best
}

// judge weighs one column's name by its content.
func (m matcher) judge(w want, c *tally) Pair {
	n := named(c.name, w.words, w.group)
	if n.score == 0 {
		n = m.byContent(w, c)
	}
	if n.score == 0 {
		return Pair{}
	}
	p := Pair{Field: w.field.To, Columns: []string{c.name}, Score: n.score, Reasons: []Reason{n.reason}}
	if c.filled == 0 {
		p.Score -= 0.1
		p.Reasons = append(p.Reasons, Reason{IsEmpty, nil})
		return p
	}
	gain, reasons := m.content(w, c)
	p.Score += gain
	p.Reasons = append(p.Reasons, reasons...)
	return p
}

// byContent: a column that says nothing by its name may say it by what it holds.
func (m matcher) byContent(w want, c *tally) naming {
	sure := c.share(c.eighteen) >= 0.7 && w.field.Is == mapping.CreditCode
	if list, ok := m.lists[w.field.Codes]; ok && w.field.Codes != "yes_no" && c.distinct() > 1 {
		sure = sure || m.codes(c, list, w.field.Split).worded >= 0.8
	}
	if !sure {
		return naming{}
	}
	return naming{weakInitials, Reason{OnlyContent, []string{c.name}}}
}

func (m matcher) codes(c *tally, list mapping.CodeList, split string) codeMatch {
	if split == "" {
		split = "、，,;；"
	}
	return c.matchCodes(list, split)
}

// A contradiction outweighs any name.
const contradiction = -0.6

// content says how much what a column holds speaks for a thing.
func (m matcher) content(w want, c *tally) (float64, []Reason) {
	f := w.field
	switch {
	case f.Codes != "":
		return m.contentCodes(w, c)
	case f.Is == mapping.CreditCode:
		return c.supports(c.eighteen, 0.05, 0.3, Reason{HoldsCredit, []string{percent(c.share(c.eighteen))}})
	case f.Is == mapping.DateKind:
		return c.supports(c.dates, 0.2, 0.5, Reason{HoldsDates, []string{percent(c.share(c.dates)), c.formats()}})
	case f.Is == mapping.Money || f.Is == mapping.Integer || f.Is == mapping.Decimal:
		return c.supports(c.numbers, 0.3, 2, Reason{})
	case w.group.Digits:
		return c.supports(c.digits, 0.5, 2, Reason{})
	case f.Is == mapping.ID:
		return c.supports(c.withDigit, 0.3, 2, Reason{})
	case c.share(c.dates) > 0.8:
		return contradiction, nil
	}
	return 0, nil
}

// supports: below least the content contradicts the name, from most on it confirms it.
func (c *tally) supports(n int, least, most float64, why Reason) (float64, []Reason) {
	switch share := c.share(n); {
	case share < least:
		return contradiction, nil
	case share >= most:
		return 0.06, []Reason{why}
	}
	return 0, nil
}

func (m matcher) contentCodes(w want, c *tally) (float64, []Reason) {
	list, ok := m.lists[w.field.Codes]
	if !ok {
		return 0, nil
	}
	k := m.codes(c, list, w.field.Split)
	var reasons []Reason
	gain := 0.0
	switch {
	case k.worded == 0 && c.share(c.digits) > 0.9:
		return gain, append(reasons, Reason{BareNumbers, []string{list.List}})
	case k.share >= 0.3:
		gain = 0.06
		reasons = append(reasons, Reason{HoldsCodes, []string{percent(k.share), list.List}})
	case k.known == 0 && (c.many || c.distinct() > 60):
		return contradiction, nil
	}
	if len(k.unknown) > 0 {
		reasons = append(reasons, Reason{UnknownCodes, []string{list.List, m.examples(c, k.unknown)}})
	}
	return gain, reasons
}

// examples are a few values, as anybody may see them.
func (m matcher) examples(c *tally, values []string) string {
	const most = 5
	var out []string
	for _, v := range values[:min(most, len(values))] {
		out = append(out, m.survey.shown(c, v))
	}
	if len(values) > most {
		out = append(out, "…")
	}
	return strings.Join(out, "、")
}

func percent(share float64) string { return fmt.Sprintf("%.0f%%", 100*share) }
