package schema

// taskFields are those of a 抽查任务, with what the plan says of it. inner_code is read by position on public pages
// (characters 7 to 10 are the year): it stays as it comes.
func taskFields() []Field {
	return []Field{
		{"task_code", "任务编号", ID},
		{"task_name", "任务名称", Text},
		{"task_state", "任务状态", Text},
		{"task_type", "任务类型", Text},
		{"task_source", "任务来源", Text},
		{"plan_code", "计划编号", ID},
		{"plan_name", "计划名称", Text},
		{"plan_year", "计划年度", Integer},
		{"inner_code", "公示编号", ID},
		{"lead_dept", "牵头部门", Text},
		{"inspect_dept", "检查部门", Text},
		{"starts_on", "开始日期", Date},
		{"ends_on", "结束日期", Date},
		{"drawn_on", "抽取日期", Date},
		{"draw_mode", "抽取方式", Text},
		{"object_total", "抽取库总户数", Integer},
		{"object_drawn", "目标户数", Integer},
		{"object_percent", "抽取比例", Decimal},
		{"min_inspectors", "每家最小检查人数", Integer},
		{"cross_dept", "跨部门标志", Text},
	}
}

// drawnObjectFields include who adjusted a draw and what stood there before: adjustments after the draw exist, and are
// reported, never made here.
func drawnObjectFields() []Field {
	return []Field{
		{"draw_id", "抽取记录编号", ID},
		{"task_code", "任务编号", ID},
		{"object_id", "对象编号", ID},
		{"object_kind", "对象类别", Text},
		{"pripid", "主体身份代码", ID},
		{"uniscid", "统一社会信用代码", CreditCode},
		{"regno", "注册号", ID},
		{"entname", "名称", Text},
		{"regstate", "登记状态", Text},
		{"regorg", "登记机关", Text},
		{"local_adm", "属地监管机构", Text},
		{"check_dept", "检查部门", Text},
		{"item_codes", "检查事项", Text},
		{"drawn_on", "抽取日期", Date},
		{"planned_on", "拟检查日期", Date},
		{"last_check", "上次检查日期", Date},
		{"adjusted_by", "调整人", Text},
		{"adjusted_on", "调整日期", Date},
		{"adjusted_from", "调整前的值", Text},
	}
}

func drawnInspectorFields() []Field {
	return []Field{
		{"draw_id", "抽取记录编号", ID},
		{"task_code", "任务编号", ID},
		{"object_id", "对象编号", ID},
		{"uniscid", "统一社会信用代码", CreditCode},
		{"inspector_id", "人员编号", ID},
		{"name", "姓名", Text},
		{"unit_name", "单位", Text},
		{"cert_no", "执法证号", ID},
		{"leader", "组长标志", Text},
		{"expert", "专家标志", Text},
		{"drawn_on", "抽取日期", Date},
		{"adjusted_by", "调整人", Text},
		{"adjusted_on", "调整日期", Date},
		{"adjusted_from", "调整前的值", Text},
	}
}

// resultFields are those of a 抽查检查结果. inspected_on, entered_on and approved_on are the days of which the earliest
// starts the legal clock.
func resultFields() []Field {
	return []Field{
		{"result_id", "结果编号", ID},
		{"task_code", "任务编号", ID},
		{"plan_code", "计划编号", ID},
		{"object_id", "对象编号", ID},
		{"object_kind", "对象类别", Text},
		{"pripid", "主体身份代码", ID},
		{"uniscid", "统一社会信用代码", CreditCode},
		{"regno", "注册号", ID},
		{"entname", "名称", Text},
		{"ins_type", "检查类型", Text},
		{"ins_auth", "检查机关", Text},
		{"ins_auth_code", "检查机关代码", ID},
		{"item_code", "事项编码", ID},
		{"item_name", "事项名称", Text},
		{"way", "检查方式", Text},
		{"inspected_on", "检查日期", Date},
		{"entered_on", "录入日期", Date},
		{"approved_on", "审核日期", Date},
		{"published_on", "公示日期", Date},
		{"ins_res", "检查结果", Text},
		{"problem", "发现问题", Text},
		{"follow_up", "后续处理", Text},
		{"inspectors", "检查人员", Text},
		{"inspector_certs", "执法证号", ID},
		{"penalty_amount", "罚款金额", Money},
		{"area_number", "行政区划", ID},
		{"remarks", "备注", Text},
	}
}

// listFields are those of an entry of a credit list, with both decisions and the whole lifecycle: listed, removed,
// annulled, repaired, expired. What is repaired may no longer be published, shared or used (国家发展改革委令第36号).
func listFields() []Field {
	return []Field{
		{"entry_id", "记录编号", ID},
		{"pripid", "主体身份代码", ID},
		{"uniscid", "统一社会信用代码", CreditCode},
		{"regno", "注册号", ID},
		{"org_code", "组织机构代码", ID},
		{"id_masked", "证件号码（已脱敏）", ID},
		{"entname", "名称", Text},
		{"lerep", "法定代表人", Text},
		{"subject_kind", "主体类别", Text},
		{"in_reason", "列入事由", Text},
		{"in_reason_code", "列入事由代码", Text},
		{"in_decision_no", "列入决定文号", ID},
		{"in_date", "列入日期", Date},
		{"in_org", "列入决定机关", Text},
		{"out_reason", "移出事由", Text},
		{"out_decision_no", "移出决定文号", ID},
		{"out_date", "移出日期", Date},
		{"out_org", "移出决定机关", Text},
		{"level", "失信程度", Text},
		{"state", "状态", Text},
		{"valid_from", "公示起始日期", Date},
		{"publish_min", "最短公示期至", Date},
		{"publish_max", "最长公示期至", Date},
		{"repaired_on", "信用修复日期", Date},
		{"annulled_on", "撤销日期", Date},
		{"expires_on", "届满日期", Date},
		{"case_no", "案号", ID},
		{"amount", "涉及金额", Money},
		{"updated_on", "更新日期", Date},
		{"region", "行政区划", ID},
	}
}
