package source

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
	"time"
)

// SchemaDraft is the JSON Schema that Schema's answers are written in.
const SchemaDraft = "https://json-schema.org/draft/2020-12/schema"

// Schema is the JSON Schema of what Decode takes for a type, made from the same tags by the same rules. describe gives what
// a person reads of a key at a path such as registry.key; fields of lists and maps have their list's path.
func Schema(t reflect.Type, title string, describe func(path string) string) map[string]any {
	s := schemer{describe: describe}.of(t, "")
	s["$schema"], s["title"] = SchemaDraft, title
	return s
}

type schemer struct{ describe func(path string) string }

// of is the schema of a type whose keys stand below path.
func (s schemer) of(t reflect.Type, path string) map[string]any {
	if t.Kind() == reflect.Pointer {
		return s.of(t.Elem(), path)
	}
	switch v := reflect.New(t).Elem(); {
	case len(allowed(v)) > 0:
		return map[string]any{"enum": allowed(v)}
	case t == reflect.TypeFor[time.Duration]():
		return map[string]any{"type": []string{"string", "number"}}
	case t.Kind() != reflect.Struct && t.Kind() != reflect.Map && t.Kind() != reflect.Slice, implementsText(t):
		return scalarSchema(t)
	case t.Kind() == reflect.Slice && t.Name() != "":
		item := s.of(t.Elem(), path)
		return map[string]any{"anyOf": []any{item, map[string]any{"type": "array", "items": item, "minItems": 1}}}
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": s.of(t.Elem(), path)}
	case t.Kind() == reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem(), path)}
	}
	return s.object(t, path)
}

func (s schemer) object(t reflect.Type, path string) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range fieldsOf(t) {
		at := strings.TrimPrefix(path+"."+f.name, ".")
		p := s.of(t.FieldByIndex(f.index).Type, at)
		if text := s.describe(at); text != "" {
			p["description"] = text
		}
		properties[f.name] = p
		if f.required {
			required = append(required, f.name)
		}
	}
	o := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		slices.Sort(required)
		o["required"] = required
	}
	return o
}

func implementsText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// scalarSchema: numbers and words are text where text is wanted, as Decode reads them.
func scalarSchema(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	}
	return map[string]any{"type": []string{"string", "number", "boolean"}}
}

// allowed are the words a type takes, nil for any.
func allowed(v reflect.Value) []string {
	if t, ok := v.Interface().(interface{ Values() []string }); ok {
		return t.Values()
	}
	return nil
}
