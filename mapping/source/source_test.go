package source_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"creditsync/mapping"
	"creditsync/mapping/source"
)

var update = flag.Bool("update", false, "write what was found beside the files of testdata/bad")

// Every file of testdata/bad has its faults beside it: line:column code [arguments] path.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 15 {
		t.Fatalf("found %d files: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, faults := source.Mapping(filepath.Base(file), b)
			got := listing(faults)
			golden := strings.TrimSuffix(file, ".yaml") + ".faults"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func listing(fs mapping.Faults) string {
	var b strings.Builder
	for _, f := range fs {
		fmt.Fprintf(&b, "%d:%d %s %q %s\n", f.Line, f.Col, f.What, f.Args, f.Field)
	}
	return b.String()
}

const good = `# 注释
stream: inspection_results
title: 抽查检查结果：年度
direction: push
resource: result
registry:
  file: 台账/检查结果*.xlsx
  key: [结果编号]
ready: 状态 == "已审核"
after:
  - {stream: inspection_objects, by: 统一社会信用代码}
answers: {stream: drawn_objects, by: [任务编号, 统一社会信用代码]}
deadline: {starts: "earliest(检查日期, 录入时间)", working_days: 20, basis: 方案 四（八）}
fields:
  - {from: 统一社会信用代码, to: uniscid, is: credit_code, required: true}
  - {from: 年度, to: year, default: 007}
`

func goodSpec() mapping.Spec {
	return mapping.Spec{
		Stream: "inspection_results", Title: "抽查检查结果：年度", Direction: mapping.Push, Resource: "result",
		Registry: mapping.Source{File: "台账/检查结果*.xlsx", Key: []string{"结果编号"}},
		Ready:    `状态 == "已审核"`,
		After:    []mapping.After{{Stream: "inspection_objects", By: mapping.Columns{"统一社会信用代码"}}},
		Answers:  &mapping.After{Stream: "drawn_objects", By: mapping.Columns{"任务编号", "统一社会信用代码"}},
		Deadline: &mapping.Deadline{Starts: "earliest(检查日期, 录入时间)", WorkingDays: 20, Basis: "方案 四（八）"},
		Fields: []mapping.Field{
			{From: "统一社会信用代码", To: "uniscid", Is: mapping.CreditCode, Required: true},
			{From: "年度", To: "year", Default: "007"},
		},
	}
}

func TestMappingReadsEveryEncoding(t *testing.T) {
	crlf := strings.ReplaceAll(good, "\n", "\r\n")
	for name, b := range map[string][]byte{
		"utf8": []byte(good), "crlf": []byte(crlf), "bom": []byte("\uFEFF" + crlf), "cr": []byte(strings.ReplaceAll(good, "\n", "\r")),
		"gb18030": gb18030(t, crlf), "utf16": utf16le(crlf), "one document": []byte("---\n" + good),
	} {
		t.Run(name, func(t *testing.T) {
			got, faults := source.Mapping("a.yaml", b)
			if faults != nil {
				t.Fatal(faults)
			}
			if diff := cmp.Diff(goodSpec(), got); diff != "" {
				t.Errorf("spec (-want +got):\n%s", diff)
			}
		})
	}
}

type level string

func (level) Values() []string { return []string{"low", "high"} }

type rate struct{ text string }

func (r *rate) UnmarshalText(b []byte) error {
	if !strings.HasSuffix(string(b), "/s") {
		return fmt.Errorf("want N/s")
	}
	r.text = string(b)
	return nil
}

type inner struct {
	Deep string `yaml:"deep,omitempty"`
}

type sample struct {
	inner
	Inner   inner               `yaml:"inner,omitempty"`
	Wait    time.Duration       `yaml:"wait,omitempty"`
	Level   level               `yaml:"level,omitempty"`
	Levels  []level             `yaml:"levels,omitempty"`
	Rate    rate                `yaml:"rate,omitempty"`
	Share   float64             `yaml:"share,omitempty"`
	Count   uint8               `yaml:"count,omitempty"`
	Free    map[string][]string `yaml:"free,omitempty"`
	Columns mapping.Columns     `yaml:"columns,omitempty"`
	On      bool                `yaml:"on,omitempty"`
	Pointer *inner              `yaml:"pointer,omitempty"`
	Plain   []string            `yaml:"plain,omitempty"`
}

func TestDecodeFillsTypes(t *testing.T) {
	var got sample
	faults := source.Decode("s.yaml", []byte("inner: {deep: x}\nwait: 15m\nlevel: high\nlevels: [low, high]\nrate: 20/s\nshare: 0.05\ncount: 200\n"+
		"free: {列 一: [a, 01], B: []}\ncolumns: 甲\non: true\npointer: {deep: y}\nplain: [true, 1.50, null-ish]\ndeep: z\n"), &got)
	if faults != nil {
		t.Fatal(faults)
	}
	want := sample{
		inner: inner{"z"},
		Inner: inner{"x"}, Wait: 15 * time.Minute, Level: "high", Levels: []level{"low", "high"}, Rate: rate{"20/s"}, Share: 0.05, Count: 200,
		Free: map[string][]string{"列 一": {"a", "01"}, "B": {}}, Columns: mapping.Columns{"甲"}, On: true, Pointer: &inner{"y"},
		Plain: []string{"true", "1.50", "null-ish"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sample{}, rate{})); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}

func TestDecodeNamesWrongTypes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"wait: 15", `1:7 file.not_a_duration ["15"] $.wait`},
		{"level: hihg", `1:8 file.bad_value ["hihg" "high" "low high"] $.level`},
		{"levels: [low, middle]", `1:15 file.bad_value ["middle" "" "low high"] $.levels[1]`},
		{"rate: 20", `1:7 file.bad_text ["20" "want N/s"] $.rate`},
		{"share: 五", `1:8 file.not_a_number ["五"] $.share`},
		{"share: .inf", `1:8 file.not_a_number [".inf"] $.share`},
		{"count: 256", `1:8 file.out_of_range ["256"] $.count`},
		{"count: -1", `1:8 file.not_a_number ["-1"] $.count`},
		{"on: yes", `1:5 file.bad_value ["yes" "" "true false"] $.on`},
		{"plain: x", `1:8 file.not_a_list [] $.plain`},
		{"free: [x]", `1:7 file.not_a_block [] $.free`},
		{"free: {a: {b: c}}", `1:11 file.not_a_list [] $.free.a`},
		{"free: {a: [x], a: [y]}", `1:16 file.duplicate_key ["a" "1"] $.free`},
		{"pointer: {dep: x}", `1:11 file.unknown_key ["dep" "deep" "deep"] $.pointer`},
		{"columns: {a: b}", `1:10 file.not_a_list [] $.columns`},
		{"plain: [a, ]\nlevel: [low]", `2:8 file.not_a_value [] $.level`},
		{"pointer: 列：值", `1:11 file.fullwidth_colon ["列"] $.pointer`},
	} {
		t.Run(c.text, func(t *testing.T) {
			var got sample
			if diff := cmp.Diff(c.want+"\n", listing(source.Decode("s.yaml", []byte(c.text), &got))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLocate(t *testing.T) {
	for _, c := range []struct {
		path      string
		line, col int
	}{
		{"$", 2, 1},
		{"$.title", 3, 8},
		{"$.registry.key[0]", 8, 9},
		{"$.after[0].by", 11, 38},
		{"$.fields[1].to", 16, 20},
		{"$.fields[1].nothing.deeper", 16, 5},
		{"$.fields[9]", 15, 3},
		{"$['registry']['file']", 7, 9},
	} {
		if line, col := source.Locate("a.yaml", []byte("\uFEFF"+good), c.path); line != c.line || col != c.col {
			t.Errorf("%s: got %d:%d, want %d:%d", c.path, line, col, c.line, c.col)
		}
	}
	if line, col := source.Locate("a.yaml", []byte{0}, "$.x"); line != 0 || col != 0 {
		t.Errorf("binary: got %d:%d", line, col)
	}
}

func TestCodesRefuseTwoMeanings(t *testing.T) {
	text := "list: l\ntitle: 甲\ncodes:\n  - {code: \"1\", name: 抽查}\n  - {code: \"2\", name: 检查, aliases: [抽查, 检查]}\n  - {code: \"1\", name: 其他}\n"
	_, faults := source.Codes("c.yaml", []byte(text))
	want := "5:5 file.code_twice [\"抽查\" \"1\" \"2\"] $.codes[1]\n6:5 file.code_twice [\"1\" \"1\" \"1\"] $.codes[2]\n"
	if diff := cmp.Diff(want, listing(faults)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	_, faults := source.Mapping("a.yaml", make([]byte, 5<<20))
	if len(faults) != 1 || faults[0].What != "file.too_large" {
		t.Errorf("got %v", faults)
	}
}

// No input makes the reader panic or place a fault outside the file.
func FuzzMapping(f *testing.F) {
	files, _ := filepath.Glob("testdata/bad/*.yaml")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(good))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, faults := source.Mapping("f.yaml", b)
		for _, fault := range faults {
			if fault.Line < 1 || fault.Col < 1 || fault.Line > len(b)+1 {
				t.Errorf("%v of %q", fault, b)
			}
		}
		source.Codes("f.yaml", b)
		source.Locate("f.yaml", b, "$.fields[0].to")
	})
}
