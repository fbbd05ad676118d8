package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The picture of the rooms, held by reading the sources: an answer of `go list` may come from a cache. An arrow that is
// missing here is a decision about the design, not about this test.

// arrows are the rooms that a room may import. A room that is not named does not exist.
func arrows() map[string][]string {
	mappings := []string{"mapping", "mapping/draft", "mapping/identity", "mapping/schema", "mapping/screening", "mapping/source"}
	below := slices.Concat(mappings, []string{"connector", "jobs", "jobs/deadline", "jobs/store"})
	joins := slices.Concat(below, []string{"connector/platform", "connector/registry", "connector/site", "jobs/engine"})
	return map[string][]string{
		"cmd/creditsync": slices.Concat(below, []string{
			"cmd/creditsync/console", "cmd/creditsync/daemon", "cmd/creditsync/simulation", "cmd/creditsync/texts",
			"config", "fixtures/mockplatform", "fixtures/world",
		}),
		"cmd/creditsync/console":    slices.Concat(below, []string{"cmd/creditsync/texts"}),
		"cmd/creditsync/daemon":     joins,
		"cmd/creditsync/simulation": slices.Concat(joins, []string{"fixtures/mockplatform", "fixtures/world"}),
		"cmd/creditsync/texts":      {"connector", "mapping"},
		"config":                    {},
		"connector":                 {"mapping"},
		"connector/platform":        {"connector", "mapping", "mapping/source"},
		"connector/registry":        {"connector", "mapping"},
		"connector/site":            {"connector", "mapping"},
		"jobs":                      slices.Concat(mappings, []string{"connector", "jobs/deadline", "jobs/store"}),
		"jobs/deadline":             {"mapping", "mapping/source"},
		"jobs/engine":               {"jobs/store"},
		"jobs/store":                {"mapping"},
		"mapping":                   {"mapping/identity", "mapping/schema"},
		"mapping/draft":             {"mapping", "mapping/identity", "mapping/schema", "mapping/source"},
		"mapping/identity":          {},
		"mapping/schema":            {},
		"mapping/screening":         {"mapping/identity", "mapping/schema"},
		"mapping/source":            {"mapping"},
		"fixtures":                  {},
		"fixtures/mockplatform":     {},
		"fixtures/proxy":            {},
		"fixtures/testdb":           {},
		"fixtures/world":            {"config", "mapping", "mapping/identity"},
	}
}

// testArrows are what the tests of a room may import besides: examples are loaded by the rooms that read them.
func testArrows() map[string][]string {
	return map[string][]string{
		"cmd/creditsync/daemon": {"cmd/creditsync/texts"},
		"cmd/creditsync/texts":  {"config", "jobs", "mapping/draft"},
		"config":                {"connector/platform", "jobs/deadline", "mapping", "mapping/source"},
	}
}

// walls are the libraries that only some rooms may know.
func walls() map[string][]string {
	sql := []string{"jobs/store", "connector/registry", "jobs/engine", "fixtures/testdb", "fixtures/world"}
	return map[string][]string{
		"database/sql":                          sql,
		"github.com/jackc/pgx":                  {"jobs/engine"},
		"github.com/jmoiron/sqlx":               sql,
		"github.com/lib/pq":                     sql,
		"modernc.org/sqlite":                    sql,
		"github.com/pressly/goose":              {"jobs/store"},
		"github.com/riverqueue/river":           {"jobs/engine"},
		"github.com/robfig/cron":                {"config", "jobs"},
		"github.com/go-resty/resty":             {"connector/platform"},
		"github.com/xuri/excelize":              {"connector/registry", "connector/site", "fixtures/world"},
		"github.com/spf13/viper":                {"config"},
		"github.com/spf13/cobra":                {"cmd/creditsync"},
		"github.com/expr-lang/expr":             {"mapping"},
		"github.com/goccy/go-yaml":              {"config", "mapping/source"},
		"github.com/prometheus/client_golang":   {"cmd/creditsync", "cmd/creditsync/daemon", "cmd/creditsync/console"},
		"github.com/schollz/progressbar":        {"cmd/creditsync"},
		"net/http":                              {"connector/platform", "cmd/creditsync", "cmd/creditsync/daemon", "cmd/creditsync/console", "cmd/creditsync/simulation", "fixtures/mockplatform"},
		"github.com/stretchr/testify":           {},
		"math/rand":                             {"jobs/store", "fixtures/mockplatform", "fixtures/world", "cmd/creditsync/simulation"},
		"golang.org/x/text/encoding":            {"config", "connector/registry", "mapping/draft", "mapping/source", "fixtures/world"},
		"github.com/go-viper/mapstructure":      {"config"},
		"github.com/riverqueue/river/rivertest": {},
	}
}

// source is one Go file.
type source struct {
	path string // from the top, slashes
	room string
	test bool
	ast  *ast.File
}

// imports are the imported paths.
func (s source) imports() []string {
	var all []string
	for _, i := range s.ast.Imports {
		if p, err := strconv.Unquote(i.Path.Value); err == nil {
			all = append(all, p)
		}
	}
	return all
}

const top = "../.."

// sources are all Go files of the module.
func sources(t *testing.T) (all []source, files *token.FileSet) {
	t.Helper()
	files = token.NewFileSet()
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && p != top && (name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		file, err := parser.ParseFile(files, p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, p)
		rel = filepath.ToSlash(rel)
		all = append(all, source{path: rel, room: path.Dir(rel), test: strings.HasSuffix(name, "_test.go"), ast: file})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d sources found below %s", len(all), top)
	}
	return all, files
}

func TestArrowsGoDown(t *testing.T) {
	allowed, inTests := arrows(), testArrows()
	all, _ := sources(t)
	for _, s := range all {
		rooms, known := allowed[s.room]
		if !known {
			t.Errorf("%s: the picture has no room %s", s.path, s.room)
			continue
		}
		for _, p := range s.imports() {
			to, ours := strings.CutPrefix(p, "creditsync/")
			if !ours || slices.Contains(rooms, to) {
				continue
			}
			if s.test && (to == s.room || strings.HasPrefix(to, "fixtures/") || slices.Contains(inTests[s.room], to) || reaches(allowed, s.room, to)) {
				continue
			}
			t.Errorf("%s: no arrow leads from %s to %s", s.path, s.room, to)
		}
	}
}

// reaches: a test may use what its room's own imports are made of.
func reaches(allowed map[string][]string, from, to string) bool {
	return slices.ContainsFunc(allowed[from], func(next string) bool { return next == to || reaches(allowed, next, to) })
}

func TestThePictureHasNoCycle(t *testing.T) {
	allowed := arrows()
	for room := range allowed {
		for _, next := range allowed[room] {
			if _, known := allowed[next]; !known {
				t.Errorf("%s points to %s, which is no room", room, next)
			}
		}
	}
	done := map[string]bool{}
	for len(done) < len(allowed) {
		before := len(done)
		for room, next := range allowed {
			if !slices.ContainsFunc(next, func(n string) bool { return !done[n] }) {
				done[room] = true
			}
		}
		if len(done) == before {
			t.Fatalf("a cycle: only %v stand on firm ground", slices.Sorted(maps.Keys(done)))
		}
	}
}

func TestLibrariesStayBehindTheirWalls(t *testing.T) {
	all, _ := sources(t)
	for _, s := range all {
		if s.test {
			continue
		}
		for _, p := range s.imports() {
			for library, rooms := range walls() {
				if (p == library || strings.HasPrefix(p, library+"/")) && !slices.Contains(rooms, s.room) {
					t.Errorf("%s: %s may not import %s", s.path, s.room, p)
				}
			}
		}
	}
}

func TestTopLevelIsFixed(t *testing.T) {
	entries, err := os.ReadDir(top)
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"LICENSE", "README.md", "cmd", "config", "connector", "fixtures", "go.mod", "go.sum", "jobs", "mapping"}
	built := []string{"creditsync", "creditsync.exe", "dist"} // .gitignore knows them
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) && !slices.Contains(built, e.Name()) {
			t.Errorf("%s is not on the agreed top level", e.Name())
		}
	}
}
