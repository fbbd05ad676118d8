package mapping

import (
	"testing"

	"github.com/expr-lang/expr/vm"
	"github.com/google/go-cmp/cmp"
)

// exprOf gives what an expression makes of a row of the columns 甲, 乙 and "名 称", or the fault's code.
func exprOf(t *testing.T, text, a, b string) string {
	t.Helper()
	s := oneField(Field{Expr: text})
	return applied(t, s, map[string]string{"编号": "1", "甲": a, "乙": b, "名 称": b})
}

func applied(t *testing.T, s Spec, cells map[string]string) string {
	t.Helper()
	p := mustCompile(t, s)
	var rec Record
	p.Apply(rowOf(p, cells), &rec)
	switch {
	case len(rec.Faults) > 0:
		return rec.Faults[0].What + " " + rec.Faults[0].Column
	case rec.Excluded:
		return "excluded"
	}
	return string(rec.Payload)
}

func TestExpressions(t *testing.T) {
	for _, test := range []struct{ text, a, b, want string }{
		{`甲 + "、" + 乙`, " 王某 ", "李某", `{"v":"王某、李某"}`},
		{`甲 + 列["名 称"]`, "a", "b", `{"v":"ab"}`},
		{`"" + 甲`, "", "", `{}`},
		{`甲 == "" ? 乙 : 甲`, "", "b", `{"v":"b"}`},
		{`trim(甲) + upper(乙)`, "a", "b", `{"v":"aB"}`},
		{`split(甲, "；")`, "a； b；；c", "", `{"v":["a","b","c"]}`},
		{`int(甲) + 1`, "41", "", `{"v":"42"}`},
		{`int(甲) + 1`, "x", "", ExpressionFailed + " 甲"},
		{`earliest(甲, 乙)`, "2026.8.3", "2026年8月2日", `{"v":"2026-08-02"}`},
		{`latest(甲, 乙)`, "2026.8.3", "", `{"v":"2026-08-03"}`},
		{`earliest(甲, 乙)`, "", "长期", `{}`},
		{`earliest(甲, 乙)`, "2026.8.3", "上周", NotADate + " 乙"},
		{`earliest(甲, latest(乙, "2026-01-01"))`, "2026.8.3", "2025-01-01", `{"v":"2026-01-01"}`},
		{`甲 contains "矿" ? 1 : 0`, "某矿", "", `{"v":"1"}`},
		{`甲 in ["a", "b"] ? "是" : "否"`, "b", "", `{"v":"是"}`},
		{`len(甲) > 2 ? "长" : "短"`, "abc", "", `{"v":"长"}`},
		{`甲 matches "^G" ? "y" : "n"`, "GB", "", `{"v":"y"}`},
	} {
		if got := exprOf(t, test.text, test.a, test.b); got != test.want {
			t.Errorf("%s over %q, %q: %s, want %s", test.text, test.a, test.b, got, test.want)
		}
	}
}

func TestConditions(t *testing.T) {
	const in, out = `{"v":"x"}`, "excluded"
	for _, test := range []struct{ where, a, b, want string }{
		{"甲 >= 2026", "2026", "", in},
		{"甲 >= 2026", "２０２６", "", in},
		{"甲 >= 2026", "2025.9", "", out},
		{"2026 <= 甲", "2027", "", in},
		{"甲 >= 2026", "2026年", "", NotANumber + " 甲"},
		{"甲 >= 2026", "", "", NotANumber + " 甲"},
		{`甲 != "" && 甲 >= 2026`, "", "", out},
		{`甲 != "" and 甲 >= 2026`, "2026", "", in},
		{"甲 == 1", "1.0", "", in},
		{"甲 > -1.5", "-1", "", in},
		{"甲 in [2025, 2026]", "2026", "", in},
		{"甲 not in [2025, 2026]", "2026", "", out},
		{"甲 in 2024..2026", "2023", "", out},
		{`甲 in ["2025", "2026"]`, "2026", "", in},
		{`甲 == "已审核"`, "已审核\u3000", "", in},
		{`列["名 称"] == "x" || 甲 == "y"`, "y", "", in},
		{`date(甲) >= "2026-03-01"`, "2026.12.1", "", in},
		{`甲 >= "2026-03-01"`, "2026.12.1", "", in},
		{`甲 >= "2026-03-01"`, "2026.2.1", "", out},
		{`甲 >= "2026-03-01"`, "", "", NotADate + " 甲"},
		{`甲 >= "2026-03-01"`, "2026-02-30", "", ImpossibleDate + " 甲"},
		{`date(甲) == "2026-03-01"`, "2026年3月1日", "", in},
		{`earliest(甲, 乙) < "2026-03-01"`, "2026.3.1", "2026.2.1", in},
		{`date(甲) < date(乙)`, "2026.3.1", "2026.2.1", out},
		{`number(甲) > number(乙)`, "10", "9", in},
		{`甲 > "B"`, "C", "", in},
	} {
		s := oneField(Field{Default: "x"})
		s.Registry.Where = test.where
		got := applied(t, s, map[string]string{"编号": "1", "甲": test.a, "乙": test.b, "名 称": test.b})
		if got != test.want {
			t.Errorf("%s over %q, %q: %s, want %s", test.where, test.a, test.b, got, test.want)
		}
	}
}

func TestExpressionsMayNot(t *testing.T) {
	for _, text := range []string{`now()`, `filter(split(甲, ""), # == "")`, `$env`, `甲.乙`, `repeat(甲, 1000000)`, `甲 + 1`,
		`甲 * 10000`, `甲(1)`, `env.X`, `date(甲).Unix()`, `fromJSON(甲)`, `)`, `earliest(甲) > 5 == "x"`} {
		if e, fault := compileExpression(text, false); fault == nil {
			t.Errorf("%s compiles to %v", text, e)
		} else if fault != nil && (fault.What != SpecExpression || len(fault.Args) != 3) {
			t.Errorf("%s: %v", text, fault)
		}
	}
}

func TestExpressionsAreBounded(t *testing.T) {
	e, fault := compileExpression(`join(split(replace(甲, "a", "aaaaaaaaaa"), ""), ",") + string(1..9000000)`, false)
	if fault != nil {
		t.Fatal(fault)
	}
	if _, fault := e.run(&vm.VM{}, map[string]any{"甲": "a"}); fault == nil || fault.What != ExpressionFailed {
		t.Errorf("nine million numbers: %v", fault)
	}
}

func TestColumnsOfExpressions(t *testing.T) {
	for text, want := range map[string][]string{
		`earliest(检查日期, 录入时间)`:              {"检查日期", "录入时间"},
		`列["名 称"] + 甲 + 列["甲"] + 甲`:         {"名 称", "甲"},
		`let x = 甲; x + trim(乙)`:            {"甲", "乙"},
		`甲 | trim() | upper()`:              {"甲"},
		`状态 in ["已审核"] and not (涉密 == "是")`: {"状态", "涉密"},
		`1 + 2`: nil,
	} {
		got, err := columnsOf(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", text, err, diff)
		}
	}
}

// The shapes that are evaluated without the machine must give what the machine gives.
func TestPlainShapesEqualTheMachine(t *testing.T) {
	cells := map[string]string{"编号": "1", "甲": "2026.8.3", "乙": "2026-08-04", "名 称": "2026-08-05"}
	for plain, other := range map[string]string{
		`甲 + "、" + 乙 + 列["名 称"]`: `(甲 + "、" + 乙 + 列["名 称"]) | trim()`,
		`earliest(甲, 列["名 称"])`:  `earliest(earliest(甲), 列["名 称"])`,
		`latest(甲, 乙)`:           `latest(latest(甲), 乙)`,
	} {
		a, b := oneField(Field{Expr: plain}), oneField(Field{Expr: other})
		if got, want := applied(t, a, cells), applied(t, b, cells); got != want {
			t.Errorf("%s gives %s, the machine %s", plain, got, want)
		}
		a.Fields, b.Fields = oneField(Field{}).Fields, oneField(Field{}).Fields
		a.Deadline, b.Deadline = &Deadline{plain, 5, "x"}, &Deadline{other, 5, "x"}
		if got, want := startsOf(t, a, cells), startsOf(t, b, cells); got != want {
			t.Errorf("%s starts on %s, the machine's on %s", plain, got, want)
		}
	}
}

func startsOf(t *testing.T, s Spec, cells map[string]string) Date {
	p := mustCompile(t, s)
	var rec Record
	p.Apply(rowOf(p, cells), &rec)
	return rec.Starts
}
