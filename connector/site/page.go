package site

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"creditsync/connector"
)

// pageText is the page that people read and print; everything it needs stands in it.
//
//go:embed page.html.tmpl
var pageText string

// sheet is what the page shows.
type sheet struct {
	Agency, Basis, Number, Day string
	Cards                      []card
}

// card is one record.
type card struct {
	Heading, ID, Mark string
	Withdrawn         bool
	Lines             []line
}

// Index is the record's place on the page, from 1.
func (card) Index(i int) int { return i + 1 }

// line is one field: a text, or the rows of a list.
type line struct {
	Label, Text string
	Head        []string
	Rows        [][]string
}

// Wide says that the field takes the whole width of the page.
func (l line) Wide() bool { return len([]rune(l.Text)) > 14 || l.Head != nil }

// page renders 公示.html. The template escapes every value.
func (c *Channel) page(b connector.Batch) ([]byte, error) {
	t, err := template.New(pageFile).Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("reading the page's template: %w", err)
	}
	beijing := time.FixedZone("Asia/Shanghai", 8*60*60)
	s := sheet{Agency: c.o.Agency, Basis: c.o.Basis, Number: b.Number, Day: c.o.Now().In(beijing).Format("2006年1月2日")}
	columns := c.o.Describe(b.Resource)
	for _, r := range b.Records {
		s.Cards = append(s.Cards, newCard(r, columns))
	}
	var out bytes.Buffer
	if err := t.Execute(&out, s); err != nil {
		return nil, fmt.Errorf("rendering the page: %w", err)
	}
	return out.Bytes(), nil
}

func newCard(r connector.Outgoing, columns []Column) card {
	c := card{ID: strings.ReplaceAll(r.ID, "\x1f", " · "), Withdrawn: r.Op == connector.Delete}
	c.Mark = map[connector.Operation]string{connector.Update: "更正", connector.Delete: "撤回"}[r.Op]
	for name, value := range members(r.Payload) {
		col := columnOf(columns, name)
		if col.Hidden || empty(value) {
			continue
		}
		if col.Heading {
			c.Heading = show(value, col)
			continue
		}
		c.Lines = append(c.Lines, newLine(value, col))
	}
	if c.Heading == "" {
		c.Heading = c.ID
	}
	return c
}

// columnOf is how a field is shown; one that nobody described keeps its own name.
func columnOf(columns []Column, field string) Column {
	for _, c := range columns {
		if c.Field == field {
			return c
		}
	}
	return Column{Field: field, Label: field}
}

func empty(v jsontext.Value) bool {
	return v.Kind() == 'n' || string(v) == `""` || string(v) == "[]" || string(v) == "{}"
}

func newLine(v jsontext.Value, col Column) line {
	l := line{Label: col.Label, Text: show(v, col)}
	if v.Kind() == '[' {
		l.Head, l.Rows = table(v, col.Columns)
	}
	return l
}

// table is a list of objects: its columns are every field that occurs, in order of appearance.
func table(v jsontext.Value, columns []Column) (head []string, rows [][]string) {
	at := map[string]int{}
	for object := range elements(v) {
		if object.Kind() != '{' {
			return nil, nil
		}
		row := make([]string, len(head))
		for name, value := range members(object) {
			col := columnOf(columns, name)
			if col.Hidden {
				continue
			}
			i, known := at[name]
			if !known {
				i, at[name] = len(head), len(head)
				head, row = append(head, col.Label), append(row, "")
			}
			row[i] = show(value, col)
		}
		rows = append(rows, row)
	}
	for i, row := range rows {
		rows[i] = append(row, make([]string, len(head)-len(row))...)
	}
	return head, rows
}

// show is a value as a person reads it: names for codes, a list joined.
func show(v jsontext.Value, col Column) string {
	switch v.Kind() {
	case '[':
		var parts []string
		for e := range elements(v) {
			parts = append(parts, show(e, col))
		}
		return strings.Join(parts, "、")
	case '{':
		var parts []string
		for name, value := range members(v) {
			inner := columnOf(col.Columns, name)
			parts = append(parts, inner.Label+"："+show(value, inner))
		}
		return strings.Join(parts, "；")
	}
	s := text(v)
	if name, ok := col.Codes[s]; ok {
		return name
	}
	return s
}
