package registry

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/xuri/excelize/v2"
)

const cutMark = "…（内容过长，已截断）"

// WriteWorkbook writes a workbook whole or not at all: to a temporary name beside path, then renamed. Every cell is text,
// also for the person who edits it: codes keep their leading zeros and all their digits, and a value that begins with = is
// no formula. Rows are streamed; after 1,048,575 of them a further sheet of the same name with a number begins. A text
// above Excel's limit of 32,767 characters is cut and says so.
func WriteWorkbook(path, sheet string, columns []string, rows iter.Seq2[[]string, error]) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	w, err := newBookWriter(f, sheet, columns)
	if err != nil {
		return fmt.Errorf("begin workbook: %w", err)
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := w.write(row); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := w.stream.Flush(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return replaceFile(path, func(dst *os.File) error { return f.Write(dst) })
}

// replaceFile writes beside path and renames, so that nobody ever reads half a file.
func replaceFile(path string, write func(*os.File) error) error {
	dst, err := os.CreateTemp(filepath.Dir(path), ".creditsync-*.tmp")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	err = errors.Join(write(dst), dst.Chmod(0o644), dst.Sync(), dst.Close())
	if err == nil {
		err = os.Rename(dst.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), errors.Join(err, os.Remove(dst.Name())))
	}
	return nil
}

// bookWriter writes one sheet after the other.
type bookWriter struct {
	file        *excelize.File
	name        string
	columns     []string
	sheets, row int
	stream      *excelize.StreamWriter
	text, title int // styles
	values      []any
}

func newBookWriter(f *excelize.File, sheet string, columns []string) (*bookWriter, error) {
	const textFormat = 49 // "@"
	w := &bookWriter{file: f, name: sheet, columns: columns}
	var err error
	if w.text, err = f.NewStyle(&excelize.Style{NumFmt: textFormat}); err != nil {
		return nil, err
	}
	if w.title, err = f.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}}); err != nil {
		return nil, err
	}
	return w, w.begin()
}

func (w *bookWriter) begin() (err error) {
	name := w.name
	if w.sheets++; w.sheets == 1 {
		err = w.file.SetSheetName("Sheet1", name)
	} else {
		name = fmt.Sprintf("%s (%d)", w.name, w.sheets)
		_, err = w.file.NewSheet(name)
	}
	if err != nil {
		return err
	}
	if w.stream, err = w.file.NewStreamWriter(name); err != nil {
		return err
	}
	err = w.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err == nil && len(w.columns) > 0 {
		err = errors.Join(w.stream.SetColStyle(1, len(w.columns), w.text), w.stream.SetColWidth(1, len(w.columns), 20))
	}
	w.row = 0
	return errors.Join(err, w.put(w.columns, w.title))
}

func (w *bookWriter) write(row []string) error {
	if w.row >= excelize.TotalRows {
		if err := w.stream.Flush(); err != nil {
			return err
		}
		if err := w.begin(); err != nil {
			return err
		}
	}
	return w.put(row, w.text)
}

func (w *bookWriter) put(row []string, style int) error {
	w.row++
	w.values = w.values[:0]
	for _, s := range row {
		w.values = append(w.values, excelize.Cell{StyleID: style, Value: cutCell(s)})
	}
	return w.stream.SetRow(fmt.Sprintf("A%d", w.row), w.values)
}

// cutCell counts as Excel does, in UTF-16 units, on the safe side.
func cutCell(s string) string {
	if len(s) <= excelize.TotalCellChars {
		return s
	}
	units := 0
	for i, r := range s {
		units++
		if r > 0xFFFF {
			units++
		}
		if units > excelize.TotalCellChars-20 {
			return s[:i] + cutMark
		}
	}
	return s
}
