package registry

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"creditsync/connector"
	"creditsync/mapping"
)

// Tables implements connector.Explorer. A file that cannot be read is listed with its fault and hinders no other.
func (d *Folder) Tables(ctx context.Context, within string) ([]connector.Table, error) {
	names, err := d.candidates(within)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "creditsync-registry-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var all []connector.Table
	for i, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		tables, err := d.tablesOf(name, filepath.Join(dir, fmt.Sprint(i)))
		if err != nil {
			tables = []connector.Table{{Name: name, Source: mapping.Source{File: asGlob(name)}, Fault: err}}
		}
		all = append(all, tables...)
	}
	return all, nil
}

// candidates are the files that may be registries.
func (d *Folder) candidates(within string) ([]string, error) {
	if within != "" {
		if info, err := os.Stat(d.full(within)); err == nil && !info.IsDir() {
			return []string{path.Clean(filepath.ToSlash(within))}, nil
		}
		return d.match(within)
	}
	var all []string
	err := fs.WalkDir(os.DirFS(d.dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		base := path.Base(name)
		known := slices.Contains([]string{".xlsx", ".xlsm", ".xls", ".et", ".csv", ".txt"}, strings.ToLower(path.Ext(base)))
		if known && !strings.HasPrefix(base, "~$") && !strings.HasPrefix(base, ".") {
			all = append(all, name)
		}
		return nil
	})
	if err != nil {
		return nil, openReason(d.dir, err)
	}
	return all, nil
}

// asGlob is a pattern that finds the file of this name.
func asGlob(name string) string {
	return strings.NewReplacer("[", "?", "*", "?", `\`, "?").Replace(name)
}

func (d *Folder) tablesOf(name, into string) ([]connector.Table, error) {
	s, err := d.take(name, into)
	if err != nil {
		return nil, err
	}
	if s.kind != xlsxFile {
		t, err := guessCSV(s)
		return []connector.Table{t}, own(s, err)
	}
	b, err := openBook(s.copy)
	if err != nil {
		return nil, own(s, err)
	}
	defer func() { _ = b.close() }()
	var all []connector.Table
	for _, sh := range b.sheets {
		t, err := guessSheet(s, b, sh)
		if err != nil {
			t.Fault = own(s, err)
		}
		all = append(all, t)
	}
	return all, nil
}

// own makes a reason of an error that is none.
func own(s *snapshot, err error) error {
	var reason *connector.Reason
	if err == nil || errors.As(err, &reason) {
		return err
	}
	return unreadable(s, err)
}

func guessSheet(s *snapshot, b *book, sh bookSheet) (connector.Table, error) {
	t := connector.Table{Name: s.name + "!" + sh.name, Hidden: sh.hidden, Source: mapping.Source{File: asGlob(s.name), Sheet: sh.name}}
	if sh.hidden {
		return t, nil
	}
	merges, err := b.merges(sh)
	if err != nil {
		return t, err
	}
	head, err := headOf(func() (closingLines, error) { return b.lines(sh) })
	t.Columns = guessHeader(head, merges).columns()
	return t, err
}

// guessCSV takes the separator that makes the most names.
func guessCSV(s *snapshot) (connector.Table, error) {
	t := connector.Table{Name: s.name, Source: mapping.Source{File: asGlob(s.name)}}
	enc, err := encodingOf(s)
	if err != nil {
		return t, err
	}
	for _, sep := range separators() {
		head, err := headOf(func() (closingLines, error) { return openCSV(s.copy, enc, sep) })
		if err != nil {
			return t, err
		}
		if g := guessHeader(head, nil); len(g.names) > len(t.Columns) {
			t.Columns = g.columns()
		}
	}
	return t, nil
}
