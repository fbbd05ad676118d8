package main

import (
	"database/sql"
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	_ "modernc.org/sqlite" // the bureau's own database
)

// What must become of every row of the sample bureau's registries, read and judged with none of our packages.

// The fates of rows. A row that a mapping's where leaves out has no record.
const (
	fateExcluded = "excluded"
	fateNotReady = "not_ready"
	fateWithheld = "withheld"
	fateInvalid  = "invalid"
	fateRejected = "rejected"
	fatePlatform = "platform"
	fateSite     = "site"
)

// rowID names one row of a registry.
type rowID struct{ Stream, Key string }

// fates reads the bureau's workbooks, its csv and its database.
func (s stand) fates() map[rowID]string {
	s.Helper()
	all := map[rowID]string{}
	for _, row := range s.workbook("台账/随机抽查事项清单.xlsx", "事项编码") {
		all[rowID{"inspection_items", row["事项编码"]}] = fatePlatform
	}
	for _, row := range s.workbook("台账/检查对象名录库.xlsx", "对象编号") {
		all[rowID{"inspection_objects", row["对象编号"]}] = objectFate(row)
	}
	for _, row := range s.csv("台账/执法检查人员名录库.csv") {
		all[rowID{"inspectors", row["执法证号"]}] = fatePlatform
	}
	s.resultFates(all)
	return all
}

// workbook gives the rows of the first sheet that have a key, by the names of their columns.
func (s stand) workbook(name, key string) (all []map[string]string) {
	s.Helper()
	f, err := excelize.OpenFile(s.path(name))
	s.ok(err)
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	s.ok(err)
	header := slices.IndexFunc(rows, func(row []string) bool { return slices.Contains(row, key) })
	if header < 0 {
		s.Fatalf("%s has no column %s", name, key)
	}
	for i, row := range rows[header+1:] {
		s.ok(showNumbers(f, header+2+i, row))
		if named := byColumn(rows[header], row); named[key] != "" {
			all = append(all, named)
		}
	}
	return all
}

// showNumbers makes long numbers look as they do in Excel: 4.10421E+14.
func showNumbers(f *excelize.File, number int, row []string) error {
	for i, text := range row {
		long, err := strconv.ParseFloat(text, 64)
		if err != nil || len(text) < 12 {
			continue
		}
		at, err := excelize.CoordinatesToCellName(i+1, number)
		if err != nil {
			return err
		}
		kind, err := f.GetCellType(f.GetSheetName(0), at)
		if err != nil {
			return err
		}
		if kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber {
			row[i] = strconv.FormatFloat(long, 'E', 5, 64)
		}
	}
	return nil
}

func (s stand) csv(name string) (all []map[string]string) {
	s.Helper()
	f, err := os.Open(s.path(name))
	s.ok(err)
	defer f.Close()
	rows, err := csv.NewReader(simplifiedchinese.GB18030.NewDecoder().Reader(f)).ReadAll()
	s.ok(err)
	for _, row := range rows[1:] {
		all = append(all, byColumn(rows[0], row))
	}
	return all
}

func byColumn(header, row []string) map[string]string {
	named := map[string]string{}
	for i, cell := range row {
		named[header[i]] = cell
	}
	return named
}

func objectFate(row map[string]string) string {
	kinds := []string{"市场主体", "矿山", "村", "个人", "机关事业单位"}
	switch {
	case row["对象类别"] == "市场主体" && row["登记状态"] != "存续":
		return fateExcluded
	case strings.Contains(row["注册号"], "E+"), !slices.Contains(kinds, row["对象类别"]), !creditCode(row["统一社会信用代码"]):
		return fateInvalid
	}
	return fatePlatform
}

// resultFates leaves to SQL what SQL can judge.
func (s stand) resultFates(all map[rowID]string) {
	s.Helper()
	db, err := sql.Open("sqlite", s.path("业务库.db"))
	s.ok(err)
	defer db.Close()
	rows, err := db.QueryContext(s.Context(), `SELECT 结果编号, COALESCE(统一社会信用代码, ''), 检查结果, CASE
		WHEN 年度 < 2026 THEN 'excluded'
		WHEN 状态 <> '已审核' THEN 'not_ready'
		WHEN 涉密 = '是' AND 保密审批文号 IS NOT NULL THEN 'withheld'
		WHEN 涉密 = '是' OR 检查日期 LIKE '%-11-31' THEN 'invalid'
		WHEN 检查人员2 IS NULL THEN 'rejected'
		WHEN 对象类别 <> '市场主体' THEN 'site'
		ELSE 'platform' END FROM 检查结果`)
	s.ok(err)
	defer rows.Close()
	for rows.Next() {
		var key, code, class, fate string
		s.ok(rows.Scan(&key, &code, &class, &fate))
		if (fate == fatePlatform || fate == fateSite) && !(creditCode(code) && knownClass(class)) {
			fate = fateInvalid
		}
		all[rowID{"inspection_results", key}] = fate
	}
	s.ok(rows.Err())
}

// knownClass: every part is one of the eight classes of 国市监信〔2019〕38号, as far as the sample has them.
func knownClass(text string) bool {
	known := []string{"未发现问题", "未按规定公示应当公示的信息", "通过登记的住所(经营场所)无法联系", "发现问题已责令改正",
		"未发现开展本次抽查涉及的经营活动", "发现问题待后续处理"}
	for part := range strings.SplitSeq(text, "、") {
		if !slices.Contains(known, part) {
			return false
		}
	}
	return true
}

// creditCode holds the check digit of GB 32100-2015. No code is no fault: mines and people have none.
func creditCode(code string) bool {
	const digits = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	if code == "" {
		return true
	}
	if len(code) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		sum += strings.IndexByte(digits, code[i]) * weight
		weight = weight * 3 % 31
	}
	return digits[(31-sum%31)%31] == code[17]
}

// checkWorld holds our reading of the registries to what the maker of the sample says of it.
func (s stand) checkWorld(all map[rowID]string) {
	s.Helper()
	got, world := map[rowID]int{}, s.demoFile().World
	for row, fate := range all {
		got[rowID{row.Stream, fate}]++
	}
	o, r := world.ObjectFates, world.ResultFates
	for fate, want := range map[string][2]int{fateExcluded: {o.Excluded, r.Excluded}, fateNotReady: {o.NotReady, r.NotReady},
		fateWithheld: {o.Withheld, r.Withheld}, fateInvalid: {o.Invalid, r.Invalid}, fateRejected: {o.Rejected, r.Rejected},
		fatePlatform: {o.Platform, r.Platform}, fateSite: {o.Site, r.Site}} {
		have := [2]int{got[rowID{"inspection_objects", fate}], got[rowID{"inspection_results", fate}]}
		if have != want {
			s.Errorf("%s: the registries have %d objects and results, their maker says %d", fate, have, want)
		}
	}
}

func TestCreditCodeOfTheTruth(t *testing.T) {
	for code, want := range map[string]bool{"91410421MA012HJ223": true, "91410421MA012HJ224": false, "9141": false, "": true} {
		if creditCode(code) != want {
			t.Errorf("%q: %v", code, !want)
		}
	}
}
