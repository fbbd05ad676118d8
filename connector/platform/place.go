package platform

import "strings"

// place is a position in JSON: the names to follow from the root of a message, or from one record. An empty place is the
// root itself.
type place []string

// parsePlace reads "$", "$.data.rows" (absolute) or "status", "result.status" (within a record).
func parsePlace(s string, absolute bool) (place, bool) {
	if absolute {
		if s == "$" {
			return place{}, true
		}
		rest, ok := strings.CutPrefix(s, "$.")
		if !ok {
			return nil, false
		}
		s = rest
	}
	if strings.ContainsAny(s, "$[]* \t\"'") {
		return nil, false
	}
	names := strings.Split(s, ".")
	for _, n := range names {
		if n == "" {
			return nil, false
		}
	}
	return names, true
}
