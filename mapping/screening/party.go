package screening

import "strings"

// Party is a subject as it is asked for, or as an entry of a list names it: texts as people wrote them. Numbers may stand
// in each other's fields, as they do in the lists.
type Party struct {
	CreditCode   string // 统一社会信用代码, or the taxpayer's number (纳税人识别号)
	Organisation string // 组织机构代码
	Registration string // 注册号
	Name         string
	Former       []string // 曾用名
	Person       bool     // a natural person
	Citizen      string   // keyed hash of the citizen's number, never the number
}

// Marks are what identifies a party, made comparable once.
type Marks struct {
	person       bool
	code         string // valid credit code
	organisation string // valid organisation code, the credit code's own included
	registration string // valid 15-digit registration number
	old          string // registration number of before 2007, 13 or 14 digits
	doubtful     string // 18 characters that are no valid credit code
	citizen      string
	name         name
	former       []name
}

// Marks reads a party. What cannot identify anybody is left out.
func (p Party) Marks() Marks {
	m := Marks{person: p.Person, citizen: strings.TrimSpace(p.Citizen), name: nameOf(p.Name)}
	m.number(p.CreditCode, true)
	m.number(p.Organisation, true)
	m.number(p.Registration, false)
	for _, f := range p.Former {
		if n := nameOf(f); n.text != "" && n.text != m.name.text {
			m.former = append(m.former, n)
		}
	}
	return m
}

// Sure says that a number whose check digit holds identifies the party.
func (m *Marks) Sure() bool { return m.code != "" || m.organisation != "" || m.registration != "" }
