package screening

import "slices"

// Grade is by what an entry means the subject, the surest first.
type Grade string

// The grades. All but Candidate and None are hits.
const (
	CreditCode   Grade = "credit_code"
	Citizen      Grade = "citizen_id"
	Organisation Grade = "organisation"
	Registration Grade = "registration"
	Name         Grade = "name"        // the exact name
	FormerName   Grade = "former_name" // a name that the subject is known to have borne
	Candidate    Grade = "candidate"   // a person has to decide
	None         Grade = "none"
)

// Hit says that the entry means the subject.
func (g Grade) Hit() bool { return g != Candidate && g != None }

// Reason is why: a stable code with a sentence in the catalogue.
type Reason string

// The reasons of a match, and the doubts that stand beside a hit.
const (
	CreditCodeEqual   Reason = "credit_code_equal"
	CitizenEqual      Reason = "citizen_id_equal"
	OrganisationEqual Reason = "organisation_equal"
	RegistrationEqual Reason = "registration_equal"
	NameEqual         Reason = "name_equal"
	FormerNameEqual   Reason = "former_name_equal"
	NameDiffers       Reason = "name_differs"         // doubt: the number is the same, the name is not
	CodeDoubtful      Reason = "code_doubtful"        // doubt: a credit code whose check digit is wrong
	RegistrationOther Reason = "registration_differs" // the name is the same, the registration number is not
	Namesake          Reason = "namesake"             // a name that many may bear
	FormerNameOfEntry Reason = "former_name_of_entry" // the listed party once bore the subject's name
	DoubtfulCodeEqual Reason = "doubtful_code_equal"
	OldNumberEqual    Reason = "old_number_equal" // without check digit, unique in its county at most
	OneCharacter      Reason = "one_character"
	FormDiffers       Reason = "form_differs"
	BracketsDiffer    Reason = "brackets_differ"
	RegionMissing     Reason = "region_missing"
	RegionLevel       Reason = "region_level"
	Branch            Reason = "branch"
)

// Match is what the comparison of one subject with one entry says. Score is 0 to 100; it orders candidates and means
// nothing else.
type Match struct {
	Grade   Grade
	Score   int
	Reasons []Reason
}

func none() Match { return Match{Grade: None} }

// Compare compares. It is symmetric but for former names, which are known of the subject and merely stated of an entry.
func Compare(subject, entry *Marks) Match {
	for _, step := range []func(s, e *Marks) (Match, bool){byCode, byCitizen, byOrganisation, byRegistration, byName, byNumber} {
		if m, decided := step(subject, entry); decided {
			return m
		}
	}
	return bySimilarity(subject, entry)
}

// byCode: two valid codes decide, either way.
func byCode(s, e *Marks) (Match, bool) {
	switch {
	case s.code == "" || e.code == "":
		return none(), false
	case s.code != e.code:
		return none(), true
	}
	return s.hit(e, CreditCode, CreditCodeEqual), true
}

func byCitizen(s, e *Marks) (Match, bool) {
	switch {
	case s.person != e.person && (s.citizen != "" || e.citizen != ""):
		return none(), true
	case s.citizen == "" || e.citizen == "":
		return none(), false
	case s.citizen != e.citizen:
		return none(), true
	}
	return s.hit(e, Citizen, CitizenEqual), true
}

func byOrganisation(s, e *Marks) (Match, bool) {
	switch {
	case s.organisation == "" || e.organisation == "":
		return none(), false
	case s.organisation != e.organisation:
		return none(), true
	}
	return s.hit(e, Organisation, OrganisationEqual), true
}

// byRegistration: a number that differs does not part the two: it changed when a party was converted.
func byRegistration(s, e *Marks) (Match, bool) {
	if s.registration == "" || s.registration != e.registration {
		return none(), false
	}
	return s.hit(e, Registration, RegistrationEqual), true
}

// hit is a match by a number, with the doubt that the names may raise.
func (m *Marks) hit(e *Marks, g Grade, r Reason) Match {
	match := Match{Grade: g, Score: 100, Reasons: []Reason{r}}
	if m.name.text != "" && e.name.text != "" && !m.calls(e.name) && !e.calls(m.name) {
		match.Reasons = append(match.Reasons, NameDiffers)
	}
	return match
}

// calls says that the party bears or once bore the name.
func (m *Marks) calls(n name) bool { return m.name.text == n.text || m.bore(n) }

func (m *Marks) bore(n name) bool {
	return slices.ContainsFunc(m.former, func(f name) bool { return f.text == n.text })
}

func byName(s, e *Marks) (Match, bool) {
	switch {
	case s.name.text == "" || e.name.text == "":
		return none(), false
	case s.person != e.person:
		return none(), true
	case s.name.text == e.name.text:
		return s.named(e, Name, NameEqual), true
	case s.bore(e.name):
		return s.named(e, FormerName, FormerNameEqual), true
	case e.bore(s.name):
		return Match{Grade: Candidate, Score: 85, Reasons: []Reason{FormerNameOfEntry}}, true
	}
	return none(), false
}

// named grades an equal name: a hit for organisations, whose names are registered.
func (m *Marks) named(e *Marks, g Grade, r Reason) Match {
	switch {
	case m.person || !e.name.registered():
		return Match{Grade: Candidate, Score: 80, Reasons: []Reason{Namesake}}
	case m.registration != "" && e.registration != "":
		return Match{Grade: Candidate, Score: 85, Reasons: []Reason{RegistrationOther}}
	}
	match := Match{Grade: g, Score: 95, Reasons: []Reason{r}}
	if m.doubtful != "" || e.doubtful != "" {
		match.Reasons = append(match.Reasons, CodeDoubtful)
	}
	return match
}

// byNumber: numbers that are equal but prove nothing.
func byNumber(s, e *Marks) (Match, bool) {
	switch {
	case s.doubtful != "" && s.doubtful == e.doubtful:
		return Match{Grade: Candidate, Score: 75, Reasons: []Reason{DoubtfulCodeEqual}}, true
	case s.old != "" && s.old == e.old:
		return Match{Grade: Candidate, Score: 70, Reasons: []Reason{OldNumberEqual}}, true
	}
	return none(), false
}
