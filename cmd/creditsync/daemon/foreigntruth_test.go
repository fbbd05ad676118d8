package daemon_test

import (
	"database/sql"
	"encoding/csv"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"creditsync/mapping"

	_ "github.com/lib/pq"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const set1 = root + "fixtures/foreign/set1"

type mappingFault = mapping.Fault

// sheet is a sheet of a workbook as excelize reads it: the key of every row that holds a record, and the number that
// stands in the sheet's own totals row.
type sheet struct {
	keys  []string
	total int64
}

// layout says where a sheet keeps what the test counts.
type layout struct {
	file, sheet, total string // total: the cell
	key                []int  // columns, from 0
	must               int    // a column that every record has and no other row
}

func layoutOf(stream string) layout {
	return map[string]layout{
		inspectors: {"执法检查人员名录库.xlsx", "执法检查人员名录库", "B65", []int{5}, 2},
		objects:    {"检查对象名录库.xlsx", "检查对象名录库", "M822", []int{1}, 5},
		results:    {"检查结果台账.xlsx", "2026年台账", "D425", []int{2, 3, 5}, 6},
	}[stream]
}

func openSheet(t *testing.T, l layout) (f *excelize.File, rows [][]string) {
	t.Helper()
	f, err := excelize.OpenFile(set1 + "/" + l.file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if rows, err = f.GetRows(l.sheet); err != nil {
		t.Fatal(err)
	}
	return f, rows
}

func readSheet(t *testing.T, stream string) (s sheet) {
	t.Helper()
	l := layoutOf(stream)
	f, rows := openSheet(t, l)
	total, err := f.GetCellValue(l.sheet, l.total)
	if err != nil {
		t.Fatal(err)
	}
	if s.total, err = strconv.ParseInt(total, 10, 64); err != nil {
		t.Fatal(err)
	}
	dates(t, f, l.sheet, rows)
	fill(t, f, l.sheet, rows)
	for _, row := range rows[4:] { // below two title rows and two header rows
		if len(row) <= l.must || row[l.must] == "" || row[0] == "序号" || row[l.must] == "主检" {
			continue
		}
		var key []string
		for _, at := range l.key {
			key = append(key, strings.TrimSpace(row[at]))
		}
		s.keys = append(s.keys, strings.Join(key, "\x1f"))
	}
	return s
}

// dates writes cells that Excel keeps as days in one way, however they are shown.
func dates(t *testing.T, f *excelize.File, name string, rows [][]string) {
	t.Helper()
	raw, err := f.GetRows(name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for r, row := range rows {
		for c, shown := range row {
			number, err := strconv.ParseFloat(raw[r][c], 64)
			if err != nil || raw[r][c] == shown || !strings.ContainsAny(shown, "-/年") {
				continue
			}
			day, err := excelize.ExcelDateToTime(number, false)
			if err != nil {
				t.Fatal(err)
			}
			row[c] = day.Format(time.DateOnly)
		}
	}
}

// fill gives every row of a merged range the value of its first.
func fill(t *testing.T, f *excelize.File, name string, rows [][]string) {
	t.Helper()
	merges, err := f.GetMergeCells(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range merges {
		col, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			t.Fatal(err)
		}
		_, bottom, err := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err != nil {
			t.Fatal(err)
		}
		for r := max(top, 4); r < bottom; r++ {
			rows[r][col-1] = rows[top-1][col-1]
		}
	}
}

// numbers are the keys of the rows whose credit code Excel keeps as a number, by the fault that they have: more than 15
// digits are lost, fewer are shown with an exponent. Names that stand twice have another fault.
func numbers(t *testing.T, stream string) map[string][]string {
	t.Helper()
	l := layoutOf(stream)
	f, rows := openSheet(t, l)
	times, found := map[string]int{}, map[string][]string{}
	for _, key := range readSheet(t, stream).keys {
		times[key]++
	}
	for i, row := range rows {
		cell := "C" + strconv.Itoa(i+1)
		kind, err := f.GetCellType(l.sheet, cell)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := f.GetCellValue(l.sheet, cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		number, err := strconv.ParseFloat(raw, 64)
		if err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString || times[row[1]] != 1 {
			continue
		}
		code := "registry.cell_lost_digits"
		switch {
		case number < 1e15 && !strings.Contains(row[2], "E+"):
			continue // shown with all its digits
		case number < 1e15:
			code = "registry.cell_scientific"
		}
		found[code] = append(found[code], row[1])
	}
	return found
}

// readMines reads the exported csv: all rows, and those that are marked as outside the register.
func readMines(t *testing.T) (all, excluded []string) {
	t.Helper()
	f, err := os.Open(set1 + "/采矿权人名单_导出.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(simplifiedchinese.GB18030.NewDecoder().Reader(f)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1 : len(rows)-1] { // the last is the total
		key := strings.TrimSpace(row[1])
		all = append(all, key)
		if row[8] == "否" {
			excluded = append(excluded, key)
		}
	}
	return all, excluded
}

// query asks the dump's database in plain SQL.
type query struct {
	*testing.T
	url string
}

func (q query) rows(statement string, each func(*sql.Rows) error) {
	q.Helper()
	db, err := sql.Open("postgres", q.url)
	if err != nil {
		q.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(q.Context(), statement)
	if err != nil {
		q.Fatal(statement, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			q.Fatal(statement, err)
		}
	}
	if err := rows.Err(); err != nil {
		q.Fatal(statement, err)
	}
}

func (q query) keys(statement string) (all []string) {
	q.Helper()
	q.rows(statement, func(r *sql.Rows) error {
		var key string
		err := r.Scan(&key)
		all = append(all, key)
		return err
	})
	return all
}

// badCodes sorts the keys of broken credit codes by what is wrong with them, after GB 32100-2015.
func (q query) badCodes(statement string) map[string][]string {
	q.Helper()
	bad := map[string][]string{}
	q.rows(statement, func(r *sql.Rows) error {
		var key, code string
		if err := r.Scan(&key, &code); err != nil {
			return err
		}
		if fault := creditFault(code); fault != "" {
			bad[fault] = append(bad[fault], key)
		}
		return nil
	})
	return bad
}

func creditFault(code string) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	if code == "" {
		return ""
	}
	code = strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		if strings.ContainsRune(" \t\r\n\u3000\u00a0-'", r) {
			return -1
		}
		return r
	}, strings.ToUpper(code))
	sum, weight := 0, 1
	switch {
	case regexp.MustCompile(`^\d\.\d+E\+?\d+$`).MatchString(code):
		return "value.scientific"
	case len([]rune(code)) != 18:
		return "value.credit_code_length"
	}
	for i, r := range code {
		at := strings.IndexRune(alphabet, r)
		if at < 0 {
			return "value.credit_code_charset"
		}
		if i < 17 {
			sum, weight = sum+at*weight, weight*3%31
		} else if (31-sum%31)%31 != at {
			return "value.credit_code_check"
		}
	}
	return ""
}
