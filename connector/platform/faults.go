package platform

import (
	"maps"
	"slices"
	"strings"
	"time"

	"creditsync/mapping"
)

// The codes of what can be wrong with a profile. The first argument is always the key as written in the file.
const (
	faultMissing       = "profile.missing"         // key
	faultOneOf         = "profile.not_one_of"      // key, value, the values allowed
	faultToken         = "profile.unknown_token"   // key, value, the tokens known
	faultPlace         = "profile.bad_place"       // key, value: not a path into JSON, as "$.data.rows"
	faultField         = "profile.bad_field"       // key, value: not a field of a record, as "rowId"
	faultPath          = "profile.bad_path"        // key, value: not a URL path
	faultBase          = "profile.bad_base"        // key, value: not an http or https address
	faultPositive      = "profile.not_positive"    // key, value
	faultNegative      = "profile.negative"        // key, value
	faultDuration      = "profile.bad_duration"    // key, value
	faultRate          = "profile.bad_rate"        // key, value
	faultBytes         = "profile.bad_size"        // key, value
	faultWindow        = "profile.bad_quiet"       // key, value
	faultPattern       = "profile.bad_pattern"     // key, value: * not at the end
	faultSecretInFile  = "profile.secret_in_file"  // key
	faultSecretExposed = "profile.secret_exposed"  // key
	faultSecretUnused  = "profile.secret_unused"   // key
	faultSelfSigned    = "profile.signs_itself"    // key
	faultUnplaced      = "profile.signature_unset" // key
	faultLooseFlag     = "profile.loose_flag"      // key: published, but sees is not "published"
	faultPaging        = "profile.paging_style"    // key
	faultValue         = "profile.unknown_value"   // key, name
	faultUnpaired      = "profile.unpaired"        // key, the other key it needs
	faultEmpty         = "profile.resource_empty"  // key
	faultVariable      = "profile.variable_unset"  // name of the variable, profile
	faultPlaceholder   = "profile.bad_placeholder" // key
	faultClash         = "profile.same_field"      // key, value: the same as another key's
)

// checker collects everything that is wrong with a profile.
type checker struct{ faults mapping.Faults }

// key is the last name of a path: what a person sees in the file.
func key(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func (c *checker) fault(path, code string, args ...string) {
	c.faults = append(c.faults, mapping.Fault{What: code, Args: append([]string{key(path)}, args...), Field: path})
}

func (c *checker) given(path, value string) bool {
	if strings.TrimSpace(value) == "" {
		c.fault(path, faultMissing)
		return false
	}
	return true
}

func (c *checker) oneOf(path, value string, allowed ...string) bool {
	ok := slices.Contains(allowed, value)
	if !ok {
		c.fault(path, faultOneOf, value, strings.Join(allowed, "、"))
	}
	return ok
}

func (c *checker) positive(path string, n int) {
	if n <= 0 {
		c.number(path, faultPositive, n)
	}
}

func (c *checker) notNegative(path string, n int) {
	if n < 0 {
		c.number(path, faultNegative, n)
	}
}

// absolute reads a required place in a message, optional the same where "" means none.
func (c *checker) absolute(path, value string) place {
	if !c.given(path, value) {
		return nil
	}
	p, ok := parsePlace(value, true)
	if !ok {
		c.fault(path, faultPlace, value)
	}
	return p
}

func (c *checker) optional(path, value string) place {
	if value == "" {
		return nil
	}
	return c.absolute(path, value)
}

// inRecord reads a required place within one record.
func (c *checker) inRecord(path, value string) place {
	if !c.given(path, value) {
		return nil
	}
	p, ok := parsePlace(value, false)
	if !ok {
		c.fault(path, faultField, value)
	}
	return p
}

func (c *checker) maybeInRecord(path, value string) place {
	if value == "" {
		return nil
	}
	return c.inRecord(path, value)
}

func (c *checker) urlPath(path, value string) {
	if c.given(path, value) && (!strings.HasPrefix(value, "/") || strings.ContainsAny(value, " #\t\n")) {
		c.fault(path, faultPath, value)
	}
}

func (c *checker) duration(path, value string, empty time.Duration) time.Duration {
	if value == "" {
		return empty
	}
	d, err := time.ParseDuration(strings.ReplaceAll(value, " ", ""))
	if err != nil || d <= 0 {
		c.fault(path, faultDuration, value)
	}
	return d
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
