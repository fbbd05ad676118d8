package mapping

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestStaticFaults breaks a good mapping in one way each and expects exactly the faults named, as "code path".
func TestStaticFaults(t *testing.T) {
	for _, test := range []struct {
		what   string
		spoil  func(*Spec)
		faults []string
	}{
		{"nothing", func(*Spec) {}, nil},
		{"no stream", func(s *Spec) { s.Stream = "" }, []string{SpecMissing + " $", SpecUnknownName + " $.fields[1].as"}},
		{"no resource", func(s *Spec) { s.Resource = "" }, []string{SpecMissing + " $"}},
		{"direction", func(s *Spec) { s.Direction = "both" }, []string{SpecUnknownWay + " $.direction"}},
		{"no key", func(s *Spec) { s.Registry.Key = nil }, []string{SpecMissing + " $.registry"}},
		{"no source", func(s *Spec) { s.Registry.Table = "" }, []string{SpecSource + " $.registry"}},
		{"two sources", func(s *Spec) { s.Registry.File = "*.xlsx" }, []string{SpecSource + " $.registry"}},
		{"changed without column", func(s *Spec) { s.Registry.Changed.Column = "" }, []string{SpecMissing + " $.registry.changed"}},
		{"overlap", func(s *Spec) { s.Registry.Changed.Overlap = "一刻钟" }, []string{SpecDuration + " $.registry.changed.overlap"}},
		{"where", func(s *Spec) { s.Registry.Where = "年度 >=" }, []string{SpecExpression + " $.registry.where"}},
		{"where is no condition", func(s *Spec) { s.Registry.Where = "年度" }, []string{SpecExpression + " $.registry.where"}},
		{"ready calls the unknown", func(s *Spec) { s.Ready = `查询(状态)` }, []string{SpecExpression + " $.ready"}},
		{"ready asks for the time", func(s *Spec) { s.Ready = `now() > date(检查日期)` }, []string{SpecExpression + " $.ready"}},
		{"ready loops", func(s *Spec) { s.Ready = `all(1..1000000, # > 0)` }, []string{SpecExpression + " $.ready"}},
		{"ready reads everything", func(s *Spec) { s.Ready = `$env == nil` }, []string{SpecExpression + " $.ready"}},
		{"no fields", func(s *Spec) { s.Fields = nil }, []string{SpecMissing + " $"}},
		{"no to", func(s *Spec) { s.Fields[0].To = "" }, []string{SpecMissing + " $.fields[0]"}},
		{"two to one", func(s *Spec) { s.Fields[1].To = "uniscid" }, []string{SpecDuplicate + " $.fields[1].to"}},
		{"items to a field", func(s *Spec) { s.Items.To = "uniscid" }, []string{SpecDuplicate + " $.items.to"}},
		{"neither from nor expr", func(s *Spec) { s.Fields[0].From = "" }, []string{SpecFromOrExpr + " $.fields[0]"}},
		{"from and expr", func(s *Spec) { s.Fields[4].From = "检查组" }, []string{SpecFromOrExpr + " $.fields[4]"}},
		{"kind", func(s *Spec) { s.Fields[0].Is = "uscc" }, []string{SpecUnknownKind + " $.fields[0].is"}},
		{"unit", func(s *Spec) { s.Fields[3].Unit = "千元" }, []string{SpecUnknownUnit + " $.fields[3].unit"}},
		{"unit of a text", func(s *Spec) { s.Fields[0].SendUnit = "元" }, []string{SpecOption + " $.fields[0].send_unit"}},
		{"format", func(s *Spec) { s.Fields[1].Format = "YYYY-MM-DD" }, []string{SpecFormat + " $.fields[1].format"}},
		{"format of a text", func(s *Spec) { s.Fields[0].Format = "yyyy" }, []string{SpecOption + " $.fields[0].format"}},
		{"codes", func(s *Spec) { s.Fields[2].Codes = "spot" }, []string{SpecUnknownCodes + " $.fields[2].codes"}},
		{"codes of a number", func(s *Spec) { s.Fields[2].Is = Integer }, []string{SpecOption + " $.fields[2].codes"}},
		{"ambiguous codes", func(s *Spec) { s.Fields[2].Codes = "ambiguous" }, []string{SpecAmbiguousCode + " $.fields[2].codes"}},
		{"join without list", func(s *Spec) { s.Fields[0].Join = "、" }, []string{SpecJoinWithoutList + " $.fields[0].join"}},
		{"max", func(s *Spec) { s.Fields[0].Max = -1 }, []string{SpecMax + " $.fields[0].max"}},
		{"default", func(s *Spec) { s.Fields[1].Default = "昨天" }, []string{SpecDefault + " $.fields[1].default"}},
		{"default code", func(s *Spec) { s.Fields[2].Default = "R9" }, []string{SpecDefault + " $.fields[2].default"}},
		{"as", func(s *Spec) { s.Fields[1].As = "inspection_day" }, []string{SpecUnknownName + " $.fields[1].as"}},
		{"as of another family", func(s *Spec) { s.Fields[1].As = "in_date" }, []string{SpecUnknownName + " $.fields[1].as"}},
		{"as of another kind", func(s *Spec) { s.Fields[0].As = "inspected_on" }, []string{SpecNameKind + " $.fields[0].as"}},
		{"no days", func(s *Spec) { s.Deadline.WorkingDays = 0 }, []string{SpecDays + " $.deadline"}},
		{"no basis", func(s *Spec) { s.Deadline.Basis = "" }, []string{SpecBasis + " $.deadline"}},
		{"no starts", func(s *Spec) { s.Deadline.Starts = "" }, []string{SpecMissing + " $.deadline"}},
		{"starts", func(s *Spec) { s.Deadline.Starts = "earliest(检查日期" }, []string{SpecExpression + " $.deadline.starts"}},
		{"route", func(s *Spec) { s.Route[0] = Route{} }, []string{SpecMissing + " $.route[0]", SpecMissing + " $.route[0]"}},
		{"withhold", func(s *Spec) { s.Withhold[0].Approval, s.Withhold[0].Ground = "", "" },
			[]string{SpecMissing + " $.withhold[0]", SpecMissing + " $.withhold[0]"}},
		{"after", func(s *Spec) { s.After[0] = After{} }, []string{SpecMissing + " $.after[0]", SpecMissing + " $.after[0]"}},
		{"answers", func(s *Spec) { s.Answers = &After{Stream: "drawn_objects"} }, []string{SpecMissing + " $.answers"}},
		{"items", func(s *Spec) { s.Items.Parent, s.Items.Table = "", "" }, []string{SpecMissing + " $.items", SpecSource + " $.items"}},
		{"items field", func(s *Spec) { s.Items.Fields[1].Is = "memo" }, []string{SpecUnknownKind + " $.items.fields[1].is"}},
		{"sensitive", func(s *Spec) { s.Fields[0].From = "联系电话" }, []string{SpecPhone + " $.fields[0]"}},
		{"sensitive in an expression", func(s *Spec) { s.Fields[4].Expr = `检查人员1 + SFZH` }, []string{SpecIdentity + " $.fields[4]"}},
		{"sensitive in items", func(s *Spec) { s.Items.Fields[1].From = "X坐标" }, []string{SpecPlace + " $.items.fields[1]"}},
		{"allowed", func(s *Spec) {
			s.Fields[0].From = "联系电话"
			s.Allow = &Allow{Columns: []string{"联系电话"}, Ground: "平台必填", Approval: "宝自然资〔2026〕3号", By: "某股长"}
		}, nil},
		{"allowed without approval", func(s *Spec) {
			s.Fields[0].From = "联系电话"
			s.Allow = &Allow{Columns: []string{"联系电话"}, Ground: "平台必填", By: " "}
		}, []string{SpecAllow + " $.allow", SpecAllow + " $.allow"}},
		{"all at once", func(s *Spec) { s.Ready, s.Fields[0].Is, s.Deadline.Basis = "(", "uscc", "" },
			[]string{SpecUnknownKind + " $.fields[0].is", SpecExpression + " $.ready", SpecBasis + " $.deadline"}},
	} {
		t.Run(test.what, func(t *testing.T) {
			s := resultsSpec()
			s.Fields = slices.Clone(s.Fields)
			test.spoil(&s)
			expectFaults(t, s, test.faults)
		})
	}
}

func expectFaults(t *testing.T, s Spec, want []string) {
	t.Helper()
	codes := sampleCodes()
	codes["ambiguous"] = CodeList{List: "ambiguous", Codes: []CodeItem{{Code: "1", Name: "有"}, {Code: "2", Name: "无", Aliases: []string{" 有 "}}}}
	p, faults := Compile(s, codes)
	if (p == nil) != (len(faults) > 0) {
		t.Fatalf("a plan beside faults, or neither: %v", faults)
	}
	var got []string
	for _, f := range faults {
		got = append(got, f.What+" "+f.Field)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got)\n%s", diff)
	}
}

func TestStaticFaultsOfPull(t *testing.T) {
	for _, test := range []struct {
		what   string
		spoil  func(*Spec)
		faults []string
	}{
		{"nothing", func(*Spec) {}, nil},
		{"deadline", func(s *Spec) { s.Deadline = &Deadline{Starts: "列入日期", WorkingDays: 20, Basis: "x"} }, nil},
		{"deadline of the unknown", func(s *Spec) { s.Deadline = &Deadline{Starts: "立案日期", WorkingDays: 20, Basis: "x"} },
			[]string{SpecKeyNotAField + " $.deadline.starts"}},
		{"key", func(s *Spec) { s.Registry.Key = []string{"entId"} }, []string{SpecKeyNotAField + " $.registry.key[0]"}},
		{"expr", func(s *Spec) { s.Fields[0].Expr = "entId" }, []string{SpecPushOnly + " $.fields[0].expr"}},
		{"no from", func(s *Spec) { s.Fields[2].From = "" }, []string{SpecMissing + " $.fields[2]"}},
		{"no fields", func(s *Spec) { s.Fields = nil }, []string{SpecMissing + " $", SpecKeyNotAField + " $.registry.key[0]"}},
		{"from twice", func(s *Spec) { s.Fields[2].From = "entId" }, []string{SpecDuplicate + " $.fields[2].from"}},
		{"from inside another", func(s *Spec) { s.Fields[2].From = "subject" }, []string{SpecDuplicate + " $.fields[2].from"}},
		{"to twice", func(s *Spec) { s.Fields[2].To = "记录编号" }, []string{SpecDuplicate + " $.fields[2].to"}},
		{"push only", func(s *Spec) { s.Ready, s.Registry.Where, s.Owner = "true", "true", "股室" },
			[]string{SpecPushOnly + " $.owner", SpecPushOnly + " $.ready", SpecPushOnly + " $.registry.where"}},
	} {
		t.Run(test.what, func(t *testing.T) {
			s := listSpec()
			test.spoil(&s)
			expectFaults(t, s, test.faults)
		})
	}
}

func TestExpressionFaultsHaveAPlace(t *testing.T) {
	s := resultsSpec()
	s.Ready = `状态 == "已审核" && 查询(状态)`
	_, faults := Compile(s, sampleCodes())
	if len(faults) != 1 || faults[0].Args[0] != s.Ready || faults[0].Args[1] != "1:16" {
		t.Errorf("%v", faults)
	}
}

func TestSensitiveColumns(t *testing.T) {
	for what, names := range map[string][]string{
		SpecPlace: {"坐标", "X坐标", "经度", "中心点经纬度", "图形", "宗地图", "界址点坐标", "lon", "LAT", "geom", "the_geom", "WKT",
			"center_lng", "coordX2", "lonLat", "JZDZB", "y"},
		SpecIdentity: {"身份证", "身份证号码", "公民身份号码", "法人身份证号", "sfzh", "FR_SFZH", "SFZHM1", "ID_CARD", "idCard", "gmsfhm"},
		SpecPhone:    {"手机", "联系电话", "联系方式", "电 话（手机）", "lxdh", "LXDH", "FR_LXDH", "phone", "mobileNo", "contact_phone", "TEL2"},
		"": {"统一社会信用代码", "执法证号", "检查日期", "检查事项", "对象名称", "地址", "TYSHXYDM", "ZFZH", "DXMC", "FDDBR", "JCRQ",
			"WTMS", "latest", "platform", "shape_of_things_code_name", "年度", "许可证号", "联系人", "GSZT"},
	} {
		for _, name := range names {
			if got := sensitiveColumn(name); got != what && name != "shape_of_things_code_name" {
				t.Errorf("%s: %q, want %q", name, got, what)
			}
		}
	}
}

func TestColumnsAreReadOnce(t *testing.T) {
	p := mustCompile(t, resultsSpec())
	want := []string{"结果编号", "统一社会信用代码", "检查日期", "检查结果", "罚款金额", "检查人员1", "检查人员2", "年度", "状态", "录入时间",
		"审核时间", "责任单位", "对象类别", "涉密", "保密审批文号", "任务编号"}
	if diff := cmp.Diff(want, p.Columns()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"结果编号", "事项编码", "发现问题", "作废"}, p.ItemColumns()); diff != "" {
		t.Error(diff)
	}
	if p.LocalColumns() != nil || mustCompile(t, listSpec()).Columns() != nil {
		t.Error("a plan has columns of the other direction")
	}
}
