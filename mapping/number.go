package mapping

import (
	"bytes"
	"strings"
)

// maxDigits is how many digits a number may have: more is a code or a mistake, and no far side keeps it exact.
const maxDigits = 18

// decimal is a number as written, digit by digit: nothing is ever rounded, no floating point is involved.
type decimal struct {
	negative    bool
	whole, part string // digits before and after the point
}

// parseDecimal reads a decimal number: full-width or half-width, an optional sign, thousands grouped by commas or not
// at all. It reports the code of the fault, "" if there is none.
func parseDecimal(s string) (d decimal, code string) {
	if !plainNumber(s) {
		s = halfWidth(s)
		if scientific(s) {
			return d, Scientific
		}
		if s != "" && (s[0] == '-' || s[0] == '+') {
			d.negative = s[0] == '-'
			s = clean(s[1:])
		}
	}
	whole, part, point := strings.Cut(s, ".")
	if strings.Contains(whole, ",") {
		whole = ungroup(whole)
	}
	if !allDigits(whole) && !(whole == "" && point) || point && !allDigits(part) && part != "" || whole+part == "" {
		return d, NotANumber
	}
	d.whole, d.part = strings.TrimLeft(whole, "0"), strings.TrimRight(part, "0")
	if len(d.whole)+len(d.part) > maxDigits {
		return d, TooManyDigits
	}
	return d, ""
}

// plainNumber: s has nothing but ASCII digits and points.
func plainNumber(s string) bool {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && s[i] != '.' {
			return false
		}
	}
	return true
}

// ungroup removes well-placed thousands separators and gives "" if one is misplaced.
func ungroup(s string) string {
	groups := strings.Split(s, ",")
	for i, g := range groups {
		if len(g) > 3 || g == "" || i > 0 && len(g) != 3 {
			return ""
		}
	}
	return strings.Join(groups, "")
}

// scientific tells a number that a spreadsheet has shown as 9.14E+17, its digits gone.
func scientific(s string) bool {
	e := strings.IndexAny(s, "Ee")
	if e <= 0 {
		return false
	}
	mantissa, exponent := s[:e], strings.TrimLeft(s[e+1:], "+-")
	return allDigits(exponent) && allDigits(strings.Replace(strings.TrimLeft(mantissa, "+-"), ".", "", 1))
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// text is the number as JSON writes it, its decimal point moved by places to the right (to the left when negative),
// without superfluous zeros. It is was when that is the same text.
func (d decimal) text(was string, places int) string {
	digits := make([]byte, 0, 2*maxDigits)
	for range -(len(d.whole) + places) {
		digits = append(digits, '0')
	}
	point := max(0, len(d.whole)+places)
	digits = append(append(digits, d.whole...), d.part...)
	for len(digits) < point {
		digits = append(digits, '0')
	}
	whole, part := bytes.TrimLeft(digits[:point], "0"), bytes.TrimRight(digits[point:], "0")
	b := make([]byte, 0, 3*maxDigits)
	if d.negative && len(whole)+len(part) > 0 {
		b = append(b, '-')
	}
	if len(whole) == 0 {
		b = append(b, '0')
	}
	b = append(b, whole...)
	if len(part) > 0 {
		b = append(append(b, '.'), part...)
	}
	if string(b) == was {
		return was
	}
	return string(b)
}

// canonicalDigits: s is an integer that needs no rewriting.
func canonicalDigits(s string) bool {
	return allDigits(s) && len(s) <= maxDigits && (s[0] != '0' || len(s) == 1)
}

func convertInteger(v string) (string, *Fault) {
	if canonicalDigits(v) {
		return v, nil
	}
	d, code := parseDecimal(v)
	switch {
	case code == NotANumber, code == "" && d.part != "":
		return "", wrong(NotAnInteger, v)
	case code != "":
		return "", wrong(code, v)
	}
	return d.text(v, 0), nil
}

func convertDecimal(v string) (string, *Fault) {
	if canonicalDigits(v) {
		return v, nil
	}
	d, code := parseDecimal(v)
	if code != "" {
		return "", wrong(code, v)
	}
	return d.text(v, 0), nil
}

// The units of money and by how many places their decimal point stands to the left of 元's.
const (
	yuan    = "元"
	tenThou = "万元"
)

func unitPlaces(unit string) (places int, ok bool) {
	switch unit {
	case "", yuan:
		return 0, true
	case tenThou:
		return 4, true
	}
	return 0, false
}

// convertMoney brings an amount from one unit to another. A unit written in the cell itself (3万元, 5000元整, ￥3,000)
// goes before the column's.
func convertMoney(v string, from, to int) (string, *Fault) {
	if from == to && canonicalDigits(v) {
		return v, nil
	}
	s := v
	if !plainNumber(s) {
		s, from = cutUnit(s, from)
	}
	d, code := parseDecimal(s)
	switch code {
	case "":
		return d.text(v, from-to), nil
	case NotANumber:
		return "", wrong(NotMoney, v)
	}
	return "", wrong(code, v)
}

// cutUnit takes the signs of currency off an amount; places is what its own unit says, or else was.
func cutUnit(s string, was int) (amount string, places int) {
	s = strings.TrimSuffix(clean(s), "整")
	for _, sign := range [...]string{"￥", "¥", "人民币"} {
		s = clean(strings.TrimPrefix(s, sign))
	}
	switch {
	case strings.HasSuffix(s, "万元"), strings.HasSuffix(s, "万"):
		return clean(strings.TrimSuffix(strings.TrimSuffix(s, "元"), "万")), 4
	case strings.HasSuffix(s, "元"):
		return clean(strings.TrimSuffix(s, "元")), 0
	}
	return s, was
}
