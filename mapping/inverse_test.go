package mapping

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestInverse(t *testing.T) {
	p := mustCompile(t, listSpec())
	if diff := cmp.Diff([]string{"记录编号", "统一社会信用代码", "名称", "列入日期", "列入决定文号", "金额", "结果", "移出日期"}, p.LocalColumns()); diff != "" {
		t.Fatal(diff)
	}
	var e Entry
	p.Inverse([]byte(`{"unknown":{"entId":"no"},"entId":"E-1","subject":{"uniscid":"91350100m000100y43","entName":" 某石料厂 ","x":[{}]},
		"inDate":"2026年3月5日","inNo":"宝市监列异〔2026〕 3号","amount":1.5,"results":["R5","R4"],"outDate":null}`), &e)
	want := Entry{Key: "E-1",
		Cells: []string{"E-1", "91350100M000100Y43", "某石料厂", "2026-03-05", "宝市监列异〔2026〕3号", "15000", "发现问题已责令改正、通过登记的住所（经营场所）无法联系", ""},
		Known: map[string]string{"entry_id": "E-1", "uniscid": "91350100M000100Y43", "entname": "某石料厂", "in_date": "2026-03-05",
			"in_decision_no": "宝市监列异〔2026〕3号", "amount": "15000"}}
	if diff := cmp.Diff(want, e, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	p.Inverse([]byte(`{"entId":"E-2"}`), &e)
	want = Entry{Key: "E-2", Cells: []string{"E-2", "", "", "", "", "", "", ""}, Known: map[string]string{"entry_id": "E-2"}}
	if diff := cmp.Diff(want, e, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("an entry keeps something of the one before: %s", diff)
	}
}

func TestInverseOfOneValue(t *testing.T) {
	for _, test := range []struct {
		what  string
		field Field
		value string
		cell  string
		fault string
	}{
		{"text", Field{}, `"a\u4e2db"`, "a中b", ""},
		{"number as text", Field{}, `12.50`, "12.50", ""},
		{"true", Field{}, `true`, "true", ""},
		{"null", Field{}, `null`, "", ""},
		{"null required", Field{Required: true}, `null`, "", Required},
		{"default", Field{Default: "无"}, `""`, "无", ""},
		{"long id stays whole", Field{Is: ID}, `12345678901234567890`, "12345678901234567890", ""},
		{"integer as text", Field{Is: Integer}, `"12"`, "12", ""},
		{"integer at fault is kept", Field{Is: Integer}, `"zwölf"`, "zwölf", NotAnInteger},
		{"date", Field{Is: DateKind}, `"20260305"`, "2026-03-05", ""},
		{"date in milliseconds", Field{Is: DateKind}, `1772640000000`, "2026-03-05", ""},
		{"date in milliseconds, evening", Field{Is: DateKind}, `1772639999999`, "2026-03-04", ""},
		{"date in seconds", Field{Is: DateKind}, `1772640000`, "2026-03-05", ""},
		{"date open", Field{Is: DateKind}, `"9999-12-31"`, "", ""},
		{"date with the platform's format", Field{Is: DateKind, Format: "yyyyMMdd"}, `"2026-03-05 00:00:00"`, "2026-03-05", ""},
		{"money", Field{Is: Money, SendUnit: "万元"}, `"1.5"`, "15000", ""},
		{"money into 万元", Field{Is: Money, Unit: "万元"}, `15000`, "1.5", ""},
		{"code", Field{Codes: "spot_result"}, `"R1"`, "未发现问题", ""},
		{"unknown code is kept and reported", Field{Codes: "spot_result"}, `"R9"`, "R9", UnknownCode},
		{"codes", Field{Codes: "spot_result", Split: ","}, `"R5,R4,"`, "发现问题已责令改正、通过登记的住所（经营场所）无法联系", ""},
		{"codes unknown", Field{Codes: "spot_result", Split: ","}, `"R5,R9"`, "R5、R9", UnknownCode},
		{"list", Field{Join: ";", Split: ","}, `["a"," b ",null,3]`, "a;b;3", ""},
		{"object", Field{}, `{"a":1}`, `{"a":1}`, WrongType},
		{"list of objects", Field{}, `[{"a":1}]`, `[{"a":1}]`, WrongType},
		{"credit code at fault", Field{Is: CreditCode}, `"91350100M000100Y44"`, "91350100M000100Y44", CreditCodeCheck},
		{"too long", Field{Max: 2}, `"abc"`, "abc", TooLong},
		{"invalid UTF-8", Field{}, "\"a\xff\"", "", NotJSON},
	} {
		t.Run(test.what, func(t *testing.T) {
			s := listSpec()
			f := test.field
			f.From, f.To, f.As = "a.b", "值", "remarks"
			s.Stream, s.Fields = "inspection_results", []Field{s.Fields[0], f}
			s.Fields[0].As, s.Fields[0].To = "", "记录编号"
			if f.Is != "" && f.Is != ID && f.Is != CreditCode {
				s.Fields[1].As = ""
			}
			p := mustCompile(t, s)
			var e Entry
			p.Inverse([]byte(`{"entId":"1","a":{"b":`+test.value+`}}`), &e)
			if got := strings.Join(codesOf(e.Faults), " "); got != test.fault || e.Cells[1] != test.cell {
				t.Errorf("%s became %q with faults %v; want %q with %q", test.value, e.Cells[1], e.Faults, test.cell, test.fault)
			}
			if known, ok := e.Known["remarks"]; ok && test.fault != "" {
				t.Errorf("what is at fault is known as %q", known)
			}
		})
	}
}

func TestInverseOfWhatIsNoObject(t *testing.T) {
	p := mustCompile(t, listSpec())
	for body, want := range map[string]string{
		``: NotJSON, `<html>`: NotJSON, `[1]`: WrongType, `"x"`: WrongType, `null`: WrongType, `{"entId":"1"`: NotJSON, `{"entId":"1","entId":"2"}`: NotJSON,
		`{"entId":"1","subject":"x"}`: WrongType, `{"entId":"1","subject":null}`: "",
	} {
		var e Entry
		p.Inverse([]byte(body), &e)
		if got := codesOf(e.Faults); want == "" && len(got) > 0 || want != "" && !strings.Contains(strings.Join(got, " "), want) {
			t.Errorf("%s: %v, want %q", body, e.Faults, want)
		}
	}
}

func TestInverseKeysAndClock(t *testing.T) {
	s := listSpec()
	s.Registry.Key = []string{"统一社会信用代码", "列入日期"}
	s.Deadline = &Deadline{Starts: "latest(列入日期, 移出日期)", WorkingDays: 20, Basis: "x"}
	p := mustCompile(t, s)
	var e Entry
	p.Inverse([]byte(`{"entId":"1","subject":{"uniscid":"91350100M000100Y43"},"inDate":"2026/3/5","outDate":"2026.3.9"}`), &e)
	if e.Key != "91350100M000100Y43\x1f2026-03-05" || e.Starts != NewDate(2026, 3, 9) || len(e.Faults) > 0 {
		t.Errorf("%+v", e)
	}
	s.Registry.Key = []string{"名称"}
	byName := mustCompile(t, s)
	for name, want := range map[string]string{`a\tb`: KeyControl, strings.Repeat("长", 201): KeyTooLong} {
		byName.Inverse([]byte(`{"entId":"1","subject":{"entName":"`+name+`"}}`), &e)
		if diff := cmp.Diff([]string{want}, codesOf(e.Faults)); diff != "" {
			t.Error(diff)
		}
	}
	p.Inverse([]byte(`{"entId":"1","inDate":"2026/3/5"}`), &e)
	if diff := cmp.Diff([]string{NullKey}, codesOf(e.Faults)); diff != "" {
		t.Error(diff)
	}
}
