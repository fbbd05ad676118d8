package mapping

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// appendPayload writes the record's JSON object: the fields in the mapping's order, empty optional ones left out.
func (s *state) appendPayload(p *Plan, row Row) {
	dst := append(s.rec.Payload, '{')
	for i := range p.fields {
		dst = s.appendField(dst, &p.fields[i], s.cells, s.row.env, "")
	}
	if p.items != nil {
		dst = s.appendItems(dst, p, row.Items)
	}
	s.rec.Payload = closeObject(dst)
}

func closeObject(dst []byte) []byte {
	if last := len(dst) - 1; dst[last] == ',' {
		dst[last] = '}'
		return dst
	}
	return append(dst, '}')
}

// appendField writes one member and the comma behind it; nothing if there is no value or it is at fault.
func (s *state) appendField(dst []byte, f *field, cells []string, env map[string]any, prefix string) []byte {
	text, list, isList, fault := s.local(f, cells, env)
	report := func(fault *Fault) {
		if fault.Column == "" {
			fault.Column = f.blame(text, env)
		}
		s.report(fault, prefix+f.To, f.reads())
	}
	if fault != nil {
		report(fault)
		return dst
	}
	mark := len(dst)
	dst = append(dst, f.name...)
	var ok bool
	if isList {
		dst, ok = f.appendList(dst, list, report)
	} else {
		dst, ok = f.appendText(dst, text, report)
	}
	if !ok {
		return dst[:mark]
	}
	return append(dst, ',')
}

// local is what the row says: one text, or a list of texts.
func (s *state) local(f *field, cells []string, env map[string]any) (text string, list []string, isList bool, fault *Fault) {
	switch {
	case f.expr == nil:
		text = cells[f.column]
	case f.expr.pieces != nil:
		text = clean(s.concatenate(f.expr.pieces, env))
	default:
		out, fault := f.expr.run(&s.vm, env)
		if fault != nil {
			return "", nil, false, fault
		}
		if text, list, isList = s.texts(out); isList {
			return "", list, true, nil
		}
		text = clean(text)
	}
	if text == "" {
		text = f.Default
	}
	if f.Split != "" {
		s.list = separate(s.list[:0], text, f.Split)
		return "", s.list, true, nil
	}
	return text, nil, false, nil
}

// texts is what an expression gave, as text.
func (s *state) texts(out any) (text string, list []string, isList bool) {
	switch v := out.(type) {
	case nil:
		return "", nil, false
	case string:
		return v, nil, false
	case []string:
		s.list = s.list[:0]
		for _, e := range v {
			if e = clean(e); e != "" {
				s.list = append(s.list, e)
			}
		}
		return "", s.list, true
	case []any:
		s.list = s.list[:0]
		for _, e := range v {
			if t, _, _ := s.texts(e); clean(t) != "" {
				s.list = append(s.list, clean(t))
			}
		}
		return "", s.list, true
	case time.Time:
		if v.IsZero() {
			return "", nil, false
		}
		return v.Format(time.DateOnly), nil, false
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil, false
	}
	return fmt.Sprint(out), nil, false
}

// appendText writes a single value; ok is false if there is none, or a faulty one.
func (f *field) appendText(dst []byte, text string, report func(*Fault)) ([]byte, bool) {
	v := value{text: text}
	var fault *Fault
	switch {
	case text == "":
	case f.codes != nil:
		item, ok := f.codes.find(text)
		if !ok {
			report(wrong(UnknownCode, text, f.codes.list))
			return dst, false
		}
		v.text = item.Code
	default:
		v, fault = f.convert(text)
	}
	switch {
	case fault != nil:
	case v.text == "" && f.Required:
		fault = wrong(Required)
	case v.text == "":
		return dst, false
	case tooLong(v.text, f.Max):
		fault = wrong(TooLong, v.text, strconv.Itoa(f.Max))
	default:
		if dst, fault = v.appendJSON(dst, f.expr == nil); fault == nil {
			return dst, true
		}
	}
	report(fault)
	return dst, false
}

// appendList writes a list as an array, or joined as one text.
func (f *field) appendList(dst []byte, list []string, report func(*Fault)) ([]byte, bool) {
	list, numbers, ok := f.convertList(list, report)
	switch {
	case !ok:
		return dst, false
	case len(list) == 0 && f.Required:
		report(wrong(Required))
		return dst, false
	case len(list) == 0:
		return dst, false
	case f.Join != "":
		return f.appendJoined(dst, list, report)
	}
	dst = append(dst, '[')
	for _, text := range list {
		var fault *Fault
		if dst, fault = (value{text, numbers}).appendJSON(dst, f.expr == nil); fault != nil {
			report(fault)
			return dst, false
		}
		dst = append(dst, ',')
	}
	dst[len(dst)-1] = ']'
	return dst, true
}

func (f *field) appendJoined(dst []byte, list []string, report func(*Fault)) ([]byte, bool) {
	joined := strings.Join(list, f.Join)
	fault := wrong(TooLong, joined, strconv.Itoa(f.Max))
	if !tooLong(joined, f.Max) {
		if dst, fault = (value{text: joined}).appendJSON(dst, f.expr == nil); fault == nil {
			return dst, true
		}
	}
	report(fault)
	return dst, false
}

// convertList converts in place, dropping open-ended dates; ok is false if anything in it is at fault.
func (f *field) convertList(list []string, report func(*Fault)) (out []string, numbers, ok bool) {
	ok = true
	note := func(fault *Fault) {
		ok = false
		report(fault)
	}
	if f.codes != nil {
		return f.codes.convertSet(list, platformCode, note), false, ok
	}
	out = list[:0]
	for _, text := range list {
		v, fault := f.convert(text)
		switch {
		case fault != nil:
			note(fault)
		case f.Join == "" && tooLong(v.text, f.Max):
			note(wrong(TooLong, v.text, strconv.Itoa(f.Max)))
		case v.text != "":
			out, numbers = append(out, v.text), v.number
		}
	}
	return out, numbers, ok
}
