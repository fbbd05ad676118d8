package mapping

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// anyCell is what may stand in a cell of a county's registry: real values, near misses, and plain rubbish.
func anyCell() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", " ", "2026", "2026-12-03", "2026年1月", "26.8.3", "46036", "9999-09-09", "已审核", "市场主体", "是", "未发现问题",
			"未发现问题、R4", "91350100M000100Y43", "1.5", "3万元", "1e300", "-0", "\xff\xfe", "\x00", "、、", "１２", "\u200b", "20261221103000"}),
		rapid.String(),
		rapid.StringMatching(`[0-9年月日./:\- +TZ万元E]{0,24}`),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 40), func(b []byte) string { return string(b) }),
	)
}

func anyRow(p *Plan) *rapid.Generator[Row] {
	return rapid.Custom(func(t *rapid.T) Row {
		row := Row{Cells: rapid.SliceOfN(anyCell(), 0, len(p.Columns())+1).Draw(t, "cells")}
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			row.Items = append(row.Items, Row{Cells: rapid.SliceOfN(anyCell(), 0, len(p.ItemColumns())+1).Draw(t, "item")})
		}
		return row
	})
}

// Apply never panics, says the same twice, and gives either a payload that is JSON or a fault that says why not.
func TestApplyOfAnyRow(t *testing.T) {
	s := resultsSpec()
	s.Registry.Where = `年度 != "不"` // so that most rows belong
	s.Fields = append(s.Fields, Field{From: "户数", To: "n", Is: Integer}, Field{From: "面积", To: "area", Is: Decimal},
		Field{From: "人员", To: "people", Split: ",，、", Is: ID}, Field{Expr: "latest(检查日期, 录入时间)", To: "last", Is: DateKind, Format: "yyyyMMdd"})
	p, other := mustCompile(t, s), mustCompile(t, s)
	var reused Record
	rapid.Check(t, func(t *rapid.T) {
		row := anyRow(p).Draw(t, "row")
		var fresh Record
		p.Apply(row, &reused)
		other.Apply(row, &fresh)
		if diff := cmp.Diff(fresh, reused, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("not the same twice: %s", diff)
		}
		p.Explain(row)
		switch {
		case reused.Excluded:
		case len(reused.Faults) == 0:
			var fields map[string]any
			if err := json.Unmarshal(reused.Payload, &fields); err != nil || fields["uniscid"] == nil || reused.Key == "" {
				t.Fatalf("valid, but %v in %s", err, reused.Payload)
			}
		case len(reused.Payload) > 0:
			t.Fatalf("a faulty record has a payload: %s", reused.Payload)
		}
		for _, f := range reused.Faults {
			if len(f.Args) == 0 || f.What == "" || !utf8.ValidString(strings.Join(f.Args, "")) {
				t.Fatalf("a fault without words: %+v", f)
			}
		}
	})
}

// A row without a required value is never valid, whatever else stands in it.
func TestRequiredIsRequired(t *testing.T) {
	s := resultsSpec()
	s.Registry.Where = ""
	p := mustCompile(t, s)
	rapid.Check(t, func(t *rapid.T) {
		row := anyRow(p).Draw(t, "row")
		if len(row.Cells) > 1 {
			row.Cells[1] = rapid.SampledFrom([]string{"", " ", "\u3000", "\ufeff"}).Draw(t, "blank")
		}
		var rec Record
		p.Apply(row, &rec)
		if len(rec.Faults) == 0 {
			t.Fatalf("%q is valid without its credit code", row.Cells)
		}
	})
}

// The short way of writing a text gives what the encoder gives.
func TestTextIsQuotedAsTheEncoderDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := value{text: rapid.OneOf(rapid.String(), rapid.StringMatching(`[a"\\\x{0}-\x{20}\x{7f}-\x{a0}\x{2028}\x{2029}中<>&]*`)).Draw(t, "text")}
		short, _ := v.appendJSON(nil, true)
		long, _ := v.appendJSON(nil, false)
		if string(short) != string(long) {
			t.Fatalf("%q: %s and %s", v.text, short, long)
		}
	})
}

// Amounts go through 万元 and back unchanged: nothing is rounded on the way.
func TestMoneyIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.Int64Range(-1e15, 1e15).Draw(t, "fen")
		sign, abs := "", fen
		if fen < 0 {
			sign, abs = "-", -fen
		}
		yuan := sign + strconv.FormatInt(abs/100, 10) + "." + strconv.FormatInt(100+abs%100, 10)[1:]
		wan, fault := convertMoney(yuan, 0, 4)
		if fault != nil {
			t.Fatal(fault)
		}
		back, fault := convertMoney(wan, 4, 0)
		want, _ := convertDecimal(yuan)
		if fault != nil || back != want {
			t.Fatalf("%s became %s and came back as %s", yuan, wan, back)
		}
	})
}

// Every day, in every way of writing it, is the same day.
func TestDatesInEveryWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.Custom(func(t *rapid.T) Date {
			return Date(rapid.Int32Range(int32(NewDate(firstYear, 1, 1)), int32(NewDate(lastYear, 12, 31))).Draw(t, "day"))
		}).Draw(t, "date")
		for _, layout := range []string{"2006-01-02", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102", "2006-01-02 15:04:05", "2006年01月02日 15:04",
			"2006-1-2T15:04:05.000+08:00", "20060102150405", "2006 年 1 月 2 日"} {
			if m, code := parseMoment(day.Time().Format(layout)); code != "" || m.date() != day {
				t.Fatalf("%s: %+v %s", day.Time().Format(layout), m, code)
			}
		}
	})
}

func FuzzInverse(f *testing.F) {
	p, faults := Compile(listSpec(), sampleCodes())
	if faults != nil {
		f.Fatal(faults)
	}
	f.Add([]byte(`{"entId":"E-1","subject":{"uniscid":"91350100m000100y43"},"results":["R5",{}],"amount":1e5,"inDate":20260305}`))
	f.Fuzz(func(t *testing.T, object []byte) {
		var a, b Entry
		p.Inverse(object, &a)
		p.Inverse(object, &b)
		if diff := cmp.Diff(a, b, cmpopts.EquateEmpty()); diff != "" || len(a.Cells) != len(p.LocalColumns()) {
			t.Fatal(diff)
		}
		if a.Key == "" && len(a.Faults) == 0 {
			t.Fatalf("%s has neither key nor fault", object)
		}
	})
}

// Each code of a fault is expected somewhere in these tests, and each one that is declared is listed.
func TestEveryFaultCodeHasAnExample(t *testing.T) {
	declared := constants(t, "fault_codes.go")
	expected := map[string]bool{}
	for _, file := range parse(t, "*_test.go") {
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				expected[id.Name] = true
			}
			return true
		})
	}
	if len(declared) != len(FaultCodes()) {
		t.Errorf("%d codes are declared, %d listed", len(declared), len(FaultCodes()))
	}
	for _, name := range declared {
		if !expected[name] {
			t.Errorf("no test expects %s", name)
		}
	}
}

func constants(t *testing.T, file string) (names []string) {
	for _, file := range parse(t, file) {
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
				for _, s := range g.Specs {
					names = append(names, s.(*ast.ValueSpec).Names[0].Name)
				}
			}
		}
	}
	return names
}

func parse(t *testing.T, pattern string) (files []*ast.File) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v, %v", pattern, names, err)
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
