package schema

// itemFields are those of the 随机抽查事项清单: basis, subject, content and way are what the notice demands.
func itemFields() []Field {
	return []Field{
		{"item_code", "事项编码", ID},
		{"cat_code", "抽查类别编码", ID},
		{"cat_name", "抽查类别", Text},
		{"item_name", "事项名称", Text},
		{"legal_basis", "检查依据", Text},
		{"subject_org", "检查主体", Text},
		{"object_scope", "检查对象", Text},
		{"content", "检查内容", Text},
		{"way", "检查方式", Text},
		{"ratio", "抽查比例", Text},
		{"frequency", "抽查频次", Text},
		{"staff_req", "检查人员要求", Text},
		{"office", "责任处室", Text},
		{"valid", "是否有效", Text},
		{"set_by", "设置人", Text},
		{"set_dept", "设置部门", Text},
		{"set_at", "设置时间", Date},
		{"reg_item_code", "监管事项目录编码", ID},
		{"check_list_code", "检查实施清单编码", ID},
	}
}

// objectFields are those of the 检查对象名录库. There is none for coordinates or geometry: they never leave.
func objectFields() []Field {
	return []Field{
		{"object_id", "对象编号", ID},
		{"object_kind", "对象类别", Text},
		{"pripid", "主体身份代码", ID},
		{"uniscid", "统一社会信用代码", CreditCode},
		{"regno", "注册号", ID},
		{"entname", "名称", Text},
		{"enttype", "主体类型", Text},
		{"regstate", "登记状态", Text},
		{"lerep", "法定代表人", Text},
		{"dom", "住所", Text},
		{"domdistrict", "住所行政区划", ID},
		{"oploc", "经营场所", Text},
		{"regorg", "登记机关", Text},
		{"local_adm", "属地监管机构", Text},
		{"estdate", "成立日期", Date},
		{"apprdate", "核准日期", Date},
		{"industryphy", "行业门类", Text},
		{"industryco", "行业代码", ID},
		{"opscope", "经营范围", Text},
		{"regcap", "注册资本", Money},
		{"regcapcur", "注册资本币种", Text},
		{"risk", "风险等级", Text},
		{"last_check", "上次检查日期", Date},
		{"special_code", "专项库", ID},
		{"node", "省级节点", ID},
	}
}

// inspectorFields are those of the 执法检查人员名录库. Sex, birthday, education and telephone are left out on purpose
// (个人信息保护法 art. 6: no more than the purpose needs).
func inspectorFields() []Field {
	return []Field{
		{"inspector_id", "人员编号", ID},
		{"name", "姓名", Text},
		{"unit_code", "单位编码", ID},
		{"unit_name", "单位", Text},
		{"unit_level", "单位层级", Text},
		{"dept", "股室", Text},
		{"post", "职务", Text},
		{"speciality", "业务专长", Text},
		{"cert_no", "执法证号", ID},
		{"cert_until", "执法证有效期至", Date},
		{"cert_no_2", "行业执法证号", ID},
		{"cert_until_2", "行业执法证有效期至", Date},
		{"scope", "执法事项范围", Text},
		{"expert", "专家标志", Text},
		{"state", "状态", Text},
		{"area", "执法区域", Text},
	}
}
