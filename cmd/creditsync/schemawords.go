package main

import "maps"

// The words of the schemas: what an editor shows beside each key.

func fieldWords(at string) map[string]string {
	words := map[string]string{
		"from": "本地列名（拉取的映射里是平台字段）", "expr": "由几列算出的表达式，与 from 二选一", "to": "平台字段名（拉取的映射里是本地列）",
		"is": "值的种类，不写是 text", "as": "标准字段名，见字段对照表", "codes": "代码表的名字", "split": "分隔符，每个字符都分隔；值成为列表",
		"join": "列表再用它连成一个文本", "default": "台账为空时用的值", "required": "必填：为空则该行不合格", "unit": "金额：本地列的单位，元或万元",
		"send_unit": "金额：平台要的单位，不写是元", "max": "最长多少个字", "format": "日期：平台要的写法，不写是 yyyy-MM-dd",
	}
	return under(at, words)
}

func under(at string, words map[string]string) map[string]string {
	out := map[string]string{}
	for key, text := range words {
		out[at+"."+key] = text
	}
	return out
}

func merged(all ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, words := range all {
		maps.Copy(out, words)
	}
	return out
}

func mappingWords() map[string]string {
	return merged(map[string]string{
		"stream": "数据流的名字，定下后不要改：平台按它认记录", "title": "给人看的名称", "direction": "push 报送，pull 拉取",
		"resource": "平台档案里的资源名", "registry": "本地数据放在哪里", "ready": "什么时候可以报；不满足时期限照走", "after": "必须先在平台上的记录",
		"answers": "这一行回应哪个拉取的流", "deadline": "法定期限", "owner": "责任单位所在的列", "route": "什么情况改送别处", "withhold": "什么情况不公示",
		"fields": "逐个字段的对应", "items": "一条记录下的明细行", "allow": "批准外送敏感列的依据",
	}, under("registry", map[string]string{
		"database": "creditsync.yaml 里 databases 下的名字", "table": "表名，可写 模式.表", "query": "一条 SELECT", "file": "台账目录下的文件，可用 *",
		"sheet": "工作表名", "key": "主键列，能唯一认出一行；定下后不要改", "changed": "记录最后修改时间的列", "where": "哪些行属于本流",
	}), under("registry"+".changed", map[string]string{"column": "列名", "overlap": "往回多读多久，如 15m"}),
		under("after", map[string]string{"stream": "流的名字", "by": "本地哪一列（几列）是它的主键"}),
		under("answers", map[string]string{"stream": "拉取的流的名字", "by": "本地哪一列（几列）是它的主键"}),
		under("deadline", map[string]string{"starts": "从哪一天起算，如 earliest(检查日期, 录入时间)", "working_days": "几个工作日，不得宽于法定", "basis": "法律或通知的依据"}),
		under("route", map[string]string{"when": "条件", "to": "渠道名，如 site"}),
		under("withhold", map[string]string{"when": "条件", "ground": "不公示的理由", "approval": "批准文号所在的列"}),
		fieldWords("fields"), fieldWords("items.fields"),
		under("items", map[string]string{"table": "明细表", "file": "明细文件", "sheet": "工作表名", "parent": "明细里指向主记录的列", "where": "哪些明细行算数",
			"to": "平台字段名", "fields": "明细逐个字段的对应"}),
		under("allow", map[string]string{"columns": "批准外送的列", "ground": "理由", "approval": "批准文号", "by": "批准人"}))
}

func codesWords() map[string]string {
	return merged(map[string]string{"list": "代码表的名字，映射里 codes 写它", "title": "给人看的名称", "source": "依据的标准或文件", "codes": "逐个代码"},
		under("codes", map[string]string{"code": "平台的代码", "name": "标准说法", "aliases": "台账里的其他说法", "exclusive": "只能单独出现，如未发现问题"}))
}

func calendarWords() map[string]string {
	return map[string]string{"year": "哪一年", "notice": "文号", "date": "发布日期", "source": "网址", "provisional": "通知未发布，只含法律定死的放假日",
		"off": "逐日写放假的日子，如 2026-02-17 春节", "work": "逐日写调休上班的日子"}
}

func profileWords() map[string]string {
	condition := map[string]string{"at": "在应答里的位置", "is": "等于其中之一就算"}
	return merged(map[string]string{"profile": "档案的名字", "title": "给人看的名称", "base": "平台地址", "proxy": "HTTP 代理地址", "sign": "怎样签名",
		"headers": "每个请求都带的头", "answer": "怎样读应答", "limits": "平台的限制", "resources": "各资源的接口"},
		under("sign", map[string]string{"algorithm": "算法", "key_id": "密钥编号", "secret": "密钥，写 ${名字}", "values": "自定义的值", "input": "依次拼起来签名的部分",
			"output": "hex、HEX 或 base64", "headers": "签名放进哪些头", "query": "签名放进哪些参数"}),
		under("answer", map[string]string{"ok": "成功的条件", "message": "错误说明的位置", "errors": "平台的错误代码各是什么意思，可用 * 结尾"}),
		under("answer.ok", condition),
		under("limits", map[string]string{"rate": "频率，如 20/s", "in_flight": "同时几个请求", "daily": "每天多少次", "send_timeout": "报送超时",
			"answer": "最大应答", "quiet": "不许报送的时段"}),
		under("limits.quiet", map[string]string{"days": "哪几天，如 周一-周五", "from": "从几点", "to": "到几点"}),
		under("resources", map[string]string{"push": "怎样报送", "receipt": "怎样读回执", "lookup": "怎样查已报的", "pull": "怎样拉取", "values": "本资源另用的签名值"}),
		under("resources.push", map[string]string{"path": "路径", "method": "方法，不写是 POST", "rows": "记录放在请求的哪里", "max": "一批最多几条", "id": "编号字段",
			"operation": "操作字段", "operations": "I、U、D 在平台的写法"}),
		under("resources.receipt", map[string]string{"rows": "回执在应答的哪里", "id": "编号字段", "number": "回执号字段", "ok": "成功的条件", "why": "失败原因"}),
		under("resources.receipt.ok", condition),
		under("resources.receipt.why", map[string]string{"code": "错误代码字段", "field": "出错字段", "message": "说明字段"}),
		under("resources.lookup", map[string]string{"path": "路径", "method": "方法", "ids": "编号放在请求的哪里", "max": "一次最多查几条", "rows": "结果在应答的哪里",
			"by": "结果里的编号字段", "sees": "accepted 只说收到，published 说已公示", "published": "已公示的条件", "complete_after": "多久以后一定查得到",
			"compare": "哪些字段一致才算同一版本", "adds": "平台自己加的字段", "repeat_is_harmless": "同一编号重报不会成两条"}),
		under("resources.lookup.published", condition),
		under("resources.pull", map[string]string{"path": "路径", "method": "方法，不写是 GET", "rows": "数据在应答的哪里", "total": "总数在应答的哪里", "page": "怎样翻页",
			"since": "增量拉取的参数"}),
		under("resources.pull.page", map[string]string{"number": "页码参数", "offset": "起点参数", "size": "每页条数参数", "first": "第一页的页码", "max": "每页最多几条"}))
}
