package platform

import (
	"net/http"
	"testing"
	"time"
)

// world is a far clock that leads ours, seen through Date headers of one second.
type world struct {
	c    clock
	now  time.Time
	lead time.Duration
}

func (w *world) ask(trip time.Duration) {
	sent := w.now
	h := http.Header{"Date": {sent.Add(trip / 2).Add(w.lead).UTC().Format(http.TimeFormat)}}
	w.now = w.now.Add(trip)
	w.c.observe(h, sent, w.now)
	w.now = w.now.Add(137 * time.Millisecond)
}

func (w *world) error() time.Duration {
	got, _ := w.c.offset()
	return (got - w.lead).Abs()
}

func TestTheOffsetIsMeasuredCloserThanTheHeader(t *testing.T) {
	for _, lead := range []time.Duration{0, 7 * time.Minute, -3*time.Hour - 250*time.Millisecond, 400 * time.Millisecond} {
		w := &world{now: noon(), lead: lead}
		if _, ok := w.c.offset(); ok {
			t.Error("an offset before any answer")
		}
		w.ask(60 * time.Millisecond)
		if w.error() > 600*time.Millisecond {
			t.Errorf("lead %v: first off by %v", lead, w.error())
		}
		for range 40 {
			w.ask(60 * time.Millisecond)
		}
		if w.error() > 100*time.Millisecond {
			t.Errorf("lead %v: still off by %v", lead, w.error())
		}
	}
}

func TestAClockThatMovesIsFollowedButOneOddAnswerIsNot(t *testing.T) {
	w := &world{now: noon()}
	for range 20 {
		w.ask(50 * time.Millisecond)
	}
	w.lead = time.Hour
	w.ask(50 * time.Millisecond)
	if got, _ := w.c.offset(); got > time.Second {
		t.Errorf("one odd answer moved the clock by %v", got)
	}
	w.ask(50 * time.Millisecond)
	if w.error() > time.Second {
		t.Errorf("a moved clock was not followed: off by %v", w.error())
	}
}

func TestUselessDatesAreIgnored(t *testing.T) {
	now := noon()
	for name, observe := range map[string]func(c *clock){
		"none":    func(c *clock) { c.observe(http.Header{}, now, now) },
		"no date": func(c *clock) { c.observe(http.Header{"Date": {"today"}}, now, now) },
		"cached":  func(c *clock) { c.observe(http.Header{"Date": {now.Format(http.TimeFormat)}, "Age": {"90"}}, now, now) },
		"slow": func(c *clock) {
			c.observe(http.Header{"Date": {now.Format(http.TimeFormat)}}, now, now.Add(time.Minute))
		},
		"backwards": func(c *clock) {
			c.observe(http.Header{"Date": {now.Format(http.TimeFormat)}}, now, now.Add(-time.Second))
		},
		"in no sane": func(c *clock) { c.observe(http.Header{"Date": {"Thu, 01 Jan 1970 00:00:00 GMT"}}, now, now) },
	} {
		var c clock
		observe(&c)
		if _, ok := c.offset(); ok {
			t.Error(name)
		}
	}
}

func TestSignaturesUseThePlatformsClock(t *testing.T) {
	var times []string
	c := connect(t, func(w http.ResponseWriter, r *http.Request) {
		times = append(times, r.Header.Get("X-Time"))
		w.Header().Set("Date", noon().Add(10*time.Minute).Format(http.TimeFormat))
		w.WriteHeader(401)
		_, _ = w.Write([]byte(`{"code":"401001"}`))
	})
	_, _ = push(t, c)
	_, _ = push(t, c)
	if off, ok := c.Offset(); !ok || off < 10*time.Minute || off > 10*time.Minute+time.Second {
		t.Error(off, ok)
	}
	if times[0] != "1797818400000" || times[1] != "1797819000500" {
		t.Error(times)
	}
}
