package registry

import (
	"fmt"
	"strings"
	"testing"
)

// TestSQLSeparatorInACell: a row that reads as one text must come out as its cells did, even where one of them holds the
// separator, in the first row, in the middle of a page or as the last.
func TestSQLSeparatorInACell(t *testing.T) {
	const rows = 700 // more than the first page
	for _, at := range []int{1, firstPage, firstPage + 1, 450, rows} {
		t.Run(fmt.Sprint("row ", at), func(t *testing.T) {
			eachDatabase(t, func(t *testing.T, b *bureau) {
				b.exec(t, "CREATE TABLE r (id integer PRIMARY KEY, a text, b text)")
				var values, want []string
				for i := 1; i <= rows; i++ {
					cell := fmt.Sprint("值", i)
					if i == at {
						cell = "左\x1f右"
					}
					values = append(values, fmt.Sprintf("(%d, '%s', NULL)", i, cell))
					want = append(want, fmt.Sprintf("%d|%s|", i, cell))
				}
				b.exec(t, "INSERT INTO r VALUES "+strings.Join(values, ", "))
				got, sum := read(t, b.reg, query("r", "id", "id a b"))
				same(t, "rows", cellsOf(got), want)
				same(t, "count", sum.Rows, int64(rows))
			})
		})
	}
}

// TestSQLWideTable: a function of PostgreSQL takes no more than 100 arguments.
func TestSQLWideTable(t *testing.T) {
	eachDatabase(t, func(t *testing.T, b *bureau) {
		var columns, cells []string
		for i := range 120 {
			columns = append(columns, fmt.Sprint("c", i))
			cells = append(cells, fmt.Sprint(i))
		}
		b.exec(t, "CREATE TABLE w ("+strings.Join(columns, " integer, ")+" integer)",
			"INSERT INTO w VALUES ("+strings.Join(cells, ", ")+")")
		got, _ := read(t, b.reg, query("w", "c0", strings.Join(columns, " ")))
		same(t, "cells", cellsOf(got), []string{strings.Join(cells, "|")})
	})
}
