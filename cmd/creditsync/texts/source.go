package texts

// sourceTexts are the faults of the YAML files that people edit: mappings, code lists, profiles, notices.
func sourceTexts() []text {
	return []text{
		{"file.too_large", "文件有 %[1]s 字节，超过上限 %[2]s 字节。请确认没有放错文件。", "the file has %[1]s bytes, more than the limit of %[2]s. Check that it is the right file."},
		{"file.binary", "这不是文本文件（含有空字节），可能是 Excel 或 Word 文件改了扩展名。请另存为文本，编码选 UTF-8。", "this is no text file (it holds a zero byte), perhaps a workbook with another extension. Save it as text, in UTF-8."},
		{"file.bad_encoding", "这里的字节既不是 UTF-8，也不是 GB18030，文件可能已损坏。请从这一行起检查，另存为 UTF-8。", "the bytes here are neither UTF-8 nor GB18030; the file may be damaged. Check it from this line on and save it as UTF-8."},
		{"file.control_character", "这里有一个看不见的控制字符 %[1]s，多半是从别处复制带来的。请删去后重新输入这一处。", "an invisible control character %[1]s stands here, probably copied from elsewhere. Delete it and type this place anew."},
		{"file.empty", "文件里没有内容（只有空行或注释）。请参照同目录的样例填写，或删去本文件。", "the file holds nothing but comments. Fill it in like its neighbours, or delete it."},
		{"file.several_documents", "这里又开始了一份文档（---）。一个文件只放一份：请删去 ---，或把后一份存成另一个文件。", "a second document (---) begins here. A file holds one: delete the --- or save the second one in a file of its own."},
		{"file.tab", "行首用了制表符（Tab）。缩进只能用空格：请把它换成空格，与上下行对齐。", "a tab indents this line. Indent with blanks only, in line with its neighbours."},
		{"file.fullwidth_space", "这里是全角空格。请换成半角空格。", "a full-width blank stands here. Use an ordinary one."},
		{"file.fullwidth_colon", "“%[1]s”后面是中文冒号“：”。请换成英文冒号加一个空格：%[1]s: …", "a full-width colon follows \"%[1]s\". Write an ASCII colon and a blank: %[1]s: ..."},
		{"file.fullwidth_comma", "这里是中文逗号“，”。分隔各项请用英文逗号；如果它是内容的一部分，请给这一项加英文引号。", "a full-width comma stands here. Separate members by an ASCII comma; if it belongs to the value, put the value in ASCII quotes."},
		{"file.fullwidth_quote", "“%[1]s”两边是中文引号。请换成英文引号：\"%[1]s\"；如果引号就是内容，请在外面再加一层英文单引号。", "%[1]s stands in Chinese quotes. Use ASCII ones: \"%[1]s\"; if the quotes belong to the value, put ASCII single quotes around it."},
		{"file.fullwidth_expression", "表达式里有全角符号“%[1]s”，这样条件永远不会成立。请换成半角的 %[2]s。", "the expression holds the full-width sign %[1]s, so it could never be true. Write %[2]s."},
		{"file.colon_needs_space", "“%[1]s”的冒号后面缺一个空格。请写成：%[1]s: …", "a blank is missing after the colon of %[1]s. Write %[1]s: ..."},
		{"file.syntax", "这里的写法读不懂，常见原因：缩进没对齐、引号或括号没有成对、内容里有冒号或井号却没加引号。技术细节：%[1]s", "this cannot be read; usual causes: uneven indentation, an open quote or bracket, a colon or # in a value without quotes. Detail: %[1]s"},
		{"file.yaml_feature", "这里用了 YAML 的特殊写法“%[1]s”（引用、标签或合并），本系统不用它，以免看错。如果它是内容，请加英文引号；否则请直接写出内容。", "this uses YAML's %[1]s (anchor, alias, tag or merge), which is not taken here. Put it in quotes if it is text, else write out what it stands for."},
		{"file.too_deep", "这里的括号或“- ”套了超过 %[1]s 层，多半是括号没有成对。请检查这一行。", "brackets or dashes are nested more than %[1]s deep here; probably a bracket is not closed. Check this line."},
		{"file.unknown_key", "不认识的键“%[1]s”，最接近的是“%[2]s”（空着就是没有相近的）。这里可以写：%[3]s。", "unknown key %[1]s; the nearest is \"%[2]s\" (empty: none is near). Known here: %[3]s."},
		{"file.duplicate_key", "键“%[1]s”写了两次，第一次在第 %[2]s 行。请合并或删去一处。", "the key %[1]s stands twice, first in line %[2]s. Keep one."},
		{"file.missing_key", "缺少必填的“%[1]s”。请补上。", "%[1]s is missing. Add it."},
		{"file.empty_value", "“%[1]s”是必填的，却是空的。请填写。", "%[1]s must not be empty. Fill it in."},
		{"file.not_a_list", "这里要写一个列表，例如 [甲, 乙]，或每行一个“- ”。", "a list is wanted here, such as [a, b], or lines that begin with \"- \"."},
		{"file.not_a_block", "这里要写若干“键: 值”，例如 {stream: tasks, by: 任务编号}。", "keys with values are wanted here, such as {stream: tasks, by: number}."},
		{"file.not_a_value", "这里只要一个值，不要列表，也不要“键: 值”。如果内容以 [ 或 { 开头，请加英文引号。", "one value is wanted here, neither a list nor keys with values. If the text begins with [ or {, put it in quotes."},
		{"file.bad_value", "这里不能写“%[1]s”，最接近的是“%[2]s”（空着就是没有相近的）。可以写：%[3]s。", "%[1]s cannot stand here; the nearest is \"%[2]s\" (empty: none is near). Allowed: %[3]s."},
		{"file.bad_text", "“%[1]s”写得不对：%[2]s。", "%[1]s is not right: %[2]s."},
		{"file.not_a_number", "“%[1]s”不是数字。请只用半角 0–9，前面不要补 0。", "%[1]s is no number. Use the digits 0 to 9, without leading zeros."},
		{"file.out_of_range", "“%[1]s”这个数太大或太小。", "%[1]s is too great or too small."},
		{"file.not_a_duration", "“%[1]s”不是时长。请写成 30s（秒）、15m（分）、24h（小时）这样。", "%[1]s is no duration. Write 30s, 15m or 24h."},
		{"file.code_twice", "“%[1]s”同时指代码 %[2]s 和代码 %[3]s。一个说法只能对一个代码：请删去一处。", "%[1]s stands for code %[2]s and for code %[3]s. A word may mean one code only: delete one."},
	}
}
