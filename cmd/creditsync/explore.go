package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/config"
	"creditsync/connector"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"
	"creditsync/mapping/draft"
	"creditsync/mapping/source"
)

// What can be wrong with what a person wants to look at.
const (
	nothingThere  = "cmd.registry.nothing" // place, table
	noDatabase    = "cmd.registry.no_database"
	tooFewRows    = "cmd.registry.too_few_rows" // rows
	unknownStream = "cmd.draft.stream"          // stream, streams
	fileThere     = "cmd.file_there"            // file
)

// opened is a registry that a person looks at.
type opened struct {
	connector.Explorer
	place    string // as it was named
	within   string // one file of a folder
	database string // its name in the settings
	base     string // of a folder of the settings: where it is
}

// rulesNear are the rule files of the settings if there are any, else those that ship.
func (c *cli) rulesNear() (settings, []store.RuleFile, error) {
	if !exists(c.config) {
		files, err := readRules(config.Files)
		return settings{}, files, err
	}
	s, err := c.settings()
	if err != nil {
		return s, nil, err
	}
	files, err := s.files()
	return s, files, err
}

// open opens what place names: a database of the settings, a DSN, a database file, a folder, a workbook or csv file.
func (c *cli) open(ctx context.Context, s settings, place string) (o opened, err error) {
	o.place = place
	if place == "" && len(s.Databases) == 1 {
		o.place = s.Databases[0].Name
	}
	if o.place == "" {
		return o, exit{exitUsage, &jobs.Failure{What: noDatabase}}
	}
	for _, d := range s.Databases {
		if d.Name != o.place {
			continue
		}
		options, err := c.optionsOf(s, "")
		if err != nil {
			return o, err
		}
		o.database = d.Name
		o.Explorer, err = daemon.OpenNamed(ctx, options, d.Name)
		return o, err
	}
	if o.Explorer, o.within, err = daemon.OpenExplorer(ctx, o.place); err == nil {
		o.base = s.Registry
	}
	return o, err
}

// close gives the registry back; it was only read.
func (o opened) close() { _ = o.Close() }

// tables are what is there, or the one table that was asked for.
func (o opened) tables(ctx context.Context, table string) ([]connector.Table, error) {
	within := o.within
	if within == "" && !strings.Contains(table, "!") && !looksLikeFile(o.place) {
		within = table
	}
	all, err := o.Tables(ctx, within)
	if err != nil || table == "" {
		return all, err
	}
	var found []connector.Table
	for _, t := range all {
		if t.Name == table || t.Source.Table == table || t.Source.Sheet == table || strings.HasSuffix(t.Name, "!"+table) {
			found = append(found, t)
		}
	}
	if found == nil {
		return nil, exit{exitUsage, &jobs.Failure{What: nothingThere, Args: []string{o.place, table}}}
	}
	return found, nil
}

// looksLikeFile: a folder or one file of it, whose tables are sheets.
func looksLikeFile(place string) bool {
	info, err := os.Stat(place)
	return err == nil && (info.IsDir() || slices.Contains([]string{".xlsx", ".xlsm", ".xls", ".et", ".csv", ".txt"}, strings.ToLower(filepath.Ext(place))))
}

// survey reads rows of a table, at most so many, and says how many there are.
func survey(ctx context.Context, x connector.Explorer, terms *draft.Terms, t connector.Table, rows int) (*draft.Survey, connector.Summary, error) {
	var names, types []string
	for _, c := range t.Columns {
		if c.Type != "BYTEA" && !strings.Contains(c.Type, "BLOB") && !strings.Contains(c.Type, "BINARY") && c.Type != "IMAGE" {
			names, types = append(names, c.Name), append(types, c.Type)
		}
	}
	s := draft.NewSurvey(terms, names, types)
	if len(names) == 0 {
		return s, connector.Summary{}, t.Fault
	}
	sum, err := x.Read(ctx, connector.Query{Source: t.Source, Columns: names, Limit: rows}, func(page []mapping.Row) error {
		for _, row := range page {
			s.Add(row)
		}
		return nil
	})
	return s, sum, err
}

// source is where a table is, as a mapping of these settings names it.
func (o opened) source(t connector.Table) mapping.Source {
	src := t.Source
	if src.Table != "" {
		src.Database = o.database
		if src.Database == "" {
			src.Database = draft.Blank
		}
		return src
	}
	if full, err := filepath.Abs(o.place); err == nil && o.base != "" {
		if o.within != "" {
			full = filepath.Dir(full)
		}
		if base, err := filepath.Abs(o.base); err == nil {
			if below, err := filepath.Rel(base, full); err == nil && !strings.HasPrefix(below, "..") {
				src.File = filepath.ToSlash(filepath.Join(below, src.File))
			}
		}
	}
	return src
}

// codeLists are the code lists of rule files; a file at fault has none.
func codeLists(files []store.RuleFile) map[string]mapping.CodeList {
	all := map[string]mapping.CodeList{}
	for _, f := range files {
		if !strings.HasPrefix(f.Name, "codes/") {
			continue
		}
		if l, faults := source.Codes(f.Name, f.Content); len(faults) == 0 {
			all[l.List] = l
		}
	}
	return all
}

// mappings are the mappings of rule files; a file at fault has none.
func mappings(files []store.RuleFile) (all []mapping.Spec) {
	for _, f := range files {
		if !strings.HasPrefix(f.Name, "mappings/") {
			continue
		}
		if s, faults := source.Mapping(f.Name, f.Content); len(faults) == 0 {
			all = append(all, s)
		}
	}
	return all
}

// sentence is what a person reads of an error, on one line.
func (c *cli) sentence(err error) string {
	if err == nil {
		return ""
	}
	var e exit
	if errors.As(err, &e) && e.err != nil {
		err = e.err
	}
	return c.redact(strings.ReplaceAll(c.say.Error(err), "\n", "；"))
}
