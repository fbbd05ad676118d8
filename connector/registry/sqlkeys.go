package registry

import (
	"context"
	"maps"
	"slices"
	"strings"

	"creditsync/mapping"
)

// keyPortion is how many keys one statement asks for.
const keyPortion = 2000

// byKeys reads portion by portion. What is not found by its exact text is looked for once more without regard to blanks
// around it: keys arrive trimmed, registries are not.
func (r *sqlRead) byKeys(ctx context.Context) error {
	keys := slices.Clone(r.q.Keys)
	slices.Sort(keys)
	for portion := range slices.Chunk(slices.Compact(keys), keyPortion) {
		r.wanted = make(map[string]bool, len(portion))
		for _, k := range portion {
			r.wanted[k] = false
		}
		for _, trimmed := range []bool{false, true} {
			if err := r.portion(ctx, trimmed); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *sqlRead) portion(ctx context.Context, trimmed bool) error {
	maps.DeleteFunc(r.wanted, func(_ string, found bool) bool { return found })
	if len(r.wanted) == 0 || trimmed && !hasText(r.key) {
		return nil
	}
	var parts [][]string
	for _, k := range slices.Sorted(maps.Keys(r.wanted)) {
		parts = append(parts, strings.Split(k, mapping.KeySeparator))
	}
	condition, args := r.s.d.among(r.key, parts, trimmed)
	return r.stream(ctx, condition, args)
}

func hasText(cols []column) bool {
	return slices.ContainsFunc(cols, func(c column) bool {
		return c.Type == "" || strings.Contains(c.Type, "TEXT") || strings.Contains(c.Type, "CHAR")
	})
}

// keep drops what the database thought equal and is not, character for character.
func (r *sqlRead) keep(rows []mapping.Row) []mapping.Row {
	kept := rows[:0]
	for i, row := range rows {
		k := r.keyOf(i)
		if _, ok := r.wanted[k]; !ok {
			continue
		}
		r.wanted[k] = true
		kept = append(kept, row)
	}
	return kept
}

func (r *sqlRead) keyOf(row int) string {
	parts := make([]string, len(r.keyAt))
	for i, at := range r.keyAt {
		parts[i] = strings.TrimSpace(r.page.cell(row, at))
	}
	return strings.Join(parts, mapping.KeySeparator)
}
