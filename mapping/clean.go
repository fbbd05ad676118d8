package mapping

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean cuts off what clerks and spreadsheets leave around a value and nobody sees: blanks of every width, zero-width
// characters, byte order marks. The inside stays as it is.
func clean(s string) string {
	if tidyEnds(s) {
		return s
	}
	return strings.TrimFunc(s, invisible)
}

func tidyEnds(s string) bool { return s == "" || tidyByte(s[0]) && tidyEnd(s) }

// tidyByte: a printable ASCII character, or the first byte of U+4000 to U+9FFF, where nearly all Chinese text stands.
func tidyByte(c byte) bool { return c > ' ' && c < 0x7f || c >= 0xe4 && c <= 0xe9 }

func tidyEnd(s string) bool {
	if n := len(s); s[n-1] < 0x80 {
		return tidyByte(s[n-1])
	} else if n >= 3 && s[n-3] >= 0xe4 && s[n-3] <= 0xe9 {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return !invisible(r)
}

func invisible(r rune) bool {
	if r < 0x80 {
		return r <= ' ' || r == 0x7f
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// halfWidth brings digits, letters and the signs of numbers and dates to their half-width form, and nothing else: full
// NFKC would rewrite brackets and ordinals inside names and document numbers.
func halfWidth(s string) string {
	if ascii(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' && alphanumericOrSign(r-'！'+'!') {
			return r - '！' + '!'
		}
		return r
	}, s)
}

func alphanumericOrSign(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("+-.,/:", r)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// opaque is an identifier as it is kept: without blanks and invisible characters, half-width, otherwise untouched.
func opaque(s string) string {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return strings.Map(func(r rune) rune {
				if invisible(r) {
					return -1
				}
				return r
			}, halfWidth(s))
		}
	}
	return s
}

// nfkc is the form in which code names are compared.
func nfkc(s string) string { return clean(norm.NFKC.String(s)) }

// separate cuts s at every character of seps, cleans the parts and drops the blank ones: real data begin with a
// separator (",0205262020040290") or repeat it. The parts are appended to into.
func separate(into []string, s, seps string) []string {
	for s != "" {
		part := s
		if i := strings.IndexAny(s, seps); i >= 0 {
			_, w := utf8.DecodeRuneInString(s[i:])
			part, s = s[:i], s[i+w:]
		} else {
			s = ""
		}
		if part = clean(part); part != "" {
			into = append(into, part)
		}
	}
	return into
}
