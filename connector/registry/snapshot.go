package registry

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"creditsync/connector"
)

// snapshot is a private copy of one file: reading it cannot be disturbed by a save, and a clerk can save meanwhile.
type snapshot struct {
	name     string // below the folder, with slashes
	copy     string
	hash     [sha256.Size]byte
	modified time.Time
	open     bool // an office program has it open
	kind     fileKind
}

type fileKind int

const (
	csvFile fileKind = iota
	xlsxFile
	oldOffice // xls, et, or an encrypted workbook
	webPage   // a table of a web page, saved as .xls
	emptyFile
)

// take copies a file and refuses what is no registry.
func (d *Folder) take(name, into string) (*snapshot, error) {
	s := &snapshot{name: name, copy: into, open: d.locked(name)}
	src, err := os.Open(d.full(name))
	if err != nil {
		return nil, openReason(name, err)
	}
	defer src.Close()
	if err := d.whole(s, src); err != nil {
		return nil, err
	}
	return s, s.refuse()
}

func (d *Folder) full(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

// whole copies src and makes sure that it was whole: neither its size nor its time of change moved meanwhile.
func (d *Folder) whole(s *snapshot, src io.Reader) error {
	before, err := os.Stat(d.full(s.name))
	if err != nil {
		return openReason(s.name, err)
	}
	if err := s.write(src); err != nil {
		return failRetry(connector.FileUnreadable, s.name, err, s.name, "")
	}
	after, err := os.Stat(d.full(s.name))
	if err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return failRetry(connector.FileChanging, s.name, err, s.name)
	}
	s.modified = before.ModTime()
	return nil
}

func openReason(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return failRetry(connector.FileGone, name, err, name)
	}
	if errors.Is(err, fs.ErrPermission) {
		return fail(connector.PermissionDenied, name, err, name)
	}
	// Windows keeps others out of a file that is being written.
	return failRetry(connector.FileChanging, name, err, name)
}

func (s *snapshot) write(src io.Reader) (err error) {
	dst, err := os.Create(s.copy)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	hash := sha256.New()
	head := make([]byte, 512)
	n, err := io.ReadFull(src, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	s.kind = kindOf(head[:n])
	if _, err = io.Copy(io.MultiWriter(dst, hash), io.MultiReader(bytes.NewReader(head[:n]), src)); err != nil {
		return err
	}
	hash.Sum(s.hash[:0])
	return nil
}

func kindOf(head []byte) fileKind {
	text := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))))
	switch {
	case len(text) == 0:
		return emptyFile
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return xlsxFile
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return oldOffice
	case bytes.HasPrefix(text, []byte("<")):
		return webPage
	}
	return csvFile
}

// refuse names the files that look like registries and are none.
func (s *snapshot) refuse() error {
	switch s.kind {
	case oldOffice:
		return fail(connector.FileUnreadable, s.name, errors.New("an xls, et or encrypted workbook"), s.name, "old")
	case webPage:
		return fail(connector.FileUnreadable, s.name, errors.New("a web page saved as a workbook"), s.name, "web")
	case emptyFile:
		return failRetry(connector.FileChanging, s.name, errors.New("the file is empty"), s.name)
	}
	return nil
}

// locked: Excel and WPS keep a file ~$name beside a workbook that they have open.
func (d *Folder) locked(name string) bool {
	dir, base := path.Split(name)
	for _, lock := range []string{"~$" + base, ".~" + base} {
		if _, err := os.Stat(d.full(dir + lock)); err == nil {
			return true
		}
	}
	return false
}

// isCopy knows the names that people and systems give to copies.
func isCopy(name string) bool {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	for _, w := range []string{"副本", "复制", "备份", "copy", "Copy", "bak", "(1)", "（1）", "(2)", "（2）"} {
		if strings.Contains(base, w) {
			return true
		}
	}
	return false
}
