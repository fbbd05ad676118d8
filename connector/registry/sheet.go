package registry

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// cell is one cell of a file: its text as a person sees it, or what is wrong with it and what is shown instead.
type cell struct{ text, fault, shown string }

// line is one row of a sheet; number counts as Excel does, from 1. Its cells are valid until the next one is read.
type line struct {
	number int
	cells  []cell
	hidden bool
}

func (l line) at(col int) cell {
	if col < len(l.cells) {
		return l.cells[col]
	}
	return cell{}
}

func (l line) blank(width int) bool {
	for i := range min(width, len(l.cells)) {
		if l.cells[i] != (cell{}) {
			return false
		}
	}
	return true
}

func (l line) clone() line {
	l.cells = slices.Clone(l.cells)
	return l
}

// lines reads a sheet from its start; io.EOF ends it.
type lines interface{ next() (line, error) }

// merge is a merged range; columns count from 0, rows from 1.
type merge struct{ top, bottom, left, right int }

// trim takes off what no person sees: blanks of every width, byte order marks, zero-width characters.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r)
	})
}

// textCell looks at text that was typed, or saved as text after the damage was done.
func textCell(s string) cell {
	s = trim(s)
	switch {
	case len(s) > maxCellBytes:
		return cell{fault: cellTooLong, shown: strconv.Itoa(len(s) >> 20)}
	case strings.ContainsRune(s, '\uFFFD'):
		return cell{text: s, fault: cellNoText}
	case isErrorText(s):
		return cell{fault: cellError, shown: s}
	case isScientific(s):
		return cell{fault: cellScientific, shown: s}
	}
	return cell{text: s}
}

func isErrorText(s string) bool {
	switch s {
	case "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA":
		return true
	}
	return len(s) > 2 && strings.Trim(s, "#") == ""
}

// isScientific knows 9.14104E+17, which is what is left of a code; 1E5 without a sign may be a code itself.
func isScientific(s string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E+")
	if !ok || len(exponent) < 2 || len(exponent) > 3 || !digits(exponent) {
		return false
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	return len(whole) == 1 && digits(whole) && digits(fraction)
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// plainNumber writes a number as a person would: 15 significant digits, as Excel keeps them, never an exponent.
func plainNumber(x float64) string {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64)
	if err != nil || math.IsInf(y, 0) {
		y = x
	}
	return strconv.FormatFloat(y, 'f', -1, 64)
}
