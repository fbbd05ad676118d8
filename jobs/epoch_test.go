package jobs_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"creditsync/connector"
	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/jmoiron/sqlx"
)

// tables are those of the store, by the names that the database gives.
func (w *world) tables() (names []string) {
	w.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'store_version'"
	if w.db.Dialect() == "postgres" {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'store_version'"
	}
	w.ok(w.db.SQLX().SelectContext(w.ctx, &names, query))
	return slices.DeleteFunc(names, func(n string) bool { return len(n) > 5 && n[:5] == "kept_" })
}

// keep remembers the whole store as it is; rollBack puts it back, as a machine does that is rolled back: no code of ours is
// asked, and nothing tells the store of it.
func (w *world) keep() {
	for _, t := range w.tables() {
		_, err := w.db.SQLX().ExecContext(w.ctx, "CREATE TABLE kept_"+t+" AS SELECT * FROM "+t)
		w.ok(err)
	}
}

func (w *world) rollBack() {
	w.Helper()
	names := w.tables()
	tx, err := w.db.SQLX().BeginTxx(w.ctx, nil)
	w.ok(err)
	for _, t := range names {
		w.exec(tx, "DELETE FROM "+t)
		w.exec(tx, "INSERT INTO "+t+" SELECT * FROM kept_"+t)
		if w.db.Dialect() == "postgres" {
			if slices.Contains([]string{"deliveries", "reads", "runs", "events", "rules", "streams", "units"}, t) {
				w.exec(tx, `SELECT setval('`+t+`_id_seq', MAX(id)) FROM `+t)
			}
		}
	}
	w.ok(tx.Commit())
}

func (w *world) exec(tx *sqlx.Tx, query string) {
	w.Helper()
	_, err := tx.ExecContext(w.ctx, query)
	w.ok(err)
}

// restart is a new process on the same store.
func (w *world) restart() store.Epoch {
	w.Helper()
	w.ok(w.db.Close())
	w.open()
	now, _, err := w.db.Epochs.Join(w.ctx, store.Joining{Machine: "this machine"})
	w.ok(err)
	return now
}

// again counts what a far side is sent although it holds just that.
func (f *far) again() *int {
	n := 0
	f.on = func(_ int, b connector.Batch) error {
		for _, r := range b.Records {
			if e := f.books[r.ID]; e != nil && e.payload == string(r.Payload) {
				n++
			}
		}
		return nil
	}
	return &n
}

// history publishes 1,000 objects with their results, takes the copy that use puts back later, and then does 500
// publications more: new records, corrections, records that wait when the copy is made, some that are refused, some by the
// county site. It ends with changes that were not collected yet.
func (w *world) history() {
	w.fill(1000)
	w.platform.limits.InFlight, w.platform.res.MaxRows, w.site.res.MaxRows = 4, 100, 100
	w.ok(w.loop(3))
	w.grow(1000, 1040) // these wait when the copy is made
	for _, stream := range []string{objects, results} {
		w.ok(jobs.Collect(w.ctx, w.deps(), stream))
	}
}

func (w *world) grow(from, to int) {
	o, r := w.bureau.tables["检查对象"], w.bureau.tables["检查结果"]
	for i := from; i < to; i++ {
		o.rows, r.rows = append(o.rows, objectRow(i)), append(r.rows, resultRow(i))
		if i%10 == 3 {
			r.rows[i][6] = "其他" // by the county site
		}
	}
}

func (w *world) correct(from, to int, words string) {
	for i := from; i < to; i++ {
		w.bureau.tables["检查结果"].rows[i][9] = words
	}
}

// lost is the time between the copy and its return.
func (w *world) lost() {
	w.grow(1040, 1200)
	w.bureau.tables["检查结果"].rows[1050][2] = "待审核"
	w.correct(0, 60, "已责令改正")
	w.correct(1020, 1040, "已责令改正") // they waited in their first version
	w.platform.refuse["R01101"], w.platform.refuse["R01102"] = "检查结果代码无效", "检查结果代码无效"
	before := w.platform.publications() + w.site.publications()
	w.ok(w.loop(4))
	if n := w.platform.publications() + w.site.publications() - before; n < 450 {
		w.Fatalf("%d publications in the time that is lost", n)
	}
	w.correct(50, 60, "再次改正")                     // published as corrected, and corrected again
	w.correct(1190, 1200, "再次改正")                 // new in the lost time, and corrected since
	w.bureau.tables["检查结果"].rows[1050][2] = "已审核" // ready since
	w.grow(1200, 1210)
}

func (f *far) publications() (n int) {
	for _, e := range f.books {
		n += e.written
	}
	return n
}

// whole says that everything is published once, as the registries have it, and nothing was sent that was there.
func (w *world) whole(again ...*int) {
	w.Helper()
	for _, n := range again {
		if *n != 0 {
			w.Errorf("%d records were sent again", *n)
		}
	}
	if s := w.states(results); s[store.Proven] != 1208 || s[store.Rejected] != 2 {
		w.Errorf("results stand at %v", s)
	}
	if s := w.states(objects); s[store.Proven] != 1210 {
		w.Errorf("objects stand at %v", s)
	}
	w.platform.once(w, 1210+1208-21)
	w.site.once(w, 21)
	for i, row := range w.bureau.tables["检查结果"].rows {
		e := w.platform.books[row[0]]
		if row[6] == "其他" {
			e = w.site.books[row[0]]
		}
		if e != nil && !jsonHas(e.payload, row[9]) {
			w.Errorf("result %d is published as %s, the registry says %s", i, e.payload, row[9])
		}
	}
}

func TestBackupOf500PublicationsAgo(t *testing.T) {
	each(t, func(w *world) {
		w.history()
		path := filepath.Join(w.TempDir(), "b.creditsync")
		_, err := w.db.Backup(w.ctx, path, nil)
		w.ok(err)
		w.lost()
		w.pass(time.Hour)
		w.ok(w.db.Close())
		r, err := store.Restore(w.ctx, store.Options{DSN: w.dsn, Now: func() time.Time { return w.clock }}, path, nil)
		w.ok(err)
		if r.Epoch.Cause != store.CauseRestored || r.Aside == "" {
			w.Errorf("restored as %+v", r)
		}
		w.open()
		platform, site := w.platform.again(), w.site.again()
		w.ok(w.loop(12))
		w.whole(platform, site)
	})
}

// TestMachineRolledBack: the machine comes back as it was, and starts.
func TestMachineRolledBack(t *testing.T) {
	each(t, func(w *world) {
		w.restart()
		w.history()
		_, _, err := w.db.Epochs.Beat(w.ctx)
		w.ok(err)
		w.keep()
		w.lost()
		w.rollBack()
		w.pass(time.Minute)
		if now := w.restart(); now.Cause != store.CauseSilent {
			w.Fatalf("the start took it for %+v", now)
		}
		platform, site := w.platform.again(), w.site.again()
		w.ok(w.loop(12))
		w.whole(platform, site)
	})
}

// TestRolledBackUnderARunningProcess: the process remembers what the store forgot.
func TestRolledBackUnderARunningProcess(t *testing.T) {
	each(t, func(w *world) {
		w.history()
		w.keep()
		w.lost()
		w.rollBack()
		platform, site := w.platform.again(), w.site.again()
		w.ok(w.loop(12))
		w.whole(platform, site)
		if now, err := w.db.Epochs.Current(w.ctx); err != nil || now.Cause != store.CauseRolledBack {
			w.Errorf("the process took it for %+v: %v", now, err)
		}
	})
}

// TestEveryPointOfARollBack rolls the store back at every step of a round, whatever was under way.
func TestEveryPointOfARollBack(t *testing.T) {
	each(t, func(w *world) {
		w.fill(30)
		w.ok(w.loop(3))
		w.keep()
		for step := range 8 {
			w.bureau.tables["检查结果"].rows[step][9] = fmt.Sprintf("第%d步", step)
			w.steps(step)
			w.rollBack()
			_, err := w.db.Epochs.Begin(w.ctx, store.CauseRolledBack)
			w.ok(err)
			again := w.platform.again()
			w.ok(w.loop(6))
			if *again != 0 {
				w.Fatalf("after step %d, %d were sent again", step, *again)
			}
			w.platform.once(w, 60)
		}
	})
}

// TestLooksBeforeTheFirstRead: while a registry cannot be read, looks go on, and nothing is sent again: a newer version than
// the one that is known may stand on the platform already. None of them is taken for somebody else's change.
func TestLooksBeforeTheFirstRead(t *testing.T) {
	each(t, func(w *world) {
		w.fill(60)
		w.ok(w.loop(3))
		w.correct(0, 5, "甲")
		w.ok(jobs.Collect(w.ctx, w.deps(), results))
		w.ok(jobs.Deliver(w.ctx, w.deps(), platform)) // acknowledged in the copy
		w.correct(5, 8, "甲")
		w.grow(60, 80)
		w.ok(jobs.Collect(w.ctx, w.deps(), objects))
		w.ok(jobs.Collect(w.ctx, w.deps(), results))
		w.keep()
		w.correct(0, 10, "乙")
		w.ok(w.loop(5))
		w.rollBack()
		_, err := w.db.Epochs.Begin(w.ctx, store.CauseRolledBack)
		w.ok(err)
		calls := w.platform.calls
		for range 8 {
			w.pass(30 * time.Minute)
			w.ok(jobs.Prove(w.ctx, w.deps(), platform))
			w.ok(jobs.Deliver(w.ctx, w.deps(), platform))
		}
		if w.platform.calls != calls {
			w.Errorf("%d calls before the first read", w.platform.calls-calls)
		}
		if n := len(w.events(jobs.KindAlarm, jobs.Differs)); n != 0 {
			w.Errorf("%d alarms of records that somebody else changed", n)
		}
		again := w.platform.again()
		w.ok(w.loop(6))
		if s := w.states(results); *again != 0 || s[store.Proven] != 80 {
			w.Errorf("%d sent again, results stand at %v", *again, s)
		}
		w.platform.once(w, 160-2)
	})
}

// steps runs the first jobs of a round.
func (w *world) steps(n int) {
	w.Helper()
	for _, job := range []func() error{
		func() error { return jobs.Collect(w.ctx, w.deps(), objects) },
		func() error { return jobs.Collect(w.ctx, w.deps(), results) },
		func() error { return jobs.Deliver(w.ctx, w.deps(), platform) },
		func() error { w.pass(2 * time.Minute); return jobs.Prove(w.ctx, w.deps(), platform) },
		func() error {
			w.bureau.tables["检查结果"].rows[20][9] += "再"
			return jobs.Collect(w.ctx, w.deps(), results)
		},
		func() error { return jobs.Deliver(w.ctx, w.deps(), platform) },
		func() error { w.pass(2 * time.Minute); return jobs.Prove(w.ctx, w.deps(), platform) },
	}[:n] {
		w.ok(job())
	}
}
