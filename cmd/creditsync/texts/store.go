package texts

// storeTexts are the sentences of the daemon's own memory: why it cannot be opened, why nothing is sent, and the reasons it
// gives for a state.
func storeTexts() []text {
	return []text{
		{"store.locked",
			"数据文件 %[1]s 正由另一个 creditsync 进程使用，本次没有启动。请先停止那个进程，或为这一个另设数据文件。",
			"another creditsync uses the data file %[1]s; this one did not start. Stop the other one first, or give this one a file of its own."},
		{"store.newer",
			"数据库由更新版本的 creditsync 写成（结构版本 %[1]s，本程序只认识到 %[2]s），没有做任何改动。请换用新版本程序。",
			"the store was written by a newer creditsync (schema %[1]s, this program knows %[2]s); nothing was changed. Use the newer program."},
		{"store.not_durable",
			"数据库设置 %[1]s = %[2]s：断电会丢失已提交的记录，可能造成重复报送，因此没有启动。请把它改为 on（SQLite 为 FULL 和 WAL）后重试。",
			"the database has %[1]s = %[2]s: loss of power would lose what was committed and records might be sent twice, so the program did not start. Set it to on (SQLite: FULL and WAL) and try again."},
		{"store.dsn",
			"看不懂数据库地址（开头是“%[1]s”）。请写成 sqlite:路径 或 postgres://用户@主机/库名。",
			"the address of the store (it begins with “%[1]s”) is not understood. Write sqlite:PATH or postgres://user@host/database."},
		{"store.unreachable",
			"打不开 creditsync 自己的数据库。请检查设置里的 store.dsn：SQLite 看目录是否存在、可写，PostgreSQL 看服务是否在运行、地址和账号是否正确。",
			"creditsync's own database cannot be opened. Check store.dsn: for SQLite whether the folder exists and can be written, for PostgreSQL whether the server runs and address and account are right."},
		{"store.guard",
			"%[1]s 当前被拦下的变动与要放行的不是同一批，没有放行。请重新查看被拦下的变动，核对后再放行。",
			"what is held of %[1]s is not what was to be released; nothing was released. Look at what is held now, then release that."},
		{"store.not_staged",
			"%[1]s 的第 %[2]s 版没有完整下载，或已作废，不能启用。仍使用原来的版本；请重新拉取。",
			"version %[2]s of %[1]s is not whole, or was dropped, and cannot be put in force. The former one stays; pull again."},

		{"claim.nothing_due", "没有到时间要报送的批次", "nothing is due to be sent"},
		{"claim.stopped", "报送开关已关闭，有人恢复之前什么都不发送", "the stop switch is set: nothing is sent until a person resumes"},
		{"claim.quiet", "现在是平台要求的静默时段，时段过后自动继续", "the platform asks for quiet now; it goes on by itself afterwards"},
		{"claim.rate", "已达平台的速率上限，稍后自动继续", "the platform's rate is used up; it goes on in a moment"},
		{"claim.quota", "今天的调用次数已用完，明天自动继续", "today's quota is used up; it goes on tomorrow"},
		{"claim.in_flight", "同时在途的批次已满，有结果后自动继续", "as many batches as allowed are on their way; it goes on when one has an outcome"},
		{"claim.breaker", "平台连续出错，暂停发送，稍后自动试一批", "the platform kept failing: sending pauses, then one batch is tried"},

		{"deliver.expired", "超过发送时限仍没有结果，是否收到不明；将向平台核实，不会盲目重发", "no outcome within the send timeout: it may have arrived, and is settled by looking, never by resending blindly"},
		{"deliver.void", "批次里的记录都已被新版本取代、移走或扣下，这一批不再发送", "every record of the batch was superseded, moved or kept back; it is not sent any more"},
		{"prove.base_changed", "平台地址已更换，原地址上取得的核实作废，正在新地址重新核实", "the platform's address changed: proofs taken at the old one do not count and are taken again"},
		{"prove.moved_to_next", "两次核实都没有见到的记录已转入新的批次", "records that two looks missed were moved to a new batch"},
		{"collect.vanished", "本地台账里已没有这一行；平台上已公示的内容未动。撤销须由人办理，并有依据和文号", "the registry has this row no more; what is published was not touched. A withdrawal is a person's act, with ground and document number"},
		{"lists.superseded", "这一版还没有放行就有了更新的下载，已作废", "a newer pull began before this version was released; it was dropped"},
		{"lists.broken_off", "下载中途中断，这一版不完整，已作废", "the pull broke off and this version is not whole; it was dropped"},
	}
}
