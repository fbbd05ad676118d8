package registry

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"creditsync/mapping"
)

const (
	defaultPageRows = 5000
	// maxPageBytes makes a page shorter, so that a table of long texts does not show in memory.
	maxPageBytes = 8 << 20
	// maxCellBytes is the longest cell that is handed on; no platform field comes near it.
	maxCellBytes = 1 << 20
	// maxExact is where a binary floating-point number, which is what a workbook holds, no longer shows every digit.
	maxExact = 1e15
)

// page gathers the cells of many rows in one buffer. It is its own sql.Scanner: database/sql scans the columns of a row
// in order, so that the place of a cell follows from how many came before it. One string is made for the whole page.
type page struct {
	columns []string
	buf     []byte
	ends    []int
	faults  map[int][]mapping.Fault // by row
	cells   []string
	rows    []mapping.Row
	targets []any
}

func newPage(columns []string) *page {
	p := &page{columns: columns, faults: map[int][]mapping.Fault{}, targets: make([]any, len(columns))}
	for i := range p.targets {
		p.targets[i] = p
	}
	return p
}

// Scan takes the next cell.
func (p *page) Scan(src any) error {
	switch v := src.(type) {
	case nil:
	case string:
		p.add(v)
		return nil
	case int64:
		p.buf = strconv.AppendInt(p.buf, v, 10)
	case float64:
		if math.Abs(v) >= maxExact {
			p.fault(cellLostDigits, "")
			break
		}
		p.buf = strconv.AppendFloat(p.buf, v, 'f', -1, 64)
	case bool:
		p.buf = strconv.AppendBool(p.buf, v)
	case time.Time:
		p.buf = v.AppendFormat(p.buf, timeLayout)
	case []byte:
		p.fault(cellBinary, "")
	default:
		return fmt.Errorf("value of type %T", src)
	}
	p.ends = append(p.ends, len(p.buf))
	return nil
}

// add takes the next cell as text.
func (p *page) add(cell string) {
	if len(cell) > maxCellBytes {
		p.fault(cellTooLong, strconv.Itoa(len(cell)>>20))
		cell = ""
	}
	p.buf = append(p.buf, cell...)
	p.ends = append(p.ends, len(p.buf))
}

func (p *page) fault(what, shown string) {
	row, col := len(p.ends)/len(p.columns), p.columns[len(p.ends)%len(p.columns)]
	p.faults[row] = append(p.faults[row], columnFault(what, col, "", shown))
}

// columnFault is a fault of one cell; place is empty in a database.
func columnFault(what, column, place, shown string) mapping.Fault {
	return mapping.Fault{What: what, Args: []string{column, place, shown}, Column: column}
}

func (p *page) len() int { return len(p.ends) / len(p.columns) }

func (p *page) reset() {
	p.buf, p.ends = p.buf[:0], p.ends[:0]
	clear(p.faults)
}

// build makes rows of what was scanned; they are valid until the next build. Columns from visible on are for this
// package alone and are cut off the rows; cell gives them.
func (p *page) build(visible int) []mapping.Row {
	p.cut()
	if !utf8.Valid(p.buf) {
		p.repair()
	}
	p.rows = p.rows[:0]
	for i := range p.len() {
		at := i * len(p.columns)
		p.rows = append(p.rows, mapping.Row{Cells: p.cells[at : at+visible : at+visible], Faults: p.faults[i]})
	}
	return p.rows
}

func (p *page) cell(row, column int) string { return p.cells[row*len(p.columns)+column] }

func (p *page) cut() {
	text, from := string(p.buf), 0
	p.cells = p.cells[:0]
	for _, end := range p.ends {
		p.cells = append(p.cells, text[from:end])
		from = end
	}
}

// repair makes a fault of every cell that is no valid text: the row is lost for sending, not for the eye.
func (p *page) repair() {
	for i, c := range p.cells {
		if utf8.ValidString(c) {
			continue
		}
		row, col := i/len(p.columns), p.columns[i%len(p.columns)]
		p.cells[i] = strings.ToValidUTF8(c, "\uFFFD")
		p.faults[row] = append(p.faults[row], columnFault(cellNoText, col, "", ""))
	}
}
