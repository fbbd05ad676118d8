package config

import (
	"reflect"
	"strings"
)

// typeAt is the type of the setting at a path such as platform or databases[0].dsn.
func typeAt(path string) reflect.Type {
	t := reflect.TypeFor[Settings]()
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' }) {
		name, _, member := strings.Cut(step, "[")
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("mapstructure") == name {
				t = t.Field(i).Type
				break
			}
		}
		if member {
			t = t.Elem()
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			break
		}
	}
	return t
}

// keysOf are the keys that a block of type t takes.
func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("mapstructure"); tag != "" {
			keys = append(keys, tag)
		}
	}
	return keys
}

// nearest is the known key that shares most neighbouring pairs of letters with a mistyped one, or "" if none shares half.
func nearest(word string, known []string) string {
	best, most := "", 0.5
	for _, k := range known {
		if share := likeness(word, k); share >= most {
			best, most = k, share
		}
	}
	return best
}

// likeness is Dice's coefficient over pairs of letters: 1 for equal words, 0 for words without a common pair.
func likeness(a, b string) float64 {
	pairs := map[string]int{}
	for i := range len(a) - 1 {
		pairs[a[i:i+2]]++
	}
	common := 0
	for i := range len(b) - 1 {
		if pairs[b[i:i+2]] > 0 {
			pairs[b[i:i+2]]--
			common++
		}
	}
	return 2 * float64(common) / float64(max(1, len(a)+len(b)-2))
}
