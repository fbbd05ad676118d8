package registry

import (
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// maxStringsInMemory is where the table of shared strings moves to a file.
const maxStringsInMemory = 48 << 20

// stringTable is the workbook's shared strings, one after the other, with where each ends.
type stringTable struct {
	buf  []byte
	file *os.File
	ends []int64
	size int64
}

func (b *book) readStrings() error {
	b.strings = &stringTable{}
	escaped := regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)
	err := b.walk("xl/sharedStrings.xml", func(d *decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		s, err := richText(d, "si")
		if err != nil {
			return err
		}
		return b.strings.add(unescape(escaped, s))
	})
	if err != nil {
		return err
	}
	return b.strings.flushIfFile()
}

// richText joins the runs of a text up to the end of element; the phonetic guide of a text is not part of it.
func richText(d *decoder, element string) (string, error) {
	var out string
	inText, inGuide := false, false
	for {
		t, err := d.token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			inText = t.Name.Local == "t"
			inGuide = inGuide || t.Name.Local == "rPh"
		case xml.EndElement:
			inText = false
			if t.Name.Local == "rPh" {
				inGuide = false
			}
			if t.Name.Local == element {
				return out, nil
			}
		case xml.CharData:
			if inText && !inGuide {
				out += string(t)
			}
		}
	}
}

// unescape reads _x000D_ as the character it stands for (ECMA-376 part 1, 22.9.2.19).
func unescape(escaped *regexp.Regexp, s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(m string) string {
		n, err := strconv.ParseUint(m[2:6], 16, 16)
		if err != nil {
			return m
		}
		return string(rune(n))
	})
}

func (t *stringTable) add(s string) error {
	t.buf = append(t.buf, s...)
	t.size += int64(len(s))
	t.ends = append(t.ends, t.size)
	if len(t.buf) > maxStringsInMemory {
		return t.spill()
	}
	return nil
}

func (t *stringTable) spill() error {
	if t.file == nil {
		f, err := os.CreateTemp("", "creditsync-strings-")
		if err != nil {
			return err
		}
		t.file = f
	}
	_, err := t.file.Write(t.buf)
	t.buf = t.buf[:0]
	return err
}

func (t *stringTable) flushIfFile() error {
	if t.file == nil {
		return nil
	}
	return t.spill()
}

func (t *stringTable) get(i int) (string, error) {
	if i < 0 || i >= len(t.ends) {
		return "", fmt.Errorf("shared string %d of %d", i, len(t.ends))
	}
	from, to := int64(0), t.ends[i]
	if i > 0 {
		from = t.ends[i-1]
	}
	if t.file == nil {
		return string(t.buf[from:to]), nil
	}
	b := make([]byte, to-from)
	_, err := t.file.ReadAt(b, from)
	return string(b), err
}

func (t *stringTable) close() error {
	if t == nil || t.file == nil {
		return nil
	}
	return errors.Join(t.file.Close(), os.Remove(t.file.Name()))
}
