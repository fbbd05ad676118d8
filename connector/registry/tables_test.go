package registry

import (
	"testing"

	"creditsync/connector"
	"creditsync/mapping"

	"github.com/google/go-cmp/cmp"
)

var (
	_ connector.Explorer = (*SQL)(nil)
	_ connector.Explorer = (*Folder)(nil)
)

func columnNamesOf(t connector.Table) (names []string) {
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	return names
}

// The headers of workbooks as clerks keep them are found without knowing one name: below titles, in two rows, and not
// in a hidden sheet.
func TestTablesOfForeignFiles(t *testing.T) {
	tables, err := OpenFolder("../../fixtures/foreign/set1").Tables(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, table := range tables {
		if table.Fault != nil {
			t.Errorf("%s: %v", table.Name, table.Fault)
		}
		got[table.Name] = columnNamesOf(table)
		if table.Hidden && table.Columns != nil {
			t.Errorf("%s is hidden and was read", table.Name)
		}
	}
	want := map[string][]string{
		"执法检查人员名录库.xlsx!执法检查人员名录库": {"序号", "姓名", "工作单位", "职务", "专业特长", "证号", "有效期至", "执法区域", "联系电话", "备注"},
		"检查对象名录库.xlsx!检查对象名录库": {"序号", "检查对象名称", "统一社会信用代码", "法定代表人（负责人）", "成立日期", "所属乡镇", "详细地址", "对象类别",
			"监管领域", "联系人", "电话", "风险等级", "入库时间", "状态", "入库天数", "备注"},
		"检查对象名录库.xlsx!2025年（勿删）": nil,
		"检查对象名录库.xlsx!填报说明":      nil,
		"检查结果台账.xlsx!2026年台账": {"序号", "任务批次", "检查日期", "检查对象", "统一社会信用代码", "检查事项", "主检", "协检", "检查结果", "存在问题",
			"后续处理", "审批状态", "审批日期", "录入日期", "录入人", "录入间隔（天）", "备注"},
		"检查结果台账.xlsx!2025": nil,
		"第四批抽取结果.csv":      {"抽取批次", "抽取时间", "检查对象名称", "统一社会信用代码", "主检人员", "协检人员", "检查事项", "拟检查日期"},
		"采矿权人名单_导出.csv":    {"序号", "采矿权人", "统一社会信用代码/采矿许可证号", "矿种", "矿区面积(平方公里)", "有效期起", "有效期止", "地址", "是否纳入名录"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What was listed can be read as it was listed, up to a limit, and the rest is counted.
func TestLimitedRead(t *testing.T) {
	d := OpenFolder("../../fixtures/foreign/set1")
	tables, err := d.Tables(t.Context(), "检查结果台账.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	sum, err := d.Read(t.Context(), connector.Query{Source: tables[0].Source, Columns: columnNamesOf(tables[0]), Limit: 7}, func(rows []mapping.Row) error {
		n += len(rows)
		return nil
	})
	if err != nil || n != 7 || sum.Rows != 7 || sum.Source < 400 {
		t.Errorf("read %d rows, %+v, %v", n, sum, err)
	}
	eachDatabase(t, func(t *testing.T, b *bureau) {
		b.exec(t, `CREATE TABLE "T 对象" ("编号" INTEGER PRIMARY KEY, "名称" VARCHAR(20))`, `CREATE TABLE "二" ("甲" INTEGER)`)
		for i := range 1000 {
			if _, err := b.db.Exec(b.db.Rebind(`INSERT INTO "T 对象" VALUES (?, ?)`), i, "名"); err != nil {
				t.Fatal(err)
			}
		}
		for _, limit := range []int{1, 200, 201, 999} {
			n := 0
			sum, err := b.reg.Read(t.Context(), connector.Query{Source: mapping.Source{Table: "T 对象"}, Columns: []string{"编号", "名称"}, Limit: limit},
				func(rows []mapping.Row) error { n += len(rows); return nil })
			if err != nil || n != limit || sum.Source != 1000 {
				t.Errorf("limit %d: read %d rows, %+v, %v", limit, n, sum, err)
			}
		}
		all, err := b.reg.Tables(t.Context(), "")
		if err != nil || len(all) != 2 {
			t.Fatalf("%+v, %v", all, err)
		}
		one, err := b.reg.Tables(t.Context(), "T 对象")
		if err != nil {
			t.Fatal(err)
		}
		if !one[0].Columns[0].Key || one[0].Columns[1].Key || one[0].Columns[1].Name != "名称" {
			t.Errorf("%+v", one)
		}
	})
}
