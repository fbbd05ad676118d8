package identity

import "time"

// creditAlphabet is that of GB 32100-2015: no I, O, S, V, Z. A character's value is its place.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditWeights are 3^(i-1) mod 31.
var creditWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

var (
	organisationWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	citizenWeights      = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
)

// creditValues gives a byte's value in creditAlphabet plus one; 0 means that the alphabet does not have it.
var creditValues = func() (v [256]uint8) {
	for i := range len(creditAlphabet) {
		v[creditAlphabet[i]] = uint8(i + 1)
	}
	return v
}()

// CheckCreditCode checks a normalised 统一社会信用代码 by GB 32100-2015: 18 characters of its alphabet, the last one a
// check digit over the others. The organisation code inside (positions 9 to 17) is not checked: the codes of
// individuals need not have a valid one.
func CheckCreditCode(n string) Reason {
	if len(n) != 18 {
		return Length
	}
	sum := 0
	for i := range 17 {
		v := creditValues[n[i]]
		if v == 0 {
			return Charset
		}
		sum += int(v-1) * creditWeights[i]
	}
	switch creditValues[n[17]] {
	case 0:
		return Charset
	case uint8((31-sum%31)%31) + 1:
		return Fine
	}
	return CheckDigit
}

// CheckOrganisation checks a normalised 组织机构代码 by GB 11714-1997: 8 characters and a check digit, 9 in all.
func CheckOrganisation(n string) Reason {
	if len(n) != 9 {
		return Length
	}
	sum := 0
	for i := range 8 {
		v := alphanumeric(n[i])
		if v < 0 {
			return Charset
		}
		sum += v * organisationWeights[i]
	}
	if n[8] != organisationDigit(sum) {
		return CheckDigit
	}
	return Fine
}

func organisationDigit(sum int) byte {
	switch c := 11 - sum%11; c {
	case 10:
		return 'X'
	case 11:
		return '0'
	default:
		return byte('0' + c)
	}
}

func alphanumeric(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return -1
}

// CheckRegistration checks a normalised 15-digit 注册号 by GS15-2006 (ISO/IEC 7064 MOD 11,10).
func CheckRegistration(n string) Reason {
	if len(n) != 15 {
		return Length
	}
	if !digits(n) {
		return Charset
	}
	p := 10
	for i := range 14 {
		s := (p + int(n[i]-'0')) % 10
		if s == 0 {
			s = 10
		}
		p = 2 * s % 11
	}
	if int(n[14]-'0') != (11-p)%10 {
		return CheckDigit
	}
	return Fine
}

// CheckCitizenID checks a normalised 18-character 公民身份号码 by GB 11643-1999: region, birthday between 1850 and 2099,
// order, check digit.
func CheckCitizenID(n string) Reason {
	if len(n) != 18 {
		return Length
	}
	if !digits(n[:17]) || n[17] != 'X' && (n[17] < '0' || n[17] > '9') || n[0] == '0' || n[0] == '9' {
		return Charset
	}
	if !birthday(n[6:14]) {
		return Birthday
	}
	sum := 0
	for i := range 17 {
		sum += int(n[i]-'0') * citizenWeights[i]
	}
	if n[17] != "10X98765432"[sum%11] {
		return CheckDigit
	}
	return Fine
}

// birthday tells whether yyyymmdd is a day.
func birthday(s string) bool {
	year, month, day := number(s[:4]), number(s[4:6]), number(s[6:])
	if year < 1850 || year > 2099 || month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= time.Date(year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day()
}

// dayLike tells whether yyyymmdd was meant as a birthday, be it 30 February.
func dayLike(s string) bool {
	year, month, day := number(s[:4]), number(s[4:6]), number(s[6:])
	return year >= 1850 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

func number(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
