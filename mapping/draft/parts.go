package draft

import (
	"slices"
	"strconv"
	"strings"

	"creditsync/mapping"
)

// The parts of a mapping, beside its fields, that name columns.
const (
	partWhere    = "where"
	partChanged  = "changed"
	partReady    = "ready"
	partAfter    = "after"
	partAnswers  = "answers"
	partDeadline = "deadline"
	partOwner    = "owner"
)

// column is what a column of the sample became here: that of the field it feeds, else what its own name finds.
func (m maker) column(part, sample string, is mapping.Kind) Pair {
	for i, f := range m.d.sample.Fields {
		if p, ok := m.d.fields[i]; ok && localName(m.d.sample, f) == sample {
			p.Field = part
			return p
		}
	}
	return m.best(m.wanted(part, sample, is))
}

// key: the columns that the sample's key became; else what tells the rows apart.
func (m maker) key() {
	var columns []string
	for _, k := range m.d.sample.Registry.Key {
		if c := m.d.local[k]; c != "" && !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
	}
	if len(columns) == len(m.d.sample.Registry.Key) {
		m.d.extra["key"] = Pair{Columns: columns, Reasons: m.keyReasons(columns)}
		return
	}
	switch {
	case len(m.d.from.Primary) > 0:
		m.d.extra["key"] = Pair{Columns: m.d.from.Primary, Reasons: []Reason{{KeyPrimary, nil}}}
	case len(m.d.keys) > 0 && m.d.keys[0].Exact && !isCounter(m.d.keys[0].Columns[0]):
		m.d.extra["key"] = Pair{Columns: m.d.keys[0].Columns, Reasons: []Reason{{KeyApart, []string{m.rowsRead()}}}}
	}
}

func (m maker) rowsRead() string { return strconv.Itoa(m.survey.rows) }

// isCounter knows the numbers of rows that a clerk fills anew each time.
func isCounter(column string) bool {
	return slices.Contains([]string{"序号", "行号", "xh", "no", "rownum"}, fold(column))
}

func (m maker) keyReasons(columns []string) []Reason {
	reasons := []Reason{{KeyOfField, []string{strings.Join(columns, "、")}}}
	for _, k := range m.d.keys {
		if slices.Equal(k.Columns, columns) {
			if k.Exact {
				return append(reasons, Reason{KeyApart, []string{m.rowsRead()}})
			}
			break
		}
	}
	if len(columns) == 1 && !slices.Equal(columns, m.d.from.Primary) {
		reasons = append(reasons, Reason{KeyNearly, []string{m.rowsRead()}})
	}
	return reasons
}

// clock: the days from which the limit is counted. A creation time alone is no such day.
func (m maker) clock() {
	if m.d.sample.Deadline == nil {
		return
	}
	out, sure := Pair{Field: partDeadline}, false
	for _, name := range namesOf(m.d.sample.Deadline.Starts) {
		p := m.column(partDeadline, name, mapping.DateKind)
		if p.Columns == nil || slices.Contains(out.Columns, p.Columns[0]) {
			continue
		}
		sure = sure || p.Score >= partOfName
		out.Columns = append(out.Columns, p.Columns[0])
		out.Reasons = append(out.Reasons, p.Reasons[0])
		out.Score = max(out.Score, p.Score)
	}
	if sure {
		m.d.extra[partDeadline] = out
	}
}

// namesOf are the column names of a call such as earliest(检查日期, 录入时间), without the function.
func namesOf(expression string) []string {
	_, inside, ok := strings.Cut(expression, "(")
	if !ok {
		return []string{strings.TrimSpace(expression)}
	}
	inside = strings.TrimSuffix(strings.TrimSpace(inside), ")")
	var out []string
	for _, name := range strings.Split(inside, ",") {
		out = append(out, strings.TrimSpace(name))
	}
	return out
}

// approvedValues are the values of the state column that say that a record may be sent, and the others.
type approvedValues struct{ approved, others []string }

// state: what may be sent.
func (m maker) state() {
	name, _, ok := strings.Cut(m.d.sample.Ready, "==")
	if !ok {
		return
	}
	p := m.column(partReady, strings.TrimSpace(name), mapping.Text)
	if p.Columns == nil {
		return
	}
	c := m.survey.column(p.Columns[0])
	for _, v := range c.order {
		if slices.ContainsFunc(m.terms.Approved, func(w string) bool { return strings.HasPrefix(v, w) }) {
			m.d.approved = append(m.d.approved, v)
		} else {
			m.d.others = append(m.d.others, v)
		}
	}
	p.Reasons = append(p.Reasons, Reason{ReadyValues, []string{c.name, m.examples(c, m.d.others)}})
	m.d.extra[partReady] = p
}

func (s *Survey) column(name string) *tally {
	for _, c := range s.columns {
		if c.name == name {
			return c
		}
	}
	return &tally{}
}

// links: the records that go before, that are answered, and the unit that owes.
func (m maker) links() {
	for _, a := range m.d.sample.After {
		if p, ok := m.all(partAfter, a.By); ok {
			m.d.extra[partAfter] = p
		}
	}
	if a := m.d.sample.Answers; a != nil {
		if p, ok := m.all(partAnswers, a.By); ok && !hasReason(p, InsteadOf) {
			m.d.extra[partAnswers] = p
		}
	}
	if m.d.sample.Owner != "" {
		if p := m.column(partOwner, m.d.sample.Owner, mapping.Text); p.Score >= partOfName {
			m.d.extra[partOwner] = p
		}
	}
}

// all finds every one of columns, or nothing. A thing that has no number of its own is known by what is written instead.
func (m maker) all(part string, columns []string) (Pair, bool) {
	out := Pair{Field: part, Score: sameWord}
	for _, name := range columns {
		w := m.wanted(part, name, mapping.ID)
		p := m.column(part, name, mapping.ID)
		for _, other := range w.group.Instead {
			if p.Columns != nil {
				break
			}
			if p = m.column(part, other, mapping.Text); p.Columns != nil {
				p.Reasons = []Reason{{InsteadOf, []string{name, p.Columns[0]}}}
			}
		}
		if p.Columns == nil {
			return out, false
		}
		out.Columns, out.Reasons = append(out.Columns, p.Columns...), append(out.Reasons, p.Reasons[0])
		out.Score = min(out.Score, p.Score)
	}
	return out, true
}

func hasReason(p Pair, what string) bool {
	return slices.ContainsFunc(p.Reasons, func(r Reason) bool { return r.What == what })
}

// deleted: rows that are marked as deleted do not belong to the stream; in a database, the time of the last change.
func (m maker) deleted() {
	if m.d.sample.Direction == mapping.Pull {
		return
	}
	if p := deletedColumn(m.terms, m.survey); p.Columns != nil {
		m.d.extra[partWhere] = p
	}
	if m.d.from.Source.Table == "" {
		return
	}
	w := want{field: mapping.Field{To: partChanged, Is: mapping.DateKind}, group: m.terms.of("", "更新时间")}
	if p := m.best(w); p.Columns != nil && m.survey.column(p.Columns[0]).filled > 0 {
		p.Reasons = []Reason{{LastChange, p.Columns}}
		m.d.extra[partChanged] = p
	}
}

// deletedColumn is the column that marks deleted rows, by one of two or three values.
func deletedColumn(t *Terms, s *Survey) Pair {
	w := want{field: mapping.Field{To: partWhere}, group: t.of("", "删除标志")}
	p := matcher{survey: s}.best(w)
	if p.Columns == nil || s.column(p.Columns[0]).distinct() > 3 || deletedValue(s, p) == "" {
		return Pair{}
	}
	p.Reasons = append(p.Reasons, Reason{Deleted, []string{p.Columns[0], deletedValue(s, p)}})
	return p
}

// deletedValue is the value that marks a deleted row.
func deletedValue(s *Survey, p Pair) string {
	c := s.column(p.Columns[0])
	for _, v := range []string{"1", "是", "Y", "y", "true", "TRUE", "t", "已删除"} {
		if _, has := c.values[v]; has {
			return v
		}
	}
	if _, has := c.values["0"]; has { // nothing was deleted so far
		return "1"
	}
	return ""
}

// items takes the child table in which most things are found.
func (m maker) items() {
	s := m.d.sample
	if s.Items == nil || s.Direction == mapping.Pull {
		return
	}
	for i, child := range m.d.from.Children {
		var wants []want
		for _, f := range s.Items.Fields {
			wants = append(wants, m.want(f))
		}
		if found := (matcher{child.Survey, m.lists}).assign(wants); len(found) > len(m.d.items) {
			m.d.child, m.d.items = &m.d.from.Children[i], found
			m.d.child.deleted = deletedColumn(m.terms, child.Survey)
		}
	}
}
