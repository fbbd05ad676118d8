package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"creditsync/config"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSchemasAreThoseOfTheTypes: what is published is what the types say, and every key has its words.
func TestSchemasAreThoseOfTheTypes(t *testing.T) {
	all, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range all {
		got, err := os.ReadFile(filepath.Join("../../config/schema", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the types say (%v): run creditsync mapping schema config/schema", name, err)
		}
		var s any
		if err := json.Unmarshal(want, &s); err != nil {
			t.Fatal(err)
		}
		described(t, name, s)
	}
}

func described(t *testing.T, at string, s any) {
	switch s := s.(type) {
	case map[string]any:
		if properties, ok := s["properties"].(map[string]any); ok {
			for key, p := range properties {
				if p.(map[string]any)["description"] == nil {
					t.Errorf("%s: %s has no words", at, key)
				}
			}
		}
		for key, inner := range s {
			described(t, at+"/"+key, inner)
		}
	case []any:
		for _, inner := range s {
			described(t, at, inner)
		}
	}
}

// TestShippedFilesKeepToTheirSchema, and point to it, so that an editor helps.
func TestShippedFilesKeepToTheirSchema(t *testing.T) {
	rooms := map[string]string{"mappings": "mapping", "codes": "codes", "platforms": "profile", "holidays": "calendar"}
	n := 0
	err := fs.WalkDir(config.Files, ".", func(name string, d fs.DirEntry, err error) error {
		kind := rooms[path.Dir(name)]
		if err != nil || d.IsDir() || kind == "" {
			return err
		}
		n++
		b, err := fs.ReadFile(config.Files, name)
		if err != nil {
			return err
		}
		file := "../../config/schema/" + kind + ".schema.json"
		line, _, _ := strings.Cut(string(b), "\n")
		if line != "# yaml-language-server: $schema=../schema/"+kind+".schema.json" {
			t.Errorf("%s begins with %q", name, line)
		}
		if err := keeps(t, file, b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := keeps(t, file, append(b, "\nmistyped: 1\n"...)); err == nil {
			t.Errorf("%s: an unknown key passes the schema", name)
		}
		return nil
	})
	if err != nil || n < 20 {
		t.Fatal(n, err)
	}
}

func keeps(t *testing.T, schema string, b []byte) error {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := yaml.YAMLToJSON(b)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}
