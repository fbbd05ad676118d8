package screening

import (
	"strings"

	"creditsync/mapping/identity"
)

// number sorts a number by what it is, whichever field it stood in. The first of a kind stays. Where short says so, nine
// characters are an organisation code: in the field of the registration number they are a fragment of one.
func (m *Marks) number(text string, short bool) {
	n := identity.Normalize(text)
	if degenerate(n) {
		return
	}
	switch len(n) {
	case 18:
		if identity.CheckCreditCode(n) != identity.Fine {
			keep(&m.doubtful, n, alphanumeric(n))
			return
		}
		keep(&m.code, n, true)
		keep(&m.organisation, n[8:17], organisation(n[8:17]))
	case 9:
		keep(&m.organisation, n, short && organisation(n))
	case 15:
		m.fifteen(n)
	case 13, 14:
		keep(&m.old, n, digits(n))
	}
}

// fifteen characters are a registration number, or a taxpayer's number of before 2015: region and organisation code. One
// that may be both is taken for the former: its last nine digits would be somebody's organisation code by chance.
func (m *Marks) fifteen(n string) {
	if identity.CheckRegistration(n) == identity.Fine {
		keep(&m.registration, n, true)
		return
	}
	keep(&m.organisation, n[6:], digits(n[:6]) && organisation(n[6:]))
}

func keep(mark *string, n string, valid bool) {
	if valid && *mark == "" {
		*mark = n
	}
}

func organisation(n string) bool {
	return identity.CheckOrganisation(n) == identity.Fine && !degenerate(n)
}

// degenerate tells what clerks and systems write where they have no number: fewer than three different characters.
func degenerate(n string) bool {
	seen := ""
	for _, c := range n {
		if !strings.ContainsRune(seen, c) {
			seen += string(c)
		}
		if len(seen) > 2 {
			return false
		}
	}
	return true
}

func digits(n string) bool { return strings.Trim(n, "0123456789") == "" }

func alphanumeric(n string) bool {
	return strings.Trim(n, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
