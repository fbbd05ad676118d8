package draft

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// plainScalar is text that YAML takes as it is, within brackets too.
var plainScalar = regexp.MustCompile(`^[\p{Han}A-Za-z_][\p{Han}\p{L}\p{N}_（）()/.]*$`)

// scalar writes a text so that YAML reads back that text.
func scalar(s string) string {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return strconv.Quote(s)
	}
	if plainScalar.MatchString(s) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(s) + `"`
}

// single writes a text in single quotes, for expressions, which hold double ones.
func single(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func sequence(items []string) string {
	out := make([]string, len(items))
	for i, s := range items {
		out[i] = scalar(s)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// name is a column as an expression writes it.
func name(column string) string {
	for i, r := range column {
		if !unicode.IsLetter(r) && r != '_' && (i == 0 || !unicode.IsDigit(r)) {
			return "列[" + strconv.Quote(column) + "]"
		}
	}
	return column
}

func names(columns []string) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = name(c)
	}
	return out
}

// in is the condition that a column has one of values.
func in(column string, values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = strconv.Quote(v)
	}
	if len(quoted) == 1 {
		return name(column) + " == " + quoted[0]
	}
	return name(column) + " in [" + strings.Join(quoted, ", ") + "]"
}
