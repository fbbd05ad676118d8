package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"creditsync/cmd/creditsync/texts"
	"creditsync/connector"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"
	"creditsync/mapping/draft"

	"github.com/spf13/cobra"
)

// drafted is what `mapping new` prints as JSON.
type drafted struct {
	Stream string       `json:"stream"`
	Table  string       `json:"table"`
	Rows   int64        `json:"rows"`
	Read   int64        `json:"read"`
	Pairs  []draft.Pair `json:"pairs"`
	YAML   string       `json:"yaml"`
}

func (c *cli) mappingNew() *cobra.Command {
	var from, database, sheet, out string
	v := &cobra.Command{Use: "new STREAM --from TABLE|FILE", Short: c.say.Say("cmd.mapping.new.short"), Long: c.say.Say("cmd.mapping.new.long"), Args: cobra.ExactArgs(1)}
	v.Flags().StringVar(&from, "from", "", c.say.Say("cmd.mapping.new.flag.from"))
	v.Flags().StringVar(&database, "database", "", c.say.Say("cmd.mapping.new.flag.database"))
	v.Flags().StringVar(&sheet, "sheet", "", c.say.Say("cmd.mapping.new.flag.sheet"))
	v.Flags().StringVar(&out, "out", "", c.say.Say("cmd.mapping.new.flag.out"))
	if err := v.MarkFlagRequired("from"); err != nil {
		panic(err) // the flag stands two lines above
	}
	v.RunE = func(cmd *cobra.Command, args []string) error {
		place, table := database, from
		if database == "" && looksLikeFile(from) {
			place, table = from, sheet
		}
		d, err := c.draft(cmd.Context(), args[0], place, table)
		if err != nil {
			return err
		}
		if out != "" {
			if err := writeNew(out, []byte(d.YAML)); err != nil {
				return err
			}
		}
		return c.show(d, func(w io.Writer) error {
			if out == "" {
				_, err := io.WriteString(w, d.YAML)
				return err
			}
			_, err := fmt.Fprintln(w, c.say.Say("cmd.mapping.new.done", out, d.Table, len(d.Pairs), strings.Count(d.YAML, draft.Blank), d.Stream))
			return err
		})
	}
	return v
}

// draft makes the draft from the table in which most is found.
func (c *cli) draft(ctx context.Context, stream, place, table string) (best drafted, err error) {
	terms, err := draft.LoadTerms()
	if err != nil {
		return best, err
	}
	s, files, err := c.rulesNear()
	if err != nil {
		return best, err
	}
	sample, err := sampleOf(files, stream)
	if err != nil {
		return best, err
	}
	o, err := c.open(ctx, s, place)
	if err != nil {
		return best, err
	}
	defer o.close()
	tables, err := o.tables(ctx, table)
	if err != nil {
		return best, err
	}
	lists := codeLists(files)
	var fault error
	for _, t := range tables {
		if t.Hidden || len(t.Columns) == 0 {
			fault = t.Fault
			continue
		}
		d, err := c.draftOf(ctx, o, terms, sample, lists, t)
		if err != nil {
			return best, err
		}
		if best.Table == "" || len(d.Pairs) > len(best.Pairs) {
			best = d
		}
	}
	if best.Table == "" {
		if fault == nil {
			fault = exit{exitFailed, &jobs.Failure{What: nothingThere, Args: []string{place, table}}}
		}
		return best, fault
	}
	return best, nil
}

// draftOf makes the draft of one table.
func (c *cli) draftOf(ctx context.Context, o opened, terms *draft.Terms, sample mapping.Spec, lists map[string]mapping.CodeList, t connector.Table) (drafted, error) {
	seen, sum, err := survey(ctx, o, terms, t, draft.DefaultRows)
	if err != nil {
		return drafted{}, err
	}
	from := draft.Source{Source: o.source(t), Survey: seen}
	for _, column := range t.Columns {
		if column.Key {
			from.Primary = append(from.Primary, column.Name)
		}
	}
	d := draft.Make(terms, sample, lists, from)
	if sample.Items != nil && t.Source.Table != "" {
		if from.Children, err = children(ctx, o, terms, t, d.Key()); err != nil {
			return drafted{}, err
		}
		d = draft.Make(terms, sample, lists, from)
	}
	zh := texts.New("zh") // files that people edit are Chinese
	head := []string{zh.Say("draft.head", t.Name), zh.Say("draft.head_what", sum.Source, sum.Rows), zh.Say("draft.head_next", draft.Blank)}
	return drafted{Stream: sample.Stream, Table: t.Name, Rows: sum.Source, Read: sum.Rows, Pairs: d.Pairs, YAML: d.YAML(head, zh.Say)}, nil
}

// maxChildren is how many tables are looked at for child rows.
const maxChildren = 5

// children are the tables whose name begins with the parent's and that have the column of its key.
func children(ctx context.Context, o opened, terms *draft.Terms, parent connector.Table, key []string) (all []draft.Child, err error) {
	if len(key) != 1 {
		return nil, nil
	}
	tables, err := o.Tables(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		has := slices.ContainsFunc(t.Columns, func(column connector.TableColumn) bool { return column.Name == key[0] })
		if t.Name == parent.Name || !strings.HasPrefix(t.Name, parent.Name) || !has || len(all) == maxChildren {
			continue
		}
		seen, _, err := survey(ctx, o, terms, t, draft.DefaultRows)
		if err != nil {
			return nil, err
		}
		all = append(all, draft.Child{Table: t.Source.Table, Parent: key[0], Survey: seen})
	}
	return all, nil
}

// sampleOf is the mapping of a stream: it says what the far side wants.
func sampleOf(files []store.RuleFile, stream string) (mapping.Spec, error) {
	specs := mappings(files)
	var names []string
	for _, s := range specs {
		if s.Stream == stream {
			return s, nil
		}
		names = append(names, s.Stream)
	}
	slices.Sort(names)
	return mapping.Spec{}, exit{exitUsage, &jobs.Failure{What: unknownStream, Args: []string{stream, strings.Join(names, "、")}}}
}
