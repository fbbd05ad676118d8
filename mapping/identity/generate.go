package identity

import "strconv"

// NewCreditCode makes a credit code for a subject that does not exist: department (登记管理部门, 1 character), class
// (机构类别, 1 character), region (行政区划, 6 digits), and an organisation code counted up by seq from MA000000, where
// the registration authorities' new numbers stand. Both check digits are valid; different seq give different codes. An
// argument that the alphabet of GB 32100 does not have gives "".
func NewCreditCode(dept, class, region string, seq uint64) string {
	code := dept + class + region + NewOrganisationCode(seq)
	if len(code) != 17 {
		return ""
	}
	sum := 0
	for i := range 17 {
		v := creditValues[code[i]]
		if v == 0 {
			return ""
		}
		sum += int(v-1) * creditWeights[i]
	}
	return code + string(creditAlphabet[(31-sum%31)%31])
}

// NewOrganisationCode makes the seq-th made-up 组织机构代码 with a valid check digit, MA and 6 characters of the credit
// code's alphabet before it; it repeats after 31^6.
func NewOrganisationCode(seq uint64) string {
	code := [9]byte{'M', 'A'}
	for i := 7; i > 1; i-- {
		code[i] = creditAlphabet[seq%31]
		seq /= 31
	}
	sum := 0
	for i := range 8 {
		sum += alphanumeric(code[i]) * organisationWeights[i]
	}
	code[8] = organisationDigit(sum)
	return string(code[:])
}

// NewRegistration makes the seq-th made-up 15-digit registration number of a 6-digit authority, with a valid check digit.
func NewRegistration(authority string, seq uint64) string {
	number := strconv.FormatUint(seq%100_000_000, 10)
	body := authority + "00000000"[len(number):] + number
	for c := byte('0'); c <= '9'; c++ {
		if n := body + string(c); CheckRegistration(n) == Fine {
			return n
		}
	}
	return ""
}
