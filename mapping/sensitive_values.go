package mapping

import (
	"strings"
	"unicode/utf8"

	"creditsync/mapping/identity"
)

// personal finds a citizen ID with a valid check digit (GB 11643) or a mobile number inside a free text and gives the
// fault's code, "" if there is neither. Full-width digits are found too.
func personal(s string) string {
	if wideDigits(s) {
		s = halfWidth(s)
	}
	code, _, _ := personalRunIn(s)
	return code
}

// wideDigits tells whether a text has full-width digits, U+FF10 to U+FF19.
func wideDigits(s string) bool {
	for {
		i := strings.IndexByte(s, 0xef)
		if i < 0 || i+2 >= len(s) {
			return false
		}
		if s[i+1] == 0xbc && s[i+2] >= 0x90 && s[i+2] <= 0x99 {
			return true
		}
		s = s[i+1:]
	}
}

// personalRunIn gives the first personal number of a half-width text and where it stands.
func personalRunIn(s string) (code string, from, to int) {
	if !longRun(s) {
		return "", 0, 0
	}
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' {
			i++
			continue
		}
		end := runEnd(s, i)
		if code := personalRun(s[i:end]); code != "" {
			return code, i, end
		}
		i = end
	}
	return "", 0, 0
}

// runEnd is the end of a run of digits as people group them: single blanks and hyphens inside belong to it, and so does
// the X that may end a citizen ID.
func runEnd(s string, i int) int {
	end := i
	for i < len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			end = i + 1
		case (c == ' ' || c == '-') && end == i && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9':
		case (c == 'X' || c == 'x') && end == i:
			return i + 1
		default:
			return end
		}
		i++
	}
	return end
}

// shortest is the length of the shortest personal number, that of a mobile phone.
const shortest = 11

// longRun says whether a run of digits may be long enough: then it covers one of the places looked at.
func longRun(s string) bool {
	for i := shortest - 1; i < len(s); i += shortest {
		if c := s[i]; c >= '0' && c <= '9' || c == ' ' || c == '-' || c == 'X' || c == 'x' {
			return true
		}
	}
	return false
}

func personalRun(run string) string {
	if len(run) < shortest {
		return ""
	}
	var b [24]byte
	n := 0
	for i := range len(run) {
		if run[i] == ' ' || run[i] == '-' {
			continue
		}
		if n == len(b) {
			return ""
		}
		if b[n] = run[i]; b[n] == 'x' {
			b[n] = 'X'
		}
		n++
	}
	digits := b[:n]
	switch {
	case n == 18 && identity.CheckCitizenID(string(digits)) == identity.Fine:
		return HoldsCitizenID
	case n == 13 && string(digits[:2]) == "86" && mobile(digits[2:]), n == 11 && mobile(digits):
		return HoldsPhone
	}
	return ""
}

// mobile tells an 11-digit number of the segments that the ministry (工信部) has given to mobile networks: certificate
// numbers such as 16040421001 are not of them.
func mobile(d []byte) bool {
	if d[0] != '1' || d[10] == 'X' {
		return false
	}
	switch d[1] {
	case '3', '5', '8', '9':
		return !(d[1] == '5' && d[2] == '4') && !(d[1] == '9' && d[2] == '4')
	case '4':
		return d[2] != '2' && d[2] != '3'
	case '6':
		return d[2] == '2' || d[2] == '5' || d[2] == '6' || d[2] == '7'
	case '7':
		return d[2] != '9'
	}
	return false
}

// shownLength is how much of a value a fault shows, in characters.
const shownLength = 60

// Shown is a value as it may stand in a fault, a log or a page: personal numbers masked, the rest cut to a length.
func Shown(s string) string {
	s = strings.ToValidUTF8(s, "�")
	if utf8.RuneCountInString(s) > 4*shownLength {
		s = string([]rune(s)[:4*shownLength])
	}
	s = MaskPersonal(s)
	if r := []rune(s); len(r) > shownLength {
		return string(r[:shownLength]) + "…"
	}
	return s
}

// MaskPersonal masks every citizen ID and mobile number inside a text; everything else stays as it is.
func MaskPersonal(s string) string {
	if wideDigits(s) {
		s = halfWidth(s)
	}
	for at := 0; at < len(s); {
		code, from, to := personalRunIn(s[at:])
		if code == "" {
			break
		}
		masked := identity.Mask(s[at+from : at+to])
		s = s[:at+from] + masked + s[at+to:]
		at += from + len(masked)
	}
	return maskDamaged(s)
}

// maskDamaged masks 17 and more digits with a birthday inside, too: a mistyped citizen ID still points to a person.
func maskDamaged(s string) string {
	if half := opaque(s); len(half) >= 15 && len(half) <= 19 {
		if identity.Of(half).Kind == identity.CitizenID || len(half) >= 17 && allDigits(half[:17]) && (half[6:8] == "19" || half[6:8] == "20") {
			return identity.Mask(half)
		}
	}
	return s
}
