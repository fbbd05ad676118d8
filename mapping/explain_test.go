package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestExplain(t *testing.T) {
	p := mustCompile(t, resultsSpec())
	row := rowOf(p, with(goodRow(), "检查结果", "好、没问题", "涉密", "是"), map[string]string{"事项编码": "A1"})
	unknown := &Fault{What: UnknownCode, Args: []string{"检查结果", "好", "spot_result"}, Field: "insRes", Column: "检查结果"}
	noApproval := &Fault{What: NoApproval, Args: []string{"保密审批文号", "国家秘密"}, Column: "保密审批文号"}
	want := []Step{
		{Column: "结果编号", Rule: "key", Local: "JG-2026-0001", Value: "JG-2026-0001"},
		{Rule: "where: 年度 >= 2026", Local: "年度=2026", Value: "true"},
		{Column: "统一社会信用代码", Rule: "is: credit_code", Field: "uniscid", Local: "91350100M000100Y43", Value: "91350100M000100Y43"},
		{Column: "检查日期", Rule: "is: date", Field: "insDate", Local: "2026年12月3日", Value: "2026-12-03"},
		{Column: "检查结果", Rule: "is: text, codes: spot_result, split: 、", Field: "insRes", Local: "好、没问题", Fault: unknown},
		{Column: "罚款金额", Rule: "is: money, unit: 万元", Field: "penAm", Local: "1.5", Value: "15000"},
		{Rule: `expr: 检查人员1 + "、" + 检查人员2, is: text`, Field: "inspectors", Local: "检查人员1=王某; 检查人员2=李某", Value: "王某、李某"},
		{Rule: "items", Field: "items", Local: "1", Value: `[{"itemCode":"A1"}]`},
		{Rule: `ready: 状态 == "已审核"`, Local: "状态=已审核", Value: "true"},
		{Rule: `withhold: 涉密 == "是"`, Local: "涉密=是", Value: "国家秘密", Fault: noApproval},
		{Rule: `route: 对象类别 != "市场主体"`, Local: "对象类别=市场主体", Value: "false"},
		{Column: "责任单位", Rule: "owner", Local: "利用股", Value: "利用股"},
		{Rule: "after: inspection_objects", Local: "91350100M000100Y43", Value: "91350100M000100Y43"},
		{Rule: "answers: drawn_objects", Local: "RW-1 / 91350100M000100Y43", Value: "RW-1 / 91350100M000100Y43"},
		{Rule: "deadline.starts: earliest(检查日期, 录入时间, 审核时间)", Local: "检查日期=2026年12月3日; 录入时间=2026-12-04 10:00:00; 审核时间=", Value: "2026-12-03"},
	}
	if diff := cmp.Diff(want, p.Explain(row), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if steps := p.Explain(rowOf(p, with(goodRow(), "年度", "2025"))); len(steps) != 2 || steps[1].Value != "false" {
		t.Errorf("a row that does not belong: %+v", steps)
	}
	if steps := p.Explain(Row{}); len(steps) == 0 {
		t.Error("nothing is said of an empty row")
	}
}
