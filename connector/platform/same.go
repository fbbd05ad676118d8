package platform

import (
	"bytes"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// member is one name of a JSON object with its value.
type member struct {
	name  string
	value field
}

// members splits an object; nil if it is none, or broken.
func members(raw []byte) []member {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if t, err := dec.ReadToken(); err != nil || t.Kind() != '{' {
		return nil
	}
	var out []member
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil
		}
		text := name.String()
		v, err := dec.ReadValue()
		if err != nil {
			return nil
		}
		end := int(dec.InputOffset())
		out = append(out, member{text, field{raw[end-len(v) : end]}})
	}
	return out
}

// elements splits a list.
func elements(raw []byte) []field {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if t, err := dec.ReadToken(); err != nil || t.Kind() != '[' {
		return nil
	}
	var out []field
	for dec.PeekKind() != ']' {
		v, err := dec.ReadValue()
		if err != nil {
			return nil
		}
		end := int(dec.InputOffset())
		out = append(out, field{raw[end-len(v) : end]})
	}
	return out
}

func find(ms []member, name string) field {
	for _, m := range ms {
		if m.name == name {
			return m.value
		}
	}
	return field{}
}

// differing names the first field in which a held record is another version than what was sent.
func (p *lookPlan) differing(payload, held []byte) string {
	if name := differing(payload, held, p.compare); name != "" || len(p.compare) > 0 || p.added == nil {
		return name
	}
	sent := members(payload)
	for _, m := range members(held) {
		if !empty(m.value) && find(sent, m.name).absent() && !slices.Contains(p.added, m.name) {
			return m.name
		}
	}
	return ""
}

// differing names the first field in which what the platform holds is not what was sent; "" if they are the same version.
// Only the named fields count, or all that were sent when none is named. What the platform adds does not count.
func differing(payload, held []byte, compare []string) string {
	sent, there := members(payload), members(held)
	for _, name := range compare {
		if !same(find(sent, name), find(there, name)) {
			return name
		}
	}
	if len(compare) > 0 {
		return ""
	}
	for _, m := range sent {
		if !same(m.value, find(there, m.name)) {
			return m.name
		}
	}
	return ""
}

// same compares two values by what they mean: 5 and "5.0", 2026-12-21 and 20261221, a list and its joined text, nothing
// and "" are the same; 007 and 7 are not.
func same(a, b field) bool {
	if bytes.Equal(a.raw, b.raw) || empty(a) && empty(b) {
		return true
	}
	switch {
	case empty(a) || empty(b):
		return false
	case a.raw[0] == '{' && b.raw[0] == '{':
		return differing(a.raw, b.raw, nil) == ""
	case a.raw[0] == '[' || b.raw[0] == '[':
		return sameList(a, b)
	case !a.scalar() || !b.scalar():
		return false
	}
	return sameScalar(a, b)
}

func empty(f field) bool {
	return f.absent() || f.scalar() && len(bytes.TrimSpace(f.text())) == 0 || f.raw[0] == '[' && len(elements(f.raw)) == 0
}

// sameList compares lists of scalars as sets with repetition, for platforms keep them in an order of their own, and lists
// of objects in order.
func sameList(a, b field) bool {
	as, aPlain := listOf(a)
	bs, bPlain := listOf(b)
	if len(as) != len(bs) {
		return false
	}
	if aPlain && bPlain {
		slices.SortFunc(as, byText)
		slices.SortFunc(bs, byText)
	}
	return slices.EqualFunc(as, bs, same)
}

func byText(a, b field) int { return bytes.Compare(a.text(), b.text()) }

// listOf is a list's elements, or the parts of a joined text; plain says that all are scalars.
func listOf(f field) (list []field, plain bool) {
	if f.raw[0] == '[' {
		list = elements(f.raw)
		return list, !slices.ContainsFunc(list, func(e field) bool { return !e.scalar() })
	}
	for _, part := range strings.FieldsFunc(f.String(), func(r rune) bool { return strings.ContainsRune(",，、;；|", r) }) {
		quoted, _ := jsontext.AppendQuote(nil, strings.TrimSpace(part))
		list = append(list, field{quoted})
	}
	return list, true
}

func sameScalar(a, b field) bool {
	x, y := strings.TrimSpace(a.String()), strings.TrimSpace(b.String())
	if x == y {
		return true
	}
	if a.raw.Kind() == '0' || b.raw.Kind() == '0' {
		return sameNumber(x, y)
	}
	day, ok := civilDay(x)
	other, ok2 := civilDay(y)
	return ok && ok2 && day == other
}

// sameNumber compares decimals by value; a text with leading zeros is a code and no number. Long exponents are left to
// the comparison as text.
func sameNumber(x, y string) bool {
	if !decimal(x) || !decimal(y) {
		return false
	}
	p, ok := new(big.Rat).SetString(x)
	q, ok2 := new(big.Rat).SetString(y)
	return ok && ok2 && p.Cmp(q) == 0
}

func decimal(s string) bool {
	v := jsontext.Value(s)
	return len(s) < 64 && v.IsValid() && v.Kind() == '0' && !strings.ContainsAny(s, "eE")
}

// civilDay reads a day in the writings platforms use; a time of day other than midnight makes it more than a day.
func civilDay(s string) (string, bool) {
	if len(s) < 8 || len(s) > 29 || s[0] < '0' || s[0] > '9' {
		return "", false
	}
	for _, layout := range []string{time.DateOnly, "20060102", "2006/1/2", "2006.1.2", "2006-1-2", "2006年1月2日",
		time.DateTime, "2006-01-02T15:04:05", "20060102150405", "2006-01-02 15:04:05.0", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			h, m, sec := t.Clock()
			return t.Format(time.DateOnly), h == 0 && m == 0 && sec == 0
		}
	}
	return "", false
}
