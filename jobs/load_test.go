package jobs_test

import (
	"errors"
	"fmt"
	"testing"

	"creditsync/jobs"
	"creditsync/jobs/store"
)

// TestFirstLoadBrokenOffAtEveryCommit: while one page is on its way into the store, the next is mapped. A crash at any
// commit of them ends the read with its cause, and the next read brings in what is left, each record once.
func TestFirstLoadBrokenOffAtEveryCommit(t *testing.T) {
	const rows = 12_000 // three pages
	points := 0
	for n := 1; points == n-1; n++ {
		each(t, func(w *world) {
			w.fill(rows)
			count := 0
			w.hook = func(point string) {
				if count++; count >= n {
					panic(fmt.Errorf("%w at %s", errCrash, point))
				}
			}
			err := jobs.Collect(w.ctx, w.deps(), objects)
			w.hook = nil
			if err == nil {
				return
			}
			points = n
			if !errors.Is(err, errCrash) {
				w.Fatal(err)
			}
			w.ok(w.db.Close())
			w.open()
			w.collect(objects)
			w.expect(objects, map[store.State]int64{store.Waiting: rows})
		})
	}
	if points < 8 {
		t.Errorf("a first load has %d points of commit only", points)
	}
}

// TestTwinsOfDifferentPages: the second row of a key is met while the first may still be on its way into the store.
func TestTwinsOfDifferentPages(t *testing.T) {
	each(t, func(w *world) {
		w.fill(12_000)
		table := w.bureau.tables["检查对象"]
		for _, i := range []int{5000, 9999, 10_001} { // the first and the last row of the second page, one of the third
			table.rows[i][0] = table.rows[i-4998][0]
		}
		w.collect(objects)
		w.expect(objects, map[store.State]int64{store.Waiting: 12_000 - 6, store.Invalid: 6})
	})
}
