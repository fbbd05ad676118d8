package jobs_test

import (
	"context"
	"fmt"
	"testing"

	"creditsync/connector"
	"creditsync/fixtures/testdb"
	"creditsync/jobs"
	"creditsync/mapping"
)

// endless is a registry that makes its rows as they are read.
type endless struct{ n int }

func (e endless) Close() error                                         { return nil }
func (e endless) Count(context.Context, mapping.Source) (int64, error) { return int64(e.n), nil }

func (e endless) Read(_ context.Context, q connector.Query, visit func([]mapping.Row) error) (connector.Summary, error) {
	rows := make([]mapping.Row, 0, q.PageRows)
	for i := range e.n {
		key := fmt.Sprintf("O%08d", i)
		rows = append(rows, mapping.Row{Cells: []string{key, "示例企业" + key[4:]}})
		if len(rows) == q.PageRows {
			if err := visit(rows); err != nil {
				return connector.Summary{}, err
			}
			rows = rows[:0]
		}
	}
	return connector.Summary{Rows: int64(e.n), Source: int64(e.n)}, visit(rows)
}

// BenchmarkCollect reads 200,000 rows: a first load, and again with nothing changed. Look at what of the profile lies in
// this package itself: go test -run - -bench Collect -cpuprofile cpu.out ./jobs && go tool pprof -top jobs.test cpu.out
func BenchmarkCollect(b *testing.B) {
	const rows = 200_000
	for b.Loop() {
		w := newWorld(b, testdb.SQLite(b))
		d := w.deps()
		d.Registries = map[string]connector.Registry{"bureau": endless{rows}}
		for range 2 {
			if err := jobs.Collect(w.ctx, d, objects); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(2*rows*b.N), "µs/row")
}
