package mapping

import (
	"strings"
	"sync"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestApplyMakesTheWholeRecord(t *testing.T) {
	p := mustCompile(t, resultsSpec())
	var rec Record
	p.Apply(rowOf(p, goodRow(),
		map[string]string{"结果编号": "JG-2026-0001", "事项编码": " A1 ", "发现问题": "无"},
		map[string]string{"结果编号": "JG-2026-0001", "事项编码": "A2", "作废": "是"}), &rec)
	want := `{"uniscid":"91350100M000100Y43","insDate":"2026-12-03","insRes":["R1"],"penAm":15000,"inspectors":"王某、李某",` +
		`"items":[{"itemCode":"A1","problem":"无"}]}`
	if got := string(rec.Payload); got != want {
		t.Errorf("payload\n%s\nwant\n%s", got, want)
	}
	wantRecord := Record{
		Key: "JG-2026-0001", Source: rec.Source, Payload: []byte(want), Hash: int64(xxhash.Sum64String(want)),
		Faults: Faults{}, Ready: true, Owner: "利用股", Starts: NewDate(2026, 12, 3),
		After: []Dependency{{"inspection_objects", "91350100M000100Y43"}}, Answers: "RW-1" + KeySeparator + "91350100M000100Y43",
	}
	if diff := cmp.Diff(wantRecord, rec, cmp.Comparer(func(a, b Faults) bool { return len(a) == 0 && len(b) == 0 })); diff != "" {
		t.Error(diff)
	}
}

func apply(t *testing.T, s Spec, cells map[string]string, items ...map[string]string) Record {
	t.Helper()
	p := mustCompile(t, s)
	var rec Record
	p.Apply(rowOf(p, cells, items...), &rec)
	return rec
}

func TestStanding(t *testing.T) {
	for _, test := range []struct {
		what    string
		changes []string
		check   func(Record) bool
		faults  []string
	}{
		{"excluded", []string{"年度", "2025", "统一社会信用代码", "x"},
			func(r Record) bool { return r.Excluded && r.Key != "" && r.Source == 0 && len(r.Payload) == 0 }, nil},
		{"year unreadable", []string{"年度", "今年"}, func(r Record) bool { return !r.Excluded && r.Key != "" }, []string{NotANumber}},
		{"not ready", []string{"状态", "待审"}, func(r Record) bool { return !r.Ready && r.Starts == NewDate(2026, 12, 3) && r.Hash != 0 }, nil},
		{"site", []string{"对象类别", "矿山"}, func(r Record) bool { return r.Channel == "site" }, nil},
		{"withheld", []string{"涉密", "是", "保密审批文号", " 宝保〔2026〕1号 "},
			func(r Record) bool { return *r.Withheld == Withheld{"国家秘密", "宝保〔2026〕1号"} }, nil},
		{"withheld without approval", []string{"涉密", "是"},
			func(r Record) bool { return r.Withheld.Ground == "国家秘密" }, []string{NoApproval}},
		{"no parent", []string{"统一社会信用代码", ""}, func(r Record) bool { return len(r.After) == 0 && r.Answers == "" }, []string{Required}},
		{"references are normalised", []string{"统一社会信用代码", "９１350100m000100y43 "},
			func(r Record) bool {
				return r.After[0].Key == "91350100M000100Y43" && r.Answers == "RW-1\x1f91350100M000100Y43"
			}, nil},
		{"the clock of an invalid record runs", []string{"统一社会信用代码", "1", "检查结果", "好", "检查日期", "26.8.3"},
			func(r Record) bool { return r.Starts == NewDate(2026, 12, 4) && r.Ready && r.Owner == "利用股" },
			[]string{CreditCodeLength, TwoDigitYear, UnknownCode}},
		{"a date at fault beside the fields", []string{"审核时间", "2026年12月"}, func(r Record) bool { return r.Starts == NewDate(2026, 12, 3) },
			[]string{DateWithoutDay}},
		{"no date", []string{"检查日期", "", "录入时间", ""}, func(r Record) bool { return r.Starts == 0 }, nil},
		{"key at fault", []string{"结果编号", " "}, func(r Record) bool { return r.Key == "" }, []string{NullKey}},
		{"key with a line break", []string{"结果编号", "A\n1"}, func(Record) bool { return true }, []string{KeyControl}},
		{"key too long", []string{"结果编号", strings.Repeat("长", 201)}, func(Record) bool { return true }, []string{KeyTooLong}},
		{"key of 200", []string{"结果编号", strings.Repeat("长", 200)}, func(Record) bool { return true }, nil},
		{"a cell that is no text is at fault once", []string{"统一社会信用代码", "\xff"}, func(Record) bool { return true }, []string{InvalidUTF8}},
	} {
		t.Run(test.what, func(t *testing.T) {
			rec := apply(t, resultsSpec(), with(goodRow(), test.changes...))
			if diff := cmp.Diff(test.faults, codesOf(rec.Faults), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("faults %v\n%s", rec.Faults, diff)
			}
			if !test.check(rec) {
				t.Errorf("%+v", rec)
			}
			if len(rec.Faults) > 0 && (len(rec.Payload) > 0 || rec.Hash != 0) {
				t.Errorf("a faulty record has a payload: %s", rec.Payload)
			}
		})
	}
}

func TestFaultsNameTheirColumnAndField(t *testing.T) {
	rec := apply(t, resultsSpec(), with(goodRow(), "检查结果", "好"), map[string]string{"发现问题": "x"})
	want := Faults{
		{What: UnknownCode, Args: []string{"检查结果", "好", "spot_result"}, Field: "insRes", Column: "检查结果"},
		{What: Required, Args: []string{"事项编码"}, Field: "items[0].itemCode", Column: "事项编码"},
	}
	if diff := cmp.Diff(want, rec.Faults); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsOfExpressionsNameTheColumn(t *testing.T) {
	spec := func() Spec {
		s := resultsSpec()
		s.Fields = append(s.Fields, Field{Expr: `对象类别 == "市场主体" ? (任务编号 == "" ? "未填" : 任务编号) : ""`, To: "code", Is: CreditCode})
		return s
	}
	for _, test := range []struct{ cell, column, where string }{
		{"123", "任务编号", "任务编号"},
		{"", "", "对象类别、任务编号"}, // the expression's own text stands in no column
		{"市场主体", "", "对象类别、任务编号"},
	} {
		row := goodRow()
		row["任务编号"], row["对象类别"] = test.cell, "市场主体"
		faults := apply(t, spec(), row).Faults
		if len(faults) != 1 || faults[0].Column != test.column || faults[0].Args[0] != test.where || faults[0].Field != "code" {
			t.Errorf("%q: %+v, want the column %q and %q in words", test.cell, faults, test.column, test.where)
		}
	}
}

func TestItems(t *testing.T) {
	item := func(code, problem, void string) map[string]string {
		return map[string]string{"结果编号": "1", "事项编码": code, "发现问题": problem, "作废": void}
	}
	for _, test := range []struct {
		what  string
		items []map[string]string
		want  string
	}{
		{"none", nil, ""},
		{"in their order", []map[string]string{item("B", "", ""), item("A", "x", "否")}, `"items":[{"itemCode":"B"},{"itemCode":"A","problem":"x"}]`},
		{"all excluded", []map[string]string{item("B", "", "是")}, ""},
		{"at fault", []map[string]string{item("", "x", ""), item("A", "\xff", "")}, InvalidUTF8 + " " + Required},
		{"an excluded one's faults do not count", []map[string]string{item("", "x", "是")}, ""},
	} {
		s := resultsSpec()
		s.Fields = s.Fields[:1]
		rec := apply(t, s, goodRow(), test.items...)
		want := `{"uniscid":"91350100M000100Y43"`
		if test.want != "" {
			want += "," + test.want
		}
		got := string(rec.Payload)
		if want += "}"; len(rec.Faults) > 0 {
			got, want = strings.Join(codesOf(rec.Faults), " "), test.want
		}
		if got != want {
			t.Errorf("%s: %s, want %s", test.what, got, want)
		}
	}
}

func TestCompositeKey(t *testing.T) {
	s := oneField(Field{})
	s.Registry.Key = []string{"批次", "编号"}
	if rec := apply(t, s, map[string]string{"批次": " 2026-01", "编号": "7", "值": "x"}); rec.Key != "2026-01\x1f7" {
		t.Errorf("%q", rec.Key)
	}
	if rec := apply(t, s, map[string]string{"编号": "7"}); len(rec.Faults) != 1 || rec.Faults[0].Column != "批次" {
		t.Errorf("%v", rec.Faults)
	}
}

func TestRowFaultsOfTheRegistryStay(t *testing.T) {
	p := mustCompile(t, oneField(Field{Is: Integer, Required: true}))
	row := rowOf(p, map[string]string{"编号": "1"})
	row.Faults = []Fault{{What: Scientific, Column: "值", Args: []string{"值", "9.1E+17"}}}
	var rec Record
	p.Apply(row, &rec)
	if diff := cmp.Diff(Faults(row.Faults), rec.Faults); diff != "" {
		t.Error(diff)
	}
}

func TestSourceHashSeesEveryCell(t *testing.T) {
	p := mustCompile(t, resultsSpec())
	hash := func(row Row) int64 {
		var rec Record
		p.Apply(row, &rec)
		return rec.Source
	}
	item := map[string]string{"事项编码": "A"}
	base := rowOf(p, goodRow(), item)
	if hash(base) != hash(rowOf(p, goodRow(), item)) {
		t.Error("the same row hashes differently")
	}
	for i := range base.Cells {
		row := rowOf(p, goodRow(), item)
		row.Cells[i] += " "
		if name := p.Columns()[i]; name != "年度" && hash(row) == hash(base) {
			t.Errorf("a blank more in %s is not seen", name)
		}
	}
	moved := rowOf(p, with(goodRow(), "检查人员1", "王", "检查人员2", "某李某"), item)
	if hash(moved) == hash(base) || hash(rowOf(p, goodRow(), map[string]string{"发现问题": "A"})) == hash(base) || hash(rowOf(p, goodRow())) == hash(base) {
		t.Error("a character that moved to the neighbour cell is not seen")
	}
}

func TestGlanceAgreesWithApply(t *testing.T) {
	p := mustCompile(t, resultsSpec())
	for _, cells := range []map[string]string{goodRow(), with(goodRow(), "年度", "2025"), with(goodRow(), "年度", "x"), with(goodRow(), "结果编号", "")} {
		var whole, glance Record
		p.Apply(rowOf(p, cells), &whole)
		p.Glance(rowOf(p, cells), &glance)
		if whole.Key != glance.Key || whole.Source != glance.Source || whole.Excluded != glance.Excluded {
			t.Errorf("%+v, but at a glance %+v", whole, glance)
		}
	}
}

// A plan serves many goroutines, and what a row leaves behind in its buffers is not seen by the next.
func TestApplyIsDeterministicInAnyOrder(t *testing.T) {
	p := mustCompile(t, resultsSpec())
	rows := []map[string]string{goodRow(), with(goodRow(), "年度", "2025"), with(goodRow(), "状态", "待审"), with(goodRow(), "检查结果", "好"),
		with(goodRow(), "涉密", "是", "保密审批文号", "1"), with(goodRow(), "年度", "x"), with(goodRow(), "对象类别", "村")}
	fresh := make([]Record, len(rows))
	for i := range rows {
		mustCompile(t, resultsSpec()).Apply(rowOf(p, rows[i]), &fresh[i])
	}
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			var rec Record
			for n := range 500 {
				i := (n*(worker+3) + worker) % len(rows)
				p.Apply(rowOf(p, rows[i]), &rec)
				if diff := cmp.Diff(fresh[i], rec, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("row %d: %s", i, diff)
					return
				}
			}
		})
	}
	group.Wait()
}

func TestAllowedColumnsMayHoldPersonalNumbers(t *testing.T) {
	s := oneField(Field{})
	s.Fields[0].From = "联系电话"
	s.Fields = append(s.Fields, Field{From: "备注", To: "remarks"})
	s.Allow = &Allow{Columns: []string{"联系电话"}, Ground: "平台必填", Approval: "宝自然资〔2026〕3号", By: "某股长"}
	if rec := apply(t, s, map[string]string{"编号": "1", "联系电话": "13800001234"}); string(rec.Payload) != `{"v":"13800001234"}` {
		t.Errorf("%s %v", rec.Payload, rec.Faults)
	}
	rec := apply(t, s, map[string]string{"编号": "1", "联系电话": "13800001234", "备注": "13800001234"})
	if diff := cmp.Diff([]string{HoldsPhone}, codesOf(rec.Faults)); diff != "" {
		t.Errorf("the other column is allowed too: %s", diff)
	}
}

func TestFaultsOfOneRecordAreBounded(t *testing.T) {
	rec := apply(t, oneField(Field{Is: Integer, Split: ","}), map[string]string{"编号": "1", "值": strings.Repeat("x,", 100_000)})
	if len(rec.Faults) != maxFaults {
		t.Errorf("%d faults", len(rec.Faults))
	}
}
