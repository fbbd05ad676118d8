package registry

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"creditsync/connector"
)

// longestName is how many characters a column's name may have; a longer text is a note.
const longestName = 40

// guessed is a header that was found without knowing what it should say.
type guessed struct {
	names []string
	twice []string // names that stand over several columns and cannot be told apart
}

// guessHeader finds the header of a sheet of which nothing is known: the first row of names, or two rows of groups above
// names, that has nearly as many names as any. Numbers and dates are no names.
func guessHeader(head []line, merges []merge) guessed {
	most := 0
	var all []headRows
	for i := range head {
		h := headRows{rows: head[i : i+1], names: namesIn(head[i])}
		if i+1 < len(head) && isSubHeader(head[i], head[i+1], merges) {
			h.rows = head[i : i+2]
			h.names += namesIn(head[i+1])
		}
		most = max(most, h.names)
		all = append(all, h)
	}
	for _, h := range all {
		if h.names > 0 && h.names*5 >= most*4 {
			return h.read(merges)
		}
	}
	return guessed{}
}

// headRows are the rows that may be a header and how many names stand in them.
type headRows struct {
	rows  []line
	names int
}

// namesIn counts the names of a row; 0 for a row that holds more than a few other things.
func namesIn(l line) int {
	names, others := 0, 0
	for _, c := range l.cells {
		switch {
		case c == (cell{}):
		case isName(c):
			names++
		default:
			others++
		}
	}
	if others*9 > names {
		return 0
	}
	return names
}

func isName(c cell) bool {
	if c.fault != "" || utf8.RuneCountInString(c.text) > longestName {
		return false
	}
	if _, ok := parseTime(c.text); ok {
		return false
	}
	return strings.ContainsFunc(c.text, unicode.IsLetter)
}

// isSubHeader: names below groups stand only where the upper row is empty or one cell over several columns. A title above
// the header is no group.
func isSubHeader(top, sub line, merges []merge) bool {
	if sub.number != top.number+1 || namesIn(top) < 2 || namesIn(sub) == 0 {
		return false
	}
	for i := range sub.cells {
		if sub.cells[i] != (cell{}) && top.at(i) != (cell{}) && !wide(merges, top.number, i) && !looksWide(top, sub, i) {
			return false
		}
	}
	return true
}

// looksWide: a group whose cells nobody merged has its name over the first of its columns and nothing over the others.
func looksWide(top, sub line, col int) bool {
	return top.at(col+1) == (cell{}) && sub.at(col+1) != (cell{})
}

// wide says whether a merged range goes to the right from this cell, and not down.
func wide(merges []merge, row, col int) bool {
	for _, m := range merges {
		if m.top == row && m.left == col {
			return m.right > m.left && m.bottom == m.top
		}
	}
	return false
}

func (h headRows) read(merges []merge) (g guessed) {
	paths := columnNames(h.rows, merges)
	count := map[string]int{}
	for _, p := range paths {
		for _, name := range p {
			count[name]++
		}
	}
	for i, p := range paths {
		switch {
		case len(p) == 0:
		case count[p[0]] == 1:
			g.names = append(g.names, h.written(i, p[0]))
		case len(p) > 1 && count[p[1]] == 1:
			g.names = append(g.names, p[1])
		default:
			g.twice = append(g.twice, p[0])
		}
	}
	return g
}

// written is a column's name as it stands in the sheet, without its blanks and line breaks.
func (h headRows) written(col int, name string) string {
	for _, row := range h.rows {
		if text := row.at(col).text; plain(text) == name {
			return strings.Join(strings.Fields(text), "")
		}
	}
	return name
}

// columns are those of a table; one alone is a list of notes.
func (g guessed) columns() []connector.TableColumn {
	if len(g.names) < 2 {
		return nil
	}
	var out []connector.TableColumn
	for _, n := range g.names {
		out = append(out, connector.TableColumn{Name: n})
	}
	return out
}
