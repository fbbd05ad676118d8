package registry

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Limits against a workbook made to do harm; the largest honest sheet (1,048,576 rows) stays below 2 GiB.
const (
	maxPart  = 2 << 30  // bytes of one unpacked part
	maxToken = 32 << 20 // bytes between two marks of its XML
)

var errTooLarge = errors.New("a part of the file unpacks to more than is sensible")

// book is an open workbook. The sheets are read by ourselves and not by excelize, whose stream of rows tells neither a
// cell's type nor its format: a code that became a number could not be told from text.
type book struct {
	zip      *zip.ReadCloser
	sheets   []bookSheet
	date1904 bool
	formats  []format // by cell style
	strings  *stringTable
}

type bookSheet struct {
	name, part string
	hidden     bool
}

func openBook(file string) (*book, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, err
	}
	b := &book{zip: z}
	if err := errors.Join(b.readSheets(), b.readFormats(), b.readStrings()); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *book) close() error { return errors.Join(b.zip.Close(), b.strings.close()) }

// guard stops at a size that no honest file reaches.
type guard struct {
	r           io.Reader
	part, token int64
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	if g.part -= int64(n); g.part < 0 {
		return n, errTooLarge
	}
	if g.token -= int64(n); g.token < 0 {
		return n, errTooLarge
	}
	return n, err
}

// part opens a part of the package; a missing one is nil.
func (b *book) part(name string) (io.ReadCloser, error) {
	for _, f := range b.zip.File {
		if strings.EqualFold(strings.TrimPrefix(f.Name, "/"), name) {
			if f.UncompressedSize64 > maxPart {
				return nil, errTooLarge
			}
			return f.Open()
		}
	}
	return nil, nil
}

// walk calls element for every start element of a part. The decoder may be used to read what follows.
func (b *book) walk(name string, element func(d *decoder, e xml.StartElement) error) error {
	r, err := b.part(name)
	if err != nil || r == nil {
		return err
	}
	defer r.Close()
	d := newDecoder(r)
	for {
		t, err := d.token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := element(d, e); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
}

type decoder struct {
	xml *xml.Decoder
	g   *guard
}

func newDecoder(r io.Reader) *decoder {
	g := &guard{r: r, part: maxPart, token: maxToken}
	return &decoder{xml.NewDecoder(g), g}
}

func (d *decoder) token() (xml.Token, error) {
	d.g.token = maxToken
	return d.xml.RawToken()
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }

func (b *book) readSheets() error {
	const dir = "xl"
	parts := map[string]string{}
	err := b.walk(dir+"/_rels/workbook.xml.rels", func(_ *decoder, e xml.StartElement) error {
		target := attr(e, "Target")
		if rooted, ok := strings.CutPrefix(target, "/"); ok {
			target = rooted
		} else {
			target = path.Join(dir, target)
		}
		parts[attr(e, "Id")] = target
		return nil
	})
	if err != nil {
		return err
	}
	err = b.walk(dir+"/workbook.xml", func(_ *decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.date1904 = isTrue(attr(e, "date1904"))
		case "sheet":
			b.sheets = append(b.sheets, bookSheet{attr(e, "name"), parts[relationID(e)], strings.HasSuffix(strings.ToLower(attr(e, "state")), "hidden")})
		}
		return nil
	})
	if err == nil && len(b.sheets) == 0 {
		err = errors.New("no sheets: this is no xlsx workbook")
	}
	return err
}

func relationID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

func (b *book) readFormats() error {
	custom := map[string]format{}
	inCells := false
	return b.walk("xl/styles.xml", func(_ *decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			custom[attr(e, "numFmtId")] = parseFormat(attr(e, "formatCode"))
		case "cellXfs":
			inCells = true
		case "cellStyles", "cellStyleXfs", "dxfs":
			inCells = false
		case "xf":
			if inCells {
				id := attr(e, "numFmtId")
				f, ok := custom[id]
				if !ok {
					f = builtinFormat(number(id))
				}
				b.formats = append(b.formats, f)
			}
		}
		return nil
	})
}
