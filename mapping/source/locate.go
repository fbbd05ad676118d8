package source

import (
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Locate gives the line and column of what stands at a YAML path such as $.fields[3].expr, or of the nearest thing above
// it that the file has; 0, 0 if the file cannot be read. A key that holds a dot is written ['a.b'].
func Locate(file string, b []byte, path string) (line, col int) {
	d := parse(file, b)
	if d.lexer == nil || len(d.roots) == 0 {
		return 0, 0
	}
	steps := splitPath(path)
	for _, root := range d.roots {
		at, found := walk(root, steps)
		if found || !d.broken {
			return at.line, d.lexer.column(at.line, at.col)
		}
	}
	return 0, 0
}

// walk goes down as far as the path leads; found says that it led to its end.
func walk(n ast.Node, steps []string) (place, bool) {
	at := start(n)
	for _, s := range steps {
		next, key := child(n, s)
		if next == nil {
			return at, false
		}
		n = next
		at = start(n)
		if isNull(n) && key != nil {
			at = start(key)
		}
	}
	return at, true
}

// child is the member of a mapping or list, with its key if it has one.
func child(n ast.Node, step string) (value, key ast.Node) {
	switch v := n.(type) {
	case *ast.MappingNode:
		for _, e := range v.Values {
			if text, _ := scalarText(e.Key); text == step {
				return e.Value, e.Key
			}
		}
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(v.Values) {
			return v.Values[i], nil
		}
	}
	return nil, nil
}

// splitPath cuts $.a.b[3]['c.d'] into a, b, 3, c.d.
func splitPath(path string) []string {
	var steps []string
	rest := strings.TrimPrefix(path, "$")
	for rest != "" {
		switch {
		case strings.HasPrefix(rest, "['"):
			inner, after, _ := strings.Cut(rest[2:], "']")
			steps, rest = append(steps, inner), after
		case rest[0] == '[':
			inner, after, _ := strings.Cut(rest[1:], "]")
			steps, rest = append(steps, inner), after
		default:
			rest = strings.TrimPrefix(rest, ".")
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			steps, rest = append(steps, rest[:end]), rest[end:]
		}
	}
	return steps
}
