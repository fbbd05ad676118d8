package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// show prints v as JSON when --json was given, otherwise calls human.
func (c *cli) show(v any, human func(w io.Writer) error) error {
	if !c.json {
		return human(c.out)
	}
	e := json.NewEncoder(c.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

// column is one column of a printed table.
type column struct {
	title string
	right bool // numbers
	max   int  // widest, in terminal cells; 0: as wide as it gets
}

// grid prints a table that fits 100 columns with Chinese widths right.
func (c *cli) grid(w io.Writer, columns []column, rows [][]string) {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.Style().Options.SeparateColumns = false
	t.Style().Options.DrawBorder = false
	t.Style().Format.Header = text.FormatDefault
	header := make(table.Row, len(columns))
	configs := make([]table.ColumnConfig, len(columns))
	for i, col := range columns {
		header[i] = col.title
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMax: col.max, WidthMaxEnforcer: text.WrapText}
		if col.right {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(configs)
	for _, r := range rows {
		row := make(table.Row, len(r))
		for i, cell := range r {
			row[i] = cell
		}
		t.AppendRow(row)
	}
	t.Render()
}
