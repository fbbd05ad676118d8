package identity

import (
	"encoding/json"
	"os"
	"testing"

	"pgregory.net/rapid"
)

type example struct {
	Code          string `json:"code"`
	OrgCode       string `json:"org_code"`
	ExpectedError string `json:"expected_error"`
}

type examples struct {
	Valid        []example                          `json:"valid"`
	Invalid      []example                          `json:"invalid"`
	Registration struct{ Valid, Invalid []example } `json:"legacy_registration_15"`
	Organisation struct{ Valid, Invalid []string }  `json:"org_code_9"`
	Citizen      struct {
		Published []string  `json:"published_specimens"`
		Synthetic []string  `json:"synthetic_generated_here"`
		Invalid   []example `json:"invalid"`
	} `json:"citizen_id_18"`
}

func load(t *testing.T) (e examples) {
	t.Helper()
	b, err := os.ReadFile("testdata/identity_examples.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatal(err)
	}
	if len(e.Valid) == 0 || len(e.Invalid) == 0 || len(e.Organisation.Valid) == 0 || len(e.Citizen.Invalid) == 0 {
		t.Fatal("the examples are not where the test looks for them")
	}
	return e
}

func expect(t *testing.T, code string, kind Kind, reason Reason) {
	t.Helper()
	got := Of(code)
	if got.Kind != kind || got.Reason != reason || got.Valid != (reason == Fine) {
		t.Errorf("Of(%q) = %+v, want kind %q and reason %q", code, got, kind, reason)
	}
}

func TestCreditCodes(t *testing.T) {
	e := load(t)
	for _, x := range e.Valid {
		expect(t, x.Code, CreditCode, Fine)
		expect(t, x.OrgCode, Organisation, Fine)
	}
	for _, x := range e.Invalid {
		switch x.ExpectedError {
		case "case": // our policy: upper-case first
			expect(t, x.Code, CreditCode, Fine)
			if CheckCreditCode(x.Code) != Charset {
				t.Errorf("CheckCreditCode(%q) takes text that is not normalised", x.Code)
			}
		default:
			expect(t, x.Code, CreditCode, Reason(x.ExpectedError))
		}
	}
}

func TestRegistrationNumbers(t *testing.T) {
	e := load(t)
	for _, x := range e.Registration.Valid {
		expect(t, x.Code, Registration, Fine)
	}
	for _, x := range e.Registration.Invalid {
		want := CheckDigit
		if len(x.Code) != 15 {
			want = Length
		}
		expect(t, x.Code, Registration, want)
	}
}

func TestOrganisationCodes(t *testing.T) {
	e := load(t)
	for _, code := range e.Organisation.Valid {
		expect(t, code, Organisation, Fine)
		expect(t, code[:8]+"-"+code[8:], Organisation, Fine)
	}
	for _, code := range e.Organisation.Invalid {
		expect(t, code, Organisation, CheckDigit)
	}
}

func TestCitizenIDs(t *testing.T) {
	e := load(t)
	for _, code := range append(e.Citizen.Published, e.Citizen.Synthetic...) {
		expect(t, code, CitizenID, Fine)
	}
	want := map[string]Reason{"110101199001011234": CheckDigit, "410421199002300017": Birthday, "41042119900101001": Length}
	for _, x := range e.Citizen.Invalid {
		reason, ok := want[x.Code]
		if !ok {
			t.Errorf("nobody decided why %q is invalid", x.Code)
		}
		expect(t, x.Code, CitizenID, reason)
	}
	if got := CheckCitizenID("410421199002300017"); got != Birthday {
		t.Errorf("30 February: %q, want %q", got, Birthday)
	}
}

func TestNormalize(t *testing.T) {
	for text, want := range map[string]string{
		"91410421MAX10JL09X":    "91410421MAX10JL09X",
		"\t91410421max10jl09x ": "91410421MAX10JL09X",
		"９１４１０４２１ＭＡＹＡ３Ｔ６６０Ｎ":                    "91410421MAYA3T660N",
		"9141 0421\u200bMAX1\u30000JL09X\ufeff": "91410421MAX10JL09X",
		"71526726-X":                            "71526726X",
		"'91410421MAX10JL09X":                   "91410421MAX10JL09X",
		"":                                      "",
	} {
		if got := Normalize(text); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"11010519491231002X": "110105**********2X",
		"13800001234":        "138****1234",
		"张三":                 "**",
		"保密审批文号":             "保****号",
		"":                   "",
	} {
		if got := Mask(text); got != want {
			t.Errorf("Mask(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestGenerated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint64Range(0, 31*31*31*31*31*31-1).Draw(t, "a"), rapid.Uint64Range(0, 31*31*31*31*31*31-1).Draw(t, "b")
		code := NewCreditCode("9", "1", "410421", a)
		if CheckCreditCode(code) != Fine || CheckOrganisation(code[8:17]) != Fine {
			t.Fatalf("NewCreditCode(%d) = %q does not check", a, code)
		}
		if (a == b) != (code == NewCreditCode("9", "1", "410421", b)) {
			t.Fatalf("%d and %d do not keep their codes apart", a, b)
		}
		if n := NewRegistration("410421", a); CheckRegistration(n) != Fine {
			t.Fatalf("NewRegistration(%d) = %q does not check", a, n)
		}
	})
	if got := NewCreditCode("I", "1", "410421", 1); got != "" {
		t.Errorf("NewCreditCode took department I: %q", got)
	}
}

// GB 32100 promises that one wrong character is always found.
func TestOneWrongCharacterIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(NewCreditCode("9", "2", "410421", rapid.Uint64().Draw(t, "seq")))
		at := rapid.IntRange(0, 17).Draw(t, "at")
		other := rapid.SampledFrom([]byte(creditAlphabet)).Filter(func(c byte) bool { return c != code[at] }).Draw(t, "other")
		code[at] = other
		if CheckCreditCode(string(code)) == Fine {
			t.Fatalf("%s passes with position %d changed", code, at)
		}
	})
}
