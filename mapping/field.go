package mapping

import (
	"encoding/binary"

	"creditsync/mapping/identity"

	"github.com/go-json-experiment/json/jsontext"
)

// field is one compiled Field: everything that does not depend on the row.
type field struct {
	Field
	path   string      // in the mapping's YAML, for static faults
	name   []byte      // "to": as JSON, ready to be appended
	column int         // where From stands in the row, -1 for an expression
	expr   *expression // nil for a plain column
	codes  *codeTable
	format dateFormat // nil: ISO
	from   int        // money: places of the unit it comes in
	into   int        // and of the unit it goes out in
	watch  bool       // free text, looked through for personal numbers
}

// blame is the column that a fault of the field names: its own; of an expression over several, the only one that holds
// just what the expression gave; "" if nobody can say.
func (f *field) blame(text string, env map[string]any) (column string) {
	switch {
	case f.expr == nil && f.column >= 0:
		return f.From
	case f.expr == nil:
		return ""
	case len(f.expr.columns) == 1:
		return f.expr.columns[0]
	}
	for _, c := range f.expr.columns {
		if text == "" || env[c] != text {
			continue
		}
		if column != "" {
			return ""
		}
		column = c
	}
	return column
}

// reads is the condition whose columns a fault names when no single one is to blame; nil for a plain column.
func (f *field) reads() *condition {
	if f.expr == nil || len(f.expr.columns) == 0 {
		return nil
	}
	return &condition{expression: f.expr}
}

// value is what a local text became: text and whether it is written as a JSON number. An absent value has no text.
type value struct {
	text   string
	number bool
}

// convert turns one cleaned, non-empty local text into the platform's. Codes are not its business.
func (f *field) convert(v string) (value, *Fault) {
	switch f.Is {
	case Integer:
		s, fault := convertInteger(v)
		return value{s, true}, fault
	case Decimal:
		s, fault := convertDecimal(v)
		return value{s, true}, fault
	case Money:
		s, fault := convertMoney(v, f.from, f.into)
		return value{s, true}, fault
	case DateKind:
		s, fault := f.convertDate(v)
		return value{text: s}, fault
	case CreditCode:
		s, fault := convertCreditCode(v)
		return value{text: s}, fault
	case ID:
		s := opaque(v)
		if scientific(s) {
			return value{}, wrong(Scientific, v)
		}
		return value{text: s}, nil
	}
	return f.convertText(v)
}

func (f *field) convertText(v string) (value, *Fault) {
	if f.watch {
		if code := personal(v); code != "" {
			return value{}, wrong(code, v)
		}
	}
	return value{text: v}, nil
}

// convertDate gives no text for an open-ended date.
func (f *field) convertDate(v string) (string, *Fault) {
	if m, ok := isoDay(v); ok && f.format == nil && m.check() == "" {
		return v, nil
	}
	if openEnded(v) {
		return "", nil
	}
	m, code := parseMoment(v)
	if code != "" {
		return "", wrong(code, v)
	}
	if f.format != nil {
		return f.format.text(m), nil
	}
	if len(v) > 10 {
		if day, ok := isoDay(v[:10]); ok && day.date() == m.date() { // a zone may have moved the day
			return v[:10], nil
		}
	}
	return isoFormat.text(m), nil
}

var isoFormat = dateFormat{"yyyy", "-", "MM", "-", "dd"}

func convertCreditCode(v string) (string, *Fault) {
	n := identity.Normalize(v)
	switch identity.CheckCreditCode(n) {
	case identity.Fine:
		return n, nil
	case identity.Length:
		if scientific(n) {
			return "", wrong(Scientific, v)
		}
		return "", wrong(CreditCodeLength, v)
	case identity.Charset:
		return "", wrong(CreditCodeChars, v)
	}
	return "", wrong(CreditCodeCheck, v)
}

// appendJSON writes a value; text that is not UTF-8 is refused by the encoder. Text of a cell is known to be UTF-8:
// unless something in it needs an escape, it goes out as it is.
func (v value) appendJSON(dst []byte, fromCell bool) ([]byte, *Fault) {
	if v.number {
		return append(dst, v.text...), nil
	}
	if fromCell {
		mark := len(dst)
		if dst = append(append(dst, '"'), v.text...); unescaped(dst[mark+1:]) {
			return append(dst, '"'), nil
		}
		dst = dst[:mark]
	}
	out, err := jsontext.AppendQuote(dst, v.text)
	if err != nil {
		return dst, wrong(InvalidUTF8)
	}
	return out, nil
}

// unescaped says that no byte needs an escape in a JSON string: none below U+0020, no quotation mark, no backslash. Eight
// bytes are looked at together: the high bit of a byte in below, quote or slash is set if it is such a byte, and perhaps
// of one behind it, which does not change the answer.
func unescaped(b []byte) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; len(b) >= 8; b = b[8:] {
		w := binary.LittleEndian.Uint64(b)
		below := (w - ones*' ') & ^w
		quote, slash := w^ones*'"', w^ones*'\\'
		if (below|(quote-ones)&^quote|(slash-ones)&^slash)&highs != 0 {
			return false
		}
	}
	for _, c := range b {
		if c < ' ' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func tooLong(s string, limit int) bool {
	if limit <= 0 || len(s) <= limit {
		return false
	}
	n := 0
	for range s {
		n++
	}
	return n > limit
}
