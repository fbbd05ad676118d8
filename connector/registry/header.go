package registry

import (
	"slices"
	"strings"
)

// headerDepth is how far down a header row is looked for.
const headerDepth = 30

// header is where the columns are.
type header struct {
	first, last int        // row numbers of the header
	at          []int      // the column of each wanted name
	width       int        // how many columns the header names
	rows        [][]string // its plain texts, for rows that repeat it
}

// candidate is one reading of rows as a header.
type candidate struct {
	header
	found   int
	missing []string
	twice   string
	have    []string
}

// locate finds the header in the first lines: the one row, or two rows of groups above columns, that names most of what
// is wanted. Titles above it are no hindrance.
func locate(head []line, merges []merge, wanted []string) candidate {
	best := candidate{missing: wanted}
	for i := range head {
		for depth := 1; depth <= 2 && i+depth <= len(head); depth++ {
			if depth == 2 && head[i+1].number != head[i].number+1 {
				continue
			}
			if c := readHeader(head[i:i+depth], merges, wanted); c.found > best.found {
				best = c
			}
		}
	}
	if best.found > 0 {
		best.extend(head, merges)
	}
	return best
}

func readHeader(rows []line, merges []merge, wanted []string) candidate {
	c := candidate{header: header{first: rows[0].number, last: rows[len(rows)-1].number}}
	paths := columnNames(rows, merges)
	byName := map[string][]int{}
	for col, p := range paths {
		if len(p) == 0 {
			continue
		}
		c.width = col + 1
		c.have = append(c.have, p[len(p)-1])
		for _, name := range p {
			byName[name] = append(byName[name], col)
		}
	}
	for _, w := range wanted {
		switch at := byName[plain(w)]; len(at) {
		case 0:
			c.missing = append(c.missing, w)
			c.at = append(c.at, -1)
		default:
			c.found++
			c.at = append(c.at, at[0])
			if len(at) > 1 {
				c.twice = w
			}
		}
	}
	return c
}

// columnNames are the names by which each column may be called: its own, and, under a group, group/own.
func columnNames(rows []line, merges []merge) [][]string {
	top := rows[0]
	if len(rows) == 1 {
		out := make([][]string, len(top.cells))
		for i, c := range top.cells {
			if n := plain(c.text); n != "" {
				out[i] = []string{n}
			}
		}
		return out
	}
	sub := rows[1]
	out := make([][]string, max(len(top.cells), len(sub.cells)))
	group := ""
	for i := range out {
		own, below := plain(top.at(i).text), plain(sub.at(i).text)
		switch {
		case own != "" && tall(merges, top.number, i):
			group, below = "", "" // one cell over both rows
		case own != "":
			group = own
		case below == "":
			group = ""
		}
		switch {
		case below == "" && own == "":
		case below == "":
			out[i] = []string{own}
		case group == "":
			out[i] = []string{below}
		default:
			out[i] = []string{below, group + "/" + below}
		}
	}
	return out
}

// tall says whether a merged range goes down from this cell.
func tall(merges []merge, row, col int) bool {
	for _, m := range merges {
		if m.top == row && m.left == col {
			return m.bottom > m.top
		}
		if m.top > row {
			break
		}
	}
	return false
}

// extend keeps the texts of the header, having moved its end past rows that belong to it although nothing wanted stands in them: the lower row
// of cells merged over two, or the names below groups that nobody asked for.
func (c *candidate) extend(head []line, merges []merge) {
	for _, m := range merges {
		if m.top >= c.first && m.top <= c.last && m.bottom > c.last && m.bottom <= c.first+2 {
			c.last = m.bottom
		}
	}
	for _, l := range head {
		if l.number == c.last+1 && c.last == c.first && !l.blank(c.width) && c.nothingWanted(l) && !c.isSummary(l) {
			c.last = l.number
			break
		}
	}
	for _, l := range head {
		if l.number >= c.first && l.number <= c.last {
			c.rows = append(c.rows, plainTexts(l))
		}
	}
}

func (c *candidate) nothingWanted(l line) bool {
	for _, at := range c.at {
		if at >= 0 && l.at(at) != (cell{}) {
			return false
		}
	}
	return true
}

func plainTexts(l line) []string {
	out := make([]string, len(l.cells))
	for i, c := range l.cells {
		out[i] = plain(c.text)
	}
	return out
}

// repeated says whether a row says the header again, as printed pages do, in one row or two: of what stands in it, at
// least four in five stand in the same column of the header (a clerk who copies one may shorten a name).
func (h *header) repeated(l line) bool {
	same, other := 0, 0
	for i := range min(h.width, len(l.cells)) {
		switch {
		case l.cells[i] == (cell{}):
		case h.says(i, plain(l.cells[i].text)):
			same++
		default:
			if other++; other*5 > h.width {
				return false
			}
		}
	}
	return same >= min(2, h.width) && other*4 <= same
}

func (h *header) says(col int, text string) bool {
	return text != "" && slices.ContainsFunc(h.rows, func(row []string) bool { return col < len(row) && row[col] == text })
}

// isSummary knows rows that are about the table and not of it: 合计, 城关镇小计, 制表人：…, 注：….
func (h *header) isSummary(l line) bool {
	first, filled := "", 0
	for i := range min(h.width, len(l.cells)) {
		if l.cells[i] == (cell{}) {
			continue
		}
		if filled++; first == "" {
			first = plain(l.cells[i].text)
		}
	}
	if isTotal(first) {
		return true
	}
	if !endsLikeTotal(first) && !startsLikeNote(first) {
		return false
	}
	return filled*3 <= h.width || filled == 1
}

func isTotal(s string) bool {
	switch s {
	case "合计", "总计", "小计", "共计", "累计", "总合计", "本页合计", "本页小计", "本月合计", "本年合计", "本年累计":
		return true
	}
	return false
}

func endsLikeTotal(s string) bool {
	for _, w := range []string{"合计", "总计", "小计", "共计", "累计"} {
		if strings.HasSuffix(s, w) || strings.HasPrefix(s, w+":") {
			return true
		}
	}
	return false
}

func startsLikeNote(s string) bool {
	for _, w := range []string{"制表人", "制表单位", "制表日期", "制表时间", "填表人", "填表日期", "填表说明", "填报人", "填报说明", "填报单位", "填报日期",
		"审核人", "复核人", "经办人", "负责人签字", "单位负责人", "分管领导", "统计人", "联系电话", "打印时间", "导出时间", "编制说明", "说明", "备注", "注"} {
		if s == w || strings.HasPrefix(s, w+":") {
			return true
		}
	}
	return strings.HasPrefix(s, "注1") || strings.HasPrefix(s, "注意:")
}
