package texts

// configTexts are the faults of the settings file and of the environment that overrides it.
func configTexts() []text {
	return []text{
		{"config.unreadable", "读不到设置文件 %[1]s：%[2]s。请检查路径和权限；第一次使用请先运行 creditsync init 目录。", "the settings file %[1]s cannot be read: %[2]s. Check its path and rights; if this is the first time, run creditsync init DIR."},
		{"config.bad_encoding", "设置文件既不是 UTF-8，也不是 GB18030，可能已损坏。请用记事本另存为 UTF-8。", "the settings file is neither UTF-8 nor GB18030; it may be damaged. Save it as UTF-8."},
		{"config.empty", "设置文件是空的。请运行 creditsync init 目录，从写好的样例改起。", "the settings file is empty. Run creditsync init DIR and start from the example."},
		{"config.syntax", "设置文件这里读不懂，常见原因：缩进没对齐、引号或括号没有成对、同一个键写了两次。技术细节：%[1]s", "the settings cannot be read here; usual causes: uneven indentation, an open quote or bracket, a key that stands twice. Detail: %[1]s"},
		{"config.fullwidth_colon", "这里是中文冒号“：”。请换成英文冒号加一个空格。", "a full-width colon stands here. Write an ASCII colon and a blank."},
		{"config.unknown_setting", "不认识的设置“%[1]s”，最接近的是“%[2]s”（空着就是没有相近的）。请改正或删去。", "unknown setting %[1]s; the nearest is \"%[2]s\" (empty: none is near). Correct or delete it."},
		{"config.not_a_text", "%[1]s 要写文字。数字形式的名字请加英文引号，如 \"12\"。", "%[1]s must be a text. Put a name made of digits in quotes, such as \"12\"."},
		{"config.not_a_number", "%[1]s 要写数字，只用半角 0–9。", "%[1]s must be a number."},
		{"config.not_a_bool", "%[1]s 只能写 true（是）或 false（否）。", "%[1]s must be true or false."},
		{"config.not_a_duration", "%[1]s 要写时长，如 30s（秒）、15m（分）、24h（小时）。", "%[1]s must be a duration such as 30s, 15m or 24h."},
		{"config.not_a_list", "%[1]s 要写列表：每项一行，以“- ”开头。", "%[1]s must be a list: one line each, beginning with \"- \"."},
		{"config.not_a_block", "%[1]s 下面要写若干“键: 值”。", "%[1]s must hold keys with values."},
		{"config.missing", "缺少 %[1]s。请参照样例补上。", "%[1]s is missing. Add it; the example shows how."},
		{"config.not_one_of", "%[1]s 不能是“%[2]s”。可以写：%[3]s。", "%[1]s cannot be \"%[2]s\". Allowed: %[3]s."},
		{"config.out_of_range", "%[1]s 是 %[2]s，应在 %[3]s 到 %[4]s 之间。", "%[1]s is %[2]s; it must lie between %[3]s and %[4]s."},
		{"config.twice", "%[1]s：“%[2]s”用了两次。请改名或删去一处。", "%[1]s: \"%[2]s\" is used twice. Rename or delete one."},
		{"config.bad_cron", "%[1]s：时间“%[2]s”写得不对。应是五段“分 时 日 月 周”，如 \"30 8 * * *\" 是每天 8:30；不跑写 \"off\"。技术细节：%[3]s", "%[1]s: the schedule \"%[2]s\" is not right. Five fields: minute, hour, day, month, weekday; \"30 8 * * *\" is 8:30 every day, \"off\" is never. Detail: %[3]s"},
		{"config.bad_listen", "%[1]s：“%[2]s”不是“地址:端口”，如 127.0.0.1:8765。", "%[1]s: \"%[2]s\" is not ADDRESS:PORT, such as 127.0.0.1:8765."},
		{"config.not_loopback", "%[1]s：状态页没有登录，只许本机访问，不能开在“%[2]s”。请写 127.0.0.1:端口；要从别的机器看，用有登录的反向代理。", "%[1]s: the status page has no login and serves this machine only, not \"%[2]s\". Write 127.0.0.1:PORT, and put a proxy with a login before it for others."},
		{"config.bad_store", "%[1]s 不认识。SQLite 写 sqlite:文件路径（或空着用默认），PostgreSQL 写 postgres://… 并放进环境变量。", "%[1]s is not understood. Write sqlite:PATH (or leave it empty) or postgres://..., the latter in the environment."},
		{"config.plain_secret", "%[1]s 里直接写了密码或密钥。请把它移到环境变量或密钥文件，这里改写 {env: 变量名} 或 {file: 路径}，并更换这个密码。", "%[1]s holds a secret in plain text. Move it to the environment or a file, write {env: NAME} or {file: PATH} here, and change the secret."},
		{"config.secret_missing", "%[1]s 要从 %[2]s 取值，但那里没有内容。请设好环境变量（或填好密钥文件）再启动。", "%[1]s is to come from %[2]s, but nothing is there. Set the variable (or fill the file) and start again."},
		{"config.secret_file", "%[1]s：读不到密钥文件 %[2]s：%[3]s。请检查路径和权限。", "%[1]s: the secret file %[2]s cannot be read: %[3]s. Check its path and rights."},
		{"config.secret_open", "%[1]s：密钥文件 %[2]s 所有人都能读（%[3]s）。请运行 chmod 600 %[2]s。", "%[1]s: everyone may read the secret file %[2]s (%[3]s). Run chmod 600 %[2]s."},
		{"config.secret_short", "%[1]s：密钥不足 %[2]s 个字符，太短，也无法在日志里可靠地遮住。请换一个长的。", "%[1]s: the secret has fewer than %[2]s characters: too weak, and not to be hidden reliably in logs. Use a longer one."},
		{"config.secret_both", "%[1]s 同时写了 env 和 file。请只留一个。", "%[1]s names both env and file. Keep one."},
		{"config.too_stale", "%[1]s 是 %[2]s，应大于 0 且不超过 %[3]s：失信被执行人三个工作日内就要删除，名单过旧会冤枉人（法释〔2017〕7号）。", "%[1]s is %[2]s; it must be above 0 and at most %[3]s: an old list wrongs people who were taken off it (法释〔2017〕7号)."},
		{"config.wont_overwrite", "%[1]s 已经存在，没有改动它。请换一个空目录，或先移走旧文件。", "%[1]s exists and was left as it is. Choose an empty folder or move it away first."},
	}
}
