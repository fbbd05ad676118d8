package mapping

import (
	"strings"
	"testing"
)

// applyOne gives what one local text becomes in a mapping of one field: the JSON after "v":, or the fault's code.
func applyOne(t *testing.T, f Field, local string) string {
	t.Helper()
	p := mustCompile(t, oneField(f))
	var rec Record
	p.Apply(rowOf(p, map[string]string{"编号": "1", "值": local}), &rec)
	if len(rec.Faults) > 0 {
		if len(rec.Payload) > 0 || rec.Hash != 0 {
			t.Errorf("%q: a faulty record has the payload %s", local, rec.Payload)
		}
		return strings.Join(codesOf(rec.Faults), " ")
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(rec.Payload), `{"v":`), "}")
}

func TestValues(t *testing.T) {
	const none = "{" // nothing was written
	date := Field{Is: DateKind}
	wan := Field{Is: Money, Unit: "万元"}
	set := Field{Codes: "spot_result", Split: "、；;"}
	for _, test := range []struct {
		what  string
		field Field
		local string
		want  string
	}{
		{"text", Field{}, "宝丰县某某石料厂", `"宝丰县某某石料厂"`},
		{"text keeps its brackets", Field{}, "石料厂（普通合伙）", `"石料厂（普通合伙）"`},
		{"text is trimmed", Field{}, "\u3000 石料厂\u200b\ufeff\u00a0\n", `"石料厂"`},
		{"text is escaped", Field{}, "a\"b\\c\n\x01d", `"a\"b\\c\n\u0001d"`},
		{"empty", Field{}, "", none},
		{"blank", Field{}, " \t\u3000", none},
		{"required", Field{Required: true}, " ", Required},
		{"default", Field{Default: "无"}, "", `"无"`},
		{"default is not for a given value", Field{Default: "无"}, "有", `"有"`},
		{"default satisfies required", Field{Default: "0", Required: true, Is: Integer}, "", `0`},
		{"max counts characters", Field{Max: 3}, "三个字", `"三个字"`},
		{"too long", Field{Max: 3}, "四个字了", TooLong},

		{"integer", Field{Is: Integer}, "12", `12`},
		{"integer without leading zeros", Field{Is: Integer}, "007", `7`},
		{"integer full-width", Field{Is: Integer}, "１２", `12`},
		{"integer with thousands", Field{Is: Integer}, "1,226", `1226`},
		{"integer of a numeric column", Field{Is: Integer}, "3.00", `3`},
		{"integer negative", Field{Is: Integer}, "-3", `-3`},
		{"integer minus zero", Field{Is: Integer}, "-0", `0`},
		{"integer with a fraction", Field{Is: Integer}, "3.5", NotAnInteger},
		{"integer of words", Field{Is: Integer}, "三", NotAnInteger},
		{"integer too long", Field{Is: Integer}, "1234567890123456789", TooManyDigits},
		{"integer misgrouped", Field{Is: Integer}, "1,22,6", NotAnInteger},
		{"integer scientific", Field{Is: Integer}, "9.1E+17", Scientific},

		{"decimal", Field{Is: Decimal}, "12.50", `12.5`},
		{"decimal small", Field{Is: Decimal}, ".5", `0.5`},
		{"decimal exact", Field{Is: Decimal}, "0.1000000000000001", `0.1000000000000001`},
		{"decimal trailing point", Field{Is: Decimal}, "12.", `12`},
		{"decimal point alone", Field{Is: Decimal}, ".", NotANumber},
		{"decimal two points", Field{Is: Decimal}, "1.2.3", NotANumber},
		{"decimal hex", Field{Is: Decimal}, "0x10", NotANumber},
		{"decimal percent", Field{Is: Decimal}, "5%", NotANumber},
		{"decimal scientific", Field{Is: Decimal}, "1e5", Scientific},
		{"decimal infinity", Field{Is: Decimal}, "Inf", NotANumber},

		{"money 万元", wan, "1.5", `15000`},
		{"money 万元 to the 分", wan, "0.000123", `1.23`},
		{"money 万元 exact", wan, "0.1", `1000`},
		{"money 元", Field{Is: Money}, "￥3,000.00", `3000`},
		{"money sent in 万元", Field{Is: Money, SendUnit: "万元"}, "12345", `1.2345`},
		{"money both 万元", Field{Is: Money, Unit: "万元", SendUnit: "万元"}, "2.30", `2.3`},
		{"money with its own unit", wan, "5000元", `5000`},
		{"money with its own 万", Field{Is: Money}, "3万元整", `30000`},
		{"money zero", wan, "0", `0`},
		{"money negative", wan, "-1.2", `-12000`},
		{"money in words", wan, "叁万元整", NotMoney},
		{"money scientific", wan, "1E+05", Scientific},

		{"date", date, "2026-12-21", `"2026-12-21"`},
		{"date slashes", date, "2026/12/21", `"2026-12-21"`},
		{"date dots", date, "2026.12.21", `"2026-12-21"`},
		{"date short", date, "2026.8.3", `"2026-08-03"`},
		{"date Chinese full stops", date, "2026。8。3", `"2026-08-03"`},
		{"date Chinese", date, "2026年12月21日", `"2026-12-21"`},
		{"date Chinese 号", date, "2026年8月3号", `"2026-08-03"`},
		{"date Chinese spaced", date, "2026 年 8 月 3 日", `"2026-08-03"`},
		{"date compact", date, "20261221", `"2026-12-21"`},
		{"date compact with time", date, "20261221103000", `"2026-12-21"`},
		{"date with time", date, "2026-12-21 10:00:00", `"2026-12-21"`},
		{"date with short time", date, "2026/8/3 9:05", `"2026-08-03"`},
		{"date with fractions", date, "2026-12-21 10:00:00.123456", `"2026-12-21"`},
		{"date ISO", date, "2026-12-21T10:00:00+08:00", `"2026-12-21"`},
		{"date in another zone", date, "2026-12-20T20:00:00Z", `"2026-12-21"`},
		{"date of PostgreSQL", date, "2026-12-20 20:00:00+00", `"2026-12-21"`},
		{"date full-width", date, "２０１８.８.１３", `"2018-08-13"`},
		{"date full-width signs", date, "２０１８－０８－１３", `"2018-08-13"`},
		{"date Chinese with time", date, "2026年8月3日 10：30", `"2026-08-03"`},
		{"date leap day", date, "2024-02-29", `"2024-02-29"`},
		{"date sentinel", date, "9999-09-09", none},
		{"date sentinel with time", date, "9999-12-31 00:00:00", none},
		{"date open", date, "长期", none},
		{"date sentinel required", Field{Is: DateKind, Required: true}, "9999-09-09", Required},
		{"date formatted", Field{Is: DateKind, Format: "yyyyMMdd"}, "2026.8.3", `"20260803"`},
		{"date formatted with time", Field{Is: DateKind, Format: "yyyy-MM-dd HH:mm:ss"}, "2026/8/3 9:05", `"2026-08-03 09:05:00"`},
		{"date formatted in Chinese", Field{Is: DateKind, Format: "yyyy年MM月dd日"}, "2026/8/3", `"2026年08月03日"`},
		{"date impossible", date, "2026-02-29", ImpossibleDate},
		{"date impossible compact", date, "20260231", ImpossibleDate},
		{"date impossible month", date, "2026.13.1", ImpossibleDate},
		{"date impossible hour", date, "2026-12-21 25:00", NotADate},
		{"date of another age", date, "0026-01-01", ImpossibleDate},
		{"date two-digit year", date, "26.8.3", TwoDigitYear},
		{"date two-digit year Chinese", date, "26年8月3日", TwoDigitYear},
		{"date without day", date, "2026年1月", DateWithoutDay},
		{"date without day dots", date, "2026.1", DateWithoutDay},
		{"date without year", date, "1.22", NotADate},
		{"date Excel serial", date, "46036", ExcelSerial},
		{"date mixed signs", date, "2026-8.3", NotADate},
		{"date of words", date, "上周三", NotADate},
		{"date with rubbish", date, "2026-12-21 左右", NotADate},
		{"date twice", date, "2029.5.1，2025.3.1", NotADate},
		{"date bare year", date, "2026", NotADate},

		{"credit code", Field{Is: CreditCode}, "91350100M000100Y43", `"91350100M000100Y43"`},
		{"credit code untidy", Field{Is: CreditCode}, "\t９１350100m000100 y4\u200b3", `"91350100M000100Y43"`},
		{"credit code check digit", Field{Is: CreditCode}, "91350100M000100Y44", CreditCodeCheck},
		{"credit code letter", Field{Is: CreditCode}, "91330100799655O58B", CreditCodeChars},
		{"credit code length", Field{Is: CreditCode}, "9135010", CreditCodeLength},
		{"credit code scientific", Field{Is: CreditCode}, "9.14104219977831e+17", Scientific},

		{"id", Field{Is: ID}, " JG-2026 001\u200b", `"JG-2026001"`},
		{"id keeps zeros", Field{Is: ID}, "0205262020040290", `"0205262020040290"`},
		{"id full-width", Field{Is: ID}, "豫Ｄ－４２５９９９", `"豫D-425999"`},
		{"id keeps its brackets", Field{Is: ID}, "〔2026〕3号（补）", `"〔2026〕3号（补）"`},
		{"id scientific", Field{Is: ID}, "1.6E+10", Scientific},

		{"code by name", Field{Codes: "spot_result"}, "未发现问题", `"R1"`},
		{"code by code", Field{Codes: "spot_result"}, " R5 ", `"R5"`},
		{"code by alias", Field{Codes: "spot_result"}, "没问题", `"R1"`},
		{"code in NFKC", Field{Codes: "spot_result"}, "通过登记的住所(经营场所)无法联系", `"R4"`},
		{"code full-width", Field{Codes: "spot_result"}, "Ｒ４", `"R4"`},
		{"code unknown", Field{Codes: "spot_result"}, "1.未发现问题", UnknownCode},
		{"code by default", Field{Codes: "spot_result", Default: "没问题"}, "", `"R1"`},
		{"code missing", Field{Codes: "spot_result", Required: true}, "", Required},
		{"codes", set, "发现问题已责令改正、 R4；", `["R5","R4"]`},
		{"codes once each", set, "R4、R4", `["R4"]`},
		{"codes joined", Field{Codes: "spot_result", Split: "、", Join: ","}, "R5、R4", `"R5,R4"`},
		{"codes exclusive", set, "未发现问题、R4", ExclusiveCode},
		{"codes unknown", set, "R4、好、还行", UnknownCode + " " + UnknownCode},
		{"codes none", set, "、、", none},
		{"codes none required", Field{Codes: "spot_result", Split: "、", Required: true}, "、", Required},

		{"list", Field{Split: ",，、;；"}, ",0205，豫D、", `["0205","豫D"]`},
		{"list of ids", Field{Split: "，", Is: ID}, "16040421001，豫D-425999", `["16040421001","豫D-425999"]`},
		{"list of numbers", Field{Split: ",", Is: Integer}, "1,02", `[1,2]`},
		{"list of dates", Field{Split: "，", Is: DateKind}, "2029.5.1，2025.3.1", `["2029-05-01","2025-03-01"]`},
		{"list joined", Field{Split: ",;", Join: "、"}, "甲;乙,", `"甲、乙"`},
		{"list joined too long", Field{Split: ",;", Join: "、", Max: 2}, "甲;乙,", TooLong},
		{"list member too long", Field{Split: ",", Max: 2}, "甲,乙丙丁", TooLong},
		{"list member at fault", Field{Split: ",", Is: Integer}, "1,x", NotAnInteger},

		{"invalid UTF-8", Field{}, "石\xff", InvalidUTF8},
		{"a text beyond reason", Field{Required: true}, strings.Repeat("长", 400_000), TextTooLarge},
		{"citizen ID", Field{}, "联系人张某 11010519491231002X", HoldsCitizenID},
		{"citizen ID grouped", Field{}, "110105 19491231 002x 张某", HoldsCitizenID},
		{"citizen ID full-width", Field{}, "张某１１０１０５１９４９１２３１００２Ｘ", HoldsCitizenID},
		{"no citizen ID: check digit", Field{}, "110105194912310021", `"110105194912310021"`},
		{"no citizen ID: credit code", Field{}, "914403001922038216", `"914403001922038216"`},
		{"citizen ID in an id", Field{Is: ID}, "440524188001010014", `"440524188001010014"`},
		{"mobile", Field{}, "电话13800001234打不通", HoldsPhone},
		{"mobile grouped", Field{}, "138-0000-1234", HoldsPhone},
		{"mobile with country", Field{}, "+86 13800001234", HoldsPhone},
		{"mobile full-width", Field{}, "１３８００００１２３４", HoldsPhone},
		{"no mobile: certificate", Field{}, "郭某(16040421058)", `"郭某(16040421058)"`},
		{"no mobile: masked", Field{}, "196****8261", `"196****8261"`},
		{"no mobile: long number", Field{}, "0205262020040290", `"0205262020040290"`},
	} {
		t.Run(test.what, func(t *testing.T) {
			if got := applyOne(t, test.field, test.local); got != test.want {
				t.Errorf("%q became %s, want %s", test.local, got, test.want)
			}
		})
	}
}

// A fault may be logged, exported and shown: it holds no whole identity or phone number.
func TestFaultsMaskPersonalNumbers(t *testing.T) {
	for _, test := range []struct {
		field Field
		local string
		leak  string
	}{
		{Field{}, "张某 11010519491231002X", "19491231"},
		{Field{}, "１３８００００１２３４", "80000"},
		{Field{Is: CreditCode}, "11010519491231002X", "19491231"},
		{Field{Is: CreditCode}, "110105194912310021", "19491231"},
		{Field{Is: Integer}, "13800001234号", "80000"},
		{Field{Is: DateKind}, "138 0000 1234", "0000"},
		{Field{Codes: "spot_result"}, "电话13800001234", "80000"},
	} {
		p := mustCompile(t, oneField(test.field))
		var rec Record
		row := rowOf(p, map[string]string{"编号": "1", "值": test.local})
		p.Apply(row, &rec)
		if len(rec.Faults) == 0 {
			t.Errorf("%q is no fault", test.local)
		}
		for _, f := range rec.Faults {
			if strings.Contains(f.Error(), test.leak) || strings.Contains(f.Error(), test.local) {
				t.Errorf("%q stands in the fault %v", test.local, f)
			}
		}
		for _, step := range p.Explain(row) {
			if strings.Contains(step.Local+step.Value, test.leak) {
				t.Errorf("%q stands in the step %+v", test.local, step)
			}
		}
	}
}
