package texts

// mappingTexts are the faults of values, as a row has them, and of mappings, as a file has them.
func mappingTexts() []text {
	return append(valueTexts(), specTexts()...)
}

// valueTexts name the column first and the value (shortened, personal numbers masked) second.
func valueTexts() []text {
	return []text{
		{"value.required", "「%[1]s」必填，却是空的。请在台账中补上。", "%[1]s is required and empty. Fill it in the registry."},
		{"value.not_an_integer", "「%[1]s」的“%[2]s”不是整数。请在台账中改成数字，例如 12。", "\"%[2]s\" in %[1]s is no whole number. Write digits, such as 12."},
		{"value.not_a_number", "「%[1]s」的“%[2]s”不是数字。请在台账中改成数字，例如 12.5。", "\"%[2]s\" in %[1]s is no number. Write digits, such as 12.5."},
		{"value.not_money", "「%[1]s」的“%[2]s”不是金额。请写成阿拉伯数字，可带单位，例如 3万元 或 30000。", "\"%[2]s\" in %[1]s is no amount. Write digits, with a unit if you like, such as 3万元 or 30000."},
		{"value.too_many_digits", "「%[1]s」的“%[2]s”超过 18 位，作为数字会失真。如果它是编号，请把映射中的 is 改为 id。", "\"%[2]s\" in %[1]s has more than 18 digits and would lose some as a number. If it is a code, map it as id."},
		{"value.scientific", "「%[1]s」的“%[2]s”是科学计数法，Excel 已经丢掉了后几位。请把该列设为文本格式后重新录入原号码。", "\"%[2]s\" in %[1]s is in scientific notation: the spreadsheet has lost its last digits. Format the column as text and enter the number anew."},
		{"value.not_a_date", "「%[1]s」的“%[2]s”不是日期。请写成 2026-12-21 或 2026年12月21日。", "\"%[2]s\" in %[1]s is no date. Write 2026-12-21."},
		{"value.impossible_date", "「%[1]s」的“%[2]s”这一天不存在。请核对原始记录后改正。", "\"%[2]s\" in %[1]s is a day that does not exist. Correct it from the original record."},
		{"value.two_digit_year", "「%[1]s」的“%[2]s”年份只有两位，无法确定。请写全四位年份。", "\"%[2]s\" in %[1]s has a year of two digits. Write all four."},
		{"value.date_without_day", "「%[1]s」的“%[2]s”没有写明哪一天，期限无法计算。请补上日。", "\"%[2]s\" in %[1]s names no day, so no deadline can be counted from it. Add the day."},
		{"value.excel_serial", "「%[1]s」的“%[2]s”是 Excel 的日期序号，不是日期。请把该列设为日期格式，或写成 2026-12-21。", "\"%[2]s\" in %[1]s is a spreadsheet's day number. Format the column as dates, or write 2026-12-21."},
		{"value.credit_code_length", "「%[1]s」的“%[2]s”不是 18 位统一社会信用代码。请照营业执照补全；确实没有代码的对象（村、矿点、个人），请让管理员在映射中不取这一列。", "\"%[2]s\" in %[1]s does not have the 18 characters of a credit code. Complete it from the licence; for objects that have none (villages, mine sites, individuals) have the mapping leave this column out."},
		{"value.credit_code_charset", "「%[1]s」的“%[2]s”含有统一社会信用代码不用的字符（代码中没有 I、O、S、V、Z）。多半是把 0 写成了 O，请核对营业执照。", "\"%[2]s\" in %[1]s holds a character that credit codes do not have (no I, O, S, V, Z); often an O for a zero. Check the licence."},
		{"value.credit_code_check", "「%[1]s」的“%[2]s”校验码不对（GB 32100-2015），至少有一位抄错。请核对营业执照后改正，改正前不会报送。", "\"%[2]s\" in %[1]s fails its check digit (GB 32100-2015): a character is mistyped. Check the licence; it is not sent before."},
		{"value.unknown_code", "「%[1]s」的“%[2]s”不在代码表 %[3]s 中。请改用表中的说法，或把它作为别名（aliases）加进代码表。", "\"%[2]s\" in %[1]s is not in the code list %[3]s. Use a word of the list, or add this one to its aliases."},
		{"value.exclusive_code", "「%[1]s」里“%[2]s”不能与其他结果同时填写（代码表 %[3]s）。请核对检查记录，只留一种。", "\"%[2]s\" in %[1]s cannot stand beside another value (code list %[3]s). Keep one of them."},
		{"value.too_long", "「%[1]s」的内容超过 %[3]s 个字：“%[2]s”。请在台账中缩短；系统不会擅自截断。", "%[1]s holds more than %[3]s characters: \"%[2]s\". Shorten it; nothing is cut off silently."},
		{"value.null_key", "主键列「%[1]s」是空的，这一行无法识别。请补填。", "the key column %[1]s is empty, so the row cannot be told from others. Fill it in."},
		{"value.key_control", "主键列「%[1]s」里有换行或看不见的控制字符，同一条记录下次可能认不出来。请删去换行（Alt+Enter）后重新录入。", "the key column %[1]s holds a line break or another control character, and the record may not be known again. Remove it (Alt+Enter) and type the key anew."},
		{"value.key_too_long", "主键列「%[1]s」超过 200 个字：“%[2]s”。请确认映射的 key 选对了列。", "the key in %[1]s has more than 200 characters: \"%[2]s\". Check that the mapping's key names the right column."},
		{"value.invalid_utf8", "「%[1]s」的内容是乱码（不是有效的 UTF-8）。请检查台账数据库或文件的编码。", "%[1]s holds bytes that are not UTF-8. Check the encoding of the registry."},
		{"value.text_too_large", "「%[1]s」的内容超过 1 MB，不像台账内容。请检查是否误存了附件。", "%[1]s holds more than 1 MB. Check whether an attachment was stored there."},
		{"value.no_approval", "该记录因“%[2]s”应当保留不公示，但审批文号列「%[1]s」是空的。请补办审批并填写文号（企业信息公示暂行条例第三条）。", "the record is to be withheld (%[2]s), but %[1]s names no approving document. Obtain the approval and enter its number (企业信息公示暂行条例, art. 3)."},
		{"value.expression_failed", "映射表达式“%[2]s”对这一行算不出结果（涉及「%[1]s」）。请核对这些列的内容。技术细节：%[3]s", "the expression %[2]s fails on this row (it reads %[1]s). Check these columns. Detail: %[3]s"},
		{"value.citizen_id", "「%[1]s」里有公民身份号码：“%[2]s”。身份号码不得报送：请在台账中删去或打码；确需报送的，须在映射的 allow 中写明依据、批准文号和批准人。", "%[1]s holds a citizen identity number: \"%[2]s\". It must not leave: remove or mask it, or have the mapping's allow name ground, approval and approver."},
		{"value.phone_number", "「%[1]s」里有手机号码：“%[2]s”。电话号码不得报送：请在台账中删去或打码；确需报送的，须在映射的 allow 中写明依据、批准文号和批准人。", "%[1]s holds a mobile number: \"%[2]s\". It must not leave: remove or mask it, or have the mapping's allow name ground, approval and approver."},
		{"value.wrong_type", "平台字段 %[1]s 应当是一个值，收到的却是“%[2]s”。请核对平台接口是否改版，并相应修改映射的 from。", "the platform's %[1]s should be one value, but is \"%[2]s\". Check whether its interface has changed, and the mapping's from."},
		{"value.not_json", "平台返回的这条记录无法读取（不是完整的 JSON）。下次拉取会重试；若一直如此，请联系平台运维。技术细节：%[2]s", "this record of the platform cannot be read (it is no whole JSON). It is pulled again next time; if it stays so, ask the platform's operators. Detail: %[2]s"},
	}
}

func specTexts() []text {
	return []text{
		{"spec.missing", "映射缺少“%[1]s”。请补上。", "the mapping lacks %[1]s. Add it."},
		{"spec.unknown_direction", "direction 不能是“%[1]s”。报送写 push，拉取写 pull。", "direction cannot be \"%[1]s\". Write push to send, pull to fetch."},
		{"spec.unknown_kind", "is 不能是“%[1]s”。可以写：%[2]s。", "is cannot be \"%[1]s\". Allowed: %[2]s."},
		{"spec.unknown_unit", "不认识的金额单位“%[1]s”。可以写：元、万元。", "unknown unit \"%[1]s\". Allowed: 元, 万元."},
		{"spec.unknown_codes", "没有名为“%[1]s”的代码表。请核对 codes 目录中各文件的 list。", "there is no code list %[1]s. See the list: of the files in codes."},
		{"spec.unknown_name", "as 不能是“%[1]s”。这个流可以写：%[2]s。", "as cannot be \"%[1]s\". This stream has: %[2]s."},
		{"spec.name_kind", "as: %[1]s 是 %[2]s 类，这个字段却写着 is: %[3]s。请把 is 改为 %[2]s，或改正 as。", "as: %[1]s is of the kind %[2]s, but this field says is: %[3]s. Write is: %[2]s, or another name."},
		{"spec.ambiguous_code", "代码表 %[1]s 里“%[2]s”同时对应两个代码，无法判断。请删去其中一个的名称或别名。", "in the code list %[1]s, \"%[2]s\" stands for two codes. Remove it from one of them."},
		{"spec.source", "要写明数据从哪里来：table、query、file 三者必须且只能写一个（明细 items 写 table 或 file）。", "say where the rows are: exactly one of table, query and file (items: table or file)."},
		{"spec.from_or_expr", "字段“%[1]s”要么写 from（列名），要么写 expr（表达式），不能都写，也不能都不写。", "the field %[1]s needs from (a column) or expr (an expression), and not both."},
		{"spec.duplicate", "“%[1]s”写了两次。每个目标只能有一个来源，请删去一处。", "%[1]s stands twice. Each target has one source: remove one."},
		{"spec.bad_expression", "表达式“%[1]s”有误，位置 %[2]s（行:列）。列名照台账写，特殊列名写成 列[\"名 称\"]，文字加英文双引号。技术细节：%[3]s", "the expression %[1]s is wrong at %[2]s (line:column). Write columns by their own names, unusual ones as 列[\"名 称\"], texts in double quotes. Detail: %[3]s"},
		{"spec.bad_duration", "“%[1]s”不是时间长度。请写成 15m 或 2h。", "\"%[1]s\" is no duration. Write 15m or 2h."},
		{"spec.bad_format", "“%[1]s”不是日期格式。请用 yyyy、MM、dd、HH、mm、ss，例如 yyyy-MM-dd。", "\"%[1]s\" is no date format. Use yyyy, MM, dd, HH, mm, ss, such as yyyy-MM-dd."},
		{"spec.bad_default", "default 的“%[1]s”不是这个字段能接受的值（%[2]s）。请改成合格的值。", "the default \"%[1]s\" is no value of this field (%[2]s). Write one that is."},
		{"spec.bad_max", "max 不能是 %[1]s。请写最多允许的字数，例如 200；不限就删去。", "max cannot be %[1]s. Write how many characters are allowed, or leave it out."},
		{"spec.option_not_for_kind", "%[1]s 不能用在 is: %[2]s 的字段上，它只用于 %[3]s。请删去它或改正 is。", "%[1]s has no meaning for is: %[2]s, only for %[3]s. Remove it or change is."},
		{"spec.bad_days", "working_days 不能是 %[1]s。请写法定的工作日数，例如 20。", "working_days cannot be %[1]s. Write the legal number of working days, such as 20."},
		{"spec.missing_basis", "deadline 缺少 basis。请写明期限依据的文件和条款。", "the deadline names no basis. Write the law or notice and its article."},
		{"spec.sensitive_place", "列“%[1]s”像是坐标或图形，测绘成果不得外传（自然资发〔2020〕95号）。请从映射中删去；确需报送的，须在 allow 中写明列、依据 ground、批准文号 approval 和批准人 by。", "%[1]s looks like coordinates or geometry, which must not leave (自然资发〔2020〕95号). Remove it, or have allow name columns, ground, approval and by."},
		{"spec.sensitive_identity", "列“%[1]s”像是公民身份号码，不得报送（个人信息保护法第二十八条）。请从映射中删去；确需报送的，须在 allow 中写明列、依据 ground、批准文号 approval 和批准人 by。", "%[1]s looks like citizen identity numbers, which must not leave (个人信息保护法, art. 28). Remove it, or have allow name columns, ground, approval and by."},
		{"spec.sensitive_phone", "列“%[1]s”像是电话号码，不得报送（个人信息保护法第六条）。请从映射中删去；确需报送的，须在 allow 中写明列、依据 ground、批准文号 approval 和批准人 by。", "%[1]s looks like telephone numbers, which must not leave (个人信息保护法, art. 6). Remove it, or have allow name columns, ground, approval and by."},
		{"spec.allow_incomplete", "allow 缺少“%[1]s”。放行敏感列必须写明列 columns、依据 ground、批准文号 approval 和批准人 by。", "allow lacks %[1]s. To let sensitive columns out, name columns, ground, approval and by."},
		{"spec.push_only", "“%[1]s”只用于报送（push）的映射，在拉取的映射里不起作用。请删去。", "%[1]s has a meaning only in a push mapping. Remove it."},
		{"spec.key_not_a_field", "“%[1]s”不是本映射的本地列。请写某个字段 to 后面的名字。", "%[1]s is no local column of this mapping. Write the name after some field's to."},
		{"spec.no_such_column", "条件“%[1]s”里的列 %[2]s，这个映射没有读。改成映射里用到的列。", "the condition %[1]s names the column %[2]s, which the mapping does not read. Name one that it does."},
		{"spec.join_without_split", "join 只用于列表。请同时写 split（分隔符），或删去 join。", "join is for lists. Write split as well, or remove it."},
	}
}
