package texts

// identityTexts name the kinds of number and what can be wrong with one.
func identityTexts() []text {
	return []text{
		{"cmd.identity.short", "一个号码是什么、对不对、错在哪里：统一社会信用代码、组织机构代码、注册号、公民身份号码", "what a number is, whether it is right and why not"},
		{"cmd.identity.long",
			"全角、空格、连字符、大小写先理齐再校验。公民身份号码打码显示，只有 --json 的 normalized 是全号，请勿外传。不联网，不查是否真有此号。退出码：0 已答复（不论对错）；2 写法有误。",
			"Full-width characters, blanks, hyphens and case are put in order first. A citizen ID is shown masked; only normalized of --json is the whole number. Asks no one whether the number was issued. Exit status: 0 answered, right or wrong; 2 wrong words."},
		{"cmd.identity.valid", "%[1]s：%[2]s，校验无误。", "%[1]s: %[2]s, valid."},
		{"cmd.identity.invalid", "%[1]s：%[2]s，不合规：%[3]s", "%[1]s: %[2]s, not valid: %[3]s"},
		{"identity.kind.none", "认不出是哪种号码", "no kind of number that we know"},
		{"identity.kind.credit_code", "统一社会信用代码（GB 32100-2015）", "unified social credit code (GB 32100-2015)"},
		{"identity.kind.organisation_code", "组织机构代码（GB 11714-1997）", "organisation code (GB 11714-1997)"},
		{"identity.kind.registration_number", "注册号（15 位，GS15-2006）", "business registration number (15 digits, GS15-2006)"},
		{"identity.kind.citizen_id", "公民身份号码（GB 11643-1999）", "citizen identity number (GB 11643-1999)"},
		{"identity.reason.empty", "没有内容。请写出号码。", "it is empty. Write the number."},
		{"identity.reason.length", "位数不对。统一社会信用代码 18 位，组织机构代码 9 位，注册号 15 位（2007 年前的 13、14 位没有校验位，无法核对），身份号码 18 位。请照证照补全。",
			"wrong length. Credit codes have 18 characters, organisation codes 9, registration numbers 15 (those of before 2007 have 13 or 14 and no check digit), citizen IDs 18. Complete it from the licence."},
		{"identity.reason.charset", "含有这种号码不用的字符（统一社会信用代码没有 I、O、S、V、Z），多半是把 0 写成了 O。请核对证照。",
			"it holds a character that this kind does not have (credit codes have no I, O, S, V, Z); often an O for a zero. Check the licence."},
		{"identity.reason.check_digit", "校验码不对，至少有一位抄错或两位颠倒。请核对证照。", "the check digit does not hold: a character is mistyped or two are swapped. Check the licence."},
		{"identity.reason.birthday", "出生日期这一天不存在。请核对证件。", "there is no such day of birth. Check the document."},
	}
}
