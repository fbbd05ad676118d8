package screening

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"creditsync/mapping/identity"

	"pgregory.net/rapid"
)

func pairs(t testing.TB) (rows [][]string) {
	t.Helper()
	f, err := os.Open("testdata/pairs.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err = csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 301 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows[1:]
}

func party(cells []string) Party {
	p := Party{CreditCode: cells[0], Organisation: cells[1], Registration: cells[2], Name: cells[3], Person: cells[5] != "", Citizen: cells[6]}
	if cells[4] != "" {
		p.Former = []string{cells[4]}
	}
	return p
}

// TestPairs holds the matcher to what was expected before it was written.
func TestPairs(t *testing.T) {
	negative := 0
	rows := pairs(t)
	for i, row := range rows {
		subject, entry := party(row[1:8]).Marks(), party(row[8:15]).Marks()
		m := Compare(&subject, &entry)
		reasons := make([]string, len(m.Reasons))
		for i, r := range m.Reasons {
			reasons[i] = string(r)
		}
		if string(m.Grade) != row[15] || strings.Join(reasons, " ") != row[16] {
			t.Errorf("line %d, %s: %v and %v: %s %v, want %s %s", i+2, row[0], row[1:8], row[8:15], m.Grade, reasons, row[15], row[16])
		}
		if m.Grade != None && !common(&subject, &entry) {
			t.Errorf("line %d, %s: nothing to look the entry up by", i+2, row[0])
		}
		if !m.Grade.Hit() {
			negative++
		}
	}
	if negative*2 < len(rows) {
		t.Errorf("%d of %d pairs are negative, want half", negative, len(rows))
	}
}

func common(s, e *Marks) bool {
	keys := e.Keys()
	return slices.ContainsFunc(s.Keys(), func(k Key) bool { return slices.Contains(keys, k) })
}

// someone draws a party of a small world, so that parts of names and numbers meet often. Its true self is who.
func someone(t *rapid.T, label string) (p Party, who int) {
	who = rapid.IntRange(1, 399).Draw(t, label)
	code := identity.NewCreditCode("9", "1", "410421", uint64(who))
	p.Name = fmt.Sprintf("%s%s%s%s",
		[]string{"宝丰县", "郏县", "河南", "平顶山市宝丰县", ""}[who%5], []string{"恒基", "恒吉", "鑫源", "新恒基"}[who/5%4],
		[]string{"矿业", "建材", "石料", "耐火材料"}[who/20%4], []string{"有限公司", "有限责任公司", "厂", "股份有限公司", "有限公司宝丰分公司"}[who/80])
	switch rapid.IntRange(0, 4).Draw(t, label+" fields") {
	case 0:
		p.CreditCode = code
	case 1:
		p.Organisation = code[8:17]
	case 2:
		p.CreditCode, p.Registration = code, identity.NewRegistration("410421", uint64(who))
	case 3:
		p.Registration = identity.NewRegistration("410421", uint64(who))
	}
	if rapid.Bool().Draw(t, label+" noise") {
		p.Organisation += rapid.SampledFrom([]string{"", "000000000", "1616173", "无", "-"}).Draw(t, label+" useless")
	}
	return p, who
}

// TestDistinctSubjectsAreNoHit: in a world where every name is registered once, 100,000 pairs of distinct subjects give no
// hit, and whatever they have in common can be looked up.
func TestDistinctSubjectsAreNoHit(t *testing.T) {
	checks := 0
	for checks < 100_000 {
		rapid.Check(t, func(t *rapid.T) {
			for range 1000 {
				a, i := someone(t, "subject")
				b, j := someone(t, "entry")
				s, e := a.Marks(), b.Marks()
				m := Compare(&s, &e)
				if i != j && a.Name != b.Name && m.Grade.Hit() {
					t.Fatalf("%+v and %+v: %s %v", a, b, m.Grade, m.Reasons)
				}
				if m.Grade != None && !common(&s, &e) {
					t.Fatalf("%+v and %+v: %s, and nothing to look the entry up by", a, b, m.Grade)
				}
				checks++
			}
		})
	}
}

// TestNothingMatchesNothing: a party without a usable mark matches nobody, not even another such.
func TestNothingMatchesNothing(t *testing.T) {
	useless := []string{"", " ", "无", "-", "0", "000000000", "00000000-0", "000000000000000", "000000000000000000", "******", "1616173", "NULL", "不详"}
	for _, a := range useless {
		for _, b := range useless {
			s := Party{CreditCode: a, Organisation: a, Registration: a, Name: a}.Marks()
			e := Party{CreditCode: b, Organisation: b, Registration: b, Name: b, Former: []string{a}}.Marks()
			if m := Compare(&s, &e); m.Grade != None && a != "1616173" {
				t.Errorf("%q and %q: %s %v", a, b, m.Grade, m.Reasons)
			}
		}
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("91410421100000016K", "宝丰县恒基矿业有限公司", "无", "（宝丰）")
	f.Fuzz(func(t *testing.T, code, name, other, former string) {
		s := Party{CreditCode: code, Name: name}.Marks()
		e := Party{Organisation: code, Registration: other, Name: other, Former: []string{former, name}}.Marks()
		m := Compare(&s, &e)
		if m.Grade != None && (len(m.Reasons) == 0 || m.Score <= 0 || m.Score > 100) {
			t.Errorf("%+v", m)
		}
		if m.Grade != None && !common(&s, &e) {
			t.Errorf("%+v, and nothing to look the entry up by", m)
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	s := Party{CreditCode: "91410421100000016K", Name: "宝丰县恒基矿业有限公司"}.Marks()
	e := Party{Name: "宝丰县恒吉矿业有限公司"}.Marks()
	b.ReportAllocs()
	for b.Loop() {
		Compare(&s, &e)
	}
}

func BenchmarkMarks(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		m := Party{CreditCode: "91410421100000016K", Name: "宝丰县恒基矿业有限公司"}.Marks()
		m.Keys()
	}
}
