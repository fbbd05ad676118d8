package registry

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plain is a name as it is compared: full-width and half-width alike (NFKC), without blanks, line breaks, invisible
// characters and the marks that forms put on required columns.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	return strings.Trim(s, "*:")
}

// similar gives up to three of names that a person may have meant, the closest first.
func similar(want string, names []string) []string {
	type near struct {
		name string
		d    int
	}
	var all []near
	w := []rune(strings.ToLower(plain(want)))
	for _, n := range names {
		c := []rune(strings.ToLower(plain(n)))
		d := distance(w, c)
		if strings.Contains(string(c), string(w)) || len(c) > 1 && strings.Contains(string(w), string(c)) {
			d = min(d, 1)
		}
		if d <= max(1, max(len(w), len(c))/2) {
			all = append(all, near{n, d})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(a.d, b.d) })
	var out []string
	for _, n := range all[:min(3, len(all))] {
		out = append(out, n.name)
	}
	return out
}

// distance is Levenshtein's.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			d := corner
			if a[i] != b[j] {
				d++
			}
			corner = row[j+1]
			row[j+1] = min(d, row[j]+1, corner+1)
		}
	}
	return row[len(b)]
}

// listed joins names for a sentence, at most n of them; a dash stands for none.
func listed(names []string, n int) string {
	if len(names) == 0 {
		return "—"
	}
	if len(names) > n {
		return strings.Join(names[:n], "、") + "…"
	}
	return strings.Join(names, "、")
}
