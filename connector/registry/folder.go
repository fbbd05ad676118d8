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
	"time"

	"creditsync/connector"
	"creditsync/mapping"
)

// Folder is a registry of workbooks (xlsx) and csv files. It serves many goroutines.
type Folder struct{ dir string }

// OpenFolder makes a registry of the files below dir.
func OpenFolder(dir string) *Folder { return &Folder{dir: dir} }

// Close does nothing: no file stays open between reads.
func (d *Folder) Close() error { return nil }

// Count is how many rows the files hold now.
func (d *Folder) Count(ctx context.Context, src mapping.Source) (int64, error) {
	src.Changed = nil
	sum, err := d.Read(ctx, connector.Query{Source: src, Columns: src.Key}, func([]mapping.Row) error { return nil })
	return sum.Rows, err
}

// workspace is what one read holds: private copies of the files, open workbooks.
type workspace struct {
	dir      string
	tables   []*table
	findings mapping.Faults
	newest   time.Time
	taken    int
}

func (w *workspace) close() {
	for _, t := range w.tables {
		_ = t.close()
	}
	_ = os.RemoveAll(w.dir)
}

func (w *workspace) note(what string, args ...string) {
	w.findings = append(w.findings, mapping.Fault{What: what, Args: args, File: args[0]})
}

// match gives the files of a glob, the offices' own lock files left out.
func (d *Folder) match(glob string) ([]string, error) {
	pattern := path.Clean(strings.ReplaceAll(glob, `\`, "/"))
	// A pattern that leaves the folder matches nothing in an os.DirFS.
	names, err := fs.Glob(os.DirFS(d.dir), pattern)
	if err != nil {
		return nil, fail(connector.FileGone, glob, err, glob)
	}
	names = slices.DeleteFunc(names, func(n string) bool {
		base := path.Base(n)
		info, err := os.Stat(filepath.Join(d.dir, filepath.FromSlash(n)))
		return strings.HasPrefix(base, "~$") || strings.HasPrefix(base, ".~") || err == nil && info.IsDir()
	})
	if len(names) == 0 {
		return nil, failRetry(connector.FileGone, glob, nil, glob)
	}
	return names, nil
}

// prepare copies every file of the glob and finds the table in each, before the first row is handed out: a column that
// is missing in the last file must not leave half a read.
func (d *Folder) prepare(w *workspace, glob, sheet string, columns []string) ([]*table, error) {
	names, err := d.match(glob)
	if err != nil {
		return nil, err
	}
	var tables []*table
	seen := map[[32]byte]string{}
	for _, name := range names {
		w.taken++
		s, err := d.take(name, filepath.Join(w.dir, fmt.Sprint(w.taken)))
		if err != nil {
			return nil, err
		}
		if first, ok := seen[s.hash]; ok {
			w.note(foundSameFile, name, first)
			continue
		}
		seen[s.hash] = name
		w.noteFile(s)
		t, err := w.find(s, sheet, columns)
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, nil
}

func (w *workspace) noteFile(s *snapshot) {
	if s.open {
		w.note(foundOpen, s.name)
	}
	if isCopy(s.name) {
		w.note(foundCopy, s.name)
	}
	if s.modified.After(w.newest) {
		w.newest = s.modified
	}
}

// find finds the table of a file.
func (w *workspace) find(s *snapshot, sheet string, columns []string) (t *table, err error) {
	if s.kind == xlsxFile {
		t, err = w.findSheet(s, sheet, columns)
	} else {
		t, err = findCSV(s, columns)
	}
	var reason *connector.Reason
	if err != nil && !errors.As(err, &reason) {
		return nil, unreadable(s, err)
	}
	if err != nil {
		return nil, err
	}
	w.tables = append(w.tables, t)
	if t.head.first > 1 {
		w.note(foundTitles, t.label, fmt.Sprint(t.head.first-1), fmt.Sprint(t.head.first))
	}
	return t, nil
}

// unreadable: a broken workbook that an office has open is most likely being saved.
func unreadable(s *snapshot, err error) *connector.Reason {
	if s.open {
		return failRetry(connector.FileChanging, s.name, err, s.name)
	}
	return failRetry(connector.FileUnreadable, s.name, err, s.name, "")
}
