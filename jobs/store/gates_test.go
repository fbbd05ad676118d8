package store_test

import (
	"errors"
	"testing"
	"time"

	"creditsync/jobs/store"
	"creditsync/mapping"
)

func (w *world) refused(what string, c store.ClaimRequest, reason string) {
	w.Helper()
	got, err := w.Deliveries.Claim(w.ctx, nil, c)
	w.ok(err)
	if got.Delivery != nil || got.Reason != reason {
		w.Errorf("%s: claimed %v, reason %q, want %q", what, got.Delivery, got.Reason, reason)
	}
}

func TestMostUrgentFirst(t *testing.T) {
	each(t, func(w *world) {
		p := store.Page{Stream: stream}
		for i, due := range []mapping.Date{0, today - 3, today + 4, today - 1, today} {
			d := store.NewDelivery{Stream: stream, Channel: "henan", Due: due, Lines: []store.Line{line(key(i), 1)}}
			p.Deliveries = append(p.Deliveries, d)
			p.Puts = append(p.Puts, store.Put{Key: key(i), Batch: i})
		}
		_, err := w.Records.Commit(w.ctx, p, nil)
		w.ok(err)
		var order []string
		for range 5 {
			order = append(order, w.mustClaim().Lines[0].Key)
		}
		equal(w, "order", order, []string{key(4), key(2), key(1), key(3), key(0)})
	})
}

func TestGates(t *testing.T) {
	each(t, func(w *world) {
		for i := range 8 {
			w.collect(key(i))
		}
		with := func(change func(c *store.ClaimRequest)) store.ClaimRequest {
			c := asked
			change(&c)
			return c
		}
		w.refused("quiet", with(func(c *store.ClaimRequest) { c.Quiet = true }), store.QuietHours)
		w.ok(w.Channels.Stop(w.ctx, "henan", "平台通知停用", "王"))
		w.refused("stopped", asked, store.Stopped)
		next, err := w.Deliveries.NextDue(w.ctx, "henan")
		w.ok(err)
		equal(w, "next due while stopped", next.IsZero(), true)
		w.ok(w.Channels.Resume(w.ctx, "henan", "王"))

		first := w.mustClaim()
		w.refused("in flight", with(func(c *store.ClaimRequest) { c.InFlight = 1 }), store.InFlight)
		w.refused("quota", with(func(c *store.ClaimRequest) { c.Daily = 1 }), store.DailyQuota)
		tomorrow := with(func(c *store.ClaimRequest) { c.Daily, c.Today = 1, today+1 })
		if c, err := w.Deliveries.Claim(w.ctx, nil, tomorrow); err != nil || c.Delivery == nil {
			t.Errorf("quota of the next day: %+v %v", c, err)
		}

		o := store.Outcome{Delivery: first.Delivery.ID, Attempt: 1, Stream: stream, NotSent: true, Reason: "platform.unreachable",
			RetryAt: w.clock.Add(time.Minute), BreakUntil: w.clock.Add(time.Minute)}
		w.settle(o)
		w.refused("breaker", asked, store.Breaker)
		w.pass(2 * time.Minute)
		one := w.mustClaim()
		w.refused("one message ahead after a break", asked, store.InFlight)
		w.settle(w.answered(one))
		w.mustClaim()
	})
}

func TestRateHoldsOverAllClaims(t *testing.T) {
	each(t, func(w *world) {
		for i := range 12 {
			w.collect(key(i))
		}
		c := asked
		c.PerSecond = 20
		taken := 0
		for w.clock.Sub(start) < 300*time.Millisecond {
			got, err := w.Deliveries.Claim(w.ctx, nil, c)
			w.ok(err)
			if got.Delivery != nil {
				taken++
			} else if got.Reason == store.RateLimit && !got.Until.After(w.clock) {
				t.Fatalf("throttled until %v, which is past", got.Until)
			}
			w.pass(5 * time.Millisecond)
		}
		if taken < 8 || taken > 9 { // 0.3 s at 20/s, and a tenth of a second ahead
			t.Errorf("%d messages in 0.3 s at 20/s", taken)
		}
	})
}

func TestSettlingAndClaimingIsOneCommit(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1))
		w.collect(key(2))
		c := w.mustClaim()
		o := w.answered(c)
		next, err := w.Deliveries.Claim(w.ctx, &o, asked)
		w.ok(err)
		equal(w, "next", keysOf(next.Lines), []string{key(2)})
		equal(w, "states", w.states(), map[store.State]int64{store.Acknowledged: 1, store.Sending: 1})
		if _, err := w.Deliveries.Claim(w.ctx, &o, asked); !errors.Is(err, store.ErrStale) {
			t.Errorf("settled twice: %v", err)
		}
	})
}

func TestProofsDoNotSurviveAnotherBase(t *testing.T) {
	each(t, func(w *world) {
		w.collect(key(1), key(2))
		c := w.mustClaim()
		w.settle(w.answered(c))
		w.ok(w.Deliveries.Looked(w.ctx, store.Looked{Delivery: c.Delivery.ID, Attempt: 1, Stream: stream, Proven: []string{key(1), key(2)}}))
		for _, move := range []struct {
			base string
			want int64
		}{{"http://platform", 0}, {"http://elsewhere", 2}} {
			n, err := w.Channels.Ensure(w.ctx, "henan", move.base, false)
			w.ok(err)
			equal(w, move.base, n, move.want)
		}
		due, err := w.Deliveries.ToLook(w.ctx, "henan", 10)
		w.ok(err)
		equal(w, "looked at again", []any{len(due), due[0].LastReason, due[0].State}, []any{1, store.ReasonBaseChanged, store.Acknowledged})
	})
}

// A crash at either side of a commit: nothing of the transaction, or all of it.
func TestCrashAtCommit(t *testing.T) {
	type crash struct{ point string }
	each(t, func(w *world) {
		w.collect(key(1))
		for _, point := range []string{"before commit of claim", "after commit of claim"} {
			func() {
				defer func() {
					if v := recover(); v != (crash{point}) {
						t.Fatalf("recovered %v", v)
					}
				}()
				w.hook = func(at string) {
					if at == point {
						panic(crash{point})
					}
				}
				_, _ = w.Deliveries.Claim(w.ctx, nil, asked)
			}()
			w.hook = nil
			want := map[string]store.State{"before commit of claim": store.Waiting, "after commit of claim": store.Sending}[point]
			equal(w, point, w.states(), map[store.State]int64{want: 1})
		}
	})
}
