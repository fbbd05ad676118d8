package registry

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func seq(rows [][]string, err error) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

func TestWriteWorkbook(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "抽取结果.xlsx")
	data := [][]string{{"000123", `=HYPERLINK("http://x","y")`}, {"914104219990924808", "+1"}, {"", "第一行\n<第二行>&"}, {"x", strings.Repeat("长", 40000)}}
	if err := WriteWorkbook(path, "抽取结果", []string{"编号", "内容"}, seq(data, nil)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, row := range data[:3] {
		for j, want := range row {
			name, _ := excelize.CoordinatesToCellName(j+1, i+2)
			value, _ := f.GetCellValue("抽取结果", name)
			formula, _ := f.GetCellFormula("抽取结果", name)
			id, _ := f.GetCellStyle("抽取结果", name)
			st, _ := f.GetStyle(id)
			same(t, name, []any{value, formula, st.NumFmt}, []any{want, "", 49})
		}
	}
	long, _ := f.GetCellValue("抽取结果", "B5")
	if !strings.HasSuffix(long, cutMark) || !strings.HasPrefix(long, "长长") {
		t.Errorf("a long text is not marked as cut: %d bytes", len(long))
	}
	got, _ := read(t, OpenFolder(dir), fileQuery("抽取结果.xlsx", "编号", "编号 内容"))
	same(t, "read back", cellsOf(got[:2]), []string{`000123|=HYPERLINK("http://x","y")`, "914104219990924808|+1"})
}

// A row that cannot be had leaves yesterday's file standing, and nothing beside it.
func TestWriteWorkbookWholeOrNot(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.xlsx")
	if err := os.WriteFile(path, []byte("yesterday"), 0o600); err != nil {
		t.Fatal(err)
	}
	mine := errors.New("mine")
	if err := WriteWorkbook(path, "表", []string{"a"}, seq([][]string{{"1"}}, mine)); !errors.Is(err, mine) {
		t.Errorf("got %v", err)
	}
	if err := replaceFile(path, func(f *os.File) error { fmt.Fprint(f, "half"); return mine }); !errors.Is(err, mine) {
		t.Errorf("got %v", err)
	}
	b, err := os.ReadFile(path)
	entries, _ := os.ReadDir(dir)
	same(t, "left", []any{string(b), err, len(entries)}, []any{"yesterday", nil, 1})
}
