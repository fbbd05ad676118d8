package texts

import "slices"

// cmdTexts are the words of cmd: the command line, its calendar verbs, the console.
func cmdTexts() []text { return slices.Concat(verbTexts(), calendarTexts(), consoleTexts()) }

// verbTexts are the words of the command line itself: verbs, flags, headings.
func verbTexts() []text {
	return []text{
		{"cmd.root.short", "让本地台账与公示平台一致，让每条检查结果按期公示", "keeps local registries in step with the publicity platform, on time"},
		{"cmd.root.long",
			"creditsync：把本单位的检查事项、检查对象、执法人员和抽查检查结果同步到协同监管平台，\n保证每条检查结果在法定 20 个工作日内公示并留下证明，同时拉取信用名单供联合惩戒查询。",
			"creditsync keeps a bureau's inspection registries in step with the supervision platform, publishes every\ninspection result within the legal 20 working days and proves it, and pulls credit lists for joint sanctions."},
		{"cmd.usage", "命令写法有误：%[1]s。用 creditsync --help 查看用法。", "the command line is not right: %[1]s. See creditsync --help."},
		{"cmd.usage_template", usageZh, usageEn},
		{"cmd.flag.lang", "语言：zh 或 en", "language: zh or en"},
		{"cmd.flag.json", "以 JSON 输出", "print JSON"},
		{"cmd.flag.config", "配置文件", "configuration file"},
		{"cmd.flag.help", "显示帮助", "show help"},
		{"cmd.version.short", "版本", "version"},
		{"cmd.init.short", "在目录中写出带注释的配置", "write a commented configuration into a folder"},
		{"cmd.init.done", "已在 %[1]s 写出配置 %[2]s 个文件。下一步：改好 creditsync.yaml，然后运行 creditsync check --config %[3]s", "wrote %[2]s files to %[1]s. Next: edit creditsync.yaml, then run creditsync check --config %[3]s"},
		{"cmd.check.short", "检查配置、映射、平台档案和日历，不改动任何东西", "check settings, mappings, profile and calendars; changes nothing"},
		{"cmd.check.flag.live", "同时连接台账，核对表和列", "also open the registries and check tables and columns"},
		{"cmd.check.ok", "检查通过：%[1]s 个映射、%[2]s 个代码表、%[3]s 个年度日历。", "all good: %[1]s mappings, %[2]s code lists, %[3]s yearly calendars."},
		{"cmd.check.faults", "共 %[1]s 处问题，见上。", "%[1]s faults, see above."},
		{"cmd.migrate.short", "建立或升级 creditsync 自己的数据库表", "create or upgrade creditsync's own tables"},
		{"cmd.migrate.done", "数据库已是本版本的结构。", "the database has this version's tables."},
		{"cmd.backup.short", "备份 creditsync 自己的数据（运行中也可以），或检查一份备份", "back creditsync's own store up, also while it runs, or check a backup"},
		{"cmd.backup.long", "写出一个文件：同一时刻的全部数据，逐部分带 SHA-256，只有本人可读，写完才出现。\n不写路径时放在数据目录的 backups 里。同一份备份可恢复到 SQLite 或 PostgreSQL。\n备份里有台账内容和平台回执，没有密码和密钥（它们在配置里，请另行保管）。\n例：creditsync backup /mnt/backup；creditsync backup --verify /mnt/backup/creditsync-20261221T020000Z.backup",
			"Writes one file: everything as it is at one instant, with a SHA-256 for each part, readable by its owner alone,\nthere only when it is complete. Without a path it goes into backups in the data folder. It restores into\nSQLite or PostgreSQL alike. It holds what the registries hold and what the platform answered, but no password\nand no key: those are in the settings, to be kept elsewhere.\nFor example: creditsync backup /mnt/backup; creditsync backup --verify /mnt/backup/creditsync-20261221T020000Z.backup"},
		{"cmd.backup.flag.verify", "检查 PATH 这份备份：逐部分核对哈希，逐行读一遍", "check the backup PATH: the hash of every part, and every row"},
		{"cmd.backup.exists", "%[1]s 已经存在，没有覆盖。请换一个文件名，或写目录名，由程序命名。", "%[1]s is there already and was not overwritten. Give another name, or a folder, in which the file gets one."},
		{"cmd.backup.done", "已备份到 %[1]s：%[2]s 的数据，%[3]s 行，%[4]s 部分。", "backed up to %[1]s: as of %[2]s, %[3]s rows in %[4]s parts."},
		{"cmd.backup.verified", "%[1]s 完好：%[2]s 的数据，%[3]s 行，%[4]s 部分，哈希全部相符。", "%[1]s is whole: as of %[2]s, %[3]s rows in %[4]s parts, every hash holds."},
		{"cmd.restore.short", "从备份恢复，或确认由这里接手（--here）", "restore a backup, or say that this place takes over (--here)"},
		{"cmd.restore.long", "先停止所有 creditsync。原有数据移到一旁保留，不覆盖。恢复之后，备份之后可能报送过的一律先向平台核实，\n不会盲目重发：先完整读一遍本地台账，再核实两次，之后一切照常。\n例：creditsync restore data/backups/creditsync-20261221T020000Z.backup --yes\n把数据复制到别的机器后：确认原来那一处已停用，再执行 creditsync restore --here --yes",
			"Stop every creditsync first. What was there is moved aside and kept, never overwritten. Whatever may have been sent\nafter the backup is then looked up, never sent again blindly: the registries are read whole, the platform is\nasked twice, and then everything goes on as usual.\nFor example: creditsync restore data/backups/creditsync-20261221T020000Z.backup --yes\nAfter the store was copied to another machine: make sure that the other one is off, then creditsync restore --here --yes"},
		{"cmd.restore.flag.here", "数据是复制来的：确认另一处已停用，由这里接手", "the store is a copy: the other one is off, this place takes over"},
		{"cmd.restore.flag.yes", "确认（必填）", "yes, do it (required)"},
		{"cmd.restore.which", "请写一份备份的路径，或 --here，二者取一。", "name a backup, or --here, one of the two."},
		{"cmd.restore.confirm", "这会替换 creditsync 现在的数据（或让这里接手报送），所以要写 --yes。什么都没有改动。", "this replaces creditsync's store, or lets this place send, so it needs --yes. Nothing was changed."},
		{"cmd.restore.done", "已从 %[1]s 恢复：%[2]s 的数据，%[3]s 行。", "restored %[1]s: as of %[2]s, %[3]s rows."},
		{"cmd.restore.aside", "原有数据保留在 %[1]s。", "what was there before is kept as %[1]s."},
		{"cmd.restore.next", "启动 creditsync run 之后：先完整读一遍本地台账，再向平台核实备份之后可能报送过的内容，然后自动继续。", "When creditsync run is started, the registries are read whole, what may have been sent since the backup is looked up, and then it goes on by itself."},
		{"cmd.restore.here", "由这里接手。先完整读一遍本地台账并向平台核实，然后自动继续报送。", "this place takes over: the registries are read whole and the platform is asked first, then it sends."},
		{"job.restore", "恢复", "restore"},
		{"cmd.run.short", "作为守护进程运行", "run as a daemon"},
		{"cmd.run.long", "按计划采集、报送、核实、拉取名单；Ctrl-C 或 SIGTERM 结束：在途批次做完或安全放下（记为“待查”，下次启动先查后定）。", "collects, delivers, proves and pulls on schedule; Ctrl-C or SIGTERM ends it: what is in flight is finished or safely abandoned (unknown, looked up first at the next start)."},
		{"cmd.run.listening", "状态页：http://%[1]s", "status page: http://%[1]s"},
		{"cmd.run.stopped", "已停止。", "stopped."},
		{"cmd.once.short", "执行一次某项作业：collect、deliver、push（边采集边报送）、prove、compare、pull、remind、backup", "run one job once: collect, deliver, push (both at once), prove, compare, pull, remind, backup"},
		{"cmd.once.long", "例：creditsync once collect inspection_results；不写目标则对该作业的全部目标各执行一次。", "For example: creditsync once collect inspection_results; without a target the job runs for each of its targets."},
		{"cmd.unreadable_file", "读不了文件 %[1]s。请检查路径和权限。", "the file %[1]s cannot be read. Check its path and who may read it."},
		{"cmd.mock.bad_faults", "--faults 不是故障设定的 JSON。写法见 openapi.yaml 的 Faults，例如 {\"lost\":{\"next\":1}}。", "--faults is not JSON of faults. See Faults in openapi.yaml, for example {\"lost\":{\"next\":1}}."},
		{"cmd.mock.bad_listed", "%[1]s 不是主体清单的 JSON。写成 [{\"code\":\"统一社会信用代码\",\"name\":\"名称\"}]。", "%[1]s is not JSON of subjects. Write [{\"code\":\"...\",\"name\":\"...\"}]."},
		{"cmd.mock.not_loopback", "模拟平台只许监听本机，不能用 %[1]s。写成 127.0.0.1:端口。", "the mock listens on this machine only, not on %[1]s. Write 127.0.0.1:PORT."},
		{"cmd.mock.cannot_listen", "监听不了 %[1]s，多半是端口被占用。换一个端口，或停掉占用它的程序。", "cannot listen on %[1]s; most likely the port is taken. Take another, or end the program that has it."},
		{"cmd.once.done", "%[1]s %[2]s：完成", "%[1]s %[2]s: done"},
		{"cmd.once.unknown_job", "没有名为 %[1]s 的作业；有：%[2]s。", "there is no job %[1]s; there are: %[2]s."},
		{"cmd.status.short", "一句话说明风险，并列出各流的平账情况", "one sentence on risk, and the balance of every stream"},
		{"cmd.status.backup", "  最近一次自动备份：%[1]s，%[2]s 行", "  last scheduled backup: %[1]s, %[2]s rows"},
		{"cmd.status.long", "退出码：0 已核实；3 有风险；4 已中断或已逾期；5 未知（含模拟平台）。", "Exit status: 0 proven; 3 at risk; 4 broken or overdue; 5 unknown (a mock platform included)."},
		{"cmd.log.short", "同步日志：每次运行、每次报送、每个决定及其原因", "the sync log: every run, attempt and decision with its reason"},
		{"cmd.log.flag.limit", "最多显示几条", "how many lines at most"},
		{"cmd.log.flag.stream", "只看某个流", "only this stream"},
		{"cmd.log.flag.kind", "只看某类：run、attempt、decision、person、alarm", "only this kind: run, attempt, decision, person, alarm"},
		{"cmd.log.flag.key", "只看某条记录", "only this record"},
		{"cmd.due.short", "按期限排列尚未核实公示的记录", "records not yet proven, by deadline"},
		{"cmd.due.flag.within", "只看几个工作日之内到期的", "only what falls due within so many working days"},
		{"cmd.balance.short", "平账：每条来源记录恰在一个状态", "the balance: every source row in exactly one state"},
		{"cmd.balance.flag.recount", "逐条重数，与账面核对", "recount every record and hold the books against it"},
		{"cmd.balance.differs", "%[1]s：逐条重数，%[2]s 有 %[3]s 条，账面是 %[4]s 条。请保留现场并联系维护人员。", "%[1]s: recounted, %[3]s are %[2]s, the books say %[4]s. Keep everything as it is and call your support."},
		{"cmd.why.short", "一条记录的来龙去脉：本地值、规则、报文、期限、报送、回执、证明", "all about one record: local row, rule, payload, deadline, attempts, receipt, proof"},
		{"cmd.screen.as_of_flag", "按当时的名单答复：2026-12-01（该日日终）或 2026-12-01T08:00", "answer by the lists of then: 2026-12-01 (the end of that day) or 2026-12-01T08:00"},
		{"cmd.screen.former", "该主体已知的曾用名，可多个", "names that the subject is known to have borne"},
		{"cmd.screen.person", "查的是自然人", "the subject is a natural person"},
		{"cmd.screen.bad_as_of", "--as-of %[1]s 不是日期或时刻：请写成 2026-12-01 或 2026-12-01T08:00。", "--as-of %[1]s is neither a day nor an instant: write 2026-12-01 or 2026-12-01T08:00."},
		{"cmd.screen.short", "按统一社会信用代码或名称查信用名单", "look a subject up in the credit lists by code or name"},
		{"cmd.stop.short", "立即停止向平台报送（所有机器），重启后仍有效", "stop sending at once, on all machines; survives a restart"},
		{"cmd.stop.flag.reason", "原因（必填）", "the reason (required)"},
		{"cmd.stop.done", "%[1]s：已停止报送。恢复：creditsync resume %[1]s", "%[1]s: sending is stopped. To go on: creditsync resume %[1]s"},
		{"cmd.resume.short", "恢复报送", "go on sending"},
		{"cmd.resume.done", "%[1]s：已恢复报送。", "%[1]s: sending goes on."},
		{"cmd.flag.by", "经手人（必填）", "who does it (required)"},
		{"cmd.verify.short", "核验同步日志有没有被改动、删减、增添、调序或截断", "find out whether the sync log was edited, cut, added to or reordered"},
		{"cmd.verify.long", "日志每分钟封块，各块合成一个根。verify --log 逐条重算，与封块核对；用 --root 给出打印件上的根，还能查出整段重做和截尾。发现问题时退出状态为 1。", "The log is sealed in blocks every minute, and the blocks in one root. verify --log hashes every line again and holds it to the blocks; with the root of a printed report, --root, it also finds a log that was sealed anew or cut off. The exit status is 1 if anything is found."},
		{"cmd.verify.flag.log", "核验同步日志", "check the sync log"},
		{"cmd.verify.flag.from", "只重算这天起的封块（2026-12-01）", "hash the blocks from this day on only (2026-12-01)"},
		{"cmd.verify.flag.to", "只重算到这天为止的封块", "hash the blocks up to this day only"},
		{"cmd.verify.flag.root", "打印件上的根，形如 120:9f86d0…，可多个", "a root from a printed report, such as 120:9f86d0…; may be repeated"},
		{"cmd.verify.bad_root", "--root %[1]s 不是打印件上的根：应为“块数:64 位十六进制数”，照 verify --log 打印的抄。", "--root %[1]s is no printed root: it is NUMBER:64 hexadecimal digits, as verify --log prints it."},
		{"cmd.verify.bad_day", "%[1]s 不是日期：请写成 2026-12-01。", "%[1]s is no day: write 2026-12-01."},
		{"cmd.verify.sound", "同步日志完好：%[1]s 块，%[2]s 条；另有 %[3]s 条尚未封块", "the sync log is sound: %[1]s blocks, %[2]s lines; %[3]s more are not sealed yet"},
		{"cmd.verify.broken", "同步日志与封块不符，共 %[4]s 处。请保留现场，立即报告：", "the sync log is not what was sealed, in %[4]s places. Change nothing and report it at once:"},
		{"cmd.verify.root", "日志的根（随报表打印签字，日后用 --root 核对）：", "root of the log (print and sign it; check against it later with --root):"},
		{"seal.edited", "第 %[1]s 块（日志 %[2]s 至 %[3]s 号）有内容被改动", "block %[1]s (lines %[2]s to %[3]s): a line was changed"},
		{"seal.lines", "第 %[1]s 块（日志 %[2]s 至 %[3]s 号）应有 %[4]s 条，现有 %[5]s 条", "block %[1]s (lines %[2]s to %[3]s): %[4]s lines were sealed, there are %[5]s"},
		{"seal.block", "第 %[1]s 块不见了，或封块本身被改动", "block %[1]s is gone, or was changed itself"},
		{"seal.tree", "前 %[1]s 块的汇总与各块不符", "the hashes over the first %[1]s blocks are not those of the blocks"},
		{"seal.truncated", "打印件上有 %[4]s 块，现在只剩 %[5]s 块：日志被截断，或数据库恢复到了旧备份", "the printed report had %[4]s blocks, there are %[5]s: the log was cut off, or an older backup was restored"},
		{"seal.root", "前 %[1]s 块与打印件上的根不符：日志在打印之后被改过。打印件 %[4]s，现在 %[5]s", "the first %[1]s blocks are not those of the printed root: the log was changed after it was printed. Printed %[4]s, now %[5]s"},
		{"cmd.release.short", "放行一次被扣下的读取（缩水或改动过多）", "let a held read through once (it shrank or changed too much)"},
		{"cmd.resend.short", "让被退回或不合规的记录重新判断、重新报送（平台一侧已改正时用）", "judge and send rejected or invalid records again, once the cause outside is mended"},
		{"cmd.resend.flag.yes", "确认；不写则只列出将要重报的记录", "confirm; without it the records are only shown"},
		{"cmd.resend.confirm", "以上记录将重新报送。确认：加 --yes --by 姓名。", "these records would be sent again. To confirm: add --yes --by NAME."},
		{"cmd.resend.done", "%[1]s：%[2]s 条将在下次采集时重新判断并报送。", "%[1]s: %[2]s records are judged and sent again with the next collect."},
		{"cmd.release.done", "%[1]s：已放行一次，下次采集生效。", "%[1]s: released once; it takes effect with the next collect."},
		{"cmd.calendar.short", "工作日历与期限", "working-day calendar and deadlines"},
		{"cmd.calendar.show.short", "显示已载入的年度通知", "show the yearly notices that are loaded"},
		{"cmd.calendar.due.short", "某日起第 20 个工作日是哪天", "which day is the 20th working day after a date"},
		{"cmd.calendar.due.flag.days", "工作日数", "working days"},
		{"cmd.calendar.load.short", "载入一个年度通知文件，并重算期限", "load a year's notice and recompute deadlines"},
		{"cmd.calendar.recheck.short", "按现有日历重算全部未核实记录的期限", "recompute every unproven record's deadline by the calendar in force"},
		{"cmd.mock.short", "运行模拟平台（只供演示和测试）", "run the mock platform (for demo and tests only)"},
		{"cmd.mock.listening", "模拟平台：http://%[1]s", "mock platform: http://%[1]s"},
		{"cmd.demo.short", "自带样例单位和模拟平台，把整个流程走一遍", "the whole loop with a sample bureau and a mock platform"},
		{"cmd.demo.flag.once", "直接驱动各项作业，走完即退出", "drive the jobs directly and end by itself"},
		{"cmd.demo.flag.dir", "样例目录（默认临时目录；可在中断后以同一目录再次运行）", "folder of the sample world (a temporary one by default; the same folder goes on after an interruption)"},
		{"cmd.demo.flag.postgres", "用这个 PostgreSQL 作 creditsync 的数据库", "keep creditsync's own tables in this PostgreSQL"},
		{"cmd.demo.flag.listen", "状态页的地址", "address of the status page"},
		{"cmd.demo.world", "样例单位在 %[1]s：检查对象 %[2]s、执法人员 %[3]s、检查事项 %[4]s、检查结果 %[5]s；名单 %[6]s 条", "sample bureau in %[1]s: %[2]s objects, %[3]s inspectors, %[4]s items, %[5]s results; lists of %[6]s entries"},
		{"cmd.demo.done", "全部记录各归其位，应公示的都已核实公示（模拟平台）。用时 %[1]s。", "every record is accounted for and everything publishable is proven (mock platform). Took %[1]s."},
		{"cmd.demo.rested", "%[1]s：%[2]s 条各归其位", "%[1]s: %[2]s rows at rest"},
		{"cmd.demo.undone", "还有未了结的：%[1]s", "not finished: %[1]s"},
		{"cmd.demo.serving", "守护进程在运行，状态页 http://%[1]s，Ctrl-C 结束。", "the daemon is running; status page http://%[1]s; Ctrl-C ends it."},
		{"word.stream", "流", "stream"},
		{"word.source", "来源", "source"},
		{"word.difference", "差额", "difference"},
		{"word.unread", "未读", "unread"},
		{"word.earliest", "最近到期", "earliest due"},
		{"word.state", "状态", "state"},
		{"word.key", "编号", "key"},
		{"word.due", "期限", "due"},
		{"word.slack", "余", "left"},
		{"word.owner", "责任单位", "owner"},
		{"word.reason", "原因", "reason"},
		{"word.time", "时间", "time"},
		{"word.kind", "类别", "kind"},
		{"word.mock", "模拟平台", "mock platform"},
		{"state.excluded", "不属本流", "excluded"},
		{"state.not_ready", "未就绪", "not ready"},
		{"state.withheld", "不予公示", "withheld"},
		{"state.invalid", "不合规", "invalid"},
		{"state.waiting", "待报送", "waiting"},
		{"state.sending", "报送中", "sending"},
		{"state.unknown", "待查", "unknown"},
		{"state.rejected", "被退回", "rejected"},
		{"state.missing", "已消失", "missing"},
		{"state.acknowledged", "已受理", "acknowledged"},
		{"state.proven", "已核实", "proven"},
		{"state.no_result", "抽中未出结果", "drawn, no result yet"},
	}
}

const usageZh = `用法：
{{- if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} <命令>

命令：{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

选项：
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

通用选项：
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`

const usageEn = `Usage:
{{- if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} <verb>

Verbs:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

Common flags:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`

// calendarTexts are the words of the calendar verbs.
func calendarTexts() []text {
	return []text{
		{"word.provisional", "暂定：通知未发布", "provisional: notice not out"},
		{"word.year", "年度", "year"},
		{"word.notice", "通知", "notice"},
		{"word.issued", "发布日期", "issued"},
		{"word.working_days", "工作日", "working days"},
		{"word.date", "日期", "date"},
		{"word.nth", "第几个工作日", "working day"},
		{"weekday.0", "周日", "Sun"}, {"weekday.1", "周一", "Mon"}, {"weekday.2", "周二", "Tue"}, {"weekday.3", "周三", "Wed"},
		{"weekday.4", "周四", "Thu"}, {"weekday.5", "周五", "Fri"}, {"weekday.6", "周六", "Sat"},
		{"cmd.calendar.bad_date", "日期 %[1]s 或工作日数 %[2]s 不对：日期写成 2026-12-21，工作日数为正整数。", "date %[1]s or working days %[2]s are not right: write the date as 2026-12-21, the days as a positive number."},
		{"cmd.calendar.due.answer", "%[1]s 之后第 %[2]s 个工作日是 %[3]s（当日 24:00 截止，北京时间）。", "working day %[2]s after %[1]s is %[3]s (it ends at 24:00, Beijing time)."},
		{"cmd.calendar.due.answer_provisional", "%[1]s 之后第 %[2]s 个工作日暂定为 %[3]s：其间有尚未发布放假通知的日子，通知载入后重算。", "working day %[2]s after %[1]s is provisionally %[3]s: the count touches days whose notice is not out yet."},
		{"cmd.calendar.loaded", "已载入 %[1]s 年通知（%[2]s），写入 %[3]s。", "loaded the notice of %[1]s (%[2]s) into %[3]s."},
		{"cmd.calendar.rechecked", "%[1]s：%[2]s 条记录的期限有变。", "%[1]s: the deadline of %[2]s records changed."},
	}
}
