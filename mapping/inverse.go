package mapping

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// listJoin stands between the members of a list that a local cell holds, where the mapping names nothing else.
const listJoin = "、"

// puller is what one inversion needs besides the entry: it is pooled with the plan's other state.
type puller struct {
	state
	p       *Plan
	e       *Entry
	rec     Record // collects the faults
	buffer  bytes.Buffer
	decoder jsontext.Decoder
	name    []byte
	list    []string
}

// Inverse makes an entry of one object of the platform. A value that is at fault is kept in its cell as it came, so that
// nothing is lost, but is not Known. An unknown code is such a fault. The entry's slices and map are reused.
func (p *Plan) Inverse(object []byte, e *Entry) {
	s, _ := p.pool.Get().(*puller)
	if s == nil {
		s = &puller{p: p, state: state{row: newScope(&p.columns)}}
	}
	defer p.pool.Put(s)
	s.reset(p, e)
	s.buffer = *bytes.NewBuffer(object)
	s.decoder.Reset(&s.buffer)
	if err := s.object(p.tree); err != nil {
		s.report(wrong(NotJSON, err.Error()), "", nil)
	}
	s.finish()
	e.Faults, s.e = s.rec.Faults, nil
}

func (s *puller) reset(p *Plan, e *Entry) {
	n := len(p.fields)
	if cap(e.Cells) < n {
		e.Cells = make([]string, n)
	}
	cells := e.Cells[:n]
	clear(cells)
	if e.Known == nil {
		e.Known = make(map[string]string, n)
	}
	clear(e.Known)
	*e = Entry{Cells: cells, Known: e.Known, Faults: e.Faults[:0]}
	s.rec = Record{Faults: e.Faults}
	s.state.rec, s.refused, s.e, s.cells = &s.rec, 0, e, cells
}

// finish does what needs all cells: defaults, what is required, the key, the clock.
func (s *puller) finish() {
	for i := range s.p.fields {
		f := &s.p.fields[i]
		if s.cells[i] == "" && f.Default != "" {
			s.set(i, f.Default, false)
		}
		if s.cells[i] == "" && f.Required {
			s.report(wrong(Required), f.From, nil)
		}
	}
	s.entryKey()
	if s.p.starts != nil {
		s.row.fill(&s.p.columns, s.cells)
		s.e.Starts = s.day(s.p.starts)
	}
}

func (s *puller) entryKey() {
	for i, at := range s.p.key {
		f := &s.p.fields[at]
		switch part := s.cells[at]; {
		case part == "":
			s.report(&Fault{What: NullKey, Column: f.To}, f.From, nil)
		case strings.ContainsFunc(part, control):
			s.report(&Fault{What: KeyControl, Column: f.To}, f.From, nil)
		}
		if i == 0 {
			s.e.Key = s.cells[at]
			continue
		}
		s.e.Key += KeySeparator + s.cells[at]
	}
	if tooLong(s.e.Key, maxKey) {
		s.report(wrong(KeyTooLong, s.e.Key), s.p.fields[s.p.key[0]].From, nil)
	}
}

// object reads one object and takes what the mapping names of it.
func (s *puller) object(n *node) error {
	if s.decoder.PeekKind() != '{' {
		raw, err := s.decoder.ReadValue()
		if err != nil || raw.Kind() == 'n' && n != s.p.tree {
			return err
		}
		s.report(wrong(WrongType, string(raw)), n.path, nil)
		return nil
	}
	if _, err := s.decoder.ReadToken(); err != nil {
		return err
	}
	for s.decoder.PeekKind() != '}' {
		raw, err := s.decoder.ReadValue()
		if err != nil {
			return err
		}
		if err := s.member(n.find(s.unquoted(raw))); err != nil {
			return err
		}
	}
	_, err := s.decoder.ReadToken()
	return err
}

func (s *puller) member(n *node) error {
	switch {
	case n == nil:
		return s.decoder.SkipValue()
	case n.children != nil:
		return s.object(n)
	}
	raw, err := s.decoder.ReadValue()
	if err != nil {
		return err
	}
	return s.leaf(n, raw)
}

// unquoted is a JSON string's text, valid until the next call.
func (s *puller) unquoted(raw jsontext.Value) []byte {
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	s.name, _ = jsontext.AppendUnquote(s.name[:0], []byte(raw))
	return s.name
}

func (s *puller) leaf(n *node, raw jsontext.Value) error {
	switch raw.Kind() {
	case 'n':
	case '"':
		s.set(n.field, string(s.unquoted(raw)), false)
	case '0':
		s.set(n.field, string(raw), true)
	case '[':
		s.array(n, raw)
	case '{':
		s.e.Cells[n.field] = string(raw)
		s.report(wrong(WrongType, string(raw)), n.path, nil)
	default:
		s.set(n.field, string(raw), false)
	}
	return nil
}

// array reads a list of scalars. It is rare, so it may cost a decoder of its own.
func (s *puller) array(n *node, raw jsontext.Value) {
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	s.list = s.list[:0]
	for {
		t, err := d.ReadToken()
		if err != nil {
			break
		}
		switch t.Kind() {
		case '"', '0', 't', 'f':
			if text := clean(t.String()); text != "" {
				s.list = append(s.list, text)
			}
		case '{':
			s.e.Cells[n.field] = string(raw)
			s.report(wrong(WrongType, string(raw)), n.path, nil)
			return
		}
	}
	s.setList(n.field)
}

// set converts one value of the platform into the cell of field i.
func (s *puller) set(i int, text string, number bool) {
	f := &s.p.fields[i]
	text = clean(text)
	if f.Split != "" {
		s.list = separate(s.list[:0], text, f.Split)
		s.setList(i)
		return
	}
	s.cells[i] = text
	if text == "" {
		return
	}
	out, fault := f.local(text, number)
	if fault == nil && tooLong(out, f.Max) {
		fault = wrong(TooLong, out, strconv.Itoa(f.Max))
	}
	s.settle(i, out, fault)
}

func (s *puller) settle(i int, out string, fault *Fault) {
	f := &s.p.fields[i]
	if fault != nil {
		fault.Column = f.To
		s.report(fault, f.From, nil)
		return
	}
	s.cells[i] = out
	if f.As != "" && out != "" {
		s.e.Known[f.As] = out
	}
}

func (s *puller) setList(i int) {
	f := &s.p.fields[i]
	sep := f.Join
	if sep == "" {
		sep = listJoin
	}
	s.cells[i] = strings.Join(s.list, sep)
	var fault *Fault
	if f.codes != nil {
		s.list = f.codes.convertSet(s.list, localName, func(found *Fault) { fault = found })
	} else {
		for k, text := range s.list {
			out, wrongValue := f.local(text, false)
			if wrongValue != nil {
				fault = wrongValue
			}
			s.list[k] = out
		}
	}
	if fault != nil {
		s.settle(i, "", fault)
		return
	}
	s.settle(i, strings.Join(s.list, sep), nil)
}

// local reads one value of the platform as the local side writes it: a code by its name, a date as ISO 8601.
func (f *field) local(text string, number bool) (string, *Fault) {
	if f.codes != nil {
		item, ok := f.codes.find(text)
		if !ok {
			return "", wrong(UnknownCode, text, f.codes.list)
		}
		return item.Name, nil
	}
	if number && f.Is == DateKind {
		if day, ok := epochDay(text); ok {
			return day, nil
		}
	}
	v, fault := f.convert(text)
	return v.text, fault
}

// epochDay reads a JSON number of 10 or 13 digits as seconds or milliseconds since 1970, and gives the day in
// Asia/Shanghai.
func epochDay(text string) (string, bool) {
	if !allDigits(text) || len(text) != 10 && len(text) != 13 {
		return "", false
	}
	ms := int64(0)
	for i := range len(text) {
		ms = ms*10 + int64(text[i]-'0')
	}
	if len(text) == 10 {
		ms *= 1000
	}
	return time.UnixMilli(ms).UTC().Add(8 * time.Hour).Format(time.DateOnly), true
}
