package texts

import "slices"

// jobsTexts are the reasons of the sync log and the failures of jobs. The sentences of a state say what a person may do;
// those with arguments belong to failures and to reminders, whose lines carry them.
func jobsTexts() []text {
	return slices.Concat(jobTexts(), ruleTexts(), collectTexts(), deliverTexts(), proveTexts(), pullTexts(), remindTexts(), askTexts())
}

func jobTexts() []text {
	return []text{
		{"job.panic", "任务内部出错，本次运行中止，其余任务不受影响：%[1]s。请把日志交给维护人员。",
			"the job failed inside and this run ended; other jobs go on: %[1]s. Hand the log to your support."},
		{"job.stopped", "程序正在停止，任务已安全中断，下次接着做。", "the program is stopping; the job broke off safely and goes on next time."},
		{"job.internal", "任务没有完成，原因见技术细节。", "the job was not finished; see the detail."},
	}
}

func ruleTexts() []text {
	return []text{
		{"rules.no_such_stream", "没有名为 %[1]s 的数据流。请核对名称，或在 mappings/ 下增加它的映射文件。",
			"there is no stream %[1]s. Check the name, or add its mapping to mappings/."},
		{"rules.no_such_registry", "%[1]s 的映射写了数据库 %[2]s，但设置里没有它。请在 creditsync.yaml 中登记，或改正映射。",
			"the mapping of %[1]s names the database %[2]s, which the settings lack. Add it to creditsync.yaml, or correct the mapping."},
		{"rules.no_such_channel", "%[1]s 要送往 %[2]s，但没有这个渠道。请改正映射的 route，或配置该渠道。",
			"%[1]s is to go to %[2]s, and there is no such channel. Correct the route, or configure the channel."},
		{"rules.no_such_resource", "%[1]s 的映射写了资源 %[2]s，但 %[3]s 的接口描述里没有它。请核对 resource。",
			"the mapping of %[1]s names the resource %[2]s, which the profile %[3]s lacks. Check resource."},
		{"rules.wrong_direction", "%[1]s 的方向是 %[2]s，不能这样运行。推送用 collect，拉取用 pull。",
			"%[1]s flows by %[2]s and cannot be run so. Use collect for push, pull for pull."},
		{"rules.stream_twice", "数据流 %[1]s 有两个映射文件。请只留一个。", "the stream %[1]s has two mappings. Keep one."},
		{"rules.codes_twice", "代码表 %[1]s 写了两次。请只留一个。", "the code list %[1]s is defined twice. Keep one."},
		{"rules.after_unknown", "after 写的 %[1]s 不是推送的数据流。请改成先要上报的数据流的名称。",
			"after names %[1]s, which is no pushed stream. Name the stream that goes first."},
		{"rules.answers_unknown", "answers 写的 %[1]s 不是拉取的数据流。请改成被回应的数据流的名称。",
			"answers names %[1]s, which is no pulled stream. Name the stream that is answered."},
		{"rules.calendar", "工作日历不能用：%[1]s。请补齐或改正 holidays/ 下的文件。", "the calendar cannot be used: %[1]s. Complete or correct holidays/."},
	}
}

func collectTexts() []text {
	return []text{
		{"collect.invalid", "数据有误，没有上报。请照逐项说明改正台账。", "the row is at fault and was not sent. Correct the registry as each fault says."},
		{"collect.withheld", "依法不公示（已记录依据和审批文号）。", "kept back by law, with ground and approval on record."},
		{"collect.not_ready", "还没有审核通过（映射的 ready），不能上报；法定期限照常计算。请责任单位尽快审核。", "not approved yet, so not sent; its legal clock runs. Its unit should approve it."},
		{"collect.waits_for", "它引用的记录（见“等待”）还没有上报成功；那条一成功，本条自动上报。那条若有误，请先改正那条。",
			"the record it refers to is not accepted yet; once it is, this one goes by itself. If that one is at fault, correct it first."},
		{"collect.waits_for_absent", "它引用的记录（见“等待”）不在名录里：没有录入，已停用或删除，或者编号、名称写得不一样。请补录那条，或改正本条的引用。",
			"the record it refers to is not in the registry: never entered, disabled or deleted, or written differently. Enter it, or correct the reference."},
		{"collect.excluded", "按映射的 where 不属于本数据流。", "does not belong to the stream by the mapping's where."},
		{"collect.duplicate_key", "同一主键出现不止一行，无法判断以哪行为准，都没有上报。请在所列位置保留一行。",
			"more than one row has this key, and nobody can say which is meant: none was sent. Keep one of those at the places named."},
		{"collect.null_key", "主键为空，没有上报。请补填。", "the key is empty; the row was not sent. Fill it in."},
		{"collect.key_not_unique", "%[1]s 的主键（%[2]s）大量重复，例如 %[3]s，本次没有采用。请检查映射的 key 是否写对。",
			"the key of %[1]s (%[2]s) repeats too often, for example %[3]s, and the read was not used. Check key in the mapping."},
		{"collect.shrunk", "台账比上次少了太多行，已整体暂停，已公示的不受影响。请核对台账；确属正常再放行（release）。",
			"the source lost too many rows; the read is held whole and what is published stays. Check the registry; release it only if this is right."},
		{"collect.changed_too_much", "台账改动的行太多，已整体暂停。请核对是否错列、误粘贴；确属正常再放行（release）。",
			"too many rows changed; the read is held whole. Check for shifted columns; release it only if this is right."},
		{"collect.released", "经人工放行，本次改动照常处理。", "a person released the change; it was let through."},
		{"collect.finding", "读取台账时发现需要留意的情况。", "something in the source is worth a look."},
		{"collect.spool", "临时文件 %[1]s 不能读写。请检查磁盘空间和目录权限。", "the temporary file %[1]s cannot be used. Check disk space and permissions."},
		{"collect.count_differs", "增量读取与台账总行数对不上，改为全量读取。", "an incremental read does not explain the row count; a full read follows."},
		{"collect.under_way", "同一数据流正在全量核对，这一次增量读取让给它。", "the stream is being compared in full; this read of the changes leaves it to that."},
		{"collect.overtaken", "读到一半时同一数据流开始了新的读取，以新的为准，这一次到此为止。", "another read of the stream began meanwhile; that one counts, and this one ends here."},
		{"collect.row_gone", "有问题的行已不在台账中，不再计数。", "the faulty row is gone from the source and counts no more."},
	}
}

func deliverTexts() []text {
	return []text{
		{"deliver.rejected", "平台拒收这条记录，原话见详情。请照平台意见改正台账，改后自动重报。",
			"the platform refused the record in the words given. Correct the registry; it then goes again by itself."},
		{"deliver.batch_refused", "平台整批拒收，未能确定是哪一条的问题。请照平台原话核对这些记录。",
			"the platform refused a whole batch and the culprit was not found. Check these records by the platform's words."},
		{"deliver.no_receipt", "平台没有给出这条记录的回执，结果不明，正在查询。", "no receipt came for the record; its outcome is unknown and being looked up."},
		{"deliver.contradictory_receipt", "平台对这条记录的回执自相矛盾，结果不明，正在查询。",
			"the receipts for the record contradict each other; its outcome is unknown and being looked up."},
		{"deliver.strange_receipts", "平台回执里有本批没有的编号，已忽略并计数。", "the answer had receipts for ids that were not sent; they were ignored and counted."},
		{"deliver.claimed_too_late", "领取任务用时过长，没有发送，稍后重试。", "claiming took too long; nothing was sent, and it is tried again."},
		{"deliver.accepted", "平台已逐条受理，等待查实公示。", "the platform answered for each record; publication is still to be seen."},
		{"deliver.breaker", "连续失败，暂停发送一段时间。", "failures in a row; sending pauses for a while."},
	}
}

func proveTexts() []text {
	return []text{
		{"prove.published", "已查到公示，法定期限停止计算。", "seen published; the legal clock has stopped."},
		{"prove.not_published", "平台已受理，但尚未查到公示。请向平台询问。", "accepted, but not seen published yet. Ask the platform."},
		{"prove.differs", "平台上的内容与台账不一致。请核对是谁改的。", "the platform shows other content than the registry. Find out who changed it."},
		{"prove.absent_once", "第一次没有查到，稍后再查，暂不重发。", "not found at first look; looked for again later, not sent again yet."},
		{"prove.absent_twice", "两次都没有查到，确认未送达，重新排队发送。", "missed by two looks, so it did not arrive; it goes again."},
		{"prove.repeated", "结果不明；平台允许同一编号重复发送，已重新排队。", "outcome unknown; the platform takes the same id twice as one, so it goes again."},
		{"prove.no_lookup", "结果不明，平台又没有查询接口，不敢重发。请人工在平台上核对；期限照常计算。",
			"outcome unknown, and the platform offers no look-up: it is not sent again. Check on the platform by hand; the clock runs."},
	}
}

func pullTexts() []text {
	return []text{
		{"compare.books_differ", "内部账目与逐条清点不一致。请把日志交给维护人员。", "our counters and a count of every record differ. Hand the log to your support."},
		{"compare.balance_broken", "平账不符：台账行数与各状态之和不等。", "the books do not balance: rows and states do not add up."},
		{"pull.total_mismatch", "%[1]s：平台说共 %[2]s 条，实际收到 %[3]s 条，本次没有采用，稍后再拉取。",
			"%[1]s: the platform says %[2]s and served %[3]s; the pull was not used and is tried again."},
		{"pull.empty", "拉取结果为空，已暂停采用，仍用原来的名单。请核对平台；确属正常再放行（release）。",
			"the pull came back empty and is held; the former list stays. Check the platform; release it only if this is right."},
		{"pull.shrunk", "名单比上次少了太多，已暂停采用，仍用原来的名单。请核对；确属正常再放行（release）。",
			"the list lost too many entries and is held; the former one stays. Check; release it only if this is right."},
		{"pull.endless", "%[1]s：平台翻页没有尽头（已收 %[2]s 条）。请检查接口描述的 page。",
			"%[1]s: the pages do not end (%[2]s rows so far). Check page in the profile."},
		{"pull.entry_faulty", "名单中的一条有看不懂的内容，已保留能看懂的部分。", "an entry could not be read in full; what could be read was kept."},
		{"pull.switched", "新版本已启用。", "a new version is in force."},
		{"pull.too_few_inspectors", "抽中的检查人员不足两人。请向平台申请补抽。", "fewer than two inspectors were drawn. Ask for a supplementary draw."},
		{"pull.certificate_expired", "抽中的检查人员执法证已过期。请换人或换证。", "a drawn inspector's certificate has expired. Replace the inspector or renew it."},
	}
}

func remindTexts() []text {
	return []text{
		{"remind.overdue", "%[1]s：%[2]s 条已超过法定期限，仍未查实公示。请立即处理。", "%[1]s: %[2]s past their last day and not seen published. Act at once."},
		{"remind.due", "%[1]s：%[2]s 条将于 %[3]s 到期，还剩 %[4]s 个工作日。", "%[1]s: %[2]s fall due on %[3]s, %[4]s working days left."},
		{"remind.stale_list", "%[1]s 太旧（上次拉取 %[2]s），不能据此排除任何人。", "%[1]s is too old (pulled %[2]s) to clear anybody."},
		{"remind.balance", "%[1]s：平账不符，相差 %[2]s 行。", "%[1]s: the books are off by %[2]s rows."},
		{"remind.books", "%[1]s：内部账目与逐条清点不一致（%[2]s 个状态）。运行 balance --recount 看差在哪里，并把日志交给维护人员；下一次比对无误后自动解除。",
			"%[1]s: our counters and a count of every record differ (states: %[2]s). balance --recount shows where; hand the log to your support. The next compare that finds no fault ends this."},
		{"remind.calendar", "%[1]s 年放假通知尚未导入，%[2]s 之后的期限都是暂定。通知公布后请运行 calendar load。",
			"the holiday notice for %[1]s is not loaded; days after %[2]s are provisional. Run calendar load once it is out."},
		{"remind.proof_old", "太久没有查实公示（最近一次：%[1]s）。请检查平台连接。", "nothing was seen published for too long (last: %[1]s). Check the platform."},
		{"remind.backup_old", "最近一次自动备份是 %[1]s，已超过计划间隔的两倍。请查看备份目录和同步日志。", "the last scheduled backup is of %[1]s, more than twice its schedule ago. Look at the folder of backups and at the log."},
		{"remind.backup_never", "自动备份还没有一次成功。请查看备份目录是否存在、可写，磁盘是否已满。", "no scheduled backup has succeeded yet. See whether the folder of backups is there, can be written and has room."},
		{"backup.failed", "备份没有完成（目录 %[1]s），以前的备份没有动。请检查目录是否可写、磁盘是否已满。", "the backup was not completed (folder %[1]s); earlier ones were not touched. See whether the folder can be written and has room."},
		{"remind.blocked", "%[1]s 没有发送任何内容：这份数据最近在别处（%[2]s）使用过，两处同时报送会重复。请确认那一处已停用，再执行 creditsync restore --here --yes。",
			"%[1]s sends nothing: this store was last at work elsewhere (%[2]s), and two of them would publish twice. Make sure that the other one is off, then run creditsync restore --here --yes."},
		{"remind.stopped", "%[1]s 已停止发送（原因：%[2]s，操作人：%[3]s）。", "%[1]s is stopped (reason: %[2]s, by %[3]s)."},
		{"remind.held", "%[1]s 有改动等待放行：少 %[2]s 行、改 %[3]s 行。核对后运行 release，编号 %[4]s。",
			"%[1]s waits for a release: %[2]s rows gone, %[3]s changed. Check, then run release with %[4]s."},
		{"remind.read_old", "%[1]s 很久没有读完台账（上次 %[2]s）。", "%[1]s was not read to the end for long (last %[2]s)."},
		{"remind.never_read", "%[1]s 还没有读过台账。", "%[1]s was never read."},
		{"remind.read_failed", "%[1]s 最近一次读取失败（%[2]s）。", "the last read of %[1]s failed (%[2]s)."},
		{"remind.uncounted", "%[1]s 的台账现在数不了行数（%[2]s），不能说没有待办。", "the rows of %[1]s cannot be counted now (%[2]s): nothing can be said to be done."},
		{"remind.unread", "%[1]s 的台账比上次读取多 %[2]s 行，等待采集。", "%[1]s has %[2]s rows more than were read."},
		{"remind.invalid", "%[1]s：%[2]s 条数据有误，等待改正。", "%[1]s: %[2]s rows are at fault and wait for correction."},
		{"remind.unknown", "%[1]s：%[2]s 条结果不明，正在查询。", "%[1]s: %[2]s of unknown outcome are being looked up."},
		{"remind.rejected", "%[1]s：平台拒收 %[2]s 条，等待改正。", "%[1]s: the platform refused %[2]s, which wait for correction."},
		{"remind.mock", "当前连接的是模拟平台，一切结果不代表真实公示。", "this is a mock platform: nothing here is really published."},
		{"remind.recovered", "已恢复正常。", "back in order."},
	}
}

func askTexts() []text {
	return []text{
		{"screen.doubtful_code", "这个号码位数或校验不符，不能据以排除：请核对是否抄错，或补充名称。", "this number has a wrong length or check digit and clears nobody: see whether it was mistyped, or give the name too."},
		{"screen.nobody", "没有说要查谁：请给出统一社会信用代码、组织机构代码、注册号或名称。", "nobody was asked about: give a credit code, an organisation code, a registration number or a name."},
		{"screen.candidate", "有相近的主体，或号码有疑，请人工核对。", "somebody similar is listed, or the number is doubtful; a person has to look."},
		{"screen.hit", "在名单中，列明依据如下。", "listed, on the evidence below."},
		{"screen.clear", "所有名单中都没有，且名单都是最新的。", "on none of the lists, and all of them are fresh."},
		{"screen.stale", "有名单太旧或从未拉取，不能下结论。", "a list is too old or was never pulled: no answer."},
		{"resend.ordered", "经手人要求重新报送；下次采集时按现在的台账和规则重新判断，合格的即作为新版本上报。",
			"a person ordered it sent again; the next collect judges it by the registry and the rules as they are then, and sends it as a new version."},
		{"resend.not_refused", "%[1]s 的 %[2]s 不是被退回或不合规的（用 why 查看现状），不能重报：可能已经送达的先由查询核实，已公示的改台账即可更正。",
			"%[2]s of %[1]s is not rejected or invalid (see why) and is not sent again: what may have arrived is settled by looking, what is published is corrected by its row."},
		{"resend.no_such_record", "%[1]s 里没有 %[2]s。请核对主键。", "%[1]s has no record %[2]s. Check the key."},
		{"release.nothing_held", "%[1]s 没有等待放行的改动。", "nothing of %[1]s is held."},
		{"release.guard_differs", "%[1]s：要放行的是 %[2]s，但现在暂停的是 %[3]s。请重新核对后再放行。",
			"%[1]s: you name %[2]s, but %[3]s is held now. Check again before you release it."},
	}
}
