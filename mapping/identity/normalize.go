package identity

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Normalize makes a number comparable: half-width (NFKC), upper case, without blanks, hyphens, characters that
// nobody sees (zero-width, byte order mark, direction marks) and the apostrophe by which spreadsheets mark text. Text that
// is in order already is returned as it is, without allocation. What was normalised stays as it is.
func Normalize(text string) string {
	if plain(text) {
		return text
	}
	// An accent that a blank kept apart joins the letter before it once the blank is gone: rounds until nothing changes.
	const rounds = 4
	for range rounds {
		next := strings.Map(bare, norm.NFKC.String(text))
		if next == text {
			break
		}
		text = next
	}
	return text
}

// bare is a character in upper case, -1 for one that is no part of a number.
func bare(r rune) rune {
	switch {
	case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Pd, r), r == '−', r == '\'':
		return -1
	}
	return unicode.ToUpper(r)
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
