package texts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"creditsync/config"
)

// Every code that the readers of files can report stands in the catalogue: the codes are read from their sources.
func TestCodesOfFilesHaveSentences(t *testing.T) {
	for file, prefix := range map[string]string{"mapping/source/codes.go": "file.", "config/fault.go": "config."} {
		codes := constants(t, filepath.Join("..", "..", "..", filepath.FromSlash(file)), prefix)
		if len(codes) < 20 {
			t.Errorf("%s: only %d codes", file, len(codes))
		}
		for _, lang := range []string{"zh", "en"} {
			c := New(lang)
			for _, code := range codes {
				if !c.Has(code) || c.Say(code) == "" {
					t.Errorf("%s: no sentence in %s", code, lang)
				}
			}
		}
	}
}

func constants(t *testing.T, file, prefix string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(tree, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && strings.HasPrefix(s, prefix) {
				codes = append(codes, s)
			}
		}
		return true
	})
	return codes
}

func TestSettingsFaultsNameTheirPlace(t *testing.T) {
	_, faults := config.Parse("c.yaml", []byte("language: zh\nplatfrm: {profile: x}\n"), func(string) (string, bool) { return "", false })
	said := New("zh").Error(faults)
	for _, want := range []string{"c.yaml 第 2 行第 1 列", "platfrm", "最接近的是“platform”", "缺少 platform.profile"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in: %s", want, said)
		}
	}
}
