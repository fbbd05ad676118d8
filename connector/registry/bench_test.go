package registry

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"creditsync/connector"
	"creditsync/fixtures/testdb"
	"creditsync/mapping"
)

const benchRows = 1_000_000

// benchColumns is the shape of a table of results: 16 columns, 13 of them text.
const benchColumns = "id uscc object_name object_type address legal_rep phone inspector_no inspector_name department plan_no item_name result_code result_text inspected_at updated_at"

// BenchmarkPostgresRead reads 1,000,000 rows of 16 columns: one iteration is one read of all.
func BenchmarkPostgresRead(b *testing.B) {
	dsn := os.Getenv("CREDITSYNC_BENCH_POSTGRES")
	if dsn == "" {
		dsn = testdb.Postgres(b)
		fillBench(b, dsn)
	}
	r, err := OpenSQL(b.Context(), "postgres", dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	q := query("inspection_result", "id", benchColumns)
	b.ReportAllocs()
	for b.Loop() {
		readAll(b, r, q, benchRows)
	}
}

func fillBench(b *testing.B, dsn string) {
	db := sqlx.MustOpen("postgres", dsn)
	defer db.Close()
	texts := strings.Split("uscc object_name object_type address legal_rep phone inspector_no inspector_name department plan_no item_name", " ")
	var values []string
	for i, c := range texts {
		values = append(values, fmt.Sprintf("'某字段' || %d || '-' || i AS %s", i, c))
	}
	if _, err := db.Exec(fmt.Sprintf(`CREATE TABLE inspection_result AS SELECT i::bigint AS id, %s, (i %% 8)::smallint AS result_code, '未发现问题' AS result_text,
		now() AS inspected_at, now() AS updated_at FROM generate_series(1, %d) AS i; ALTER TABLE inspection_result ADD PRIMARY KEY (id); ANALYZE inspection_result`,
		strings.Join(values, ", "), benchRows)); err != nil {
		b.Fatal(err)
	}
}

func readAll(b *testing.B, r connector.Registry, q connector.Query, want int64) {
	cells := 0
	sum, err := r.Read(b.Context(), q, func(rows []mapping.Row) error {
		for _, row := range rows {
			cells += len(row.Cells)
		}
		return nil
	})
	if err != nil || sum.Rows != want || int64(cells) != want*int64(len(q.Columns)) {
		b.Fatalf("%d rows, %d cells, %v", sum.Rows, cells, err)
	}
}

// BenchmarkWorkbookRead reads a workbook of 100,000 rows of 16 columns.
func BenchmarkWorkbookRead(b *testing.B) {
	const n = 100_000
	dir := b.TempDir()
	columns := strings.Fields(benchColumns)
	err := WriteWorkbook(dir+"/a.xlsx", "表", columns, func(yield func([]string, error) bool) {
		row := make([]string, len(columns))
		for i := range n {
			for j := range row {
				row[j] = fmt.Sprintf("值%d-%d", j, i)
			}
			if !yield(row, nil) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	q := connector.Query{Source: mapping.Source{File: "a.xlsx", Key: []string{"id"}}, Columns: columns}
	b.ReportAllocs()
	for b.Loop() {
		readAll(b, OpenFolder(dir), q, n)
	}
}
