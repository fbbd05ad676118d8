package platform

import (
	"slices"
	"strings"

	"creditsync/connector"
)

// meanings are the words a profile sorts the platform's codes with, and the reason each becomes.
func meanings() map[string]string {
	return map[string]string{
		"expired":      connector.Expired,
		"throttled":    connector.Throttled,
		"unauthorized": connector.Unauthorized,
		"refused":      connector.Refused,
		"unavailable":  connector.ServerError,
	}
}

// meaningRule is one line of answer.errors.
type meaningRule struct {
	code   string // without its *
	prefix bool
	reason string
}

// meanings reads answer.errors, the most specific rule first: whole codes before prefixes, long prefixes before short.
func (c *checker) meanings(path string, errors map[string]string) []meaningRule {
	var rules []meaningRule
	for _, pattern := range sorted(errors) {
		code, prefix := strings.CutSuffix(pattern, "*")
		if strings.Contains(code, "*") || code == "" {
			c.fault(path+"."+pattern, faultPattern, pattern)
		}
		if c.oneOf(path+"."+pattern, errors[pattern], sorted(meanings())...) {
			rules = append(rules, meaningRule{code: code, prefix: prefix, reason: meanings()[errors[pattern]]})
		}
	}
	slices.SortStableFunc(rules, func(a, b meaningRule) int {
		if a.prefix != b.prefix {
			if b.prefix {
				return -1
			}
			return 1
		}
		return len(b.code) - len(a.code)
	})
	return rules
}

// meaning is the reason a code stands for, "" if the profile does not name it.
func (pl *plan) meaning(code string) string {
	for _, r := range pl.errors {
		if r.code == code || r.prefix && strings.HasPrefix(code, r.code) {
			return r.reason
		}
	}
	return ""
}
