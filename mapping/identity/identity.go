package identity

// Kind is what a number is, or is taken for.
type Kind string

// The kinds of number.
const (
	None         Kind = ""                    // none of these
	CreditCode   Kind = "credit_code"         // 统一社会信用代码, GB 32100-2015
	Organisation Kind = "organisation_code"   // 组织机构代码, GB 11714-1997
	Registration Kind = "registration_number" // 注册号, 15 digits, GS15-2006
	CitizenID    Kind = "citizen_id"          // 公民身份号码, GB 11643-1999
)

// Reason says what is wrong with a number.
type Reason string

// The reasons why a number is not valid.
const (
	Fine       Reason = ""
	Empty      Reason = "empty"
	Length     Reason = "length"      // not as long as its kind
	Charset    Reason = "charset"     // a character its kind does not have, such as O for zero
	CheckDigit Reason = "check_digit" // one character mistyped, or two swapped
	Birthday   Reason = "birthday"    // of a citizen ID: no such day
)

// Identity is what a text was read as.
type Identity struct {
	Kind  Kind
	Valid bool
	// Reason is set when Valid is false: why the text is not a number of Kind.
	Reason Reason
	// Normalized is the text without blanks, hyphens and zero-width characters, half-width and in upper case. Of a
	// citizen ID it is the whole number: mask it before anybody sees it.
	Normalized string
}

// Of reads a text of unknown kind. A number that is right for some kind is valid; where two kinds fit (an 18-digit
// credit code and a citizen ID), the one whose check digit holds wins, the credit code first. A damaged number is
// reported as the kind its length and its digits suggest. 13 and 14-digit registration numbers of before 2007 have no check digit:
// they are not valid here, with reason length, and their text is kept.
func Of(text string) Identity {
	n := Normalize(text)
	switch len(n) {
	case 0:
		return Identity{Reason: Empty}
	case 18:
		return ofEighteen(n)
	case 9:
		return identity(Organisation, n, CheckOrganisation(n))
	case 13, 14, 15:
		if digits(n) {
			return identity(Registration, n, CheckRegistration(n))
		}
	}
	if len(n) == 17 && digits(n) && n[0] != '0' && n[0] != '9' && dayLike(n[6:14]) { // a citizen ID that lost its last character
		return identity(CitizenID, n, Length)
	}
	if len(n) > 15 && len(n) < 21 {
		return identity(CreditCode, n, Length)
	}
	return Identity{Reason: Length, Normalized: n}
}

func ofEighteen(n string) Identity {
	credit := CheckCreditCode(n)
	if credit == Fine {
		return identity(CreditCode, n, Fine)
	}
	// Positions 1 and 2 of a credit code are the department and the class; a citizen ID begins with a province, so
	// that 17 digits with a birthday in the middle are a damaged citizen ID rather than a damaged credit code.
	if citizen := CheckCitizenID(n); citizen == Fine || citizen == CheckDigit || citizen == Birthday && dayLike(n[6:14]) {
		return identity(CitizenID, n, citizen)
	}
	return identity(CreditCode, n, credit)
}

func identity(k Kind, n string, r Reason) Identity {
	return Identity{Kind: k, Valid: r == Fine, Reason: r, Normalized: n}
}
