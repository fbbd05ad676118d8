package registry

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"creditsync/connector"
	"creditsync/fixtures/testdb"
	"creditsync/mapping"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// bureau is one foreign database: db writes it as the vendor would, reg is what is tested.
type bureau struct {
	db     *sqlx.DB
	reg    *SQL
	driver string
}

// eachDatabase runs one suite on both.
func eachDatabase(t *testing.T, suite func(t *testing.T, b *bureau)) {
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "登记 50%?#.db")
		suite(t, open(t, "sqlite", path, strings.Replace(sqliteDSN(path), "mode=ro", "mode=rwc", 1)))
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := testdb.Postgres(t)
		suite(t, open(t, "postgres", dsn, dsn))
	})
}

func open(t *testing.T, driver, dsn, writable string) *bureau {
	t.Helper()
	db, err := sqlx.Open(driver, writable)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := OpenSQL(t.Context(), driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(); reg.Close() })
	return &bureau{db: db, reg: reg, driver: driver}
}

// exec runs statements; a line that starts with "pg:" or "lite:" is for that database alone.
func (b *bureau) exec(t *testing.T, statements ...string) {
	t.Helper()
	for _, s := range statements {
		pg, onlyPG := strings.CutPrefix(s, "pg:")
		lite, onlyLite := strings.CutPrefix(s, "lite:")
		if onlyPG && b.driver != "postgres" || onlyLite && b.driver != "sqlite" {
			continue
		}
		if onlyPG {
			s = pg
		} else if onlyLite {
			s = lite
		}
		if _, err := b.db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// got is what a read handed out, copied.
type got struct {
	Cells  []string
	Faults []string
	Items  [][]string
}

func read(t *testing.T, r connector.Registry, q connector.Query) ([]got, connector.Summary) {
	t.Helper()
	rows, sum, err := tryRead(t.Context(), r, q)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return rows, sum
}

func tryRead(ctx context.Context, r connector.Registry, q connector.Query) (out []got, sum connector.Summary, err error) {
	sum, err = r.Read(ctx, q, func(rows []mapping.Row) error {
		for _, row := range rows {
			g := got{Cells: append([]string(nil), row.Cells...), Faults: codesOf(row.Faults)}
			for _, item := range row.Items {
				g.Items = append(g.Items, append([]string(nil), item.Cells...))
			}
			out = append(out, g)
		}
		return nil
	})
	return out, sum, err
}

func codesOf(fs []mapping.Fault) (out []string) {
	for _, f := range fs {
		out = append(out, strings.TrimSpace(f.What+" "+strings.Join(f.Args, " ")))
	}
	return out
}

func cellsOf(rows []got) (out []string) {
	for _, r := range rows {
		out = append(out, strings.Join(r.Cells, "|"))
	}
	return out
}

func query(table string, key, columns string) connector.Query {
	return connector.Query{Source: mapping.Source{Table: table, Key: strings.Fields(key)}, Columns: strings.Fields(columns)}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestSQLCellsAreText(t *testing.T) {
	eachDatabase(t, func(t *testing.T, b *bureau) {
		b.exec(t,
			`CREATE TABLE "检查 结果""甲" ("编号" varchar(20) PRIMARY KEY, "数" bigint, "额" numeric(18,4), "率" double precision, "定长" char(8), "日" date, "时" timestamp, "长" text)`,
			`INSERT INTO "检查 结果""甲" VALUES ('001', 9007199254740993, 1234.5, 1e20, 'AB', '2026-12-21', '2026-12-21 10:00:00', ' 首尾 ')`,
			`INSERT INTO "检查 结果""甲" VALUES ('002', NULL, NULL, 0.000012, NULL, NULL, NULL, '')`)
		b.exec(t, `UPDATE "检查 结果""甲" SET "率" = 123456789012 WHERE "编号" = '001'`, `lite:UPDATE "检查 结果""甲" SET "定长" = 'AB      ' WHERE "编号" = '001'`)
		rows, sum := read(t, b.reg, query(`检查 结果"甲`, "编号", "编号 数 额 率 定长 日 时 长"))
		money := "1234.5"
		if b.driver == "postgres" {
			money = "1234.5000"
		}
		same(t, "rows", cellsOf(rows), []string{
			"001|9007199254740993|" + money + "|123456789012|AB|2026-12-21|2026-12-21 10:00:00| 首尾 ",
			"002|||0.000012||||",
		})
		same(t, "counts", []int64{sum.Rows, sum.Source}, []int64{2, 2})
		if sum.Clock.Year() < 2026 {
			t.Errorf("the registry's clock is missing: %v", sum.Clock)
		}
	})
}

func TestSQLBadCellsAreFaultsOfTheirRow(t *testing.T) {
	eachDatabase(t, func(t *testing.T, b *bureau) {
		b.exec(t,
			`pg:CREATE TABLE bad (id int PRIMARY KEY, v text, pic bytea)`, `lite:CREATE TABLE bad (id int PRIMARY KEY, v text, pic blob)`,
			`INSERT INTO bad VALUES (1, 'ok', NULL)`,
			`pg:INSERT INTO bad VALUES (2, repeat('长', 3500000), NULL), (3, 'x', 'abc')`,
			`lite:INSERT INTO bad VALUES (2, replace(hex(zeroblob(5250000)), '0', '长'), NULL), (3, 'x', x'616263')`,
			`lite:INSERT INTO bad VALUES (4, CAST(x'c4e3bac3' AS TEXT), NULL), (5, 914104219990924808.0, NULL)`)
		rows, sum := read(t, b.reg, query("bad", "id", "id v pic"))
		want := []got{
			{Cells: []string{"1", "ok", ""}},
			{Cells: []string{"2", "", ""}, Faults: []string{"registry.cell_too_long v  10"}},
			{Cells: []string{"3", "x", ""}, Faults: []string{"registry.cell_binary pic"}},
		}
		if b.driver == "sqlite" {
			want[1].Faults = []string{"registry.cell_too_long v  30"}
			want = append(want, got{Cells: []string{"4", "\uFFFD", ""}, Faults: []string{"registry.cell_no_text v"}})
			rows = rows[:4]
		}
		same(t, "rows", rows, want)
		same(t, "findings", codesOf(sum.Findings), []string{"registry.column_binary bad pic"})
	})
}

// A PostgreSQL of encoding SQL_ASCII hands out whatever bytes were put in.
func TestPostgresWithoutEncoding(t *testing.T) {
	dsn := testdb.Postgres(t)
	db := sqlx.MustOpen("postgres", dsn)
	defer db.Close()
	if _, err := db.Exec(`CREATE DATABASE creditsync_ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`); err != nil {
		t.Fatal(err)
	}
	defer db.Exec(`DROP DATABASE creditsync_ascii`)
	b := open(t, "postgres", swapDatabase(t, dsn, "creditsync_ascii"), swapDatabase(t, dsn, "creditsync_ascii"))
	defer b.db.Close()
	defer b.reg.Close()
	b.exec(t, `CREATE TABLE t (id int, v text)`, `INSERT INTO t VALUES (1, 'ok'), (2, E'\xc4\xe3')`)
	rows, _ := read(t, b.reg, query("t", "id", "id v"))
	same(t, "rows", rows, []got{{Cells: []string{"1", "ok"}}, {Cells: []string{"2", "\uFFFD"}, Faults: []string{"registry.cell_no_text v"}}})
}

func TestSQLItems(t *testing.T) {
	eachDatabase(t, func(t *testing.T, b *bureau) {
		b.exec(t, `CREATE TABLE p (k bigint PRIMARY KEY)`, `CREATE TABLE c (k varchar(9), n int, v text)`, `CREATE TABLE d (k bigint, n int, v text, PRIMARY KEY (k, n))`)
		for i := range 25 {
			b.exec(t, fmt.Sprintf(`INSERT INTO p VALUES (%d)`, i))
			if i%3 == 0 {
				b.exec(t, fmt.Sprintf(`INSERT INTO c VALUES ('%d', 2, 'b'), ('%d', 1, 'a')`, i, i), fmt.Sprintf(`INSERT INTO d VALUES (%d, 2, 'b'), (%d, 1, 'a')`, i, i))
			}
		}
		for table, want := range map[string][][]string{"c": {{"24", "b"}, {"24", "a"}}, "d": {{"24", "a"}, {"24", "b"}}} {
			q := query("p", "k", "k")
			q.Items, q.ItemColumns, q.PageRows = &mapping.Items{Table: table, Parent: "k"}, []string{"k", "v"}, 7
			rows, _ := read(t, b.reg, q)
			same(t, table+" rows", len(rows), 25)
			same(t, table+" items", rows[24].Items, want)
			same(t, table+" without", len(rows[23].Items), 0)
		}
	})
}

func TestSQLKeys(t *testing.T) {
	eachDatabase(t, func(t *testing.T, b *bureau) {
		b.exec(t, `CREATE TABLE k (a bigint, b varchar(9), c char(5), v text, PRIMARY KEY (a, b))`,
			`INSERT INTO k VALUES (1, 'x', 'c1', 'v1'), (1, 'y', 'c2', 'v2'), (2, 'x ', 'c3', 'v3'), (3, 'z', 'c4', 'v4')`,
			`lite:UPDATE k SET c = c || '   '`)
		both := query("k", "a b", "a b v")
		both.Keys = []string{"1\x1fy", "2\x1fx", "9\x1fx", "nonsense", "01\x1fx", "1\x1fy"}
		rows, sum := read(t, b.reg, both)
		same(t, "composite", cellsOf(rows), []string{"1|y|v2", "2|x |v3"})
		same(t, "counts", []int64{sum.Rows, sum.Source}, []int64{2, 4})
		one := query("k", "a", "v a")
		one.Keys = []string{"3", "0003", "abc", "99999999999999999999"}
		rows, _ = read(t, b.reg, one)
		same(t, "number", cellsOf(rows), []string{"v4|3"})
		padded := query("k", "c", "c v")
		padded.Keys = []string{"c3"}
		rows, _ = read(t, b.reg, padded)
		if len(rows) != 1 {
			t.Errorf("padded key: %v", rows)
		}
		none := query("k", "a", "a")
		none.Keys = []string{}
		rows, _ = read(t, b.reg, none)
		same(t, "no keys", len(rows), 0)
		source := connector.Query{Source: mapping.Source{Query: "SELECT a, v FROM k -- all", Key: []string{"a"}}, Columns: []string{"a", "v"}, Keys: []string{"3"}}
		rows, _ = read(t, b.reg, source)
		same(t, "query", cellsOf(rows), []string{"3|v4"})
	})
}

func TestSQLSince(t *testing.T) {
	for name, typ := range map[string]string{"timestamp": "timestamp", "iso": "varchar(30)", "compact": "varchar(30)", "zoned": "timestamptz"} {
		t.Run(name, func(t *testing.T) {
			eachDatabase(t, func(t *testing.T, b *bureau) {
				write := map[string]func(string) string{
					"compact": func(s string) string { return strings.NewReplacer("-", "", " ", "", ":", "").Replace(s) },
				}[name]
				if name == "zoned" && b.driver == "postgres" {
					write = func(s string) string { return s + "+08" }
				}
				if write == nil {
					write = func(s string) string { return s }
				}
				b.exec(t, `CREATE TABLE s (id int, at `+typ+`)`)
				for i, at := range []string{"2026-01-01 00:00:00", "2026-06-01 09:50:00", "2026-06-01 10:00:00"} {
					b.exec(t, fmt.Sprintf(`INSERT INTO s VALUES (%d, '%s')`, i, write(at)))
				}
				q := query("s", "id", "id")
				q.Source.Changed = &mapping.Changed{Column: "at", Overlap: "15m"}
				rows, sum := read(t, b.reg, q)
				same(t, "first", []any{len(rows), sum.Cursor}, []any{3, "2026-06-01 10:00:00"})
				b.exec(t, `INSERT INTO s VALUES (7, NULL)`, fmt.Sprintf(`INSERT INTO s VALUES (8, '%s')`, write("2099-01-01 00:00:00")))
				q.Since = sum.Cursor
				rows, sum = read(t, b.reg, q)
				same(t, "second", cellsOf(rows), []string{"1", "2", "7", "8"})
				same(t, "late, rows, source", []int64{sum.Late, sum.Rows, sum.Source}, []int64{1, 4, 5})
				if limit := sum.Clock.Add(-defaultOverlap).Format(timeLayout); sum.Cursor != limit {
					t.Errorf("cursor %s, want the clock minus the overlap, %s", sum.Cursor, limit)
				}
			})
		})
	}
}

// What does not sort as text is read every time rather than missed.
func TestSQLSinceReadsWhatDoesNotSort(t *testing.T) {
	eachDatabase(t, func(t *testing.T, b *bureau) {
		b.exec(t, `CREATE TABLE s (id int, at varchar(30))`)
		for i, at := range []string{"2025.3.9", "2026-05-31T23:00:00Z", "1766282400", "", "明天", "20260531", "2026/06/02", "2026-05-31 23:59"} {
			b.exec(t, fmt.Sprintf(`INSERT INTO s VALUES (%d, '%s')`, i, at))
		}
		q := query("s", "id", "id")
		q.Source.Changed = &mapping.Changed{Column: "at"}
		q.Since = "2026-06-01 10:00:00"
		rows, _ := read(t, b.reg, q)
		same(t, "rows", cellsOf(rows), []string{"0", "1", "2", "3", "4", "6"})
		q.Since = "2026-05-31 10:00:00"
		rows, _ = read(t, b.reg, q)
		same(t, "a day counts to its end", cellsOf(rows), []string{"0", "1", "2", "3", "4", "5", "6", "7"})
	})
}

func TestSQLNamedReasons(t *testing.T) {
	eachDatabase(t, func(t *testing.T, b *bureau) {
		b.exec(t, `CREATE TABLE "T_JCJG" ("JGID" int, "JCRQ" varchar(8))`)
		withItems := query(`T_JCJG`, "JGID", "JGID")
		withItems.Items, withItems.ItemColumns = &mapping.Items{Table: "T_JCJG_MX", Parent: "JGID"}, []string{"JGID"}
		tests := []struct {
			name string
			q    connector.Query
			code string
			args string
		}{
			{"table", query("T_JCJC", "JGID", "JGID"), connector.TableGone, "T_JCJC/T_JCJG"},
			{"schema", query("nowhere.T_JCJC", "JGID", "JGID"), connector.TableGone, "nowhere.T_JCJC/T_JCJG"},
			{"case", query("t_jcjg", "JGID", "JGID"), connector.TableGone, "t_jcjg/T_JCJG"},
			{"column", query(`"T_JCJG"`, "JGID", "JGID JCRQI 涉密"), connector.ColumnGone, `"T_JCJG"/JCRQI、涉密/JCRQ`},
			{"key", query("T_JCJG", "ID", "JGID"), connector.ColumnGone, "T_JCJG/ID/JGID"},
			{"items", withItems, connector.TableGone, "T_JCJG_MX/T_JCJG"},
			{"query", connector.Query{Source: mapping.Source{Query: "SELECT 1 +", Key: []string{"a"}}}, connector.QueryFailed, "query"},
			{"twice", connector.Query{Source: mapping.Source{Query: "SELECT 1 AS a, 2 AS a", Key: []string{"a"}}, Columns: []string{"a"}}, connector.ColumnTwice, "query/a"},
		}
		if b.driver == "sqlite" {
			tests[2] = tests[0] // SQLite's table names know no case
			tests = tests[:7]   // and it renames the second of two equal columns
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				_, _, err := tryRead(t.Context(), b.reg, tt.q)
				var r *connector.Reason
				if !errors.As(err, &r) {
					t.Fatalf("no reason: %v", err)
				}
				same(t, "reason", []string{r.What, strings.Join(r.Args, "/")}, []string{tt.code, tt.args})
			})
		}
	})
}

func TestSQLDownAndDenied(t *testing.T) {
	const secret = "pa55word"
	missing, err := OpenSQL(t.Context(), "sqlite", filepath.Join(t.TempDir(), "nowhere.db"))
	if err != nil {
		t.Fatal(err)
	}
	down, err := OpenSQL(t.Context(), "postgres", "postgres://u:"+secret+"@127.0.0.1:1/x?sslmode=disable&connect_timeout=2")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*SQL{missing, down} {
		_, _, err := tryRead(t.Context(), r, query("t", "a", "a"))
		var reason *connector.Reason
		if !errors.As(err, &reason) || reason.What != connector.RegistryDown || !reason.Retry || strings.Contains(err.Error(), secret) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := OpenSQL(t.Context(), "postgres", "postgres://u:"+secret+"@h:99x/%zz"); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("a bad connection string: %v", err)
	}
	dsn := testdb.Postgres(t)
	b := open(t, "postgres", dsn, dsn)
	b.exec(t, `CREATE TABLE t (a int)`, `CREATE ROLE creditsync_reader LOGIN`)
	t.Cleanup(func() { b.db.Exec(`DROP OWNED BY creditsync_reader; DROP ROLE creditsync_reader`) })
	b.reg.db.SetMaxOpenConns(1)
	b.reg.db.MustExec(`SET ROLE creditsync_reader`)
	_, _, err = tryRead(t.Context(), b.reg, query("t", "a", "a"))
	var reason *connector.Reason
	if !errors.As(err, &reason) || reason.What != connector.PermissionDenied {
		t.Errorf("got %v", err)
	}
	b.reg.db.MustExec(`RESET ROLE`)
}

func TestSQLVisitErrorComesBack(t *testing.T) {
	eachDatabase(t, func(t *testing.T, b *bureau) {
		b.exec(t, `CREATE TABLE t (a int)`, `INSERT INTO t VALUES (1)`)
		mine := errors.New("mine")
		_, err := b.reg.Read(t.Context(), query("t", "a", "a"), func([]mapping.Row) error { return mine })
		if err != mine {
			t.Errorf("got %v", err)
		}
	})
}

// A read is one snapshot, and keeps no writer waiting.
func TestSQLSnapshot(t *testing.T) {
	eachDatabase(t, func(t *testing.T, b *bureau) {
		b.exec(t, `CREATE TABLE t (a int PRIMARY KEY, v text)`)
		for i := range 50 {
			b.exec(t, fmt.Sprintf(`INSERT INTO t VALUES (%d, 'old')`, i))
		}
		b.exec(t, `CREATE TABLE c (a int, v text)`, `INSERT INTO c VALUES (49, 'old')`)
		q := query("t", "a", "a v")
		q.PageRows = 10
		q.Items, q.ItemColumns = &mapping.Items{Table: "c", Parent: "a"}, []string{"a", "v"}
		pages, stale := 0, 0
		sum, err := b.reg.Read(t.Context(), q, func(rows []mapping.Row) error {
			if pages++; pages == 1 {
				b.exec(t, `UPDATE t SET v = 'new'`, `INSERT INTO t VALUES (100, 'new')`, `UPDATE c SET v = 'new'`)
			}
			for _, r := range rows {
				if r.Cells[1] == "old" && (len(r.Items) == 0 || r.Items[0].Cells[1] == "old") {
					stale++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "pages, rows, of the snapshot", []int64{int64(pages), sum.Rows, int64(stale)}, []int64{5, 50, 50})
		n, err := b.reg.Count(t.Context(), q.Source)
		same(t, "count", []any{n, err}, []any{int64(51), nil})
	})
}

// Nothing here can write, whatever a query says.
func TestSQLOnlyReads(t *testing.T) {
	eachDatabase(t, func(t *testing.T, b *bureau) {
		b.exec(t, `CREATE TABLE t (a int)`, `INSERT INTO t VALUES (1)`,
			`pg:CREATE FUNCTION wipe() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; RETURN 1; END $$`)
		for _, stmt := range []string{`SELECT wipe() AS a`, `WITH d AS (DELETE FROM t RETURNING a) SELECT a FROM d`, `SELECT 1 AS a) AS q; DELETE FROM t; --`} {
			_, _, err := tryRead(t.Context(), b.reg, connector.Query{Source: mapping.Source{Query: stmt, Key: []string{"a"}}, Columns: []string{"a"}})
			var r *connector.Reason
			if !errors.As(err, &r) {
				t.Errorf("%s: %v", stmt, err)
			}
		}
		n, _ := b.reg.Count(t.Context(), mapping.Source{Table: "t"})
		same(t, "rows left", n, int64(1))
	})
}

func swapDatabase(t *testing.T, dsn, name string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}
