package mapping

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
)

// Limits of what a row may hold.
const (
	maxText   = 1 << 20 // bytes of one cell
	maxKey    = 200     // characters of a whole key
	maxFaults = 200     // reported of one record: a cell of 1 MB may hold 300,000 unknown codes
)

// Apply makes a record of a row of the plan's Columns. It reports every fault of the row at once; with any, there is no
// payload. What the legal clock, the owner and the withholding need is set even then: the clock of an invalid record
// runs. The record's buffers are reused; its strings may share memory with the row's cells.
func (p *Plan) Apply(row Row, rec *Record) {
	s := p.open(row, rec)
	defer p.end(s)
	if rec.Excluded {
		return
	}
	s.appendPayload(p, row)
	s.standing(p)
	if len(rec.Faults) > 0 {
		rec.Payload = rec.Payload[:0]
		return
	}
	rec.Hash = int64(xxhash.Sum64(rec.Payload))
}

// Glance sets only Key, Source, Excluded and the faults of these: enough to tell that a row has not changed, at a
// fraction of what Apply costs. A row with another Source than before then goes through Apply.
func (p *Plan) Glance(row Row, rec *Record) {
	p.end(p.open(row, rec))
}

// open starts on a row: what it is called, whether it belongs to the stream, what it hashes to.
func (p *Plan) open(row Row, rec *Record) *state {
	s := p.begin(rec)
	*rec = Record{Payload: rec.Payload[:0], Faults: append(rec.Faults[:0], row.Faults...), After: rec.After[:0]}
	s.accept(p, row)
	s.row.fill(&p.columns, s.cells)
	if p.where != nil {
		if belongs, fault := s.holds(p.where); fault != nil {
			s.report(fault, "", p.where)
		} else if !belongs {
			*rec = Record{Payload: rec.Payload, Faults: rec.Faults[:0], After: rec.After, Excluded: true}
			s.key(p) // a record of this key may have belonged before
			rec.Faults = rec.Faults[:0]
			return s
		}
	}
	rec.Source = s.sourceHash(row)
	s.key(p)
	return s
}

// accept cleans every cell. One that is not UTF-8 or far too long is at fault itself, and taken as empty from then on.
func (s *state) accept(p *Plan, row Row) {
	s.cells = s.cells[:0]
	for i, name := range p.columns.names {
		cell := ""
		if i < len(row.Cells) {
			cell = row.Cells[i]
		}
		if code := unusable(cell); code != "" {
			s.rec.Faults = append(s.rec.Faults, Fault{What: code, Args: []string{name}, Column: name})
			cell = ""
		}
		s.cells = append(s.cells, clean(cell))
	}
	s.refused = len(s.rec.Faults)
}

func unusable(cell string) string {
	switch {
	case len(cell) > maxText:
		return TextTooLarge
	case !utf8.ValidString(cell):
		return InvalidUTF8
	}
	return ""
}

// report adds a fault with the column it stands in. A column whose whole cell is unusable has been reported already.
func (s *state) report(f *Fault, field string, c *condition) {
	if f.Column == "" && c != nil && len(c.columns) == 1 {
		f.Column = c.columns[0]
	}
	f.Field = field
	if len(s.rec.Faults) >= maxFaults || s.reported(f) {
		return
	}
	f.Args = append([]string{whereOf(f, c)}, f.Args...)
	for i := range f.Args[1:] {
		f.Args[i+1] = Shown(f.Args[i+1])
	}
	s.rec.Faults = append(s.rec.Faults, *f)
}

// reported: what a date does wrong in its field, it does wrong in the deadline too, and is said once.
func (s *state) reported(f *Fault) bool {
	for i, known := range s.rec.Faults {
		if f.Column == "" || known.Column != f.Column {
			continue
		}
		if i < s.refused || known.What == f.What && f.Field == "" {
			return true
		}
	}
	return false
}

// whereOf is what the sentence names first: the column, else the columns of the expression, else the field.
func whereOf(f *Fault, c *condition) string {
	switch {
	case f.Column != "":
		return f.Column
	case c != nil:
		return strings.Join(c.columns, "、")
	}
	return f.Field
}

// key joins the key columns. Blanks around a part are not part of it.
func (s *state) key(p *Plan) {
	parts := make([]string, 0, 4)
	for _, at := range p.key {
		column := p.columns.names[at]
		part := s.cells[at]
		switch {
		case part == "":
			s.report(&Fault{What: NullKey, Column: column}, "", nil)
		case strings.ContainsFunc(part, control):
			s.report(&Fault{What: KeyControl, Column: column}, "", nil)
		}
		parts = append(parts, part)
	}
	key := parts[0]
	if len(parts) > 1 {
		key = strings.Join(parts, KeySeparator)
	}
	if tooLong(key, maxKey) {
		s.report(&Fault{What: KeyTooLong, Column: p.columns.names[p.key[0]], Args: []string{key}}, "", nil)
	}
	s.rec.Key = key
}

func control(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// standing sets what is known of the record beside its payload.
func (s *state) standing(p *Plan) {
	s.ready(p)
	s.withhold(p)
	for _, r := range p.routes {
		if s.met(r.when) {
			s.rec.Channel = r.to
			break
		}
	}
	if p.owner >= 0 {
		s.rec.Owner = s.cells[p.owner]
	}
	for i := range p.after {
		if key := s.reference(&p.after[i]); key != "" {
			s.rec.After = append(s.rec.After, Dependency{Stream: p.after[i].stream, Key: key})
		}
	}
	if p.answers != nil {
		s.rec.Answers = s.reference(p.answers)
	}
	if p.starts != nil {
		s.rec.Starts = s.day(p.starts)
	}
}

func (s *state) ready(p *Plan) { s.rec.Ready = p.ready == nil || s.met(p.ready) }

func (s *state) met(c *condition) bool {
	yes, fault := s.holds(c)
	if fault != nil {
		s.report(fault, "", c)
	}
	return yes
}

// withhold obeys 企业信息公示暂行条例 art. 3: what is kept back needs a ground and an approval, and what has no approval is
// at fault, not free to go.
func (s *state) withhold(p *Plan) {
	for _, r := range p.withhold {
		if !s.met(r.when) {
			continue
		}
		s.rec.Withheld = &Withheld{Ground: r.ground, Approval: s.cells[r.approval]}
		s.approve(p, r)
		return
	}
}

func (s *state) approve(p *Plan, r rule) {
	if s.cells[r.approval] == "" {
		s.report(&Fault{What: NoApproval, Column: p.columns.names[r.approval], Args: []string{r.ground}}, "", nil)
	}
}

// reference is the key of another stream's record, "" if a part of it is empty: then there is none to wait for.
func (s *state) reference(r *reference) string {
	if len(r.columns) == 1 {
		return normalKey(s.cells[r.columns[0]], r.kinds[0])
	}
	parts := make([]string, len(r.columns))
	for i, at := range r.columns {
		if parts[i] = normalKey(s.cells[at], r.kinds[i]); parts[i] == "" {
			return ""
		}
	}
	return strings.Join(parts, KeySeparator)
}

// normalKey reads a part of a reference as the mapping reads the column: the other side's key is normalised too.
func normalKey(v string, k Kind) string {
	switch k {
	case CreditCode:
		if code, fault := convertCreditCode(v); fault == nil {
			return code
		}
	case ID:
		return opaque(v)
	}
	return v
}

// day is the day a clock starts. Of a plain earliest(…), an unreadable column is at fault and the others count still.
func (s *state) day(c *condition) Date {
	if c.days != nil {
		return s.plainDay(c)
	}
	out, fault := c.run(&s.vm, s.row.env)
	if fault == nil {
		switch v := out.(type) {
		case time.Time:
			if v.IsZero() {
				return 0
			}
			return DateOf(v)
		case string:
			d, code := dayOf(clean(v))
			if code == "" {
				return d
			}
			fault = wrong(code, v)
		default:
			fault = wrong(NotADate, c.text)
		}
	}
	s.report(fault, "", c)
	return 0
}

func (s *state) plainDay(c *condition) (best Date) {
	for i, at := range c.days {
		d, code := dayOf(s.cells[at])
		if code != "" {
			s.report(&Fault{What: code, Args: []string{s.cells[at]}, Column: c.expression.days[i]}, "", nil)
			continue
		}
		if d != 0 && (best == 0 || (d > best) == c.latest) {
			best = d
		}
	}
	return best
}

// dayOf reads a cleaned cell as a day; an empty or open-ended one is no day and no fault.
func dayOf(cell string) (Date, string) {
	if cell == "" || openEnded(cell) {
		return 0, ""
	}
	m, code := parseMoment(cell)
	if code != "" {
		return 0, code
	}
	return m.date(), ""
}
