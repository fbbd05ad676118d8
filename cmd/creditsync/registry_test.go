package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"creditsync/fixtures/testdb"

	"github.com/mattn/go-runewidth"
)

// inspectJSON runs the verb and gives the tables by name.
func inspectJSON(t *testing.T, args ...string) map[string]inspected {
	t.Helper()
	status, said := command(t, nil, append([]string{"registry", "inspect", "--json"}, args...)...)
	var got struct{ Tables []inspected }
	if err := json.Unmarshal([]byte(said), &got); err != nil || status != exitOK {
		t.Fatalf("status %d: %v\n%s", status, err, said)
	}
	all := map[string]inspected{}
	for _, table := range got.Tables {
		all[table.Name] = table
	}
	return all
}

func looksOf(t inspected, column string) string {
	for _, c := range t.Columns {
		if c.Name != column {
			continue
		}
		var all []string
		for _, l := range c.Looks {
			all = append(all, strings.TrimSpace(l.As+" "+l.Note))
		}
		return strings.Join(all, ", ")
	}
	return "no such column"
}

const foreign = "../../fixtures/foreign/set1"

func TestInspectFiles(t *testing.T) {
	all := inspectJSON(t, foreign)
	ledger := all["检查结果台账.xlsx!2026年台账"]
	if ledger.Rows != 401 || ledger.Read != 401 || !all["检查结果台账.xlsx!2025"].Hidden {
		t.Errorf("%d of %d rows", ledger.Read, ledger.Rows)
	}
	for column, want := range map[string]string{"统一社会信用代码": "credit_code", "检查日期": "date yyyy-MM-dd", "检查结果": "", "录入间隔（天）": "number"} {
		if got := looksOf(ledger, column); !strings.HasPrefix(got, want) {
			t.Errorf("%s looks like %q, want %q", column, got, want)
		}
	}
	if got := looksOf(all["检查对象名录库.xlsx!检查对象名录库"], "对象类别"); got != "codes object_kind" {
		t.Errorf("对象类别 looks like %q", got)
	}
}

func TestInspectDatabase(t *testing.T) {
	database := testdb.Postgres(t)
	testdb.Load(t, database, filepath.Join(foreign, "sjs_bf.sql"))
	all := inspectJSON(t, database)
	if len(all) != 14 {
		t.Errorf("%d tables", len(all))
	}
	objects := all["T_JCDX"]
	if objects.Rows != 5000 || len(objects.Keys) == 0 || objects.Keys[0].Columns[0] != "DXBH" || !objects.Keys[0].Exact {
		t.Errorf("%d rows, keys %+v", objects.Rows, objects.Keys)
	}
	if files := all["T_FJ"]; len(files.Binary) != 1 || files.Binary[0] != "NR" {
		t.Errorf("binary columns %q", files.Binary)
	}
	pair := all["T_JCJG_MX"].Keys
	if len(pair) == 0 || strings.Join(pair[0].Columns, "+") != "JGID+XH" && strings.Join(pair[0].Columns, "+") != "JGID+SXDM" {
		t.Errorf("keys of the child table %+v", pair)
	}
	few := inspectJSON(t, database, "--table", "T_JCDX", "--rows", "100")["T_JCDX"]
	if few.Read != 100 || few.Rows != 5000 {
		t.Errorf("read %d of %d", few.Read, few.Rows)
	}
}

// No name of a person and no whole phone number comes out, also not in the reasons of a draft; every line has room in 100
// columns.
func TestInspectMasks(t *testing.T) {
	database := testdb.Postgres(t)
	testdb.Load(t, database, filepath.Join(foreign, "sjs_bf.sql"))
	persons := []string{"姜霁", "彭暄樾", "梁樾菁", "龚珂超", "邓筠杰", "易蕤琛", "石昶涛", "卢晔珂", "王桁平"}
	for _, args := range [][]string{{"registry", "inspect", database}, {"registry", "inspect", foreign}, {"registry", "inspect", foreign, "--json"},
		{"mapping", "new", "inspection_objects", "--database", database, "--from", "T_JCDX"},
		{"mapping", "new", "inspectors", "--from", foreign + "/执法检查人员名录库.xlsx"}} {
		status, said := command(t, nil, args...)
		if status != exitOK {
			t.Fatalf("%q: %s", args, said)
		}
		for _, p := range persons {
			if strings.Contains(said, p) {
				t.Errorf("%q shows the person %s", args, p)
			}
		}
		for line := range strings.Lines(said) {
			if args[0] == "registry" && len(args) == 3 && !strings.HasPrefix(line, "!") && runewidth.StringWidth(strings.TrimRight(line, "\n")) > 100 {
				t.Errorf("too wide: %s", line)
			}
		}
	}
}

func TestInspectWhatIsNotThere(t *testing.T) {
	empty := t.TempDir()
	for _, args := range [][]string{{"registry", "inspect", empty}, {"registry", "inspect", filepath.Join(empty, "none.xlsx")},
		{"registry", "inspect", foreign, "--table", "无此表"}, {"registry", "inspect", foreign, "--rows", "0"}, {"registry", "inspect", "postgres://u:s3cret@127.0.0.1:1/x?sslmode=disable"},
		{"mapping", "new", "inspectors", "--from", "T_X"}, {"mapping", "new", "nonsense", "--from", foreign + "/检查结果台账.xlsx"}} {
		status, said := command(t, nil, args...)
		if status == exitOK || strings.Contains(said, "没有预料到") || strings.Contains(said, "s3cret") {
			t.Errorf("%q: status %d, said %s", args, status, said)
		}
	}
}
