package jobs_test

import (
	"fmt"
	"testing"

	"creditsync/jobs"
	"creditsync/jobs/store"
)

// TestLeavingTheStreamIsNotMissing: a row that the rules exclude now, its record known, in full reads.
func TestLeavingTheStreamIsNotMissing(t *testing.T) {
	each(t, func(w *world) {
		w.fill(30)
		w.ok(w.loop(3))
		w.expect(results, map[store.State]int64{store.Proven: 30})
		rows := w.bureau.tables["检查结果"].rows
		w.bureau.tables["检查结果"].rows = append(rows, resultRow(30)) // waits for its object
		w.collect(results)
		calls := w.platform.calls
		for _, i := range []int{3, 4, 30} { // two published, one not sent yet
			w.bureau.tables["检查结果"].rows[i][1] = "2025"
		}
		w.ok(w.loop(2))
		w.expect(results, map[store.State]int64{store.Proven: 28, store.Excluded: 3})
		if w.platform.calls != calls || len(w.platform.books) != 60 {
			w.Error("what is published was touched")
		}
		k, ex, err := w.db.Records.Find(w.ctx, results, "R00003")
		w.ok(err)
		if ex == nil || ex.Reason != jobs.OutsideStream || !k.Held {
			w.Errorf("the record says %+v, %+v", k, ex)
		}
		if c := w.lastRun(jobs.JobCollect).Counts; c["left"]+c["missing"] != 0 {
			w.Errorf("it left again: %v", c)
		}
		w.bureau.tables["检查结果"].rows[3][1] = "2026"
		w.ok(w.loop(2))
		w.expect(results, map[store.State]int64{store.Proven: 29, store.Excluded: 2})
		if w.platform.calls != calls {
			w.Error("what came back unchanged was sent again")
		}
		// Two gone from the registry, one of them excluded before; the other back as a row that does not belong.
		w.bureau.tables["检查结果"].rows = append(rows[:5:5], rows[6:]...)
		w.ok(w.loop(1))
		w.expect(results, map[store.State]int64{store.Proven: 28, store.Excluded: 1, store.Missing: 2})
		old := resultRow(5)
		old[1] = "2024"
		w.bureau.tables["检查结果"].rows = append(w.bureau.tables["检查结果"].rows, old)
		w.ok(w.loop(1))
		w.expect(results, map[store.State]int64{store.Proven: 28, store.Excluded: 2, store.Missing: 1})
		// And gone again: a record without a row is missing, by whatever way it came to that.
		w.bureau.tables["检查结果"].rows = w.bureau.tables["检查结果"].rows[:len(w.bureau.tables["检查结果"].rows)-1]
		w.ok(w.loop(1))
		w.expect(results, map[store.State]int64{store.Proven: 28, store.Excluded: 1, store.Missing: 2})
	})
}

// TestArchivedYearTripsNoGuard: rows that left the stream are deleted, many at once.
func TestArchivedYearTripsNoGuard(t *testing.T) {
	each(t, func(w *world) {
		w.fill(100)
		w.ok(w.loop(3))
		rows := w.bureau.tables["检查结果"].rows
		for i := range 22 {
			rows[i][1] = "2025"
		}
		w.collect(results)
		if w.held(results) == nil {
			w.Fatal("22 of 100 left at once and nobody was asked")
		}
		w.ok(jobs.Release(w.ctx, w.deps(), results, w.held(results).Guard, "王二"))
		w.collect(results)
		w.expect(results, map[store.State]int64{store.Proven: 78, store.Excluded: 22})
		w.bureau.tables["检查结果"].rows = rows[22:]
		w.collect(results)
		w.expect(results, map[store.State]int64{store.Proven: 78, store.Missing: 22})
	})
}

// TestOneOfTwoRowsBelongs: numbers begin anew each year, and the rows of the old year do not end the records of the new one.
func TestOneOfTwoRowsBelongs(t *testing.T) {
	each(t, func(w *world) {
		w.fill(30)
		for i := range 30 {
			old := resultRow(i)
			old[1] = "2025"
			w.bureau.tables["检查结果"].rows = append(w.bureau.tables["检查结果"].rows, old)
		}
		w.ok(w.loop(3))
		w.collect(results)
		w.expect(results, map[store.State]int64{store.Proven: 30, store.Excluded: 30})
	})
}

// TestLeavingInAnIncrementalRead: the row that changed is all that is read.
func TestLeavingInAnIncrementalRead(t *testing.T) {
	each(t, func(w *world) {
		w.rule(changedYAML, listYAML)
		var rows [][]string
		for i := range 100 {
			rows = append(rows, []string{fmt.Sprintf("O%04d", i), fmt.Sprintf("企业%d", i), "企业", "2026-12-01 10:00:00"})
		}
		w.bureau.set("检查对象", []string{"对象编号", "名称", "类别", "更新时间"}, rows...)
		w.collect(objects)
		w.ok(jobs.Deliver(w.ctx, w.deps(), platform))
		rows[7][2], rows[7][3] = "村庄", "2026-12-02 10:00:00"
		rows[8][1], rows[8][3] = "改名", "2026-12-02 10:00:00"
		w.collect(objects)
		last, _, err := w.db.Reads.Last(w.ctx, objects)
		w.ok(err)
		if last.Full {
			w.Error("a full read was made of it")
		}
		w.expect(objects, map[store.State]int64{store.Acknowledged: 98, store.Waiting: 1, store.Excluded: 1})
		rows[7][2], rows[7][3] = "企业", "2026-12-03 10:00:00"
		w.collect(objects)
		w.expect(objects, map[store.State]int64{store.Acknowledged: 99, store.Waiting: 1})
		rows[7][2], rows[7][3] = "村庄", "2026-12-04 10:00:00"
		rows = append(rows, []string{"O0007", "企业7", "企业", "2026-12-01 10:00:00"}) // this one belongs
		w.bureau.tables["检查对象"].rows = rows
		w.collect(objects)
		if s := w.states(objects); s[store.Excluded] != 1 || s[store.Acknowledged] != 99 {
			w.Errorf("states %v", s)
		}
	})
}

// TestLeavingDoesNotHideADeletion: one row leaves the stream and another is deleted between two incremental reads.
func TestLeavingDoesNotHideADeletion(t *testing.T) {
	each(t, func(w *world) {
		w.rule(changedYAML, listYAML)
		var rows [][]string
		for i := range 30 {
			rows = append(rows, []string{fmt.Sprintf("O%04d", i), fmt.Sprintf("企业%d", i), "企业", "2026-12-01 10:00:00"})
		}
		w.bureau.set("检查对象", []string{"对象编号", "名称", "类别", "更新时间"}, rows...)
		w.collect(objects)
		rows[7][2], rows[7][3] = "村庄", "2026-12-02 10:00:00"
		w.bureau.tables["检查对象"].rows = rows[:29]
		w.collect(objects)
		w.expect(objects, map[store.State]int64{store.Waiting: 28, store.Excluded: 1, store.Missing: 1})
	})
}
