package registry

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Headers that clerks make: a group whose cells nobody merged, names that stand twice, a name that stands alone.
func TestGuessedHeaders(t *testing.T) {
	sheet := func(rows ...string) (head []line) {
		for i, row := range rows {
			l := line{number: i + 1}
			for text := range strings.SplitSeq(row, "|") {
				l.cells = append(l.cells, textCell(text))
			}
			head = append(head, l)
		}
		return head
	}
	for name, tt := range map[string]struct {
		head        []line
		want, twice []string
	}{
		"a group that nobody merged": {head: sheet("编号|名称|证件||备注", "||证号|有效期|", "1|甲公司|A1|2026-01-09|"),
			want: []string{"编号", "名称", "证号", "有效期", "备注"}},
		"names that stand twice": {head: sheet("编号|名称|备注|备注", "1|甲公司|x|y"), want: []string{"编号", "名称"}, twice: []string{"备注", "备注"}},
		"a table of words":       {head: sheet("名称|类别", "甲公司|企业", "乙村|村"), want: []string{"名称", "类别"}},
		"no header":              {head: sheet("1|2026-01-09", "2|2026-01-10")},
	} {
		got := guessHeader(tt.head, nil)
		if diff := cmp.Diff([][]string{tt.want, tt.twice}, [][]string{got.names, got.twice}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
