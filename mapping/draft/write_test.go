package draft

import (
	"fmt"
	"strings"
	"testing"

	"creditsync/mapping"
)

// A line break in a column's name or in one of its values ends no comment: what stands behind it would be read as mapping.
func TestLineBreaksEndNoComment(t *testing.T) {
	terms, err := LoadTerms()
	if err != nil {
		t.Fatal(err)
	}
	survey := NewSurvey(terms, []string{"负责人\n单位名称"}, nil)
	survey.Add(mapping.Row{Cells: []string{"甲局\n乙局"}})
	sample := mapping.Spec{Stream: "inspectors", Direction: mapping.Push, Fields: []mapping.Field{{From: "负责人单位名称", To: "dept", Codes: "units"}}}
	lists := map[string]mapping.CodeList{"units": {List: "units"}}
	yaml := Make(terms, sample, lists, Source{Survey: survey}).YAML([]string{"草稿\n甲"}, func(code string, args ...any) string { return fmt.Sprint(code, args) })
	if !strings.Contains(yaml, UnknownCodes) {
		t.Fatalf("the pair was not found:\n%s", yaml)
	}
	for line := range strings.Lines(yaml) {
		if text := strings.TrimSpace(line); strings.HasPrefix(text, "单位名称") || strings.HasPrefix(text, "乙局") || strings.HasPrefix(text, "甲") {
			t.Errorf("a comment goes on as mapping: %s", line)
		}
	}
}
