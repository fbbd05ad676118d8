package jobs_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"creditsync/connector"
	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/google/go-cmp/cmp"
)

func TestWholeLoop(t *testing.T) {
	each(t, func(w *world) {
		w.fill(300)
		rows := w.bureau.tables["检查结果"].rows
		rows[0][1] = "2025"                  // excluded
		rows[1][2] = "待审核"                   // not ready
		rows[2][7], rows[2][8] = "是", "保密1号" // withheld
		rows[3][7] = "是"                     // withheld without approval: invalid
		rows[4][9] = ""                      // required field empty: invalid
		rows[5][6] = "其他"                    // to the site
		rows[6][3] = "O9999"                 // its object is in no registry
		w.platform.refuse["R00007"] = "检查结果代码无效"
		w.ok(w.loop(5))
		want := map[store.State]int64{store.Excluded: 1, store.NotReady: 1, store.Withheld: 1, store.Invalid: 2, store.Waiting: 1,
			store.Rejected: 1, store.Proven: 293}
		if diff := cmp.Diff(want, w.states(results)); diff != "" {
			t := w.TB
			t.Error(diff)
		}
		w.platform.once(w, 300+292)
		w.site.once(w, 1)
		_, ex, err := w.db.Records.Find(w.ctx, results, "R00006")
		w.ok(err)
		if ex.Reason != jobs.WaitsForAbsent || ex.WaitsKey != "O9999" {
			w.Errorf("R00006 waits for %s %s: %s", ex.WaitsStream, ex.WaitsKey, ex.Reason)
		}
		_, ex, err = w.db.Records.Find(w.ctx, results, "R00007")
		w.ok(err)
		if ex.Detail.Message != "检查结果代码无效" || ex.Detail.Field != "insRes" {
			w.Errorf("the platform's words are lost: %+v", ex.Detail)
		}
	})
}

func TestUnchangedSourceSendsNothing(t *testing.T) {
	each(t, func(w *world) {
		w.fill(120)
		w.ok(w.loop(3))
		calls := w.platform.calls
		w.ok(w.loop(2))
		if w.platform.calls != calls {
			w.Errorf("%d calls for an unchanged source", w.platform.calls-calls)
		}
		if c := w.lastRun(jobs.JobCollect).Counts; c["new"] != 0 || c["outgoing"] != 0 {
			w.Errorf("an unchanged source gave %v", c)
		}
	})
}

func TestChangeTravelsAsUpdate(t *testing.T) {
	each(t, func(w *world) {
		w.fill(50)
		w.ok(w.loop(3))
		w.bureau.tables["检查结果"].rows[9][9] = "发现问题已责令改正"
		w.ok(w.loop(3))
		e := w.platform.books["R00009"]
		if e.op != connector.Update || e.times != 1 {
			w.Errorf("the change came as %s, inserted %d times", e.op, e.times)
		}
		if s := w.states(results); s[store.Proven] != 50 {
			w.Errorf("states %v", s)
		}
	})
}

// TestLostAnswers: the platform kept the batch, the answer never came. Nothing is sent again, everything is proven.
// What was changed while the row was kept back goes when it is free again: the hash of what the platform has stays beside
// the exception.
func TestChangeWhileKeptBackTravels(t *testing.T) {
	each(t, func(w *world) {
		w.fill(2)
		w.ok(w.loop(5))
		row := w.bureau.tables["检查结果"].rows[1]
		row[2], row[9] = "待审核", "已改正"
		w.ok(w.loop(2))
		w.expect(results, map[store.State]int64{store.Proven: 1, store.NotReady: 1})
		row[2] = "已审核"
		w.ok(w.loop(5))
		w.expect(results, map[store.State]int64{store.Proven: 2})
		if e := w.platform.books["R00001"]; e.op != connector.Update || !strings.Contains(e.payload, "已改正") {
			w.Errorf("the platform holds %s", e.payload)
		}
	})
}

func TestLostAnswers(t *testing.T) {
	each(t, func(w *world) {
		w.fill(250)
		lost := &connector.Reason{What: connector.Interrupted, Sent: connector.MaybeSent, Retry: true}
		w.platform.after = func(call int, _ connector.Batch) error {
			if call%2 == 1 {
				return lost
			}
			return nil
		}
		w.ok(w.loop(8))
		w.platform.once(w, 500)
		if s := w.states(results); s[store.Proven] != 250 {
			w.Errorf("states %v", s)
		}
	})
}

// TestLostBatches: the connection broke before the platform kept anything. Two looks, the later beyond the bound, let the
// records go again, once.
func TestLostBatches(t *testing.T) {
	each(t, func(w *world) {
		w.fill(250)
		w.platform.delay = 3 * time.Minute
		w.platform.on = func(call int, _ connector.Batch) error {
			if call%2 == 1 && call < 6 {
				return &connector.Reason{What: connector.TimedOut, Sent: connector.MaybeSent, Retry: true}
			}
			return nil
		}
		w.ok(w.loop(14))
		w.platform.once(w, 500)
		if s := w.states(results); s[store.Proven] != 250 {
			w.Errorf("states %v", s)
		}
		if len(w.events(jobs.KindDecision, jobs.AbsentTwice)) == 0 {
			w.Error("no decision to send again was logged")
		}
	})
}

// TestLateCommit: the platform keeps a batch late, but within its bound. Sending again before that would publish twice.
func TestLateCommit(t *testing.T) {
	each(t, func(w *world) {
		w.fill(40)
		w.platform.delay = 9 * time.Minute
		w.platform.after = func(int, connector.Batch) error {
			return &connector.Reason{What: connector.TimedOut, Sent: connector.MaybeSent, Retry: true}
		}
		w.ok(w.loop(12))
		w.platform.once(w, 80)
	})
}

func TestPartialAndContradictoryReceipts(t *testing.T) {
	each(t, func(w *world) {
		w.fill(60)
		w.platform.receipt = func(_ int, r *connector.Receipt) bool { return r.ID != "R00003" && r.ID != "O0004" }
		w.ok(jobs.Collect(w.ctx, w.deps(), objects))
		w.ok(jobs.Deliver(w.ctx, w.deps(), platform))
		k, ex, err := w.db.Records.Find(w.ctx, objects, "O0004")
		w.ok(err)
		if k.State != store.Unknown || ex == nil || ex.Reason != jobs.NoReceipt {
			w.Errorf("a record without receipt is %s: %+v", k.State, ex)
		}
		w.ok(w.loop(6))
		w.platform.once(w, 120)
		if s := w.states(results); s[store.Proven] != 60 {
			w.Errorf("states %v", s)
		}
	})
}

// TestRefusedBatch: a platform that refuses a whole batch for one record. The culprit is found, the others are published.
func TestRefusedBatch(t *testing.T) {
	each(t, func(w *world) {
		w.fill(100)
		w.platform.on = func(_ int, b connector.Batch) error {
			for _, r := range b.Records {
				if r.ID == "R00042" {
					return &connector.Reason{What: connector.Refused, Words: "第43条错误", Sent: connector.Answered}
				}
			}
			return nil
		}
		w.ok(w.loop(4))
		s := w.states(results)
		if s[store.Rejected] != 1 || s[store.Proven] != 99 {
			w.Errorf("states %v", s)
		}
		w.platform.once(w, 199)
	})
}

func TestUnreachablePlatformOpensTheBreakerAndLosesNothing(t *testing.T) {
	each(t, func(w *world) {
		w.fill(400)
		down := true
		w.platform.on = func(int, connector.Batch) error {
			if down {
				return &connector.Reason{What: connector.Unreachable, Sent: connector.NotSent, Retry: true}
			}
			return nil
		}
		w.ok(jobs.Collect(w.ctx, w.deps(), objects))
		w.ok(jobs.Deliver(w.ctx, w.deps(), platform))
		if w.platform.calls > 3 {
			w.Errorf("%d calls to a platform that is not there", w.platform.calls)
		}
		if n := len(w.events(jobs.KindDecision, jobs.ChannelBreaking)); n != 1 {
			w.Errorf("the breaker was told of %d times", n)
		}
		if s := w.states(objects); s[store.Waiting] != 400 {
			w.Errorf("states %v", s)
		}
		down = false
		w.ok(w.loop(10))
		w.platform.once(w, 800)
	})
}

// TestNoLookUp: where nothing can be seen and a repeat may double, unknown stays unknown and is told once.
func TestNoLookUp(t *testing.T) {
	each(t, func(w *world) {
		w.fill(10)
		w.platform.res.CanLook = false
		w.platform.after = func(call int, _ connector.Batch) error {
			return &connector.Reason{What: connector.TimedOut, Sent: connector.MaybeSent, Retry: true}
		}
		w.ok(w.loop(20))
		if s := w.states(objects); s[store.Unknown] != 10 {
			w.Errorf("states %v", s)
		}
		w.platform.once(w, 10)
		if n := len(w.events(jobs.KindAlarm, jobs.NoLookUp)); n != 1 {
			w.Errorf("told %d times", n)
		}
	})
}

func TestHarmlessRepeat(t *testing.T) {
	each(t, func(w *world) {
		w.fill(10)
		w.platform.res.CanLook, w.platform.res.RepeatIsHarmless = false, true
		w.platform.on = func(call int, _ connector.Batch) error {
			if call == 1 {
				return &connector.Reason{What: connector.TimedOut, Sent: connector.MaybeSent, Retry: true}
			}
			return nil
		}
		w.ok(w.loop(4))
		if s := w.states(results); s[store.Acknowledged] != 10 {
			w.Errorf("states %v", s)
		}
		w.platform.once(w, 20)
	})
}

func TestStopSwitchAndQuietHours(t *testing.T) {
	each(t, func(w *world) {
		w.fill(10)
		w.ok(w.db.Channels.Stop(w.ctx, platform, "检修", "张某"))
		w.ok(w.loop(2))
		if w.platform.calls != 0 {
			w.Error("a stopped channel was called")
		}
		w.ok(w.db.Channels.Resume(w.ctx, platform, "张某"))
		all := connector.Window{From: 0, To: 24 * time.Hour}
		for i := range all.Days {
			all.Days[i] = true
		}
		w.platform.limits.Quiet = []connector.Window{all}
		w.ok(w.loop(1))
		if w.platform.calls != 0 {
			w.Error("a quiet window was not kept")
		}
		w.platform.limits.Quiet = nil
		w.ok(w.loop(4))
		w.platform.once(w, 20)
	})
}

// errCrash is the sentinel of a crash.
var errCrash = errors.New("crash")

// TestCrashAtEveryCommit breaks a loop over new and changed rows off at every point where the store commits, before and
// after, starts again, and finds nothing lost and nothing published twice.
func TestCrashAtEveryCommit(t *testing.T) {
	each(t, func(w *world) {
		step := 1
		if w.db.Dialect() == "postgres" {
			step = 7 // the points are the same; one suite in full is enough
		}
		points := 0
		for n := 1; w.crashAt(n, &points); n += step {
		}
		if points < 40 {
			w.Errorf("the loop has %d points of commit only", points)
		}
	})
}

// crashAt runs one loop that breaks off at its nth point, and then what a restart does. It reports false when the loop had
// no such point.
func (w *world) crashAt(n int, points *int) bool {
	rows := 5 * n
	w.fill(rows)
	for i, row := range w.bureau.tables["检查结果"].rows {
		if i%5 == 0 { // which no guard holds
			row[9] = fmt.Sprintf("第%d次", n)
		}
	}
	count := 0
	w.hook = func(point string) {
		if count++; count >= n {
			panic(fmt.Errorf("%w at %s", errCrash, point))
		}
	}
	err := w.turn()
	w.hook = nil
	if err == nil {
		return false
	}
	*points = n
	if !errors.Is(err, errCrash) {
		w.Fatal(err)
	}
	w.ok(w.db.Close())
	w.open()
	w.ok(w.loop(7))
	w.platform.once(w, 2*rows)
	for _, stream := range []string{objects, results} {
		if s := w.states(stream); s[store.Proven] != int64(rows) {
			w.Fatalf("after a crash at commit %d, %s stands at %v", n, stream, s)
		}
	}
	return true
}

// turn is one pass of every job.
func (w *world) turn() error {
	if err := jobs.Collect(w.ctx, w.deps(), objects); err != nil {
		return err
	}
	for _, job := range []func() error{
		func() error { return jobs.Deliver(w.ctx, w.deps(), platform) },
		func() error { w.pass(2 * time.Minute); return jobs.Prove(w.ctx, w.deps(), platform) },
		func() error { return jobs.Collect(w.ctx, w.deps(), results) },
		func() error { return jobs.Deliver(w.ctx, w.deps(), platform) },
		func() error { w.pass(2 * time.Minute); return jobs.Prove(w.ctx, w.deps(), platform) },
	} {
		if err := job(); err != nil {
			return err
		}
	}
	return nil
}

func TestPanicEndsTheRunNotTheProcess(t *testing.T) {
	each(t, func(w *world) {
		w.fill(10)
		w.bureau.read = func() { panic("driver bug") }
		err := jobs.Collect(w.ctx, w.deps(), objects)
		var p *jobs.Panic
		if !errors.As(err, &p) {
			w.Fatalf("the panic came out as %v", err)
		}
		if r := w.lastRun(jobs.JobCollect); r.Outcome != jobs.Failed || r.Reason != jobs.ReasonPanic {
			w.Errorf("the run ended %s %s", r.Outcome, r.Reason)
		}
		w.bureau.read = nil
		w.ok(w.loop(3))
	})
}
