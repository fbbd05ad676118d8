package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"creditsync/mapping"
	"creditsync/mapping/source"
)

func plan(t *testing.T, stream string) *mapping.Plan {
	t.Helper()
	file := "mappings/" + stream + ".yaml"
	s, faults := source.Mapping(file, read(t, "mappings")[file])
	if faults != nil {
		t.Fatal(faults)
	}
	p, faults := mapping.Compile(s, codeLists(t))
	if faults != nil {
		t.Fatal(faults)
	}
	return p
}

func row(columns []string, cells map[string]string) mapping.Row {
	r := mapping.Row{Cells: make([]string, len(columns))}
	for i, c := range columns {
		r.Cells[i] = cells[c]
	}
	return r
}

// resultRow is an approved result of a market entity; the credit code is the specimen of GB 32100-2015 with its true
// check digit.
func resultRow(over map[string]string) map[string]string {
	cells := map[string]string{
		"结果编号": "JG-2026-0001", "年度": "2026", "任务编号": "RW-1", "对象编号": "DX-1", "对象名称": "样例有限公司", "对象类别": "市场主体",
		"统一社会信用代码": "91350100M000100Y43", "检查类型": "抽查", "检查日期": "2026年12月1日", "录入时间": "2026-12-02 09:30:00", "审核时间": "20261203",
		"状态": "已审核", "检查结果": "未按规定公示应当公示的信息、发现问题已责令改正", "检查机关": "宝丰县自然资源局", "检查人员1": "甲", "检查人员2": "乙",
		"罚款金额": "0.2", "责任单位": "利用股", "涉密": "否",
	}
	for k, v := range over {
		cells[k] = v
	}
	return cells
}

func TestShippedResultMappingSends(t *testing.T) {
	p := plan(t, "inspection_results")
	r := row(p.Columns(), resultRow(nil))
	r.Items = []mapping.Row{row(p.ItemColumns(), map[string]string{"结果编号": "JG-2026-0001", "事项编码": "SX-1", "发现问题": "标识牌缺失"})}
	var rec mapping.Record
	p.Apply(r, &rec)
	if rec.Faults != nil {
		t.Fatal(rec.Faults)
	}
	want := `{"resultId":"JG-2026-0001","taskCode":"RW-1","uniscid":"91350100M000100Y43","entName":"样例有限公司","insType":"1",` +
		`"insDate":"2026-12-01","insRes":["2","5"],"insAuth":"宝丰县自然资源局","inspectors":["甲","乙"],"penAm":2000,"auditDate":"2026-12-03",` +
		`"items":[{"itemCode":"SX-1","problem":"标识牌缺失"}]}`
	if diff := cmp.Diff(want, string(rec.Payload)); diff != "" {
		t.Errorf("payload (-want +got):\n%s", diff)
	}
	got := []any{rec.Ready, rec.Channel, rec.Owner, rec.Starts.String(), rec.After, rec.Answers}
	expected := []any{true, "", "利用股", "2026-12-01", []mapping.Dependency{{Stream: "inspection_objects", Key: "DX-1"}}, "RW-1" + mapping.KeySeparator + "DX-1"}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestShippedResultMappingDecides(t *testing.T) {
	p := plan(t, "inspection_results")
	for name, c := range map[string]struct {
		over  map[string]string
		holds func(mapping.Record) bool
	}{
		"not approved":       {map[string]string{"状态": "待审核"}, func(r mapping.Record) bool { return !r.Ready && r.Starts != 0 }},
		"mine goes to site":  {map[string]string{"对象类别": "矿山", "统一社会信用代码": ""}, func(r mapping.Record) bool { return r.Channel == "site" && r.Faults == nil }},
		"state secret":       {map[string]string{"涉密": "是", "保密审批文号": "保密〔2026〕1号"}, func(r mapping.Record) bool { return r.Withheld != nil && r.Withheld.Approval != "" }},
		"of another year":    {map[string]string{"年度": "2025"}, func(r mapping.Record) bool { return r.Excluded }},
		"unknown code":       {map[string]string{"检查结果": "挺好的"}, func(r mapping.Record) bool { return len(r.Faults) == 1 }},
		"contradiction":      {map[string]string{"检查结果": "未发现问题、发现问题已责令改正"}, func(r mapping.Record) bool { return len(r.Faults) == 1 }},
		"wrong check digit":  {map[string]string{"统一社会信用代码": "91350100M000100Y44"}, func(r mapping.Record) bool { return len(r.Faults) == 1 }},
		"no approval number": {map[string]string{"涉密": "是"}, func(r mapping.Record) bool { return len(r.Faults) == 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			var rec mapping.Record
			p.Apply(row(p.Columns(), resultRow(c.over)), &rec)
			if !c.holds(rec) {
				t.Errorf("%+v", rec)
			}
		})
	}
}
