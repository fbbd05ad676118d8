package source

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// A field is one key that a struct takes.
type field struct {
	name     string
	index    []int
	required bool
}

// fieldsOf lists the keys of a struct in the order of its fields, those of embedded structs in line.
func fieldsOf(t reflect.Type) []field {
	var fs []field
	for i := range t.NumField() {
		sf := t.Field(i)
		tag, options, _ := strings.Cut(sf.Tag.Get("yaml"), ",")
		if tag == "-" || !sf.IsExported() && !sf.Anonymous {
			continue
		}
		if tag == "" && (sf.Anonymous || options == "inline") && sf.Type.Kind() == reflect.Struct {
			for _, f := range fieldsOf(sf.Type) {
				f.index = append([]int{i}, f.index...)
				fs = append(fs, f)
			}
			continue
		}
		if tag == "" {
			tag = strings.ToLower(sf.Name)
		}
		fs = append(fs, field{name: tag, index: []int{i}, required: !strings.Contains(options, "omitempty")})
	}
	return fs
}

func find(fs []field, name string) (field, bool) {
	i := slices.IndexFunc(fs, func(f field) bool { return f.name == name })
	if i < 0 {
		return field{}, false
	}
	return fs[i], true
}

func names(fs []field) []string {
	ns := make([]string, len(fs))
	for i, f := range fs {
		ns[i] = f.name
	}
	return ns
}

// nearest is the known word that a mistyped one most likely meant, or "".
func nearest(word string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		limit := max(1, min(2, len([]rune(k))/3))
		if d := distance(fold(word), fold(k)); d <= limit && d < least {
			best, least = k, d
		}
	}
	return best
}

// fold drops what people mix up: case, hyphen and underscore.
func fold(s string) []rune {
	return []rune(strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' {
			return -1
		}
		return unicode.ToLower(r)
	}, s))
}

// distance counts the insertions, deletions, replacements and swaps of neighbours that turn a into b.
func distance(a, b []rune) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		older, old, row := rows[0], rows[1], rows[2]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		rows = [3][]int{old, row, older}
	}
	return rows[1][len(b)]
}
