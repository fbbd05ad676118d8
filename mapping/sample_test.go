package mapping

import (
	"maps"
	"slices"
	"testing"
)

// resultsSpec is a mapping of inspection results as a bureau writes it, with everything a push mapping may have.
func resultsSpec() Spec {
	return Spec{
		Stream: "inspection_results", Title: "抽查检查结果", Direction: Push, Resource: "result",
		Registry: Source{Database: "bureau", Table: "检查结果", Key: []string{"结果编号"},
			Changed: &Changed{Column: "更新时间", Overlap: "15m"}, Where: "年度 >= 2026"},
		Ready:    `状态 == "已审核"`,
		After:    []After{{Stream: "inspection_objects", By: Columns{"统一社会信用代码"}}},
		Answers:  &After{Stream: "drawn_objects", By: Columns{"任务编号", "统一社会信用代码"}},
		Deadline: &Deadline{Starts: "earliest(检查日期, 录入时间, 审核时间)", WorkingDays: 20, Basis: "实施方案 四（八）"},
		Owner:    "责任单位",
		Route:    []Route{{When: `对象类别 != "市场主体"`, To: "site"}},
		Withhold: []Withhold{{When: `涉密 == "是"`, Ground: "国家秘密", Approval: "保密审批文号"}},
		Fields: []Field{
			{From: "统一社会信用代码", To: "uniscid", Is: CreditCode, Required: true},
			{From: "检查日期", To: "insDate", Is: DateKind, As: "inspected_on"},
			{From: "检查结果", To: "insRes", Codes: "spot_result", Split: "、"},
			{From: "罚款金额", To: "penAm", Is: Money, Unit: "万元"},
			{Expr: `检查人员1 + "、" + 检查人员2`, To: "inspectors"},
		},
		Items: &Items{Table: "检查结果明细", Parent: "结果编号", Where: `作废 != "是"`, To: "items",
			Fields: []Field{{From: "事项编码", To: "itemCode", Is: ID, Required: true}, {From: "发现问题", To: "problem"}}},
	}
}

func sampleCodes() map[string]CodeList {
	return map[string]CodeList{"spot_result": {List: "spot_result", Title: "抽查检查结果", Codes: []CodeItem{
		{Code: "R1", Name: "未发现问题", Aliases: []string{"没问题"}, Exclusive: true},
		{Code: "R4", Name: "通过登记的住所（经营场所）无法联系"},
		{Code: "R5", Name: "发现问题已责令改正"},
	}}}
}

func goodRow() map[string]string {
	return map[string]string{
		"结果编号": "JG-2026-0001", "年度": "2026", "状态": "已审核", "统一社会信用代码": "91350100M000100Y43", "任务编号": "RW-1",
		"检查日期": "2026年12月3日", "录入时间": "2026-12-04 10:00:00", "审核时间": "", "责任单位": "利用股", "对象类别": "市场主体",
		"涉密": "否", "检查结果": "未发现问题", "罚款金额": "1.5", "检查人员1": "王某", "检查人员2": "李某",
	}
}

func mustCompile(t testing.TB, s Spec) *Plan {
	t.Helper()
	p, faults := Compile(s, sampleCodes())
	if len(faults) > 0 {
		t.Fatalf("Compile: %v", faults)
	}
	return p
}

// rowOf puts named cells into the order of the plan's columns; a name the plan does not read is a mistake of the test,
// unless the plan simply has no use for it in this mapping.
func rowOf(p *Plan, cells map[string]string, items ...map[string]string) Row {
	row := Row{Cells: cellsOf(p.Columns(), cells)}
	for _, item := range items {
		row.Items = append(row.Items, Row{Cells: cellsOf(p.ItemColumns(), item)})
	}
	return row
}

func cellsOf(columns []string, named map[string]string) []string {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = named[c]
	}
	return cells
}

func with(cells map[string]string, changes ...string) map[string]string {
	out := maps.Clone(cells)
	for i := 0; i < len(changes); i += 2 {
		out[changes[i]] = changes[i+1]
	}
	return out
}

func codesOf(fs Faults) []string {
	codes := make([]string, len(fs))
	for i, f := range fs {
		codes[i] = f.What
	}
	slices.Sort(codes)
	return codes
}

// oneField is a push mapping of a single column 值, whose kind and options a test is about.
func oneField(f Field) Spec {
	f.To = "v"
	if f.Expr == "" {
		f.From = "值"
	}
	return Spec{Stream: "bureau_things", Direction: Push, Resource: "thing",
		Registry: Source{Table: "表", Key: []string{"编号"}}, Fields: []Field{f}}
}

// listSpec is a pull mapping of a credit list.
func listSpec() Spec {
	return Spec{Stream: "list_abnormal", Title: "经营异常名录", Direction: Pull, Resource: "list_abnormal",
		Registry: Source{Key: []string{"记录编号"}},
		Fields: []Field{
			{From: "entId", To: "记录编号", Is: ID, Required: true, As: "entry_id"},
			{From: "subject.uniscid", To: "统一社会信用代码", Is: CreditCode, As: "uniscid"},
			{From: "subject.entName", To: "名称", As: "entname"},
			{From: "inDate", To: "列入日期", Is: DateKind, As: "in_date"},
			{From: "inNo", To: "列入决定文号", Is: ID, As: "in_decision_no"},
			{From: "amount", To: "金额", Is: Money, SendUnit: "万元", As: "amount"},
			{From: "results", To: "结果", Codes: "spot_result", Join: "、", Split: ","},
			{From: "outDate", To: "移出日期", Is: DateKind, As: "out_date"},
		}}
}
