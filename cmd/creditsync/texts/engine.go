package texts

// engineTexts are what the engine itself cannot do.
func engineTexts() []text {
	return []text{
		{"engine.bad_url",
			"数据库地址读不懂，无法接收新作业的通知：请核对 store 的地址（postgres://用户@主机/库），口令放在环境变量或密钥文件里。",
			"the database's address cannot be read, so that notifications of new jobs cannot be received: check the store's URL (postgres://user@host/database) and keep the password in the environment or a secret file."},
		{"engine.not_started",
			"作业引擎没有启动：数据库没有应答，或缺少引擎的表。请确认数据库在运行，然后执行 creditsync migrate 再试。",
			"the engine did not start: the database does not answer, or the engine's tables are missing. Make sure that it runs, then run creditsync migrate and try again."},
		{"engine.not_migrated",
			"作业引擎的表没有建好。请确认数据库账号有建表权限，然后重新执行 creditsync migrate。",
			"the engine's tables could not be made. Make sure that the database role may create tables, then run creditsync migrate again."},
		{"engine.not_ended",
			"停止时仍有作业没有结束，已放下不管；它写到一半的内容不会生效，下次启动会重新做。",
			"some jobs had not ended when the daemon stopped and were left; nothing half written takes effect, and they are done again after the next start."},
		{"engine.unknown_job",
			"没有名为 %[1]s 的作业（目标 %[2]s）：可能是另一个版本的 creditsync 排进来的。请把各台机器升级到同一版本。",
			"no job is called %[1]s (target %[2]s): another version of creditsync may have put it there. Bring all machines to one version."},
		{"engine.not_enqueued",
			"作业 %[1]s（目标 %[2]s）没有排上队。数据库恢复后，计划作业会在一分钟内补上。",
			"job %[1]s (target %[2]s) could not be put on its way. Once the database is back, the plan does so within a minute."},
		{"engine.not_taken_up",
			"上次中断的作业没能接续：数据库没有应答，或缺少引擎的表。请确认数据库在运行，然后执行 creditsync migrate 再试。",
			"jobs that were cut off could not be taken up: the database does not answer, or the engine's tables are missing. Make sure that it runs, then run creditsync migrate and try again."},
	}
}
