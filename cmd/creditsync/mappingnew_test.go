package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"creditsync/fixtures/testdb"
	"creditsync/mapping/draft"
	"creditsync/mapping/source"

	"golang.org/x/text/unicode/norm"
)

// rightPairs are the right pairs of one table for one stream, by field: the columns, and whether a draft may do without.
type rightPairs map[string]struct {
	columns  string
	optional bool
}

type foreignTable struct{ source, table, stream string }

// readRightPairs reads the table that was written before the code.
func readRightPairs(t *testing.T) (all []foreignTable, pairs map[foreignTable]rightPairs) {
	t.Helper()
	f, err := os.Open("testdata/drafts/set1.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	pairs = map[foreignTable]rightPairs{}
	for _, row := range rows[1:] {
		table := foreignTable{row[0], row[1], row[2]}
		if pairs[table] == nil {
			all, pairs[table] = append(all, table), rightPairs{}
		}
		if row[3] != "" {
			columns, optional := strings.CutPrefix(norm.NFKC.String(row[4]), "?")
			pairs[table][row[3]] = struct {
				columns  string
				optional bool
			}{columns, optional}
		}
	}
	return all, pairs
}

// TestDraftsOfForeignRegistries: on each workbook, csv file and table at least nine of ten suggested pairs are right, and
// at least three of four of the right ones are suggested: a draft that says nothing would be right in all it says.
func TestDraftsOfForeignRegistries(t *testing.T) {
	const folder = "../../fixtures/foreign/set1"
	database := testdb.Postgres(t)
	testdb.Load(t, database, filepath.Join(folder, "sjs_bf.sql"))
	all, pairs := readRightPairs(t)
	for _, table := range all {
		t.Run(table.source+" "+table.table, func(t *testing.T) {
			args := []string{"mapping", "new", table.stream, "--json", "--from", filepath.Join(folder, table.source)}
			if table.source == "sjs_bf.sql" {
				args = []string{"mapping", "new", table.stream, "--json", "--from", table.table, "--database", database}
			}
			status, said := command(t, nil, args...)
			var got drafted
			if err := json.Unmarshal([]byte(said), &got); err != nil || status != exitOK {
				t.Fatalf("status %d: %s", status, said)
			}
			judgePairs(t, pairs[table], got.Pairs)
			readable(t, got.YAML)
		})
	}
}

func judgePairs(t *testing.T, right rightPairs, got []draft.Pair) {
	t.Helper()
	good, wanted, found := 0, 0, 0
	seen := map[string]bool{}
	for _, p := range got {
		r, known := right[p.Field]
		seen[p.Field] = true
		columns := norm.NFKC.String(strings.Join(p.Columns, "+"))
		if known && columns == r.columns {
			good++
			continue
		}
		t.Logf("wrong: %s from %s (%.2f, %s), right is %q", p.Field, columns, p.Score, p.Reasons[0].What, r.columns)
		seen[p.Field] = false
	}
	for field, r := range right {
		if r.optional {
			continue
		}
		wanted++
		if seen[field] {
			found++
		} else {
			t.Logf("missed: %s from %s", field, r.columns)
		}
	}
	t.Logf("%d of %d suggested are right, %d of %d right ones are found", good, len(got), found, wanted)
	if good*10 < len(got)*9 || found*4 < wanted*3 {
		t.Errorf("%d of %d suggested pairs are right, %d of %d right ones were suggested", good, len(got), found, wanted)
	}
}

// readable: once a person has filled in what is to be filled in, the draft is a mapping.
func readable(t *testing.T, yaml string) {
	t.Helper()
	filled := strings.ReplaceAll(yaml, "unit: "+draft.Blank, "unit: 元")
	if _, faults := source.Mapping("draft.yaml", []byte(strings.ReplaceAll(filled, draft.Blank, "某列"))); len(faults) > 0 {
		t.Errorf("%v\n%s", faults, yaml)
	}
}
