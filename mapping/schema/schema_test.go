package schema

import (
	"regexp"
	"slices"
	"testing"
	"unicode"
)

func TestStreamsHaveTheirFamily(t *testing.T) {
	for stream, want := range map[string]Family{
		"inspection_items": Item, "inspection_objects": Object, "inspectors": Inspector, "tasks": Task,
		"drawn_objects": DrawnObject, "drawn_inspectors": DrawnInspector, "inspection_results": Result,
		"list_abnormal": List, "list_serious": List, "list_of_the_bureau": List,
	} {
		if got, ok := Of(stream); got != want || !ok {
			t.Errorf("Of(%q) = %q, %v; want %q", stream, got, ok, want)
		}
	}
	if _, ok := Of("lunches"); ok {
		t.Error("a stream nobody knows has a family")
	}
}

func TestNamesAreUniqueAndTitled(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	kinds := []Kind{Text, Integer, Decimal, Money, Date, CreditCode, ID}
	for _, f := range []Family{Item, Object, Inspector, Task, DrawnObject, DrawnInspector, Result, List} {
		seen := map[string]bool{}
		for _, field := range f.Fields() {
			if !name.MatchString(field.Name) || seen[field.Name] || !slices.Contains(kinds, field.Kind) {
				t.Errorf("%s: %+v is not a field or stands twice", f, field)
			}
			seen[field.Name] = true
			if r := []rune(field.Title); len(r) == 0 || !unicode.Is(unicode.Han, r[0]) {
				t.Errorf("%s.%s has the title %q, which is not Chinese", f, field.Name, field.Title)
			}
			if got, ok := f.Field(field.Name); !ok || got != field {
				t.Errorf("%s.Field(%q) = %+v, %v", f, field.Name, got, ok)
			}
		}
		if len(seen) == 0 {
			t.Errorf("%s has no fields", f)
		}
	}
}

// What starts the clock, what screening answers with and what the issue names must stay nameable.
func TestWhatOthersReferTo(t *testing.T) {
	for f, names := range map[Family][]string{
		Result: {"uniscid", "inspected_on", "entered_on", "approved_on", "ins_res", "inspectors", "task_code"},
		List:   {"uniscid", "entname", "in_decision_no", "in_date", "out_decision_no", "out_date", "repaired_on", "expires_on", "annulled_on"},
	} {
		for _, n := range names {
			if _, ok := f.Field(n); !ok {
				t.Errorf("%s has no %s", f, n)
			}
		}
	}
}
