package jobs

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"creditsync/connector"
	"creditsync/jobs/store"
	"creditsync/mapping"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestClassify(t *testing.T) {
	base := store.Known{Key: "k", Version: 1, Source: 1, Payload: 10, Delivery: 5, State: store.Proven, Carrier: store.Proven}
	with := func(change func(k *store.Known)) *store.Known {
		k := base
		change(&k)
		return &k
	}
	state := func(s store.State) func(*store.Known) { return func(k *store.Known) { k.State, k.Carrier = s, s } }
	excepted := func(s store.State, reason string) func(*store.Known) {
		return func(k *store.Known) { k.State, k.Reason, k.Carrier, k.Delivery = s, reason, "", 0 }
	}
	notReady := &store.Exception{State: store.NotReady, Reason: NotReadyYet}
	waits := &store.Exception{State: store.Waiting, Reason: WaitsFor}
	for _, tt := range []struct {
		name            string
		known           *store.Known
		source, payload int64
		obstacle        *store.Exception
		otherRules      bool
		want            action
	}{
		{"first sight", nil, 1, 10, nil, false, deliver},
		{"first sight, not ready", nil, 1, 10, notReady, false, except},
		{"unchanged", &base, 1, 10, nil, false, skip},
		{"changed beside what is sent", &base, 2, 10, nil, false, keep},
		{"new version", &base, 2, 11, nil, false, deliver},
		{"published, other rules", &base, 1, 11, nil, true, skip},
		{"published, other rules find a fault", &base, 1, 0, notReady, true, skip},
		{"published, row became a draft again", &base, 2, 11, notReady, false, except},
		{"sending, new version", with(state(store.Sending)), 2, 11, nil, false, deliver},
		{"waiting, unchanged", with(state(store.Waiting)), 1, 10, nil, false, skip},
		{"waiting, other rules", with(state(store.Waiting)), 1, 11, nil, true, deliver},
		{"not ready still", with(excepted(store.NotReady, NotReadyYet)), 1, 10, notReady, false, skip},
		{"ready now", with(excepted(store.NotReady, NotReadyYet)), 2, 10, nil, false, deliver},
		{"not ready, other rules tell more", with(excepted(store.NotReady, NotReadyYet)), 1, 10, notReady, true, except},
		{"waits still", with(excepted(store.Waiting, WaitsFor)), 1, 10, waits, false, skip},
		{"its turn", with(excepted(store.Waiting, WaitsFor)), 1, 10, nil, false, deliver},
		{"rejected, unchanged", with(func(k *store.Known) { k.State, k.Reason = store.Rejected, RejectedRow }), 1, 10, nil, false, skip},
		{"rejected, corrected", with(func(k *store.Known) { k.State, k.Reason = store.Rejected, RejectedRow }), 2, 11, nil, false, deliver},
		{"rejected, touched", with(func(k *store.Known) { k.State, k.Reason = store.Rejected, RejectedRow }), 2, 10, nil, false, deliver},
		{"no receipt, changed", with(func(k *store.Known) { k.State, k.Reason, k.Carrier = store.Unknown, NoReceipt, store.Acknowledged }), 2, 11, nil, false, skip},
		{"no receipt, not ready any more", with(func(k *store.Known) { k.State, k.Reason, k.Carrier = store.Unknown, NoReceipt, store.Acknowledged }), 2, 11, notReady, false, except},
		{"no receipt, waits", with(func(k *store.Known) { k.State, k.Reason, k.Carrier = store.Unknown, NoReceipt, store.Acknowledged }), 2, 11, waits, false, skip},
		{"missing, back", with(func(k *store.Known) { k.State, k.Reason = store.Missing, store.ReasonVanished }), 1, 10, nil, false, keep},
		{"missing unsent, back", with(func(k *store.Known) {
			k.State, k.Reason, k.Carrier, k.Dropped = store.Missing, store.ReasonVanished, store.Waiting, true
		}), 1, 10, nil, false, deliver},
		{"missing, back changed", with(func(k *store.Known) { k.State, k.Reason = store.Missing, store.ReasonVanished }), 2, 11, nil, false, deliver},
		{"calendar moved the day", with(func(k *store.Known) { k.Due = 100 }), 1, 10, nil, true, keep},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &row{Record: mapping.Record{Key: "k", Source: tt.source, Hash: tt.payload}}
			if got := classify(tt.known, r, tt.obstacle, standing{sameRules: !tt.otherRules}); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestObstacle(t *testing.T) {
	dep := mapping.Dependency{Stream: "inspection_objects", Key: "O1"}
	for _, tt := range []struct {
		name   string
		row    row
		parent *store.Known
		state  store.State
		reason string
	}{
		{"free", row{Record: mapping.Record{Key: "k", Ready: true}}, nil, "", ""},
		{"fault before all", row{Record: mapping.Record{Key: "k", Faults: mapping.Faults{{What: "x"}}, Withheld: &mapping.Withheld{}}}, nil, store.Invalid, InvalidRow},
		{"secret before draft", row{Record: mapping.Record{Key: "k", Withheld: &mapping.Withheld{Ground: "国家秘密"}}}, nil, store.Withheld, WithheldRow},
		{"draft", row{Record: mapping.Record{Key: "k"}}, nil, store.NotReady, NotReadyYet},
		{"no key", row{Record: mapping.Record{Key: nowhere + "表!3", Ready: true}}, nil, store.Invalid, NullKey},
		{"object absent", row{Record: mapping.Record{Key: "k", Ready: true, After: []mapping.Dependency{dep}}}, nil, store.Waiting, WaitsForAbsent},
		{"object waiting", row{Record: mapping.Record{Key: "k", Ready: true, After: []mapping.Dependency{dep}}}, &store.Known{State: store.Waiting}, store.Waiting, WaitsFor},
		{"object unknown", row{Record: mapping.Record{Key: "k", Ready: true, After: []mapping.Dependency{dep}}}, &store.Known{State: store.Unknown}, store.Waiting, WaitsFor},
		{"object accepted", row{Record: mapping.Record{Key: "k", Ready: true, After: []mapping.Dependency{dep}}}, &store.Known{State: store.Acknowledged}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			parents := map[mapping.Dependency]store.Known{}
			if tt.parent != nil {
				parents[dep] = *tt.parent
			}
			ex := obstacle("s", &tt.row, parents)
			if ex == nil {
				ex = &store.Exception{}
			}
			if ex.State != tt.state || ex.Reason != tt.reason {
				t.Errorf("got %s %s", ex.State, ex.Reason)
			}
		})
	}
}

// TestFormProperties: whatever comes, every outgoing record stands in exactly one delivery, no delivery is too large or
// mixes channels, lines are in key order, and the first delivery of a channel is the most urgent.
func TestFormProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 7).Draw(t, "most")
		f := former{stream: "s", resource: "r", standing: standing{sameRules: true}, route: func(c string) (string, int) { return "to" + c, most }}
		var rows []*row
		known := map[string]store.Known{}
		n := rapid.IntRange(0, 60).Draw(t, "rows")
		for i := range n {
			r := &row{Record: mapping.Record{Key: fmt.Sprintf("%03d", (i*37)%101), Ready: rapid.Bool().Draw(t, "ready"), Source: 2, Hash: 2,
				Channel: rapid.SampledFrom([]string{"", "site"}).Draw(t, "channel")}, due: mapping.Date(rapid.IntRange(0, 5).Draw(t, "due"))}
			if rapid.Bool().Draw(t, "known") {
				state := rapid.SampledFrom([]store.State{store.Sending, store.Unknown, store.Proven, store.Waiting}).Draw(t, "state")
				known[r.Key] = store.Known{Key: r.Key, Version: 4, Source: 1, Payload: 1, Delivery: 9, State: state, Carrier: state}
			}
			rows = append(rows, r)
		}
		p := f.form(rows, known, nil)
		lines := map[string]int{}
		first := map[string]mapping.Date{}
		for i, d := range p.Deliveries {
			if len(d.Lines) == 0 || len(d.Lines) > most {
				t.Fatalf("a delivery of %d lines", len(d.Lines))
			}
			for j, l := range d.Lines {
				lines[l.Key]++
				if j > 0 && d.Lines[j-1].Key >= l.Key {
					t.Fatal("lines out of order")
				}
				if byDue(d.Due, l.Due) > 0 {
					t.Fatal("a delivery is less urgent than a line in it")
				}
				if k, ok := known[l.Key]; ok && (l.Version != 5 || (k.State == store.Sending || k.State == store.Unknown) != (len(d.Needs) == 1)) {
					t.Fatalf("line %+v needs %v of %s", l, d.Needs, k.State)
				}
			}
			group := fmt.Sprint(d.Channel, len(d.Needs))
			if old, ok := first[group]; ok && byDue(old, d.Due) > 0 {
				t.Fatalf("delivery %d is more urgent than an earlier one", i)
			}
			first[group] = d.Due
		}
		for _, put := range p.Puts {
			if (put.Batch >= 0) != (lines[put.Key] == 1) || put.Batch >= 0 && put.Exception != nil {
				t.Fatalf("%s: batch %d, %d lines", put.Key, put.Batch, lines[put.Key])
			}
		}
		if len(p.Puts) != n {
			t.Fatalf("%d of %d rows", len(p.Puts), n)
		}
	})
}

func TestGuard(t *testing.T) {
	for _, tt := range []struct {
		e    extent
		want string
	}{
		{extent{Present: 3000, Unseen: 2950}, Shrunk},
		{extent{Present: 3000, Unseen: 150}, ""},
		{extent{Present: 3000, Unseen: 151}, Shrunk},
		{extent{Present: 100, Unseen: 19}, ""},
		{extent{Present: 100, Unseen: 20}, Shrunk},
		{extent{Present: 100, Changed: 30}, ""},
		{extent{Present: 100, Changed: 31}, ChangedTooMuch},
		{extent{Present: 20, Changed: 19}, ""},
	} {
		if got := tt.e.trips(DefaultGuard()); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.e, got, tt.want)
		}
	}
	old, ok := parseGuard(extent{3000, 2950, 7}.guard())
	if !ok || old != (extent{3000, 2950, 7}) {
		t.Errorf("%+v", old)
	}
	if !(extent{3000, 2960, 30}).covered(old, DefaultGuard()) || (extent{5000, 4900, 7}).covered(extent{5000, 300, 7}, DefaultGuard()) {
		t.Error("a release covers too little or too much")
	}
}

func TestSettle(t *testing.T) {
	now := time.Date(2026, 12, 21, 10, 0, 0, 0, time.UTC)
	del := store.Delivery{ID: 3, Stream: "s", Attempt: 2, SendUntil: now.Add(time.Minute)}
	lines := []store.Line{{Key: "a"}, {Key: "b"}}
	ok := func(ids ...string) (r []connector.Receipt) {
		for _, id := range ids {
			r = append(r, connector.Receipt{ID: id, OK: true})
		}
		return r
	}
	look := connector.Resource{CanLook: true, Complete: 10 * time.Minute}
	ex := func(key string, s store.State, reason string, d store.Detail) store.Exception {
		return store.Exception{Stream: "s", Key: key, State: s, Reason: reason, Delivery: 3, Detail: d}
	}
	for _, tt := range []struct {
		name     string
		rep      report
		failures int
		want     store.Outcome
	}{
		{"all accepted", report{receipts: ok("a", "b")}, 0,
			store.Outcome{Answered: true, Reason: AcceptedByPush, Count: 2, NextLook: now.Add(5 * time.Second)}},
		{"other order", report{receipts: ok("b", "a")}, 0,
			store.Outcome{Answered: true, Reason: AcceptedByPush, Count: 2, NextLook: now.Add(5 * time.Second)}},
		{"one missing", report{receipts: ok("b")}, 0, store.Outcome{Answered: true, Reason: AcceptedByPush, Count: 1,
			NextLook: now.Add(5 * time.Second), Exceptions: []store.Exception{ex("a", store.Unknown, NoReceipt, store.Detail{})}}},
		{"contradiction", report{receipts: append(ok("a", "b"), connector.Receipt{ID: "a"})}, 0, store.Outcome{Answered: true, Reason: AcceptedByPush,
			Count: 1, NextLook: now.Add(5 * time.Second), Exceptions: []store.Exception{ex("a", store.Unknown, Contradictory, store.Detail{})}}},
		{"refused", report{receipts: append(ok("a"), connector.Receipt{ID: "b", Code: "E", Field: "f", Message: "m"})}, 0, store.Outcome{Answered: true,
			Reason: AcceptedByPush, Count: 1, NextLook: now.Add(5 * time.Second),
			Exceptions: []store.Exception{ex("b", store.Rejected, RejectedRow, store.Detail{Code: "E", Field: "f", Message: "m"})}}},
		{"maybe sent", report{err: &connector.Reason{What: "w", Sent: connector.MaybeSent, Retry: true}}, 1,
			store.Outcome{Unknown: true, Reason: "w", NextLook: del.SendUntil}},
		{"not sent", report{err: &connector.Reason{What: "w", Sent: connector.NotSent, Retry: true}}, 1,
			store.Outcome{NotSent: true, Reason: "w", RetryAt: now.Add(30 * time.Second)}},
		{"not sent thrice", report{err: &connector.Reason{What: "w", Sent: connector.NotSent, Retry: true}}, 3,
			store.Outcome{NotSent: true, Reason: "w", RetryAt: now.Add(30 * time.Second), BreakUntil: now.Add(time.Minute)}},
		{"throttled", report{err: &connector.Reason{What: connector.Throttled, Sent: connector.Answered, Retry: true, RetryAfter: 5 * time.Minute}}, 1,
			store.Outcome{NotSent: true, Reason: connector.Throttled, RetryAt: now.Add(5 * time.Minute), BreakUntil: now.Add(5 * time.Minute)}},
		{"key refused", report{err: &connector.Reason{What: connector.Unauthorized, Sent: connector.Answered, Words: "密钥"}}, 1,
			store.Outcome{NotSent: true, Reason: connector.Unauthorized, Words: "密钥", RetryAt: now.Add(10 * time.Minute), BreakUntil: now.Add(10 * time.Minute)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Delivery, tt.want.Attempt, tt.want.Stream = 3, 2, "s"
			if diff := cmp.Diff(tt.want, settle(del, lines, tt.rep, look, now, tt.failures)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestJudge(t *testing.T) {
	sent := time.Date(2026, 12, 21, 10, 0, 0, 0, time.UTC)
	look := connector.Resource{CanLook: true, Complete: 10 * time.Minute, SeesPublished: true}
	early, late := sent.Add(2*time.Minute), sent.Add(11*time.Minute)
	for _, tt := range []struct {
		name    string
		sight   connector.Sight
		unknown bool
		op      string
		second  bool
		now     time.Time
		res     connector.Resource
		want    string
	}{
		{"published", connector.Sight{Found: true, Same: true}, true, "I", false, early, look, "proven"},
		{"found, not published", connector.Sight{Found: true, Same: true}, true, "I", false, early, connector.Resource{CanLook: true, Complete: time.Minute}, "held"},
		{"not there yet", connector.Sight{}, false, "I", true, late, look, "held"},
		{"first miss", connector.Sight{}, true, "I", false, late, look, "absent"},
		{"second miss, too early", connector.Sight{}, true, "I", true, early, look, "absent"},
		{"second miss, late enough", connector.Sight{}, true, "I", true, late, look, "resend"},
		{"one millisecond too early", connector.Sight{}, true, "I", true, late.Add(-time.Millisecond), look, "absent"},
		{"harmless", connector.Sight{}, true, "I", true, early, connector.Resource{CanLook: true, Complete: time.Hour, RepeatIsHarmless: true}, "resend"},
		{"other content, early", connector.Sight{Found: true}, false, "U", false, early, look, "held"},
		{"other content, late", connector.Sight{Found: true, Differing: "f"}, false, "U", false, late, look, "differing"},
		{"old content, update lost", connector.Sight{Found: true}, true, "U", true, late, look, "resend"},
		{"other content, insert of ours", connector.Sight{Found: true}, true, "I", true, late, look, "differing"},
		{"blind", connector.Sight{}, true, "I", true, late, connector.Resource{}, "nothing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			del := store.Delivery{ID: 1, Attempt: 1, Stream: "s", SentAt: sent, SendUntil: sent.Add(time.Minute)}
			if tt.second {
				del.FirstAbsent = sent.Add(time.Minute)
			}
			lines := []store.Line{{Key: "k", Op: tt.op}}
			s := judge(del, lines, func(string) bool { return tt.unknown }, map[string]connector.Sight{"k": tt.sight}, tt.res, tt.now)
			got := "nothing"
			switch l := s.looked; {
			case l.Resend:
				got = "resend"
			case len(l.Proven) == 1:
				got = "proven"
			case len(l.Held) == 1:
				got = "held"
			case len(l.Absent) == 1:
				got = "absent"
			case len(l.Differing) == 1:
				got = "differing"
			}
			if got != tt.want {
				t.Errorf("got %s, want %s: %+v", got, tt.want, s.looked)
			}
			if !s.looked.NextLook.After(tt.now) {
				t.Errorf("next look %s is not after %s", s.looked.NextLook, tt.now)
			}
		})
	}
}

func TestQuiet(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	morning := connector.Window{From: 7 * time.Hour, To: 9 * time.Hour, Days: [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}}
	night := connector.Window{From: 23*time.Hour + 50*time.Minute, To: time.Hour, Days: [7]bool{0: true}}
	for _, tt := range []struct {
		now   string
		until string
	}{
		{"2026-12-21 06:59:59", ""}, {"2026-12-21 07:00:00", "2026-12-21 09:00:00"}, {"2026-12-21 09:00:00", ""},
		{"2026-12-20 08:00:00", ""}, {"2026-12-20 23:55:00", "2026-12-21 01:00:00"}, {"2026-12-21 00:30:00", "2026-12-21 01:00:00"},
		{"2026-12-22 00:30:00", ""},
	} {
		now, _ := time.ParseInLocation(time.DateTime, tt.now, zone)
		is, until := quiet([]connector.Window{morning, night}, now)
		got := ""
		if is {
			got = until.Format(time.DateTime)
		}
		if got != tt.until {
			t.Errorf("%s: quiet until %q, want %q", tt.now, got, tt.until)
		}
	}
}

func TestBisectionIsBounded(t *testing.T) {
	for _, tt := range []struct {
		bad              int
		calls, maxRefuse int
	}{{1, 25, 1}, {500, 25, 500}} {
		ch := &refusing{bad: map[string]bool{}}
		b := connector.Batch{Number: "n"}
		for i := range 500 {
			id := fmt.Sprint(i)
			b.Records = append(b.Records, connector.Outgoing{ID: id})
			ch.bad[id] = i < tt.bad
		}
		p := pusher{channel: ch, wait: func(context.Context, time.Duration) error { return nil }}
		r := p.push(t.Context(), b)
		if ch.calls > tt.calls || len(r.apart) != tt.maxRefuse || len(r.receipts)+len(r.apart) != 500 {
			t.Errorf("%d bad: %d calls, %d apart, %d receipts", tt.bad, ch.calls, len(r.apart), len(r.receipts))
		}
	}
}

// refusing refuses a whole batch for one bad record.
type refusing struct {
	connector.Channel
	bad   map[string]bool
	calls int
}

func (c *refusing) Push(_ context.Context, b connector.Batch) (a connector.Answer, err error) {
	c.calls++
	for _, r := range b.Records {
		if c.bad[r.ID] {
			return a, &connector.Reason{What: connector.Refused, Sent: connector.Answered}
		}
		a.Receipts = append(a.Receipts, connector.Receipt{ID: r.ID, OK: true})
	}
	return a, nil
}

func TestNews(t *testing.T) {
	r := func(code, cause, level string) StatusReason {
		return StatusReason{Code: code, cause: cause, level: level}
	}
	e := func(id int64, reason, key, level string) store.Event {
		return store.Event{ID: id, Reason: reason, Key: key, Detail: map[string]any{"level": level}}
	}
	for _, tt := range []struct {
		name    string
		reasons []StatusReason
		past    []store.Event
		want    []string
	}{
		{"new", []StatusReason{r("a", "a x", "")}, nil, []string{"a a x"}},
		{"told", []StatusReason{r("a", "a x", "5")}, []store.Event{e(1, "a", "a x", "5")}, nil},
		{"nearer", []StatusReason{r("a", "a x", "3")}, []store.Event{e(1, "a", "a x", "5")}, []string{"a a x"}},
		{"over", nil, []store.Event{e(1, "a", "a x", "5")}, []string{Recovered + " a x"}},
		{"over and told", nil, []store.Event{e(2, Recovered, "a x", ""), e(1, "a", "a x", "5")}, nil},
		{"back", []StatusReason{r("a", "a x", "5")}, []store.Event{e(2, Recovered, "a x", ""), e(1, "a", "a x", "5")}, []string{"a a x"}},
	} {
		var got []string
		for _, e := range news(tt.reasons, tt.past) {
			got = append(got, e.Reason+" "+e.Key)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestSieveForgetsNothing(t *testing.T) {
	s := newSieve(10_000)
	doubts := 0
	for i := range 10_000 {
		if s.add(fmt.Sprint("key", i)) {
			doubts++
		}
	}
	if doubts > 200 {
		t.Errorf("%d of 10000 new keys are doubted", doubts)
	}
	for i := range 10_000 {
		if !s.add(fmt.Sprint("key", i)) {
			t.Fatalf("key %d is forgotten", i)
		}
	}
}

func TestBitset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bitset
		model := map[int64]bool{}
		for _, n := range rapid.SliceOf(rapid.Int64Range(0, 100_000)).Draw(t, "set") {
			b.set(n)
			model[n] = true
		}
		for _, n := range rapid.SliceOf(rapid.Int64Range(0, 200_000)).Draw(t, "ask") {
			if b.has(n) != model[n] {
				t.Fatalf("%d", n)
			}
		}
	})
}

func TestEnclosing(t *testing.T) {
	raw := []byte(`{"code":"0","data":{"receipts":[{"id":"a{","x":"\"}"},{"id":"b","ok":{"at":1}}]}}` + "\n" + `{"id":"c"}`)
	for name, want := range map[string]string{`"a{"`: `{"id":"a{","x":"\"}"}`, `"b"`: `{"id":"b","ok":{"at":1}}`, `"c"`: `{"id":"c"}`, `"d"`: ""} {
		if got := enclosing(raw, []byte(name)); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestSpoolGivesBackWhatItGot(t *testing.T) {
	s, err := newSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	in := []row{
		{Record: mapping.Record{Key: "a", Payload: []byte(`{"x":1}`), Withheld: &mapping.Withheld{Ground: "国家秘密"}, Ready: true}, place: "表!2", due: 7},
		{Record: mapping.Record{Key: "b", Faults: mapping.Faults{{What: "x"}}}},
		{Record: mapping.Record{Key: "c", After: []mapping.Dependency{{Stream: "s", Key: "k"}}}},
	}
	for i := range in {
		if err := s.add(&in[i]); err != nil {
			t.Fatal(err)
		}
	}
	var out []row
	err = s.pages(2, func(p *page) error {
		for _, r := range p.rows {
			r.Payload = bytes.Clone(r.Payload)
			out = append(out, r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, out, cmp.AllowUnexported(row{})); diff != "" {
		t.Error(diff)
	}
}
