package simulation

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"creditsync/connector"
	"creditsync/mapping"
	"creditsync/mapping/identity"
)

// The tables of the bureau and the streams made of them.
const (
	objectsTable  = "检查对象"
	resultsTable  = "检查结果"
	objectsStream = "inspection_objects"
	resultsStream = "inspection_results"
	channelName   = "simulated"
)

func streamOf(table string) string {
	if table == objectsTable {
		return objectsStream
	}
	return resultsStream
}

// row is a row of the bureau: what it says, and not how it is mapped.
type row struct {
	key       string
	version   int // counts every change of any row: what was said later has a greater one
	object    int
	inspected mapping.Date
	changed   time.Time // as the row is stamped, which may be before others can see it

	secret, unready, excluded, nonsense, weak bool
}

// cell is what stands in a column.
func (r *row) cell(column string) string {
	switch column {
	case "结果编号":
		return r.key
	case "统一社会信用代码":
		return creditCode(r.object)
	case "名称":
		return fmt.Sprintf("仿真企业%d", r.object)
	case "版本":
		return "v" + strconv.Itoa(r.version)
	case "年度":
		return either(r.excluded, "2025", "2026")
	case "状态":
		return either(r.unready, "待审核", "已审核")
	case "检查日期":
		return either(r.nonsense, "某日", r.inspected.String())
	case "检查结果":
		return "1"
	case "检查人员":
		return either(r.weak, "张三", "张三、李四")
	case "涉密":
		return either(r.secret, "是", "否")
	case "审批文号":
		return either(r.secret, "密〔2026〕1号", "")
	case "责任单位":
		return "利用股"
	case "发现问题":
		return "无"
	case "更新时间":
		return r.changed.In(shanghai()).Format(time.DateTime)
	}
	panic("no column " + column)
}

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func creditCode(object int) string {
	return identity.NewCreditCode("9", "1", "410421", uint64(object+1))
}

// bureau is the local registry. A read sees one instant.
type bureau struct {
	now    func() time.Time
	tables map[string][]row
	onRead func(stream string, full bool, rows []row, source int)
}

// Close implements connector.Registry.
func (b *bureau) Close() error { return nil }

// Count implements connector.Registry.
func (b *bureau) Count(_ context.Context, s mapping.Source) (int64, error) {
	return int64(len(b.tables[s.Table])), nil
}

// overlap is that of the mapping.
const overlap = 15 * time.Minute

// Read implements connector.Registry as a database would: the rows changed since the mark less the overlap, and a new mark
// that is never past the clock less the overlap.
func (b *bureau) Read(_ context.Context, q connector.Query, visit func([]mapping.Row) error) (connector.Summary, error) {
	table := b.tables[q.Source.Table]
	sum := connector.Summary{Source: int64(len(table)), Clock: b.now()}
	since, err := time.ParseInLocation(time.DateTime, q.Since, shanghai())
	incremental := err == nil && q.Keys == nil && q.Source.Changed != nil
	latest := since
	var rows []row
	var page []mapping.Row
	for _, r := range table {
		if r.changed.After(latest) {
			latest = r.changed
		}
		if incremental && r.changed.Before(since.Add(-overlap)) || q.Keys != nil && !slices.Contains(q.Keys, b.key(q.Source.Table, &r)) {
			continue
		}
		rows = append(rows, r)
		page = append(page, cells(&r, q.Columns))
	}
	sum.Rows = int64(len(page))
	if limit := sum.Clock.Add(-overlap); latest.After(limit) {
		latest = limit
	}
	if q.Source.Changed != nil && !latest.IsZero() {
		sum.Cursor = latest.In(shanghai()).Format(time.DateTime)
	}
	b.onRead(streamOf(q.Source.Table), !incremental && q.Keys == nil, rows, len(table))
	if len(page) > 0 {
		err = visit(page)
	} else {
		err = nil
	}
	return sum, err
}

func cells(r *row, columns []string) mapping.Row {
	out := mapping.Row{Cells: make([]string, len(columns))}
	for i, c := range columns {
		out.Cells[i] = r.cell(c)
	}
	return out
}

func (b *bureau) key(table string, r *row) string {
	if table == objectsTable {
		return creditCode(r.object)
	}
	return r.key
}

func versionIn(text string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(text, "v"))
	return n
}
