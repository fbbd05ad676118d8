package jobs_test

import (
	"errors"
	"testing"

	"creditsync/connector"
	"creditsync/jobs"
	"creditsync/jobs/store"
)

func (w *world) resend(stream string, keys ...string) error {
	refused, err := jobs.RefusedOf(w.ctx, w.deps(), stream, keys)
	if err != nil {
		return err
	}
	return jobs.Resend(w.ctx, w.deps(), refused, "王二")
}

// TestResendOfARefusedRecord: the platform mends its side, nobody touches the registry, and the record goes as a new version.
func TestResendOfARefusedRecord(t *testing.T) {
	each(t, func(w *world) {
		w.fill(10)
		w.platform.refuse["O0003"] = "平台名录维护中"
		w.ok(w.loop(3))
		s := w.states(objects)
		if s[store.Rejected] != 1 || s[store.Proven] != 9 {
			w.Fatalf("states %v", s)
		}
		delete(w.platform.refuse, "O0003")
		w.ok(w.loop(1))
		if s := w.states(objects); s[store.Rejected] != 1 {
			w.Fatalf("it went again without a word: %v", s)
		}
		w.ok(w.resend(objects, "O0003", "O0003"))
		w.expect(objects, map[store.State]int64{store.Waiting: 1, store.Proven: 9})
		w.ok(w.loop(3))
		w.expect(objects, map[store.State]int64{store.Proven: 10})
		k, _, err := w.db.Records.Find(w.ctx, objects, "O0003")
		w.ok(err)
		if e := w.platform.books["O0003"]; k.Version != 2 || e.op != connector.Insert || e.times != 1 {
			w.Errorf("version %d, %+v", k.Version, e)
		}
		if len(w.events(jobs.KindPerson, jobs.ResendOrdered)) != 1 {
			w.Error("the log does not say who ordered it")
		}
	})
}

// TestResendRefusesWhatMayBePublished in each state that it can be in.
func TestResendRefusesWhatMayBePublished(t *testing.T) {
	each(t, func(w *world) {
		w.fill(3)
		refused := func(state store.State) {
			w.Helper()
			k, _, err := w.db.Records.Find(w.ctx, objects, "O0001")
			w.ok(err)
			var f *jobs.Failure
			if err := w.resend(objects, "O0001"); k.State != state || !errors.As(err, &f) || f.What != jobs.NotRefused {
				w.Errorf("%s, wanted %s: %v", k.State, state, err)
			}
		}
		w.collect(objects)
		refused(store.Waiting)
		w.platform.after = func(int, connector.Batch) error {
			return &connector.Reason{What: connector.TimedOut, Sent: connector.MaybeSent, Retry: true}
		}
		w.ok(jobs.Deliver(w.ctx, w.deps(), platform))
		refused(store.Unknown)
		w.platform.after = nil
		w.ok(w.loop(3))
		refused(store.Proven)
		var f *jobs.Failure
		if err := w.resend(objects, "nobody"); !errors.As(err, &f) || f.What != jobs.NoSuchRecord {
			w.Errorf("a record that nobody knows: %v", err)
		}
		w.platform.once(w, 6)
	})
}
