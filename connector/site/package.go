package site

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"creditsync/connector"
)

// The files of a package.
const (
	pageFile = "公示.html"
	dataFile = "data.json"
	sumsFile = "SHA256SUMS"
)

func join(folder, name string) string { return filepath.Join(folder, name) }

// usableName says whether a delivery's number can name a folder on any system.
func usableName(s string) bool {
	bad := func(r rune) bool { return unicode.IsControl(r) || strings.ContainsRune(`<>:"/\|?*`, r) }
	return s != "" && len(s) <= 200 && s[0] != '.' && !strings.HasSuffix(s, ".") && !strings.ContainsFunc(s, bad) && filepath.IsLocal(s)
}

// encode is data.json: one record a line, each payload as it stands. It holds no time, so that the same delivery always
// gives the same bytes.
func encode(b connector.Batch) ([]byte, error) {
	data := appendText([]byte(`{"resource":`), b.Resource)
	data = appendText(append(data, `,"number":`...), b.Number)
	data = append(data, `,"records":[`...)
	for i, r := range b.Records {
		payload := jsontext.Value(bytes.Clone(r.Payload))
		if payload.Compact() != nil || payload.Kind() != '{' {
			return nil, fmt.Errorf("the payload of %q is no JSON object", r.ID)
		}
		if i > 0 {
			data = append(data, ',')
		}
		data = appendText(append(data, "\n{\"id\":"...), r.ID)
		data = appendText(append(data, `,"op":`...), string(r.Op))
		data = append(append(data, `,"record":`...), payload...)
		data = append(data, '}')
	}
	return append(data, "\n]}\n"...), nil
}

func appendText(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(s, "\ufffd"))
	return b
}

// sumsOf is the SHA256SUMS file, as sha256sum -c reads it.
func sumsOf(files map[string][]byte) []byte {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	var b bytes.Buffer
	for _, name := range names {
		sum := sha256.Sum256(files[name])
		b.WriteString(hex.EncodeToString(sum[:]) + "  " + name + "\n")
	}
	return b.Bytes()
}

// pack is a package found in a folder.
type pack struct{ dir string }

// openPackage finds a package; fs.ErrNotExist means there is none.
func openPackage(dir string) (pack, error) {
	if _, err := os.Stat(dir); err != nil {
		return pack{}, err
	}
	return pack{dir}, nil
}

// holds says whether the package's data is this.
func (p pack) holds(data []byte) bool {
	got, err := os.ReadFile(join(p.dir, dataFile))
	return err == nil && bytes.Equal(got, data)
}

// intact says whether page and data are what SHA256SUMS says, and both are in it.
func (p pack) intact() bool {
	f, err := os.Open(join(p.dir, sumsFile))
	if err != nil {
		return false
	}
	defer f.Close()
	seen := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		want, name, ok := strings.Cut(strings.TrimSuffix(lines.Text(), "\r"), "  ")
		if !ok || !filepath.IsLocal(name) {
			return false
		}
		if got, err := fileSum(join(p.dir, name)); err != nil || got != want {
			return false
		}
		seen[name] = true
	}
	return seen[pageFile] && seen[dataFile]
}

func fileSum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// entries reads the records of a package one by one; those of another resource are passed over.
func (p pack) entries(resource string, visit func(id string, payload jsontext.Value)) error {
	f, err := os.Open(join(p.dir, dataFile))
	if err != nil {
		return err
	}
	defer f.Close()
	dec := jsontext.NewDecoder(bufio.NewReader(f))
	for {
		t, err := dec.ReadToken()
		if err != nil {
			return err
		}
		switch path := dec.StackPointer(); {
		case path == "/resource" && t.Kind() == '"' && dec.StackDepth() == 1:
			if v, err := dec.ReadToken(); err != nil || v.String() != resource {
				return err
			}
		case path == "/records" && t.Kind() == '"':
			return recordsOf(dec, visit)
		}
	}
}

var errShape = errors.New("data.json is not as it was written")

func recordsOf(dec *jsontext.Decoder, visit func(string, jsontext.Value)) error {
	if t, err := dec.ReadToken(); err != nil || t.Kind() != '[' {
		return errors.Join(errShape, err)
	}
	for dec.PeekKind() != ']' {
		v, err := dec.ReadValue()
		if err != nil {
			return err
		}
		id, payload, ok := entryOf(v)
		if !ok {
			return errShape
		}
		visit(id, payload)
	}
	return nil
}

func entryOf(v jsontext.Value) (id string, payload jsontext.Value, ok bool) {
	for name, value := range members(v) {
		switch name {
		case "id":
			id, ok = text(value), true
		case "record":
			payload = value
		}
	}
	return id, payload, ok && payload != nil
}

// packages finds every package below a folder: the web site may sort them by year.
func packages(folder string, visit func(p pack)) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == dataFile && !d.IsDir() {
			visit(pack{filepath.Dir(path)})
		}
		return nil
	})
}
