package mapping

import "slices"

// codeTable looks local values up in a code list.
type codeTable struct {
	list  string
	items []CodeItem
	by    map[string]int // every code, name and alias, as written and in NFKC
}

// newCodeTable indexes a list. A word that stands for two codes is reported: whichever won, half of the records would
// be wrong.
func newCodeTable(l CodeList) (t *codeTable, ambiguous []string) {
	t = &codeTable{list: l.List, items: l.Codes, by: make(map[string]int, 3*len(l.Codes))}
	for i, c := range l.Codes {
		for _, word := range append([]string{c.Code, c.Name}, c.Aliases...) {
			for _, form := range [...]string{clean(word), nfkc(word)} {
				if form == "" {
					continue
				}
				if at, taken := t.by[form]; taken && at != i {
					if !slices.Contains(ambiguous, form) {
						ambiguous = append(ambiguous, form)
					}
					continue
				}
				t.by[form] = i
			}
		}
	}
	return t, ambiguous
}

// find gives the item that a cleaned value names.
func (t *codeTable) find(v string) (CodeItem, bool) {
	i, ok := t.by[v]
	if !ok {
		if i, ok = t.by[nfkc(v)]; !ok {
			return CodeItem{}, false
		}
	}
	return t.items[i], true
}

// convertSet turns a set of local values into codes in place, each once. Every unknown value is a fault; a code that
// holds alone, beside another, is one too.
func (t *codeTable) convertSet(values []string, out func(CodeItem) string, report func(*Fault)) []string {
	kept, alone := values[:0], ""
	for _, v := range values {
		item, ok := t.find(v)
		if !ok {
			report(wrong(UnknownCode, v, t.list))
			continue
		}
		if item.Exclusive {
			alone = item.Name
		}
		if code := out(item); !slices.Contains(kept, code) {
			kept = append(kept, code)
		}
	}
	if alone != "" && len(kept) > 1 {
		report(wrong(ExclusiveCode, alone, t.list))
	}
	return kept
}

func platformCode(c CodeItem) string { return c.Code }
func localName(c CodeItem) string    { return c.Name }
