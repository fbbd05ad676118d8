package texts

// simulationTexts are the sentences of `simulate`. What a trace says is for those who mend the program, and is not
// translated.
func simulationTexts() []text {
	return []text{
		{"cmd.simulate.short", "确定性仿真：同一种子，同一世界，同样的故障", "a deterministic simulation: one seed, one world, the same faults"},
		{"cmd.simulate.long",
			"在虚拟时钟上运行真实的作业、真实的库和模拟平台的真实规则，由种子决定台账的变动和一切故障（断电、丢包、迟到、乱序、停机……），并核对：不丢、不重、不该报的不报、旧版不盖新版、平账、有进展。\n\n退出码：0 没有发现；1 有发现（或仿真本身出错）；2 命令写错。",
			"Runs the real jobs, the real store and the mock platform's real rules on a virtual clock. The seed decides what changes in the registry and everything that goes wrong (crashes, lost and late messages, other orders, outages ...), and what must hold is checked: nothing lost, nothing doubled, nothing sent that must not go, no version overtaken, the balance, progress.\n\nExit status: 0 nothing found; 1 something was found (or the simulation itself failed); 2 wrong words."},
		{"cmd.simulate.flag.seed", "只重放这一个种子，打印全过程（有发现时先缩到最小）", "replay this seed alone and print all that happens (a finding is made small first)"},
		{"cmd.simulate.flag.seeds", "跑多少个种子", "how many seeds"},
		{"cmd.simulate.flag.from", "从哪个种子起", "the first seed"},
		{"cmd.simulate.flag.workers", "同时跑几个，默认每个处理器一个", "how many at once, one for each processor by default"},
		{"cmd.simulate.totals", "种子 %[1]s 个，步骤 %[2]s，遇上故障 %[3]s 次，虚拟时间 %[4]s 天；用时 %[5]s 秒，每千个种子 %[6]s 秒。",
			"%[1]s seeds, %[2]s steps, %[3]s faults met, %[4]s days of virtual time; %[5]s s, %[6]s s per 1,000 seeds."},
		{"cmd.simulate.nothing", "没有发现。", "Nothing found."},
		{"cmd.simulate.world", "种子 %[1]s：%[2]s 个程序，%[3]s 个对象，%[4]s 条结果，每 %[5]s 分钟读一次，每批至多 %[6]s 条；其中：",
			"Seed %[1]s: %[2]s daemons, %[3]s objects, %[4]s results, read every %[5]s minutes, at most %[6]s in a batch; in it:"},
		{"cmd.simulate.found", "发现 [%[1]s] %[2]s：%[3]s", "FOUND [%[1]s] at %[2]s: %[3]s"},
		{"cmd.simulate.again", "重放：creditsync simulate --seed %[1]s", "Again: creditsync simulate --seed %[1]s"},
		{"cmd.simulate.bar", "仿真", "simulation"},
	}
}
