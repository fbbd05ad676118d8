package config

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// A document is the settings file: its text for viper, and its syntax tree for places.
type document struct {
	file string
	text []byte
	root ast.Node
}

// openDocument reads the text as Windows editors write it, and reports what is no YAML.
func openDocument(file string, b []byte) (*document, Faults) {
	b = bytes.TrimPrefix(b, []byte("\uFEFF"))
	if !utf8.Valid(b) {
		local, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
		if err != nil || bytes.ContainsRune(local, utf8.RuneError) {
			return nil, Faults{{What: badEncoding, File: file}}
		}
		b = local
	}
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	d := &document{file: file, text: b}
	tree, err := parser.ParseBytes(b, 0)
	if err != nil {
		return nil, Faults{d.syntax(err)}
	}
	if len(tree.Docs) == 0 || tree.Docs[0].Body == nil {
		return nil, Faults{{What: emptyFile, File: file, Line: 1, Col: 1}}
	}
	d.root = tree.Docs[0].Body
	return d, nil
}

// syntax is the parser's fault; a full-width colon in its line is its usual cause.
func (d *document) syntax(err error) Fault {
	f := Fault{What: badSyntax, File: d.file, Args: []string{err.Error()}}
	var located yaml.Error
	if !errors.As(err, &located) || located.GetToken() == nil {
		return f
	}
	at := located.GetToken().Position
	f.Args[0], f.Line, f.Col = located.GetMessage(), at.Line, at.Column
	lines := strings.Split(string(d.text), "\n")
	if at.Line > len(lines) {
		return f
	}
	before, _, found := strings.Cut(lines[at.Line-1], "：")
	if found && !strings.Contains(before, ":") {
		f.What, f.Args, f.Col = wideColon, nil, utf8.RuneCountInString(before)+1
	}
	return f
}

// locate is the line and column of a setting such as platform.variables[2].value, or of what stands above it; 0, 0 if
// the file does not have its top. viper knows keys in lower case only.
func (d *document) locate(path string) (line, col int) {
	if d == nil {
		return 0, 0
	}
	n := d.root
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		next, key := member(n, step)
		if next == nil {
			break
		}
		n = next
		at := key.GetToken().Position
		line, col = at.Line, at.Column
	}
	return line, col
}

// member is what a mapping or list holds, and the node that marks its place: the key, or the member's own start.
func member(n ast.Node, step string) (value, mark ast.Node) {
	switch v := n.(type) {
	case *ast.MappingNode:
		for _, e := range v.Values {
			if strings.EqualFold(e.Key.GetToken().Value, step) {
				return e.Value, e.Key
			}
		}
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i < len(v.Values) {
			return v.Values[i], first(v.Values[i])
		}
	}
	return nil, nil
}

// first is the node where a member of a list begins.
func first(n ast.Node) ast.Node {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return m.Values[0].Key
	}
	return n
}
