package texts

// siteTexts are the sentences of the county web site's channel: the first argument is the folder.
func siteTexts() []text {
	return []text{
		{"site.outbox_failed",
			"公示包没有写成（%[1]s），什么都没有发布。请检查该文件夹是否存在、可写、有空间；之后自动重试。",
			"the publication package could not be written (%[1]s) and nothing was published. Check that the folder exists, can be written and has room; it is tried again by itself."},
		{"site.bad_number",
			"批次号 %[2]s 不能用作 %[1]s 里的文件夹名，没有写出公示包。这是程序的问题，请把这一行交给维护人员。",
			"delivery number %[2]s cannot name a folder in %[1]s; no package was written. This is a fault of the program: hand this line to your support."},
		{"site.bad_payload",
			"批次 %[2]s 里有一条记录不是完整的 JSON，没有在 %[1]s 写出公示包。这是程序的问题，请把这一行交给维护人员。",
			"a record of delivery %[2]s is not whole JSON; no package was written to %[1]s. This is a fault of the program: hand this line to your support."},
		{"site.package_differs",
			"%[1]s 已有同一批次号、内容不同的公示包，没有覆盖它。请核对那个文件夹是否被人改过；确认无用后移走，再恢复发送。",
			"%[1]s already holds a package of this number with other content; it was not overwritten. See whether someone changed that folder; move it away if it is of no use, then resume."},
		{"site.published_failed",
			"读不到已公示文件夹 %[1]s，无法核实是否已公示（读不到不等于没公示）。请检查网络盘和权限；恢复后自动再查。",
			"the published folder %[1]s cannot be read, so that nothing can be said about publication. Check the network drive and permissions; it is looked at again by itself."},
		{"site.stopped",
			"时间用完或程序正在停止，%[1]s 的操作没有做完，什么都没有发布，下次继续。",
			"time was up or the program is stopping; the work on %[1]s was not finished, nothing was published, and it goes on next time."},
	}
}
