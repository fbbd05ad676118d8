package texts

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"creditsync/connector"
	"creditsync/mapping"
)

// literal is one string constant of a source file.
type literal struct{ room, file, value string }

// literals are all string constants of the program outside this catalogue and outside tests.
func literals(t *testing.T) []literal {
	t.Helper()
	var all []literal
	const top = "../../.."
	for _, room := range []string{"cmd", "config", "connector", "jobs", "mapping"} {
		err := filepath.WalkDir(filepath.Join(top, room), func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
				return err
			}
			rel, err := filepath.Rel(top, p)
			if err != nil {
				return err
			}
			rel = filepath.ToSlash(rel)
			tree, err := parser.ParseFile(token.NewFileSet(), p, nil, 0)
			if err != nil || path.Dir(rel) == "cmd/creditsync/texts" && path.Base(rel) != "errors.go" && path.Base(rel) != "texts.go" {
				return err
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if s, err := strconv.Unquote(lit.Value); err == nil {
						all = append(all, literal{path.Dir(rel), rel, s})
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 1000 {
		t.Fatalf("only %d string constants found", len(all))
	}
	return all
}

// families are the first words of codes.
const families = "calendar|claim|collect|compare|config|daemon|deliver|engine|file|job|lists|plan|platform|profile|prove|pull|registry|" +
	"release|remind|rules|screen|site|spec|status|store|value"

// codes are the constants that are faults or reasons. In config, words with a dot are paths of settings but for its own
// family.
func codes(t *testing.T) map[string]string {
	t.Helper()
	pattern := regexp.MustCompile(`^(` + families + `)\.[a-z_]+$`)
	settings := []string{"platform.lanes", "platform.profile", "registry.where", "site.outbox", "site.published"}
	found := map[string]string{}
	for _, l := range literals(t) {
		if !pattern.MatchString(l.value) || strings.HasPrefix(l.file, "config/") && !strings.HasPrefix(l.value, "config.") {
			continue
		}
		if ext := path.Ext(l.value); slices.Contains(settings, l.value) || slices.Contains([]string{".go", ".json", ".yaml", ".db", ".html"}, ext) {
			continue
		}
		found[l.value] = l.file
	}
	if len(found) < 100 {
		t.Fatalf("only %d codes found", len(found))
	}
	return found
}

func TestEveryCodeHasASentence(t *testing.T) {
	zh, en := New("zh"), New("en")
	for code, file := range codes(t) {
		if !zh.Has(code) || !en.Has(code) {
			t.Errorf("%s: %s has no sentence", file, code)
		}
	}
}

func TestNoSentenceIsAnOrphan(t *testing.T) {
	used := map[string]bool{}
	for _, l := range literals(t) {
		used[l.value] = true // a whole code, or the beginning of one that is put together: "state."
	}
	for _, code := range pages(t) {
		used[code] = true
	}
	for _, table := range tables() {
		for _, s := range table {
			if !used[s.code] && !begun(used, s.code) {
				t.Errorf("%s: a sentence that nothing says", s.code)
			}
		}
	}
}

// pages are the quoted words of the console's pages.
func pages(t *testing.T) (all []string) {
	t.Helper()
	quoted := regexp.MustCompile(`"([a-z_]+\.[a-z_.]*)"`)
	err := filepath.WalkDir("../console", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".html" {
			return err
		}
		b, err := os.ReadFile(p)
		for _, m := range quoted.FindAllStringSubmatch(string(b), -1) {
			all = append(all, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func begun(used map[string]bool, code string) bool {
	for i, r := range code {
		if r == '.' && used[code[:i+1]] {
			return true
		}
	}
	return false
}

func TestSentencesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range slices.Concat(tables()...) {
		if seen[s.code] {
			t.Errorf("%s stands in the catalogue twice", s.code)
		}
		seen[s.code] = true
		if s.zh == "" || s.en == "" {
			t.Errorf("%s: a language is missing", s.code)
		}
		if zh, en := places(s.zh), places(s.en); !slices.Equal(zh, en) {
			t.Errorf("%s: the languages use other arguments: %v and %v", s.code, zh, en)
		}
	}
}

var placeholder = regexp.MustCompile(`%\[(\d+)\]s`)

// places are the numbers of the arguments that a sentence uses, sorted, each once.
func places(sentence string) []int {
	var all []int
	for _, m := range placeholder.FindAllStringSubmatch(sentence, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestPlaceholdersAreOfOneKind(t *testing.T) {
	other := regexp.MustCompile(`%(\[\d*\]?[^s%]|[a-zA-Z+#])`)
	for _, s := range slices.Concat(tables()...) {
		for _, sentence := range []string{s.zh, s.en} {
			if m := other.FindString(placeholder.ReplaceAllString(sentence, "")); m != "" {
				t.Errorf("%s: %q is no placeholder: write %%[1]s", s.code, m)
			}
		}
	}
}

func TestEnglishIsNotLeftInChinese(t *testing.T) {
	for _, s := range slices.Concat(tables()...) {
		if strings.ContainsFunc(s.en, unicode.IsLetter) && !strings.ContainsFunc(s.zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }) &&
			len(places(s.zh)) == 0 && strings.Contains(s.zh, " ") {
			t.Errorf("%s: the Chinese sentence is English: %s", s.code, s.zh)
		}
	}
}

func TestSay(t *testing.T) {
	zh, en := New(""), New("en_US.UTF-8")
	lookalike := "%[2]s"
	for _, c := range []struct{ got, want string }{
		{zh.Say("error.place", "台账.xlsx!结果!17"), "位置：台账.xlsx!结果!17"},
		{en.Say("error.place", 17), "place: 17"},
		{zh.Say("no.such_code", "a", 1), "no.such_code a 1"},
		{zh.Say("error.place"), "位置：%[1]s"},
		{zh.Say("error.in_file", lookalike, "x"), "%[2]s：x"}, // an argument is never taken for a placeholder
		{zh.Lang() + en.Lang() + New("fr").Lang(), "zhenzh"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestError(t *testing.T) {
	zh := New("zh")
	fault := mapping.Fault{What: "calendar.bad_year", Args: []string{"26"}, File: "2026.yaml", Line: 3, Col: 7}
	said := zh.Say("calendar.bad_year", "26")
	refused := &connector.Reason{What: connector.Unreachable, Place: "https://p/results", Words: "对方的话", Err: errors.New("dial tcp: refused")}
	one, other := errors.New("one"), errors.New("other")
	for _, c := range []struct {
		name string
		err  error
		want []string // parts in their order
		line int
	}{
		{"nothing", nil, []string{""}, 1},
		{"a fault with its place", fault, []string{"2026.yaml 第 3 行第 7 列：" + said}, 1},
		{"wrapped", fmt.Errorf("check: %w", fault), []string{"2026.yaml 第 3 行", said}, 1},
		{"a list", mapping.Faults{fault, fault}, []string{said, "\n", said}, 2},
		{"joined, wrapped, mixed", fmt.Errorf("all: %w", errors.Join(mapping.Faults{fault, fault}, refused)), []string{said, "\n", said, "\n", "对方原话"}, 3},
		{"two causes are one error", fmt.Errorf("%w caused %w", one, other), []string{"one caused other"}, 1},
		{"a library's error stands behind", refused, []string{"（位置：https://p/results；对方原话：对方的话；技术细节：dial tcp: refused）"}, 1},
		{"a library's error is never alone", one, []string{"没有预料到", "one"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := zh.Error(c.err)
			rest := got
			for _, part := range c.want {
				_, after, found := strings.Cut(rest, part)
				if !found {
					t.Fatalf("%q is not in %q", part, got)
				}
				rest = after
			}
			if lines := strings.Count(got, "\n") + 1; lines != c.line {
				t.Errorf("%d lines, want %d: %s", lines, c.line, got)
			}
		})
	}
}
