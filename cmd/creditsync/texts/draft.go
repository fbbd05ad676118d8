package texts

// draftTexts are the words of looking at a registry and of the first draft of a mapping. The drafts themselves are Chinese.
func draftTexts() []text {
	return append(append(exploreTexts(), looksTexts()...), draftReasons()...)
}

func exploreTexts() []text {
	return []text{
		{"cmd.registry.short", "本地台账：看看里面有什么", "local registries: look at what they hold"},
		{"cmd.registry.inspect.short", "看一个数据库、文件夹或工作簿：表、列、类型、填写率、像什么、能当主键的列", "look at a database, folder or workbook: tables, columns, what they look like, candidate keys"},
		{"cmd.registry.inspect.long",
			"参数是设置里 databases 下的名字、连接串（postgres://…、sqlite:路径，命令行上的密码别人看得到，最好用设置里的名字）、数据库文件、文件夹，或一个 xlsx、csv 文件。只读，不改动任何东西；姓名、身份号码、电话打码显示。每张表最多看 --rows 行。退出码：0 完成；1 打不开；2 写法或配置有误。",
			"Takes a name of the settings' databases, a DSN (a password on the command line can be seen by others: better a name), a database file, a folder, or one xlsx or csv file. Reads only; names and personal numbers are masked. At most --rows rows of a table are read. Exit status: 0 done; 1 cannot be opened; 2 wrong words or a configuration at fault."},
		{"cmd.registry.flag.table", "只看这张表（工作簿写工作表名）", "only this table (of a workbook: this sheet)"},
		{"cmd.registry.flag.rows", "每张表最多看几行", "how many rows of a table to read at most"},
		{"cmd.registry.too_few_rows", "--rows %[1]s：至少要看一行。请写大于 0 的行数。", "--rows %[1]s: at least one row has to be read. Give a number above 0."},
		{"cmd.registry.nothing", "「%[1]s」里没有能读的表 %[2]s。请核对名字；不带 --table 可列出全部。", "“%[1]s” holds no table %[2]s that can be read. Check the name; without --table everything is listed."},
		{"cmd.registry.no_database", "没有说明是哪个数据库。请用 --database 写设置里 databases 下的名字或连接串。", "no database is named. Name one of the settings' databases, or a DSN, by --database."},
		{"cmd.registry.hidden", "%[1]s：隐藏的工作表，不读。", "%[1]s: a hidden sheet, not read."},
		{"cmd.registry.no_table", "%[1]s：没有认出表头，不像一张表。", "%[1]s: no header found, this is no table."},
		{"cmd.registry.rows", "%[1]s：%[2]s 行", "%[1]s: %[2]s rows"},
		{"cmd.registry.rows_read", "%[1]s：共 %[2]s 行，只看了前 %[3]s 行", "%[1]s: %[2]s rows, of which the first %[3]s were read"},
		{"cmd.registry.key", "可作主键：%[1]s", "may be the key: %[1]s"},
		{"cmd.registry.key_nearly", "几乎可作主键（有少数重复或空着）：%[1]s", "nearly a key (a few rows are alike or empty): %[1]s"},
		{"cmd.registry.binary", "图片或二进制列，没有读：%[1]s", "binary columns, not read: %[1]s"},
		{"cmd.mapping.new.short", "按现有的表或工作簿起草一份映射：配好的列和理由，配不上的写“待填”", "draft a mapping from a table or workbook, with a reason for each pair"},
		{"cmd.mapping.new.long",
			"--from 是工作簿、csv 文件，或数据库里的表（用 --database 指明数据库，只有一个时可省）。只读台账，不改动配置；草稿给人看过、填好“待填”之后再用 mapping check 检查。已有的文件不覆盖。退出码：0 完成；1 打不开；2 写法或配置有误。",
			"--from is a workbook, a csv file, or a table (of the database that --database names). Only reads; a person reads the draft, fills in 待填 and runs mapping check. A file that is there is not overwritten. Exit status: 0 done; 1 cannot be opened; 2 wrong words or a configuration at fault."},
		{"cmd.mapping.new.flag.from", "表名，或 xlsx、csv 文件", "a table, or an xlsx or csv file"},
		{"cmd.mapping.new.flag.database", "设置里 databases 下的名字，或连接串、数据库文件", "a name of the settings' databases, a DSN, or a database file"},
		{"cmd.mapping.new.flag.sheet", "工作表名；不写就用配上最多的一张", "the sheet; by default the one that fits best"},
		{"cmd.mapping.new.flag.out", "写到这个文件；不写就显示出来", "write to this file instead of showing it"},
		{"cmd.mapping.new.done", "草稿写在 %[1]s（取自 %[2]s）：配好 %[3]s 处，“待填”%[4]s 处。请逐条核对，填好后以现有映射的文件名（%[5]s.yaml）存在别的目录里，再运行 creditsync mapping check 那个文件。",
			"The draft is in %[1]s (from %[2]s): %[3]s pairs, %[4]s places to fill in. Read each, save it under the name of the mapping that is there (%[5]s.yaml) in another folder, then run creditsync mapping check on it."},
		{"cmd.draft.stream", "没有名为 %[1]s 的数据流。现有：%[2]s。", "there is no stream %[1]s. There are: %[2]s."},
		{"cmd.file_there", "文件 %[1]s 已经存在，不覆盖。请换个名字或先移走它。", "The file %[1]s is there already and is not overwritten. Name another or move it away."},
		{"word.type", "类型", "type"},
		{"word.filled", "有值", "filled"},
		{"word.distinct", "不同值", "distinct"},
		{"word.looks_like", "像", "looks like"},
		{"word.samples", "样例", "samples"},
	}
}

func looksTexts() []text {
	return []text{
		{"looks.credit_code", "统一社会信用代码", "credit code"},
		{"looks.date", "日期", "date"},
		{"looks.codes", "代码表", "code list"},
		{"looks.yes_no", "是否", "yes or no"},
		{"looks.money", "金额", "money"},
		{"looks.number", "数字", "number"},
		{"looks.citizen_id", "身份号码", "citizen ID"},
		{"looks.phone", "电话", "phone"},
		{"looks.broken", "%[1]s 格读不出", "%[1]s cells unreadable"},
	}
}

func draftReasons() []text {
	return []text{
		{"draft.head", "草稿，由 creditsync mapping new 按“%[1]s”起草，请逐条核对。", "A draft by creditsync mapping new from “%[1]s”; read each line."},
		{"draft.head_what", "台账共 %[1]s 行，看了 %[2]s 行。每行后面是配上的理由。", "%[1]s rows, of which %[2]s were read. Behind each line stands the reason."},
		{"draft.head_next", "“%[1]s”要人来定；带 # 的行是没配上、平台也不强求的，需要就去掉 #。改好后先 mapping check，再 mapping preview。",
			"“%[1]s” is for a person to decide; lines with # found nothing and are not required. Then mapping check and mapping preview."},
		{"draft.named_same", "列名对上：%[2]s", "the name says it: %[2]s"},
		{"draft.named_alike", "列名“%[1]s”去掉前缀就是“%[2]s”", "the name %[1]s without its prefix says %[2]s"},
		{"draft.named_short", "列名 %[1]s 是“%[2]s”的拼音首字母", "the name %[1]s is the initials of %[2]s"},
		{"draft.named_inside", "列名“%[1]s”里有“%[2]s”", "the name %[1]s holds %[2]s"},
		{"draft.only_content", "只凭内容：列“%[1]s”里的值像", "by its content alone: %[1]s"},
		{"draft.instead", "没有“%[1]s”列，用“%[2]s”来认；有重复的要人分清", "there is no %[1]s; %[2]s is used instead"},
		{"draft.parts", "分在几列：%[1]s、%[2]s", "in several columns: %[1]s, %[2]s"},
		{"draft.holds_credit", "%[1]s 像统一社会信用代码", "%[1]s look like credit codes"},
		{"draft.holds_dates", "%[1]s 是日期（%[2]s）", "%[1]s are dates (%[2]s)"},
		{"draft.holds_codes", "代码表 %[2]s 认得 %[1]s", "the list %[2]s knows %[1]s"},
		{"draft.bare_numbers", "里面是数字编号，含义未必与代码表 %[1]s 相同，请对照厂商字典，把编号写进代码表的别名", "bare numbers, which need not mean what the list %[1]s says: look into the vendor's dictionary"},
		{"draft.unknown_codes", "代码表 %[1]s 不认得：%[2]s", "unknown to the list %[1]s: %[2]s"},
		{"draft.is_empty", "整列是空的", "the column is empty"},
		{"draft.no_column", "没有找到相近的列", "no column comes near"},
		{"draft.key_primary", "数据库的主键", "the database's primary key"},
		{"draft.key_of_field", "编号在“%[1]s”", "the number stands in %[1]s"},
		{"draft.key_apart", "看过的 %[1]s 行各不相同", "the %[1]s rows that were read are all different"},
		{"draft.key_nearly", "注意：看过的 %[1]s 行里有空着或重复的，重复的两行都不报", "mind: among the %[1]s rows some are empty or alike; of two alike, neither is sent"},
		{"draft.no_key", "没有哪一列或两列能分清各行，请写能认出一条记录的几列", "no column or pair tells the rows apart: name those that do"},
		{"draft.ready_values", "只报审批通过的；“%[1]s”里别的值：%[2]s", "only what was approved; other values of %[1]s: %[2]s"},
		{"draft.deleted", "“%[1]s”为 %[2]s 的是已删除的行", "rows whose %[1]s is %[2]s are deleted"},
		{"draft.unit_unknown", "看不出单位是元还是万元，差一万倍，请写明", "元 or 万元 cannot be told; write it, the difference is ten thousand"},
		{"draft.child_table", "“%[1]s”的列“%[2]s”指向主表", "%[1]s names the parent in %[2]s"},
		{"draft.sample_says", "样例是：%[1]s", "the sample has: %[1]s"},
		{"draft.last_change", "“%[1]s”是最后修改时间；确认每次修改都会更新它，否则删去这一行", "%[1]s is the time of the last change; drop this line unless every change moves it"},
	}
}
