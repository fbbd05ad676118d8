package registry

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sniff finds the encoding of a csv file by looking at all of it: a file may begin with pages of plain digits.
func sniff(r io.Reader) (encoding.Encoding, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	head, err := br.Peek(3)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return unicode.UTF8BOM, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	}
	good, bad := 0, 0
	for {
		c, size, err := br.ReadRune()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if c == utf8.RuneError && size == 1 {
			bad++
		} else if size > 1 {
			good++
		}
	}
	// A few broken characters in a UTF-8 file are faults of their rows; GB18030 read as UTF-8 is broken nearly everywhere.
	if bad*10 > good {
		return simplifiedchinese.GB18030, nil
	}
	return unicode.UTF8, nil
}

func encodingOf(s *snapshot) (encoding.Encoding, error) {
	src, err := os.Open(s.copy)
	if err != nil {
		return nil, err
	}
	enc, err := sniff(src)
	return enc, errors.Join(err, src.Close())
}

// separators are tried in this order.
func separators() []rune { return []rune{',', '\t', ';', '，'} }

// csvLines streams a csv file. Rows are numbered as a spreadsheet would: a line break within quotes makes no new row.
type csvLines struct {
	file   *os.File
	csv    *csv.Reader
	g      *guard
	inside int // line breaks within quotes so far
	cells  []cell
}

func openCSV(path string, enc encoding.Encoding, separator rune) (*csvLines, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	// The guard stands before the csv reader: a quote that is never closed must not swallow the file.
	g := &guard{r: transform.NewReader(f, enc.NewDecoder()), part: 1 << 62, token: maxToken}
	r := csv.NewReader(g)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = separator, -1, true, true
	return &csvLines{file: f, csv: r, g: g}, nil
}

func (c *csvLines) close() error { return c.file.Close() }

func (c *csvLines) next() (line, error) {
	c.g.token = maxToken
	record, err := c.csv.Read()
	if err != nil {
		return line{}, err
	}
	start, _ := c.csv.FieldPos(0)
	l := line{number: start - c.inside}
	c.cells = c.cells[:0]
	for _, field := range record {
		c.inside += strings.Count(field, "\n")
		c.cells = append(c.cells, textCell(unprotect(field)))
	}
	l.cells = c.cells
	return l, nil
}

// unprotect takes off ="0123", by which exports keep a spreadsheet from making a number of a code.
func unprotect(s string) string {
	if inner, ok := strings.CutPrefix(strings.TrimSpace(s), `="`); ok && strings.HasSuffix(inner, `"`) {
		return strings.TrimSuffix(inner, `"`)
	}
	return s
}
