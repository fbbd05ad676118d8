package registry

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"creditsync/connector"
	"creditsync/mapping"
)

// book writes a workbook by a function that fills it.
func writeBook(t *testing.T, path string, fill func(f *excelize.File)) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

// rows puts rows of cells onto a sheet from row 1.
func rows(t *testing.T, f *excelize.File, sheet string, cells ...[]any) {
	t.Helper()
	for i, row := range cells {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
}

func style(t *testing.T, f *excelize.File, cell, format string) {
	t.Helper()
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStyle("Sheet1", cell, cell, id); err != nil {
		t.Fatal(err)
	}
}

func fileQuery(file, key, columns string) connector.Query {
	return connector.Query{Source: mapping.Source{File: file, Key: strings.Fields(key)}, Columns: strings.Fields(columns)}
}

func codes(fs mapping.Faults) (out []string) {
	for _, f := range fs {
		out = append(out, f.What)
	}
	return out
}

func TestWorkbookHeaderBelowTitlesInTwoRows(t *testing.T) {
	dir := t.TempDir()
	writeBook(t, filepath.Join(dir, "台账.xlsx"), func(f *excelize.File) {
		rows(t, f, "Sheet1",
			[]any{"某县检查结果台账"}, []any{"填报单位：甲"},
			[]any{"序号", "检查\n对象", "检查人员", nil, "审批", nil, "备 注*"},
			[]any{nil, nil, "主检", "日期", "状态", "日期"},
			[]any{1, "甲公司", "张", "2026-01-02", "已审", "2026-01-03", "a"},
			[]any{},
			[]any{2, "乙公司", "李", "2026-02-02", "未审", nil},
			[]any{"1月 小计", nil, nil, 2}, []any{"序号", "检查对象", "主检", "日期", "状态", "日期2"},
			[]any{3, "合计建材有限公司", "王", "x"}, []any{"合　计", 3}, []any{"制表人：周", nil, "审核人：吴"})
		for _, m := range [][2]string{{"A1", "G1"}, {"A2", "G2"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "F3"}, {"G3", "G4"}} {
			if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
	})
	d := OpenFolder(dir)
	got, sum := read(t, d, fileQuery("台账.xlsx", "序号", "序号 检查对象 主检 检查人员/日期 审批/日期 备注"))
	same(t, "rows", cellsOf(got), []string{"1|甲公司|张|2026-01-02|2026-01-03|a", "2|乙公司|李|2026-02-02||", "3|合计建材有限公司|王|x||"})
	same(t, "findings", codesOf(sum.Findings), []string{
		"registry.header_repeated 台账.xlsx!Sheet1 1 9", "registry.title_rows 台账.xlsx!Sheet1 2 3", "registry.totals_rows 台账.xlsx!Sheet1 3 8、11、12"})
	got, sum = read(t, d, fileQuery("台账.xlsx", "序号", "序号 检查对象"))
	same(t, "no lower name asked for", cellsOf(got), []string{"1|甲公司", "2|乙公司", "3|合计建材有限公司"})
	same(t, "repeated header", codes(sum.Findings), []string{foundHeaderAgain, foundTitles, foundTotals})
	n, err := d.Count(t.Context(), mapping.Source{File: "台账.xlsx", Key: []string{"序号"}})
	same(t, "count", []any{n, err}, []any{int64(3), nil})
	_, _, err = tryRead(t.Context(), d, fileQuery("台账.xlsx", "序号", "日期"))
	wantReason(t, err, connector.ColumnTwice, "日期")
}

func TestWorkbookCells(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 12, 21, 10, 30, 0, 0, time.UTC)
	writeBook(t, filepath.Join(dir, "a.xlsx"), func(f *excelize.File) {
		rows(t, f, "Sheet1", []any{"k", "v"},
			[]any{1, "00123"}, []any{2, 46377}, []any{3, 46377}, []any{4, 46377.4375}, []any{5, 0.1 + 0.2}, []any{6, 123},
			[]any{7, 914104219990924808}, []any{8, 123456789012}, []any{9, 123456789012}, []any{10, 0.00001}, []any{11, true},
			[]any{12, "9.14104E+17"}, []any{13, nil}, []any{14, nil}, []any{15, "#N/A"}, []any{16, 12.5}, []any{17, at}, []any{18, "1E5"}, []any{19, -1}, []any{20, 0.5})
		style(t, f, "B4", "yyyy\"年\"m\"月\"d\"日\"")
		style(t, f, "B5", "yyyy/m/d h:mm")
		style(t, f, "B7", "000000")
		style(t, f, "B10", "0;-0;0;@")
		style(t, f, "B17", "0.00E+00")
		style(t, f, "B20", "yyyy-mm-dd")
		style(t, f, "B21", "h:mm")
		if err := errors.Join(f.SetCellFormula("Sheet1", "B14", "1+1"), f.SetCellFormula("Sheet1", "B15", "2+2")); err != nil {
			t.Fatal(err)
		}
	})
	// A formula with its stored value, as Excel itself writes it.
	patch(t, filepath.Join(dir, "a.xlsx"), "xl/worksheets/sheet1.xml", "<f>2+2</f>", "<f>2+2</f><v>4</v>")
	got, sum := read(t, OpenFolder(dir), fileQuery("a.xlsx", "k", "k v"))
	cell := func(what, n, shown string) []string {
		return []string{strings.TrimSpace("registry." + what + " v a.xlsx!Sheet1!B" + n + " " + shown)}
	}
	want := []struct {
		text   string
		faults []string
	}{
		{"00123", nil}, {"46377", nil}, {"2026-12-21", nil}, {"2026-12-21 10:30:00", nil}, {"0.3", nil}, {"000123", nil},
		{"", cell("cell_lost_digits", "8", "9.14104E+17")}, {"", cell("cell_scientific", "9", "1.23457E+11")}, {"123456789012", nil},
		{"0.00001", nil}, {"TRUE", nil}, {"", cell("cell_scientific", "13", "9.14104E+17")}, {"", cell("formula_without_value", "14", "")},
		{"4", nil}, {"", cell("cell_error", "16", "#N/A")}, {"", cell("cell_scientific", "17", "1.25000E+01")}, {"2026-12-21 10:30:00", nil},
		{"1E5", nil}, {"", cell("cell_error", "20", "########")}, {"12:00:00", nil},
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows", len(got))
	}
	for i, w := range want {
		same(t, fmt.Sprintf("row %d", i+1), []any{got[i].Cells[1], got[i].Faults}, []any{w.text, w.faults})
	}
	same(t, "findings", codesOf(sum.Findings), []string{"registry.formulas_no_value a.xlsx!Sheet1 1 a.xlsx!Sheet1!B14"})
}

func TestWorkbookDatesOf1904(t *testing.T) {
	dir := t.TempDir()
	writeBook(t, filepath.Join(dir, "a.xlsx"), func(f *excelize.File) {
		yes := true
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			t.Fatal(err)
		}
		rows(t, f, "Sheet1", []any{"k"}, []any{46377 - 1462})
		style(t, f, "A2", "yyyy-mm-dd")
	})
	got, _ := read(t, OpenFolder(dir), fileQuery("a.xlsx", "k", "k"))
	same(t, "rows", cellsOf(got), []string{"2026-12-21"})
}

func TestWorkbookSheetsMergesAndFilters(t *testing.T) {
	dir := t.TempDir()
	writeBook(t, filepath.Join(dir, "a.xlsx"), func(f *excelize.File) {
		rows(t, f, "Sheet1", []any{"说明"})
		for _, s := range []string{"去年", "今年", "备份表"} {
			if _, err := f.NewSheet(s); err != nil {
				t.Fatal(err)
			}
			rows(t, f, s, []any{"对象", "事项", "日期"}, []any{"甲", "一" + s, "d1"}, []any{nil, "二", nil}, []any{"乙", "三", "d3"})
		}
		if err := errors.Join(f.SetSheetVisible("去年", false), f.MergeCell("今年", "A2", "A3"), f.MergeCell("今年", "C2", "C3"), f.SetRowVisible("今年", 4, false)); err != nil {
			t.Fatal(err)
		}
	})
	d := OpenFolder(dir)
	q := fileQuery("a.xlsx", "事项", "对象 事项 日期")
	got, sum := read(t, d, q)
	same(t, "rows", cellsOf(got), []string{"甲|一今年|d1", "甲|二|d1", "乙|三|d3"})
	same(t, "findings", codesOf(sum.Findings), []string{
		"registry.hidden_rows a.xlsx!今年 1", "registry.hidden_sheet a.xlsx 去年", "registry.merged_cells a.xlsx!今年 1 3", "registry.other_sheet a.xlsx 备份表 a.xlsx!今年"})
	q.Source.Sheet = "去年"
	_, _, err := tryRead(t.Context(), d, q)
	wantReason(t, err, connector.SheetGone, "hidden")
	q.Source.Sheet = "明年"
	_, _, err = tryRead(t.Context(), d, q)
	wantReason(t, err, connector.SheetGone, "今年")
	q.Source.Sheet = "备份表"
	got, sum = read(t, d, q)
	same(t, "named", cellsOf(got)[1], "|二|")
	same(t, "findings of a named sheet", codesOf(sum.Findings), []string{"registry.hidden_sheet a.xlsx 去年"})
}

func TestCSVEncodingsAndSeparators(t *testing.T) {
	text := "序号,名称,代码\r\n1,\"甲,\"\"乙\"\"\n丙\",=\"00123\"\r\n\r\n2,丁, \t9141 \r\n合计,2,\r\n"
	encode := func(e interface{ String(string) (string, error) }) string {
		s, err := e.String(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	tabs := strings.ReplaceAll(strings.ReplaceAll(text, ",\"甲,", "\t\"甲,"), "1,", "1,")
	tabs = strings.NewReplacer("序号,名称,代码", "序号\t名称\t代码", "丙\",=", "丙\"\t=", "2,丁, \t9141 ", "2\t丁\t 9141 ", "合计,2,", "合计\t2\t").Replace(tabs)
	files := map[string]string{
		"utf8":    text,
		"bom":     "\xef\xbb\xbf" + text,
		"gb18030": encode(simplifiedchinese.GB18030.NewEncoder()),
		"utf16":   encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()),
		"tabs":    tabs,
		"lone":    strings.ReplaceAll(text, "\r\n", "\n"),
	}
	for name, content := range files {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "a.csv", content)
			rows, sum := read(t, OpenFolder(dir), fileQuery("a.csv", "序号", "序号 名称 代码"))
			same(t, "rows", cellsOf(rows), []string{"1|甲,\"乙\"\n丙|00123", "2|丁|9141"})
			same(t, "findings", codesOf(sum.Findings), []string{"registry.totals_rows a.csv 1 5"})
		})
	}
}

func TestCSVBrokenTextIsAFaultOfItsRow(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a.csv", "序号,名称\n1,好的名称足够长\n2,坏\xff的\n3,"+strings.Repeat("长", 1<<19)+"\n4,9.14104E+17\n")
	got, _ := read(t, OpenFolder(dir), fileQuery("a.csv", "序号", "序号 名称"))
	var faults []string
	for _, r := range got {
		faults = append(faults, strings.Join(r.Faults, ";"))
	}
	same(t, "faults", faults, []string{"", "registry.cell_no_text 名称 a.csv!B3", "registry.cell_too_long 名称 a.csv!B4 1", "registry.cell_scientific 名称 a.csv!B5 9.14104E+17"})
}

func TestFolderItemsKeysSinceAndSeveralFiles(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "结果1.csv", "编号,改\nA1,2026-01-01\nA2,2026-06-01 10:00\n")
	put(t, dir, "结果2.csv", "改,编号\n2099-01-01,B1\n,B2\n")
	put(t, dir, "结果2 - 副本.csv", "改,编号\n2099-01-01,B1\n,B2\n")
	put(t, dir, "明细.csv", "编号,事项\nB1,二\nA1,一\nB1,三\n合计,3\n")
	put(t, dir, "~$结果1.csv", "x")
	clock := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, f := range []string{"结果1.csv", "结果2.csv", "结果2 - 副本.csv"} {
		if err := os.Chtimes(filepath.Join(dir, f), clock, clock); err != nil {
			t.Fatal(err)
		}
	}
	d := OpenFolder(dir)
	q := fileQuery("结果*.csv", "编号", "编号")
	q.PageRows = 1
	q.Items, q.ItemColumns = &mapping.Items{File: "明细.csv", Parent: "编号"}, []string{"编号", "事项"}
	got, sum := read(t, d, q)
	same(t, "rows", cellsOf(got), []string{"A1", "A2", "B1", "B2"})
	same(t, "items", got[2].Items, [][]string{{"B1", "二"}, {"B1", "三"}})
	same(t, "findings", codesOf(sum.Findings), []string{
		"registry.file_copy 结果2 - 副本.csv", "registry.file_open 结果1.csv", "registry.file_twice 结果2.csv 结果2 - 副本.csv", "registry.totals_rows 明细.csv 1 5"})
	q.Keys = []string{"A2", "B2", "nobody"}
	got, sum = read(t, d, q)
	same(t, "keys", cellsOf(got), []string{"A2", "B2"})
	same(t, "counts", []int64{sum.Rows, sum.Source}, []int64{2, 4})
	q.Keys, q.Source.Changed, q.Since = nil, &mapping.Changed{Column: "改", Overlap: "24h"}, "2026-06-02 00:00:00"
	got, sum = read(t, d, q)
	same(t, "since", cellsOf(got), []string{"A2", "B1", "B2"})
	same(t, "cursor, late", []any{sum.Cursor, sum.Late}, []any{"2026-06-30 08:00:00", int64(1)})
}

func TestFolderNamedReasons(t *testing.T) {
	dir := t.TempDir()
	writeBook(t, filepath.Join(dir, "good.xlsx"), func(f *excelize.File) { rows(t, f, "Sheet1", []any{"编号", "名称"}, []any{"1", "甲"}) })
	whole, err := os.ReadFile(filepath.Join(dir, "good.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "half.xlsx", string(whole[:len(whole)/2]))
	put(t, dir, "saving.xlsx", string(whole[:len(whole)/2]))
	put(t, dir, "~$saving.xlsx", "")
	put(t, dir, "old.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest")
	put(t, dir, "web.xls", "<html><table><tr><td>编号</td></tr></table></html>")
	put(t, dir, "empty.csv", "")
	put(t, dir, "quote.csv", "编号,名称\n1,\"甲\n"+strings.Repeat("2,乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙\n", 500_000))
	writeBook(t, filepath.Join(dir, "cut.xlsx"), func(f *excelize.File) {
		for i := range 2 * headerDepth {
			if err := f.SetCellValue("Sheet1", fmt.Sprintf("A%d", i+1), "编号"+strings.Repeat("1", i)); err != nil {
				t.Fatal(err)
			}
		}
	})
	patch(t, filepath.Join(dir, "cut.xlsx"), "xl/worksheets/sheet1.xml", "</row></sheetData></worksheet>", "")
	tests := []struct{ file, columns, code, arg string }{
		{"nobody*.xlsx", "编号", connector.FileGone, "nobody*.xlsx"},
		{"../good.xlsx", "编号", connector.FileGone, "../good.xlsx"},
		{"good.xlsx", "编号 名程", connector.ColumnGone, "名称"},
		{"good.xlsx", "甲乙 丙丁", connector.HeaderNotFound, "甲乙、丙丁"},
		{"half.xlsx", "编号", connector.FileUnreadable, "half.xlsx"},
		{"cut.xlsx", "编号", connector.FileUnreadable, "cut.xlsx"},
		{"saving.xlsx", "编号", connector.FileChanging, "saving.xlsx"},
		{"old.xls", "编号", connector.FileUnreadable, "old"},
		{"web.xls", "编号", connector.FileUnreadable, "web"},
		{"empty.csv", "编号", connector.FileChanging, "empty.csv"},
		{"quote.csv", "编号", connector.FileUnreadable, "quote.csv"},
	}
	for _, tt := range tests {
		t.Run(tt.file+" "+tt.columns, func(t *testing.T) {
			q := fileQuery(tt.file, strings.Fields(tt.columns)[0], tt.columns)
			q.PageRows = 10
			rows, _, err := tryRead(t.Context(), OpenFolder(dir), q)
			wantReason(t, err, tt.code, tt.arg)
			if tt.file != "quote.csv" { // only a csv file shows its damage where it stands
				same(t, "rows before the fault", len(rows), 0)
			}
		})
	}
}

func TestRowsThatOnlyLookLikeTotals(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a.csv", "名称,代码,地址\n某某小计,9141,甲街\n备注:无,9142,乙街\n城关镇小计,,\n名称,代码,\n代码,名称,\n")
	got, sum := read(t, OpenFolder(dir), fileQuery("a.csv", "代码", "名称 代码"))
	same(t, "rows", cellsOf(got), []string{"某某小计|9141", "备注:无|9142", "代码|名称"})
	same(t, "findings", codesOf(sum.Findings), []string{"registry.header_repeated a.csv 1 5", "registry.totals_rows a.csv 1 4"})
}

// A file that grows while it is copied is not read.
func TestFileChanging(t *testing.T) {
	dir := t.TempDir()
	d := OpenFolder(dir)
	s := &snapshot{name: "a.csv", copy: filepath.Join(t.TempDir(), "copy")}
	before := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, change := range map[string]func() error{
		"size": func() error {
			put(t, dir, "a.csv", "编号\n1\n2\n")
			return os.Chtimes(filepath.Join(dir, "a.csv"), before, before)
		},
		"time": func() error { return os.Chtimes(filepath.Join(dir, "a.csv"), before, before.Add(time.Second)) },
	} {
		t.Run(name, func(t *testing.T) {
			put(t, dir, "a.csv", "编号\n1\n")
			if err := os.Chtimes(filepath.Join(dir, "a.csv"), before, before); err != nil {
				t.Fatal(err)
			}
			err := d.whole(s, &growing{Reader: strings.NewReader("编号\n1\n"), grow: change})
			wantReason(t, err, connector.FileChanging, "a.csv")
		})
	}
}

type growing struct {
	*strings.Reader
	grow func() error
}

func (g *growing) Read(p []byte) (int, error) {
	if err := g.grow(); err != nil {
		return 0, err
	}
	return g.Reader.Read(p)
}

func TestZipBombIsRefused(t *testing.T) {
	g := &guard{r: bytes.NewReader(make([]byte, 100)), part: 50, token: 100}
	if _, err := g.Read(make([]byte, 80)); !errors.Is(err, errTooLarge) {
		t.Errorf("part: %v", err)
	}
	g = &guard{r: bytes.NewReader(make([]byte, 100)), part: 500, token: 50}
	if _, err := g.Read(make([]byte, 80)); !errors.Is(err, errTooLarge) {
		t.Errorf("token: %v", err)
	}
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func wantReason(t *testing.T, err error, code, arg string) {
	t.Helper()
	var r *connector.Reason
	if !errors.As(err, &r) || r.What != code || !strings.Contains(strings.Join(r.Args, "/"), arg) {
		t.Errorf("got %v, want %s with %q", err, code, arg)
	}
}

// patch replaces text in one part of a workbook.
func patch(t *testing.T, path, part, from, to string) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		content := b.String()
		if f.Name == part {
			i := strings.Index(content, from)
			if i < 0 {
				t.Fatalf("no %s in %s", from, content)
			}
			content = content[:i] + to
			if to != "" {
				content += b.String()[i+len(from):]
			}
		}
		dst, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := dst.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), w.Close(), os.WriteFile(path, out.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
}
