package source

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"creditsync/mapping"
)

// Decode reads a file strictly into the struct that out points to, by its `yaml` tags, and reports every fault at once;
// what it read is only of use when there is none. Fault.Field is the YAML path, $.fields[3].to.
//
// A field without `omitempty` must be present and not empty. Embedded structs are read in line. A map takes free keys. A
// slice type with a name of its own (mapping.Columns) takes a single value for a list of one. Numbers and words are
// text where text is wanted, as they are written: 007 stays 007. A time.Duration is written as in Go, 15m or 24h. A type
// with a method Values() []string takes only those; one with UnmarshalText is given the value's text.
func Decode(file string, b []byte, out any) mapping.Faults {
	return decodeDocument(parse(file, b), out)
}

func decodeDocument(d *document, out any) mapping.Faults {
	for _, root := range d.roots {
		t := target{d: d}
		t.node(root, reflect.ValueOf(out).Elem(), "$")
	}
	return sorted(d.faults)
}

// sorted puts faults in the order of the file and drops repetitions, which the parts of a broken file can give.
func sorted(fs mapping.Faults) mapping.Faults {
	slices.SortStableFunc(fs, func(a, b mapping.Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	return slices.CompactFunc(fs, func(a, b mapping.Fault) bool {
		return a.What == b.What && a.Line == b.Line && a.Col == b.Col && slices.Equal(a.Args, b.Args)
	})
}

// A target fills Go values from nodes.
type target struct{ d *document }

func (t target) fault(code string, n ast.Node, path string, args ...string) {
	at := start(n)
	at.path = path
	t.d.fault(code, at, args...)
}

// node fills v from n, which stands at path.
func (t target) node(n ast.Node, v reflect.Value, path string) {
	if name := foreign(n); name != "" {
		t.fault(feature, n, path, name)
		return
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		t.node(n, v.Elem(), path)
		return
	}
	switch text, scalar := scalarText(n); {
	case scalar && takesScalar(v):
		t.scalar(n, text, v, path)
	case v.Kind() == reflect.Struct:
		t.structure(n, v, path)
	case v.Kind() == reflect.Map:
		t.table(n, v, path)
	case v.Kind() == reflect.Slice:
		t.list(n, v, path)
	default:
		t.wrong(n, notAValue, path)
	}
}

// wrong reports a node of another shape than wanted; a full-width colon is the usual cause where a block was wanted.
func (t target) wrong(n ast.Node, code, path string) {
	text, _ := scalarText(n)
	if key, _, found := strings.Cut(text, "："); found && code == notABlock {
		at := start(n)
		at.path, at.col = path, at.col+len([]rune(key))
		t.d.fault(wideColon, at, key)
		return
	}
	t.fault(code, n, path)
}

// structure fills a struct from a mapping, reporting unknown, doubled and missing keys.
func (t target) structure(n ast.Node, v reflect.Value, path string) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		t.wrong(n, notABlock, path)
		return
	}
	fields := fieldsOf(v.Type())
	meant := map[string]bool{} // by a mistyped key: it is not reported as missing too
	seen := t.entries(m, path, func(key string, e *ast.MappingValueNode) {
		f, known := find(fields, key)
		if !known {
			guess := nearest(key, names(fields))
			meant[guess] = true
			t.fault(unknownKey, e.Key, path, key, guess, strings.Join(names(fields), " "))
			return
		}
		t.entry(e, f, v.FieldByIndex(f.index), path+"."+key)
	})
	for _, f := range fields {
		if f.required && !seen[f.name] && !meant[f.name] && !t.lenient(path) {
			t.fault(missingKey, m, path, f.name)
		}
	}
}

// lenient: of a file read in parts nobody knows what its top level would have held.
func (t target) lenient(path string) bool { return t.d.broken && path == "$" }

// entry fills one field of a struct; a required one must not be empty.
func (t target) entry(e *ast.MappingValueNode, f field, v reflect.Value, path string) {
	if isNull(e.Value) {
		if f.required {
			t.fault(emptyValue, e.Key, path, f.name)
		}
		return
	}
	before := len(t.d.faults)
	t.node(e.Value, v, path)
	if f.required && len(t.d.faults) == before && isEmpty(v) {
		t.fault(emptyValue, e.Value, path, f.name)
	}
}

// isEmpty holds for texts and lists; the number 0 and false are values.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Map:
		return v.Len() == 0
	default:
		return false
	}
}

// entries calls visit for each key of a mapping, reporting doubled ones and what is no plain key, and gives the keys.
func (t target) entries(m *ast.MappingNode, path string, visit func(string, *ast.MappingValueNode)) map[string]bool {
	lines := map[string]int{}
	seen := map[string]bool{}
	for _, e := range m.Values {
		if name := foreign(e.Key); name != "" {
			t.fault(feature, e.Key, path, name)
			continue
		}
		key, _ := scalarText(e.Key)
		if first, double := lines[key]; double {
			t.fault(duplicateKey, e.Key, path, key, strconv.Itoa(first))
			continue
		}
		lines[key], seen[key] = start(e.Key).line, true
		visit(key, e)
	}
	return seen
}

// table fills a map with free keys.
func (t target) table(n ast.Node, v reflect.Value, path string) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		t.wrong(n, notABlock, path)
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	t.entries(m, path, func(key string, e *ast.MappingValueNode) {
		value := reflect.New(v.Type().Elem()).Elem()
		if !isNull(e.Value) {
			t.node(e.Value, value, path+"."+key)
		}
		v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), value)
	})
}

// list fills a slice from a sequence, or from one value if the slice's type has a name.
func (t target) list(n ast.Node, v reflect.Value, path string) {
	s, ok := n.(*ast.SequenceNode)
	if _, scalar := scalarText(n); !ok && scalar && v.Type().Name() != "" {
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		t.node(n, v.Index(0), path)
		return
	}
	if !ok {
		t.wrong(n, notAList, path)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(s.Values), len(s.Values)))
	for i, item := range s.Values {
		at := path + "[" + strconv.Itoa(i) + "]"
		if isNull(item) {
			t.fault(emptyValue, item, at, strconv.Itoa(i+1))
			continue
		}
		t.node(item, v.Index(i), at)
	}
}
