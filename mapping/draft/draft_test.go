package draft

import (
	"testing"

	"creditsync/mapping"

	"github.com/google/go-cmp/cmp"
)

// pairsOf drafts from a table of two rows.
func pairsOf(t *testing.T, fields []mapping.Field, columns []string, rows ...[]string) map[string][]string {
	t.Helper()
	terms, err := LoadTerms()
	if err != nil {
		t.Fatal(err)
	}
	s := NewSurvey(terms, columns, nil)
	for _, cells := range rows {
		s.Add(mapping.Row{Cells: cells})
	}
	sample := mapping.Spec{Stream: "inspectors", Direction: mapping.Push, Fields: fields}
	got := map[string][]string{}
	for _, p := range Make(terms, sample, nil, Source{Survey: s}).Pairs {
		got[p.Field] = p.Columns
	}
	return got
}

// One column feeds one field, that of the surer name; a name that its content contradicts feeds none.
func TestPairs(t *testing.T) {
	unit, dept := mapping.Field{From: "单位", To: "unit"}, mapping.Field{From: "单位名称", To: "dept"}
	until := mapping.Field{From: "证件有效期至", To: "until", Is: mapping.DateKind}
	for name, tt := range map[string]struct {
		columns []string
		rows    [][]string
		want    map[string][]string
	}{
		"one column for two fields": {[]string{"单位名称"}, [][]string{{"甲局"}, {"乙局"}}, map[string][]string{"dept": {"单位名称"}}},
		"initials and dates":        {[]string{"YXQZ"}, [][]string{{"20270630"}, {"长期"}}, map[string][]string{"until": {"YXQZ"}}},
		"a name contradicted":       {[]string{"有效期至"}, [][]string{{"甲"}, {"乙"}}, map[string][]string{}},
		"a prefix before the name":  {[]string{"F_YXQZ"}, [][]string{{"2027-06-30"}}, map[string][]string{"until": {"F_YXQZ"}}},
	} {
		if diff := cmp.Diff(tt.want, pairsOf(t, []mapping.Field{unit, dept, until}, tt.columns, tt.rows...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What stands in a registry comes back out of the YAML as it was.
func TestScalars(t *testing.T) {
	for text, want := range map[string]string{"检查日期": "检查日期", "T_JCDX": "T_JCDX", "甲，乙": `"甲，乙"`, "2026年台账": `"2026年台账"`, "Y": `"Y"`, "a: b": `"a: b"`,
		`引"号`: `"引\"号"`, "": `""`} {
		if got := scalar(text); got != want {
			t.Errorf("scalar(%q) = %s, want %s", text, got, want)
		}
	}
	if got := in("名 称", []string{"甲", "乙"}); got != `列["名 称"] in ["甲", "乙"]` {
		t.Error(got)
	}
}
