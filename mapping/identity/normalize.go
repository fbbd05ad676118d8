package identity

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Normalize makes a number comparable: half-width (NFKC), upper case, without blanks, hyphens, characters that
// nobody sees (zero-width, byte order mark, direction marks) and the apostrophe by which spreadsheets mark text. Text that is in order already is returned as it is,
// without allocation.
func Normalize(text string) string {
	if plain(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Pd, r), r == '−', r == '\'':
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(text))
}

func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
