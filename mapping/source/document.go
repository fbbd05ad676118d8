package source

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	yamllexer "github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"creditsync/mapping"
)

// A document is a file read as far as its slips allow.
type document struct {
	file  string
	lexer *lexer
	roots []ast.Node // one, unless broken
	// broken: some lines could not be read, so roots holds the parts that could, and what is missing proves nothing.
	broken bool
	faults mapping.Faults
}

// maxSyntax: past so many unreadable entries the file is not what it should be, and more faults help nobody.
const maxSyntax = 50

// parse reads the bytes of a file into its syntax tree.
func parse(file string, b []byte) *document {
	d := &document{file: file}
	text, faults := decodeText(file, b)
	if faults != nil {
		d.broken, d.faults = true, faults
		return d
	}
	d.lexer = scan(file, text)
	d.faults = d.lexer.faults
	if d.lexer.deep {
		d.broken = true
		return d
	}
	d.read(d.lexer.out.String())
	return d
}

// read parses the repaired text; when YAML's parser stops at a fault, the parts beside it are read on their own.
func (d *document) read(text string) {
	tree, err := parseText(text, 0)
	if err != nil {
		d.broken = true
		d.readParts(strings.Split(text, "\n"), err)
		return
	}
	var bodies []ast.Node
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch {
	case len(bodies) == 0 && len(d.faults) == 0:
		d.broken = true
		d.faults = append(d.faults, whole(d.file, empty)...)
		return
	case len(bodies) > 1:
		d.fault(severalDocs, start(bodies[1]))
	}
	d.roots = bodies[:min(len(bodies), 1)]
}

// readParts reads each top-level entry of a broken file alone, and reports the ones that cannot be read.
func (d *document) readParts(lines []string, first error) {
	before := len(d.faults)
	for _, p := range parts(lines) {
		if len(d.faults)-before == maxSyntax {
			return
		}
		tree, err := parseText(strings.Join(lines[p[0]:p[1]], "\n"), p[0])
		if err != nil {
			d.syntax(err)
			continue
		}
		for _, doc := range tree.Docs {
			d.addPart(doc.Body)
		}
	}
	if len(d.faults) == before && !d.slipped() {
		d.syntax(first)
	}
}

// addPart keeps an entry that could be read alone; a line without a key is a fault of its own.
func (d *document) addPart(body ast.Node) {
	switch body.(type) {
	case nil:
	case *ast.MappingNode:
		d.roots = append(d.roots, body)
	default:
		at := start(body)
		at.path = "$"
		d.fault(notABlock, at)
	}
}

// parts are the ranges of lines that begin at the left margin.
func parts(lines []string) [][2]int {
	var ps [][2]int
	for i, l := range lines {
		top := l != "" && !strings.ContainsAny(l[:1], " \t#-}]")
		if !top {
			continue
		}
		if len(ps) > 0 {
			ps[len(ps)-1][1] = i
		}
		ps = append(ps, [2]int{i, len(lines)})
	}
	return ps
}

// syntax reports the parser's own fault, unless one of ours stands in the same line: that is its cause.
func (d *document) syntax(err error) {
	f := mapping.Fault{What: syntax, File: d.file, Line: 1, Col: 1, Args: []string{err.Error()}}
	var located yaml.Error
	if errors.As(err, &located) {
		f.Args[0] = located.GetMessage()
		if t := located.GetToken(); t != nil && t.Position != nil {
			f.Line, f.Col = t.Position.Line, d.lexer.column(t.Position.Line, t.Position.Column)
		}
	}
	for _, known := range d.faults {
		if known.Line == f.Line {
			return
		}
	}
	d.faults = append(d.faults, f)
}

// slipped says whether the lexer found a cause of broken syntax.
func (d *document) slipped() bool { return len(d.lexer.faults) > 0 }

// fault reports code at a place of the repaired text.
func (d *document) fault(code string, at place, args ...string) {
	d.faults = append(d.faults, mapping.Fault{
		What: code, Args: args, File: d.file, Field: at.path, Line: at.line, Col: d.lexer.column(at.line, at.col),
	})
}

// parseText runs YAML's parser over text that begins after the given number of lines of the file. The parser is known to
// panic on some broken input; that is a fault of the input.
func parseText(text string, after int) (tree *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("unreadable: %v", r)
		}
	}()
	tokens := yamllexer.Tokenize(text)
	for _, t := range tokens {
		t.Position.Line += after
	}
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

// A place is where a node begins, and its YAML path.
type place struct {
	line, col int
	path      string
}

// start is where a node begins as a person sees it: a mapping at its first key, not at its colon.
func start(n ast.Node) place {
	switch v := n.(type) {
	case *ast.MappingNode:
		if !v.IsFlowStyle && len(v.Values) > 0 {
			return start(v.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return start(v.Key)
	}
	return tokenPlace(n.GetToken())
}

func tokenPlace(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{line: 1, col: 1}
	}
	return place{line: t.Position.Line, col: t.Position.Column}
}
