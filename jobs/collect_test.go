package jobs_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"creditsync/connector"
	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/google/go-cmp/cmp"
)

func (w *world) collect(stream string) {
	w.Helper()
	w.ok(jobs.Collect(w.ctx, w.deps(), stream))
}

func (w *world) held(stream string) *jobs.Held {
	w.Helper()
	h, err := jobs.HeldOf(w.ctx, w.deps(), stream)
	w.ok(err)
	return h
}

// TestShrunkRead: a workbook of 3,000 rows comes back with 50.
// A comparison in full that begins while the stream is read takes over: what the older read saw is not committed, and no
// row is missing because only the other has seen it.
func TestTwoReadsOfAStream(t *testing.T) {
	each(t, func(w *world) {
		w.fill(40)
		began := false
		w.bureau.read = func() {
			if began {
				return
			}
			began = true
			if err := jobs.Compare(w.ctx, w.deps(), objects); err != nil {
				w.Error(err)
			}
		}
		w.ok(jobs.Collect(w.ctx, w.deps(), objects))
		w.expect(objects, map[store.State]int64{store.Waiting: 40})
		if r := w.lastRun(jobs.JobCollect); r.Outcome != jobs.HeldBack || r.Reason != jobs.ReadOvertaken {
			w.Errorf("the older read: %s %s", r.Outcome, r.Reason)
		}
		w.bureau.read = func() { w.ok(jobs.Collect(w.ctx, w.deps(), objects)) }
		w.ok(jobs.Compare(w.ctx, w.deps(), objects))
		if r := w.lastRun(jobs.JobCollect); r.Outcome != jobs.HeldBack || r.Reason != jobs.ReadUnderWay {
			w.Errorf("a read of changes beside a comparison: %s %s", r.Outcome, r.Reason)
		}
	})
}

func TestShrunkRead(t *testing.T) {
	each(t, func(w *world) {
		w.fill(3000)
		w.collect(objects)
		all := w.bureau.tables["检查对象"].rows
		w.bureau.tables["检查对象"].rows = all[:50]
		w.collect(objects)
		h := w.held(objects)
		if h == nil || h.Reason != jobs.Shrunk || h.Gone != 2950 {
			w.Fatalf("held: %+v", h)
		}
		if r := w.lastRun(jobs.JobCollect); r.Outcome != jobs.HeldBack || r.Reason != jobs.Shrunk {
			w.Errorf("the run ended %s %s", r.Outcome, r.Reason)
		}
		if s := w.states(objects); s[store.Waiting] != 3000 {
			w.Errorf("states %v", s)
		}
		w.collect(objects)
		if n := len(w.events(jobs.KindAlarm, jobs.Shrunk)); n != 1 {
			w.Errorf("one cause was told %d times", n)
		}
		if err := jobs.Release(w.ctx, w.deps(), objects, "1-2-3", "张某"); jobs.Code(err) != jobs.GuardDiffer {
			w.Errorf("another guard was let through: %v", err)
		}
		w.ok(jobs.Release(w.ctx, w.deps(), objects, h.Guard, "张某"))
		w.collect(objects)
		if s := w.states(objects); s[store.Missing] != 2950 || s[store.Waiting] != 50 {
			w.Errorf("after the release: %v", s)
		}
		w.bureau.tables["检查对象"].rows = all
		w.collect(objects)
		if s := w.states(objects); s[store.Missing] != 0 || s[store.Waiting] != 3000 {
			w.Errorf("after the rows came back: %v", s)
		}
		w.bureau.tables["检查对象"].rows = all[:2000]
		w.collect(objects)
		if w.held(objects) == nil {
			w.Error("a release let a second shrinking through")
		}
	})
}

// TestShiftedColumn: somebody inserted a cell, and every value stands one column to the right.
func TestShiftedColumn(t *testing.T) {
	each(t, func(w *world) {
		w.fill(3000)
		w.collect(objects)
		for _, row := range w.bureau.tables["检查对象"].rows {
			row[1] = "x" + row[1]
		}
		w.collect(objects)
		if h := w.held(objects); h == nil || h.Reason != jobs.ChangedTooMuch || h.Changed != 3000 {
			w.Fatalf("held: %+v", h)
		}
		for _, row := range w.bureau.tables["检查对象"].rows {
			row[0], row[1] = row[1], row[0]
		}
		w.collect(objects)
		if h := w.held(objects); h == nil || h.Reason != jobs.Shrunk {
			w.Fatalf("held: %+v", h)
		}
	})
}

func TestVanishedIsNotWithdrawn(t *testing.T) {
	each(t, func(w *world) {
		w.fill(30)
		w.ok(w.loop(3))
		rows := w.bureau.tables["检查对象"].rows
		w.bureau.tables["检查对象"].rows = rows[:20]
		w.ok(w.loop(2))
		if s := w.states(objects); s[store.Missing] != 10 || s[store.Proven] != 20 {
			w.Errorf("states %v", s)
		}
		if len(w.platform.books) != 60 {
			w.Error("something was withdrawn")
		}
		calls := w.platform.calls
		w.bureau.tables["检查对象"].rows = rows
		w.ok(w.loop(2))
		if s := w.states(objects); s[store.Proven] != 30 || w.platform.calls != calls {
			w.Errorf("what came back unchanged was sent again, or not proven: %v", s)
		}
	})
}

func TestDuplicateAndNullKeys(t *testing.T) {
	each(t, func(w *world) {
		w.fill(6000)
		rows := w.bureau.tables["检查对象"].rows
		rows[5999][0] = "O0007"             // far behind its twin
		rows[11][0], rows[12][0] = "", "  " // no key at all
		w.collect(objects)
		w.expect(objects, map[store.State]int64{store.Invalid: 4, store.Waiting: 5996})
		_, ex, err := w.db.Records.Find(w.ctx, objects, "O0007")
		w.ok(err)
		if ex == nil || ex.Reason != jobs.DuplicateKey || ex.Detail.Place != "检查对象!9、检查对象!6001" {
			w.Errorf("twins: %+v", ex)
		}
		w.collect(objects) // nothing changes by reading again
		w.expect(objects, map[store.State]int64{store.Invalid: 4, store.Waiting: 5996})
		if c := w.lastRun(jobs.JobCollect).Counts; c["new"]+c["invalid"]+c["missing"] != 0 {
			w.Errorf("an unchanged source gave %v", c)
		}
		rows[5999][0], rows[11][0] = "O5999", "O0011"
		w.collect(objects)
		w.expect(objects, map[store.State]int64{store.Invalid: 1, store.Waiting: 5999})
		rows[12][0] = "O0012"
		w.collect(objects)
		w.expect(objects, map[store.State]int64{store.Waiting: 6000})
		rows[3][0], rows[4][0] = "O0005", "" // twins beside each other, later
		w.collect(objects)
		w.expect(objects, map[store.State]int64{store.Invalid: 3, store.Waiting: 5997, store.Missing: 2})
	})
}

func (w *world) expect(stream string, want map[store.State]int64) {
	w.Helper()
	if diff := cmp.Diff(want, w.states(stream)); diff != "" {
		w.Error(diff)
	}
}

func TestKeyThatIdentifiesNothing(t *testing.T) {
	each(t, func(w *world) {
		w.fill(4000)
		w.collect(objects)
		for i, row := range w.bureau.tables["检查对象"].rows {
			row[0] = fmt.Sprintf("O%04d", i%1500)
		}
		if err := jobs.Collect(w.ctx, w.deps(), objects); jobs.Code(err) != jobs.KeyNotUnique {
			w.Errorf("got %v", err)
		}
		w.expect(objects, map[store.State]int64{store.Waiting: 4000})
	})
}

func TestReadThatBreaksOffKeepsWhatIsCommitted(t *testing.T) {
	each(t, func(w *world) {
		w.fill(12_000)
		w.bureau.tables["检查对象"].fail = &connector.Reason{What: connector.RegistryDown, Retry: true}
		err := jobs.Collect(w.ctx, w.deps(), objects)
		if jobs.Code(err) != connector.RegistryDown {
			w.Fatal(err)
		}
		if r := w.lastRun(jobs.JobCollect); r.Outcome != jobs.Failed || r.Reason != connector.RegistryDown {
			w.Errorf("the run ended %s %s", r.Outcome, r.Reason)
		}
		scan, err := w.db.Records.Recount(w.ctx, objects)
		w.ok(err)
		if scan.States[store.Waiting] != 5000 {
			w.Errorf("states %v", scan.States)
		}
		w.bureau.tables["检查对象"].fail = nil
		w.collect(objects)
		w.expect(objects, map[store.State]int64{store.Waiting: 12_000})
	})
}

func TestNamedReasonsOfARegistryInTrouble(t *testing.T) {
	each(t, func(w *world) {
		for _, tt := range []struct {
			what string
			do   func()
		}{
			{connector.TableGone, func() { delete(w.bureau.tables, "检查对象") }},
			{connector.ColumnGone, func() { w.fill(3); w.bureau.tables["检查对象"].columns[1] = "名字" }},
		} {
			w.fill(3)
			tt.do()
			if err := jobs.Collect(w.ctx, w.deps(), objects); jobs.Code(err) != tt.what {
				w.Errorf("%s came out as %v", tt.what, err)
			}
		}
	})
}

// TestChangeOfRules re-sends nothing that is published, and judges again what is not.
func TestChangeOfRules(t *testing.T) {
	each(t, func(w *world) {
		w.fill(40)
		w.bureau.tables["检查结果"].rows[3][9] = ""
		w.platform.refuse["R00005"] = "错误"
		w.ok(w.loop(3))
		w.expect(results, map[store.State]int64{store.Invalid: 1, store.Rejected: 1, store.Proven: 38})
		calls := w.platform.calls
		delete(w.platform.refuse, "R00005")
		w.rule(strings.Replace(resultsYAML, "{from: 检查结果, to: insRes, required: true}", "{from: 检查结果, to: result, default: 无}", 1), objectsYAML, listYAML)
		w.ok(w.loop(3))
		w.expect(results, map[store.State]int64{store.Proven: 40})
		if w.platform.calls != calls+1 {
			w.Errorf("%d calls", w.platform.calls-calls)
		}
		if p := w.platform.books["R00001"].payload; !strings.Contains(p, "insRes") {
			w.Errorf("what was published was sent again: %s", p)
		}
	})
}

const changedYAML = `
stream: inspection_objects
title: 检查对象
direction: push
resource: object
registry: {database: bureau, table: 检查对象, key: [对象编号], where: 类别 == "企业", changed: {column: 更新时间}}
fields:
  - {from: 对象编号, to: objectId, is: id, required: true}
  - {from: 名称, to: name, required: true}
`

func TestIncrementalRead(t *testing.T) {
	each(t, func(w *world) {
		w.rule(changedYAML, listYAML)
		row := func(i int, kind, at string) []string {
			return []string{fmt.Sprintf("O%04d", i), fmt.Sprintf("企业%d", i), kind, at}
		}
		var rows [][]string
		for i := range 100 {
			rows = append(rows, row(i, "企业", "2026-12-01 10:00:00"))
		}
		rows = append(rows, row(100, "村庄", "2026-12-01 10:00:00"))
		w.bureau.set("检查对象", []string{"对象编号", "名称", "类别", "更新时间"}, rows...)
		read := func(wantFull bool, want map[store.State]int64) {
			w.Helper()
			w.collect(objects)
			last, _, err := w.db.Reads.Last(w.ctx, objects)
			w.ok(err)
			if last.Full != wantFull {
				w.Errorf("full read: %v", last.Full)
			}
			w.expect(objects, want)
		}
		table := w.bureau.tables["检查对象"]
		read(true, map[store.State]int64{store.Waiting: 100, store.Excluded: 1})
		table.rows = append(table.rows, row(101, "企业", "2026-12-02 10:00:00"), row(102, "村庄", "2026-12-02 10:00:00"))
		read(false, map[store.State]int64{store.Waiting: 101, store.Excluded: 2})
		table.rows[5] = row(5, "企业", "2026-12-03 10:00:00")
		table.rows[5][1] = "改名"
		read(false, map[store.State]int64{store.Waiting: 101, store.Excluded: 2})
		table.rows = slices.Delete(table.rows, 7, 8)
		read(true, map[store.State]int64{store.Waiting: 100, store.Excluded: 2, store.Missing: 1})
		w.ok(jobs.Compare(w.ctx, w.deps(), objects))
		if n := len(w.events(jobs.KindAlarm, jobs.BooksDiffer)) + len(w.events(jobs.KindAlarm, jobs.BalanceBroken)); n != 0 {
			w.Errorf("%d alarms over good books", n)
		}
		w.rule(changedYAML+"owner: 类别\n", listYAML)
		read(true, map[store.State]int64{store.Waiting: 100, store.Excluded: 2, store.Missing: 1})
	})
}

// TestWaitsForItsObject: a result goes after its object, and lends it its deadline.
func TestWaitsForItsObject(t *testing.T) {
	each(t, func(w *world) {
		w.fill(5)
		w.collect(objects)
		w.collect(results)
		w.expect(results, map[store.State]int64{store.Waiting: 5})
		list, err := w.db.Deliveries.List(w.ctx, store.Filter{Stream: objects})
		w.ok(err)
		if len(list) != 1 || list[0].Due == 0 {
			w.Errorf("the object did not inherit a due day: %+v", list)
		}
		w.ok(w.loop(3))
		w.expect(results, map[store.State]int64{store.Proven: 5})
	})
}

// TestEarliestDueGoesFirst: the deadline, not the reading order, orders the queue.
func TestEarliestDueGoesFirst(t *testing.T) {
	each(t, func(w *world) {
		w.fill(300)
		for i, row := range w.bureau.tables["检查结果"].rows {
			row[4] = time.Date(2026, 12, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -i/20).Format(time.DateOnly)
		}
		w.collect(objects)
		w.ok(jobs.Deliver(w.ctx, w.deps(), platform))
		w.collect(results)
		var firsts []string
		w.platform.on = func(_ int, b connector.Batch) error {
			firsts = append(firsts, b.Records[0].ID)
			return nil
		}
		w.ok(jobs.Deliver(w.ctx, w.deps(), platform))
		if want := []string{"R00200", "R00100", "R00000"}; !slices.Equal(firsts, want) {
			w.Errorf("sent in the order %v", firsts)
		}
	})
}

func TestUnknownStream(t *testing.T) {
	w := newWorld(t, "sqlite::memory:")
	for stream, want := range map[string]string{"nobody": jobs.NoSuchStream, abnormal: jobs.WrongDirection} {
		var f *jobs.Failure
		if err := jobs.Collect(w.ctx, w.deps(), stream); !errors.As(err, &f) || f.What != want {
			t.Errorf("%s: %v", stream, err)
		}
	}
}
