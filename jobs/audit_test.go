package jobs_test

import (
	"slices"
	"testing"

	"creditsync/jobs"
	"creditsync/jobs/store"
)

// level says of the status what it is, and whether it names a reason.
func (w *world) level(reason string) (l jobs.Level, named bool) {
	w.Helper()
	s, err := jobs.StatusOf(w.ctx, w.deps())
	w.ok(err)
	return s.Level, slices.ContainsFunc(s.Reasons, func(r jobs.StatusReason) bool { return r.Code == reason })
}

// TestTamperedBooksAreSeen changes the store behind its back. What the counters of the status can see is red at once; what
// only a scan can see is red from the next compare on. Both are alarms, told once, and over when they are mended.
func TestTamperedBooksAreSeen(t *testing.T) {
	for what, tamper := range map[string]struct {
		broken, mended string
		reason         string // of the alarm
		reminder       string
		scan           bool // only a compare can see it
	}{
		"a counter": {"UPDATE deliveries SET live = live + 1 WHERE id = 1", "UPDATE deliveries SET live = live - 1 WHERE id = 1",
			jobs.BooksDiffer, jobs.RemindBalance, false},
		"a row of the source": {
			"UPDATE reads SET source = source + 1", "UPDATE reads SET source = source - 1", jobs.BalanceBroken, jobs.RemindBalance, false},
		"a record in another delivery": {
			"UPDATE records SET delivery = 2 WHERE delivery = 1 AND key = 'O0000'", "UPDATE records SET delivery = 1 WHERE key = 'O0000'",
			jobs.BooksDiffer, jobs.RemindBooks, true},
	} {
		t.Run(what, func(t *testing.T) {
			each(t, func(w *world) {
				w.fill(10)
				w.collect(objects)
				w.ok(jobs.Deliver(w.ctx, w.deps(), platform)) // delivery 1 is acknowledged
				w.bureau.tables["检查对象"].rows = append(w.bureau.tables["检查对象"].rows, objectRow(10))
				w.collect(objects) // and 2 waits
				w.ok(jobs.Compare(w.ctx, w.deps(), objects))
				if _, named := w.level(tamper.reminder); named {
					w.Fatal("red before anything was done")
				}
				w.write(tamper.broken)
				if _, named := w.level(tamper.reminder); named == tamper.scan {
					w.Errorf("before a compare the status names %s: %v", tamper.reminder, named)
				}
				w.audit()
				if l, named := w.level(tamper.reminder); !named || l != jobs.Broken {
					w.Errorf("the status is %s and names %s: %v", l, tamper.reminder, named)
				}
				if len(w.events(jobs.KindAlarm, tamper.reason)) == 0 {
					w.Error("no alarm in the log")
				}
				w.ok(jobs.Remind(w.ctx, w.deps(), ""))
				w.ok(jobs.Remind(w.ctx, w.deps(), ""))
				if n := len(w.events(jobs.KindAlarm, tamper.reminder)); n != 1 {
					w.Errorf("reminded %d times", n)
				}
				w.write(tamper.mended)
				w.audit()
				if _, named := w.level(tamper.reminder); named {
					w.Error("red after it was mended")
				}
			})
		})
	}
}

func (w *world) write(statement string) {
	w.Helper()
	_, err := w.db.SQLX().ExecContext(w.ctx, statement)
	w.ok(err)
}

// audit compares while the registry cannot be read: the books are counted all the same, and the read's end is not touched.
func (w *world) audit() {
	w.Helper()
	table := w.bureau.tables["检查对象"]
	delete(w.bureau.tables, "检查对象")
	if err := jobs.Compare(w.ctx, w.deps(), objects); err == nil {
		w.Error("a compare without a registry went well")
	}
	w.bureau.tables["检查对象"] = table
}

func TestAuditOfGoodBooks(t *testing.T) {
	each(t, func(w *world) {
		a, err := w.db.Records.Audit(w.ctx, objects)
		w.ok(err)
		if a.Broken() {
			w.Errorf("nothing was read yet, and the books are broken: %+v", a)
		}
		w.fill(10)
		w.collect(objects)
		a, err = w.db.Records.Audit(w.ctx, objects)
		w.ok(err)
		if a.Broken() || a.Scan.States[store.Waiting] != 10 || a.Booked.States[store.Waiting] != 10 {
			w.Errorf("%+v", a)
		}
	})
}
