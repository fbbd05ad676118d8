package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"creditsync/connector"
	"creditsync/jobs"
	"creditsync/mapping"
	"creditsync/mapping/draft"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"
)

// registryCommand groups what is done with local registries.
func (c *cli) registryCommand() *cobra.Command {
	v := &cobra.Command{Use: "registry", Short: c.say.Say("cmd.registry.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	v.AddCommand(c.registryInspect())
	return v
}

// inspected is what `registry inspect` says of one table.
type inspected struct {
	Name     string         `json:"name"`
	Hidden   bool           `json:"hidden,omitempty"`
	Rows     int64          `json:"rows"`
	Read     int64          `json:"read"` // of the rows; what follows is true of these
	Columns  []draft.Column `json:"columns,omitempty"`
	Keys     []draft.Key    `json:"keys,omitempty"`
	Binary   []string       `json:"binary,omitempty"` // columns that were not read
	Findings []string       `json:"findings,omitempty"`
	Fault    string         `json:"fault,omitempty"`
}

func (c *cli) registryInspect() *cobra.Command {
	var table string
	var rows int
	v := &cobra.Command{Use: "inspect DSN|FILE|NAME", Short: c.say.Say("cmd.registry.inspect.short"), Long: c.say.Say("cmd.registry.inspect.long"), Args: cobra.ExactArgs(1)}
	v.Flags().StringVar(&table, "table", "", c.say.Say("cmd.registry.flag.table"))
	v.Flags().IntVar(&rows, "rows", draft.DefaultRows, c.say.Say("cmd.registry.flag.rows"))
	v.RunE = func(cmd *cobra.Command, args []string) error {
		if rows < 1 {
			return exit{exitUsage, &jobs.Failure{What: tooFewRows, Args: []string{strconv.Itoa(rows)}}}
		}
		all, err := c.inspect(cmd.Context(), args[0], table, rows)
		if err != nil {
			return err
		}
		return c.show(map[string]any{"tables": all}, func(w io.Writer) error {
			for _, t := range all {
				c.printInspected(w, t)
			}
			return nil
		})
	}
	return v
}

func (c *cli) inspect(ctx context.Context, place, table string, rows int) ([]inspected, error) {
	terms, err := draft.LoadTerms()
	if err != nil {
		return nil, err
	}
	s, files, err := c.rulesNear()
	if err != nil {
		return nil, err
	}
	o, err := c.open(ctx, s, place)
	if err != nil {
		return nil, err
	}
	defer o.close()
	tables, err := o.tables(ctx, table)
	if err != nil {
		return nil, err
	}
	var all []inspected
	for _, t := range tables {
		all = append(all, c.inspectTable(ctx, o, terms, t, codeLists(files), rows))
	}
	if all == nil {
		return nil, exit{exitFailed, &jobs.Failure{What: nothingThere, Args: []string{place, table}}}
	}
	return all, nil
}

// inspectTable says of a table what can be said; what cannot be read hinders no other.
func (c *cli) inspectTable(ctx context.Context, o opened, terms *draft.Terms, t connector.Table, lists map[string]mapping.CodeList, rows int) inspected {
	i := inspected{Name: t.Name, Hidden: t.Hidden}
	if t.Fault != nil || len(t.Columns) == 0 {
		i.Fault = c.sentence(t.Fault)
		return i
	}
	seen, sum, err := survey(ctx, o, terms, t, rows)
	i.Fault, i.Rows, i.Read = c.sentence(err), sum.Source, sum.Rows
	i.Columns, i.Keys = seen.Columns(lists), seen.Keys()
	known := map[string]bool{}
	for _, column := range i.Columns {
		known[column.Name] = true
	}
	for _, column := range t.Columns {
		if !known[column.Name] {
			i.Binary = append(i.Binary, column.Name)
		}
	}
	for _, f := range sum.Findings {
		i.Findings = append(i.Findings, c.say.Say(f.Code(), anys(f.Arguments())...))
	}
	return i
}

func (c *cli) printInspected(w io.Writer, t inspected) {
	switch {
	case t.Hidden:
		fmt.Fprintln(w, c.say.Say("cmd.registry.hidden", t.Name))
		return
	case t.Columns == nil && t.Fault == "":
		fmt.Fprintln(w, c.say.Say("cmd.registry.no_table", t.Name))
		return
	case t.Columns == nil:
		fmt.Fprintln(w, "✗ "+t.Name+"："+t.Fault)
		return
	case t.Read < t.Rows:
		fmt.Fprintln(w, c.say.Say("cmd.registry.rows_read", t.Name, t.Rows, t.Read))
	default:
		fmt.Fprintln(w, c.say.Say("cmd.registry.rows", t.Name, t.Rows))
	}
	var rows [][]string
	for _, column := range t.Columns {
		rows = append(rows, []string{column.Name, strings.ToLower(column.Type), fmt.Sprintf("%.0f%%", 100*column.Share), strconv.Itoa(column.Distinct),
			c.looks(column), shortSamples(column.Samples)})
	}
	c.grid(w, []column{{title: c.say.Say("word.column"), max: 18}, {title: c.say.Say("word.type"), max: 9}, {title: c.say.Say("word.filled"), right: true},
		{title: c.say.Say("word.distinct"), right: true}, {title: c.say.Say("word.looks_like"), max: 28}, {title: c.say.Say("word.samples"), max: 22}}, rows)
	for _, k := range t.Keys {
		code := "cmd.registry.key_nearly"
		if k.Exact {
			code = "cmd.registry.key"
		}
		fmt.Fprintln(w, c.say.Say(code, strings.Join(k.Columns, " + ")))
	}
	if t.Binary != nil {
		fmt.Fprintln(w, c.say.Say("cmd.registry.binary", strings.Join(t.Binary, "、")))
	}
	for _, f := range t.Findings {
		fmt.Fprintln(w, "! "+f)
	}
	if t.Fault != "" {
		fmt.Fprintln(w, "✗ "+t.Fault)
	}
	fmt.Fprintln(w)
}

// shortSamples are two samples, cut to what a table has room for.
func shortSamples(samples []string) string {
	var out []string
	for _, s := range samples[:min(2, len(samples))] {
		out = append(out, runewidth.Truncate(s, 20, "…"))
	}
	return strings.Join(out, "\n")
}

// looks are what a column looks like, in words.
func (c *cli) looks(column draft.Column) string {
	var all []string
	for _, l := range column.Looks {
		text := c.say.Say("looks." + l.As)
		if l.Note != "" && l.As != draft.LooksYesNo {
			text += " " + l.Note
		}
		if l.Share < 0.995 {
			text += fmt.Sprintf(" %.0f%%", 100*l.Share)
		}
		all = append(all, text)
	}
	if column.Broken > 0 {
		all = append(all, c.say.Say("looks.broken", column.Broken))
	}
	return strings.Join(all, "；")
}
