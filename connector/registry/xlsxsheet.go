package registry

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// merges reads the merged ranges, which stand behind the rows. Reading to the end also proves that the part is whole
// before the first row is handed out.
func (b *book) merges(s bookSheet) ([]merge, error) {
	r, err := b.part(s.part)
	if err != nil || r == nil {
		return nil, errors.Join(err, missingPart(r, s))
	}
	defer r.Close()
	tail, err := afterRows(r)
	if err != nil {
		return nil, err
	}
	var out []merge
	d := xml.NewDecoder(bytes.NewReader(tail))
	for {
		t, err := d.RawToken()
		if err != nil {
			break // only the rows matter; what follows them may be anything
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "mergeCell" {
			out = appendMerge(out, attr(e, "ref"))
		}
	}
	slices.SortFunc(out, func(a, b merge) int { return cmp.Or(a.top-b.top, a.left-b.left) })
	return out, nil
}

func missingPart(r io.Reader, s bookSheet) error {
	if r == nil {
		return errors.New("the part of sheet " + s.name + " is missing")
	}
	return nil
}

func appendMerge(out []merge, ref string) []merge {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return out
	}
	left, top, err1 := excelize.CellNameToCoordinates(from)
	right, bottom, err2 := excelize.CellNameToCoordinates(to)
	if err1 != nil || err2 != nil {
		return out
	}
	return append(out, merge{top: top, bottom: bottom, left: left - 1, right: right - 1})
}

// afterRows is what stands behind the end of the rows. A '<' never stands in XML text, so that the mark cannot be data.
func afterRows(r io.Reader) ([]byte, error) {
	g := &guard{r: r, part: maxPart, token: maxPart}
	const mark = "sheetData>"
	buf := make([]byte, 1<<16)
	kept := 0
	for {
		n, err := io.ReadFull(g, buf[kept:])
		window := buf[:kept+n]
		if i := endOfRows(window, mark); i >= 0 {
			rest, err := io.ReadAll(io.LimitReader(g, maxToken))
			if err != nil {
				return nil, err
			}
			if _, err := io.Copy(io.Discard, g); err != nil {
				return nil, err
			}
			return append(slices.Clone(window[i:]), rest...), nil
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil, emptySheet(window)
		}
		if err != nil {
			return nil, err
		}
		kept = copy(buf, window[len(window)-64:])
	}
}

// emptySheet accepts <sheetData/>; rows that never end are a file cut off.
func emptySheet(window []byte) error {
	if bytes.Contains(window, []byte("worksheet>")) {
		return nil
	}
	return io.ErrUnexpectedEOF
}

func endOfRows(b []byte, mark string) int {
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte(mark))
		if i < 0 {
			return -1
		}
		i += from
		open := bytes.LastIndexByte(b[:i], '<')
		if open >= 0 && open+1 < len(b) && b[open+1] == '/' {
			return i + len(mark)
		}
		from = i + len(mark)
	}
}

// xlsxLines streams the rows of a sheet.
type xlsxLines struct {
	b       *book
	r       io.ReadCloser
	d       *decoder
	escaped *regexp.Regexp
	row     int
	col     int // where a cell without a reference stands
	cells   []cell
}

func (b *book) lines(s bookSheet) (*xlsxLines, error) {
	r, err := b.part(s.part)
	if err != nil || r == nil {
		return nil, errors.Join(err, missingPart(r, s))
	}
	return &xlsxLines{b: b, r: r, d: newDecoder(r), escaped: regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)}, nil
}

func (x *xlsxLines) close() error { return x.r.Close() }

func (x *xlsxLines) next() (line, error) {
	for {
		t, err := x.d.token()
		if err != nil {
			return line{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "row" {
				return x.readRow(t)
			}
		case xml.EndElement:
			if t.Name.Local == "sheetData" {
				return line{}, io.EOF
			}
		}
	}
}

func (x *xlsxLines) readRow(e xml.StartElement) (line, error) {
	x.row++
	if r := number(attr(e, "r")); r > 0 {
		x.row = r
	}
	l := line{number: x.row, hidden: isTrue(attr(e, "hidden"))}
	x.cells, x.col = x.cells[:0], 0
	for {
		t, err := x.d.token()
		if err != nil {
			return l, broken(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "c" {
				if err := x.readCell(t); err != nil {
					return l, broken(err)
				}
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				l.cells = x.cells
				return l, nil
			}
		}
	}
}

// broken: an end within a row is not the end of the sheet.
func broken(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// maxColumns is Excel's limit, column XFD.
const maxColumns = 16384

func (x *xlsxLines) readCell(e xml.StartElement) error {
	col, style, kind := x.col, 0, ""
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "r":
			col = columnOf(a.Value, col)
		case "s":
			style = number(a.Value)
		case "t":
			kind = a.Value
		}
	}
	x.col = col + 1
	raw, err := x.rawCell()
	if err != nil {
		return err
	}
	c, err := x.value(raw, kind, style)
	if err != nil || c == (cell{}) || col >= maxColumns {
		return err
	}
	for len(x.cells) <= col {
		x.cells = append(x.cells, cell{})
	}
	x.cells[col] = c
	return nil
}

// columnOf is the column of a reference such as AB12, from 0.
func columnOf(ref string, otherwise int) int {
	n := 0
	for i := 0; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && n < maxColumns; i++ {
		n = n*26 + int(ref[i]-'A') + 1
	}
	if n == 0 {
		return otherwise
	}
	return n - 1
}

// rawValue is what stands in a cell element.
type rawValue struct {
	text           string
	valued, formed bool // has a value, has a formula
}

func (x *xlsxLines) rawCell() (v rawValue, err error) {
	element := ""
	for {
		t, err := x.d.token()
		if err != nil {
			return v, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			element = t.Name.Local
			v.formed = v.formed || element == "f"
			v.valued = v.valued || element == "v"
			if element == "is" {
				if v.text, err = richText(x.d, "is"); err != nil {
					return v, err
				}
				v.valued, element = true, ""
			}
		case xml.CharData:
			if element == "v" {
				v.text += string(t)
			}
		case xml.EndElement:
			if t.Name.Local == "c" {
				return v, nil
			}
			element = ""
		}
	}
}

// value makes a cell of what is stored (ECMA-376 part 1, 18.18.11).
func (x *xlsxLines) value(v rawValue, kind string, style int) (cell, error) {
	if v.text == "" {
		// The result of a formula may be an empty text, but then it stands there and says that it is text.
		if v.formed && (kind != "str" || !v.valued) {
			return cell{fault: cellNoValue}, nil
		}
		return cell{}, nil
	}
	switch kind {
	case "s":
		s, err := x.b.strings.get(number(v.text))
		return textCell(s), err
	case "inlineStr", "str":
		return textCell(unescape(x.escaped, v.text)), nil
	case "e":
		return cell{fault: cellError, shown: v.text}, nil
	case "b":
		return cell{text: strings.ToUpper(strconv.FormatBool(isTrue(v.text)))}, nil
	case "d":
		return textCell(strings.TrimSuffix(strings.Replace(v.text, "T", " ", 1), " 00:00:00")), nil
	}
	f := format{general: true}
	if style >= 0 && style < len(x.b.formats) {
		f = x.b.formats[style]
	}
	return f.number(strings.TrimSpace(v.text), x.b.date1904), nil
}
