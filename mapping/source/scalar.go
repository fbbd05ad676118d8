package source

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// enumeration is a type that takes only certain values.
type enumeration interface{ Values() []string }

// takesScalar says whether v is filled from one value rather than from a mapping or list.
func takesScalar(v reflect.Value) bool {
	if _, ok := unmarshaler(v); ok {
		return true
	}
	switch v.Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Interface:
		return false
	default:
		return true
	}
}

func unmarshaler(v reflect.Value) (encoding.TextUnmarshaler, bool) {
	if !v.CanAddr() {
		return nil, false
	}
	u, ok := v.Addr().Interface().(encoding.TextUnmarshaler)
	return u, ok
}

// scalar fills v from the text of a value.
func (t target) scalar(n ast.Node, text string, v reflect.Value, path string) {
	if u, ok := unmarshaler(v); ok {
		if err := u.UnmarshalText([]byte(text)); err != nil {
			t.fault(badText, n, path, text, err.Error())
		}
		return
	}
	if v.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.fault(notADuration, n, path, text)
		}
		v.SetInt(int64(d))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		t.among(n, text, v, path)
	case reflect.Bool:
		v.SetBool(text == "true")
		if text != "true" && text != "false" {
			t.fault(badValue, n, path, text, "", "true false")
		}
	default:
		t.number(n, text, v, path)
	}
}

// among checks an enumeration.
func (t target) among(n ast.Node, text string, v reflect.Value, path string) {
	if e, ok := v.Interface().(enumeration); ok && !slices.Contains(e.Values(), text) {
		t.fault(badValue, n, path, text, nearest(text, e.Values()), strings.Join(e.Values(), " "))
	}
}

// number reads decimal digits only: 010 is ten to a clerk, eight to YAML 1.1, and a fault here.
func (t target) number(n ast.Node, text string, v reflect.Value, path string) {
	digits := strings.TrimPrefix(text, "-")
	if len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
		t.fault(notANumber, n, path, text)
		return
	}
	var err error
	switch {
	case v.CanInt():
		var i int64
		i, err = strconv.ParseInt(text, 10, v.Type().Bits())
		v.SetInt(i)
	case v.CanUint():
		var u uint64
		u, err = strconv.ParseUint(text, 10, v.Type().Bits())
		v.SetUint(u)
	case v.CanFloat():
		var f float64
		f, err = parseDecimal(text, v.Type().Bits())
		v.SetFloat(f)
	}
	if err != nil {
		t.fault(numberFault(err), n, path, text)
	}
}

// parseDecimal refuses NaN, Inf, hexadecimal and underscores, which ParseFloat takes.
func parseDecimal(text string, bits int) (float64, error) {
	if strings.Trim(text, "-0123456789.eE+") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(text, bits)
}

func numberFault(err error) string {
	if e, ok := err.(*strconv.NumError); ok && e.Err == strconv.ErrRange {
		return outOfRange
	}
	return notANumber
}

// scalarText is a value as the administrator wrote it, without its quotes.
func scalarText(n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return v.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return strings.TrimSpace(n.GetToken().Value), true
	case *ast.NullNode:
		return "", false
	default:
		return "", false
	}
}

func isNull(n ast.Node) bool {
	_, ok := n.(*ast.NullNode)
	return n == nil || ok
}

// foreign names a feature of YAML that is refused, "" if n is none.
func foreign(n ast.Node) string {
	switch n.(type) {
	case *ast.AnchorNode:
		return "&"
	case *ast.AliasNode:
		return "*"
	case *ast.TagNode:
		return "!"
	case *ast.MergeKeyNode:
		return "<<"
	case *ast.MappingKeyNode:
		return "?"
	case *ast.DirectiveNode:
		return "%"
	default:
		return ""
	}
}
