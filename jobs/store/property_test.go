package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"creditsync/fixtures/testdb"
	"creditsync/jobs/store"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// machine drives one stream and one channel of its own through a random life.
type machine struct {
	*world
	t               *rapid.T
	stream, channel string
	claimed         []store.Claimed // whose outcome is open
	missing         map[string]bool
	keys            map[string]bool
	platform        map[sent]fate
}

// sent is one version of one record, and fate what the platform has been seen to do with it.
type sent struct {
	key     string
	version int32
}

type fate int

const (
	nowhere  fate = iota
	perhaps       // sent, no answer
	refused       // rejected, or found with other content
	accepted      // acknowledged
	shown         // seen published
)

func (m *machine) fare(lines []store.Line, keys []string, f fate) {
	for _, l := range lines {
		if slices.Contains(keys, l.Key) {
			m.platform[sent{l.Key, l.Version}] = f
		}
	}
}

func TestBooksBalanceAtEveryMoment(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { live(t, open(t, "sqlite::memory:")) })
	t.Run("postgres", func(t *testing.T) { live(t, open(t, testdb.Postgres(t))) })
}

func live(t *testing.T, w *world) {
	var n atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		name := fmt.Sprintf("stream%d", n.Add(1))
		m := &machine{world: w, t: t, stream: name, channel: name, missing: map[string]bool{}, keys: map[string]bool{}, platform: map[sent]fate{}}
		_, err := w.Channels.Ensure(w.ctx, name, "http://one", false)
		m.ok(err)
		t.Repeat(map[string]func(*rapid.T){
			"":        func(*rapid.T) { m.check() },
			"collect": func(*rapid.T) { m.put(false) },
			"except":  func(*rapid.T) { m.put(true) },
			"vanish":  func(*rapid.T) { m.vanish() },
			"claim":   func(*rapid.T) { m.take() },
			"settle":  func(*rapid.T) { m.end() },
			"expire":  func(*rapid.T) { m.expire() },
			"look":    func(*rapid.T) { m.look() },
			"move":    func(*rapid.T) { m.base() },
			"read":    func(*rapid.T) { m.read() },
		})
	})
}

func (m *machine) ok(err error) {
	if err != nil {
		m.t.Fatalf("%v", err)
	}
}

func (m *machine) some(label string) []string {
	n := rapid.SliceOfNDistinct(rapid.IntRange(1, 12), 1, 8, rapid.ID[int]).Draw(m.t, label)
	keys := make([]string, len(n))
	for i, k := range n {
		keys[i] = key(k)
	}
	slices.Sort(keys)
	return keys
}

// put collects some records, each into a delivery, into an exception, or back to where it is.
func (m *machine) put(except bool) {
	keys := m.some("keys")
	known, err := m.Records.Known(m.ctx, m.stream, keys)
	m.ok(err)
	p := store.Page{Stream: m.stream}
	d := store.NewDelivery{Stream: m.stream, Channel: m.channel, Due: today}
	for _, k := range keys {
		put := store.Put{Key: k, Batch: 0, Due: today, Source: rapid.Int64().Draw(m.t, "source")}
		if old, ok := known[k]; ok {
			put.Known, put.Held = &old, old.Held
			if old.Delivery != 0 && !old.Dropped && rapid.Bool().Draw(m.t, "stay") {
				put.Batch = -1
			}
		}
		if except {
			put.Batch = -1
			put.Exception = &store.Exception{Reason: "test", State: rapid.SampledFrom([]store.State{store.NotReady, store.Withheld,
				store.Invalid, store.Waiting}).Draw(m.t, "state")}
		}
		if put.Batch == 0 {
			version := int32(1)
			if put.Known != nil {
				version += put.Known.Version
			}
			l := line(k, version)
			if put.Held {
				l.Op = "U"
			}
			d.Lines = append(d.Lines, l)
		}
		delete(m.missing, k)
		m.keys[k] = true
		p.Puts = append(p.Puts, put)
	}
	p.Deliveries = []store.NewDelivery{d}
	if len(d.Lines) == 0 {
		p.Deliveries = nil
	}
	_, err = m.Records.Commit(m.ctx, p, nil)
	m.ok(err)
}

func (m *machine) vanish() {
	gone := rapid.Uint64().Draw(m.t, "gone")
	seen := func(n int64) bool { return gone&(1<<n) == 0 }
	want, err := m.Records.CountUnseen(m.ctx, m.stream, seen)
	m.ok(err)
	got, err := m.Records.Vanished(m.ctx, m.stream, 0, seen)
	m.ok(err)
	if got != want {
		m.t.Fatalf("%d vanished, counted %d", got, want)
	}
	known, err := m.Records.Known(m.ctx, m.stream, slices.Sorted(maps.Keys(m.keys)))
	m.ok(err)
	for k, r := range known {
		if !seen(r.Ordinal) {
			m.missing[k] = true
		}
	}
}

// take claims, and checks that no record travels twice at once.
func (m *machine) take() {
	c, err := m.Deliveries.Claim(m.ctx, nil, store.ClaimRequest{Channel: m.channel, Timeout: time.Minute, Today: today})
	m.ok(err)
	if c.Delivery == nil {
		return
	}
	if len(c.Lines) == 0 {
		m.t.Fatal("an empty delivery was handed out")
	}
	for _, other := range m.claimed {
		now, err := m.Deliveries.Get(m.ctx, other.Delivery.ID)
		m.ok(err)
		if now.Attempt != other.Delivery.Attempt || now.State != store.Sending && now.State != store.Unknown {
			continue
		}
		for _, k := range keysOf(other.Lines) {
			if slices.Contains(keysOf(c.Lines), k) {
				m.t.Fatalf("%s travels in deliveries %d and %d at once", k, other.Delivery.ID, c.Delivery.ID)
			}
		}
	}
	for _, l := range c.Lines {
		if f := m.platform[sent{l.Key, l.Version}]; f != nowhere {
			m.t.Fatalf("%s version %d is sent again: %d", l.Key, l.Version, f)
		}
	}
	m.fare(c.Lines, keysOf(c.Lines), perhaps)
	m.claimed = append(m.claimed, c)
}

func (m *machine) end() {
	if len(m.claimed) == 0 {
		return
	}
	c := rapid.SampledFrom(m.claimed).Draw(m.t, "claimed")
	o := store.Outcome{Delivery: c.Delivery.ID, Attempt: c.Delivery.Attempt, Stream: m.stream, NextLook: m.clock}
	switch rapid.IntRange(0, 3).Draw(m.t, "outcome") {
	case 0:
		o.NotSent = true
	case 1:
		o.Unknown = true
	default:
		o.Answered = true
		for _, k := range keysOf(c.Lines) {
			if state := rapid.SampledFrom([]store.State{"", "", store.Rejected, store.Unknown}).Draw(m.t, "receipt"); state != "" {
				o.Exceptions = append(o.Exceptions, store.Exception{Key: k, State: state, Reason: "test"})
			}
		}
	}
	err := m.Deliveries.Settle(m.ctx, o)
	if errors.Is(err, store.ErrStale) {
		return
	}
	m.ok(err)
	if o.NotSent {
		m.fare(c.Lines, keysOf(c.Lines), nowhere)
	}
	if o.Answered {
		m.fare(c.Lines, keysOf(c.Lines), accepted)
	}
	for _, e := range o.Exceptions {
		m.fare(c.Lines, []string{e.Key}, map[store.State]fate{store.Rejected: refused, store.Unknown: perhaps}[e.State])
	}
}

func (m *machine) expire() {
	m.pass(time.Minute)
	_, err := m.Deliveries.Expire(m.ctx)
	m.ok(err)
}

func (m *machine) look() {
	due, err := m.Deliveries.ToLook(m.ctx, m.channel, 100)
	m.ok(err)
	if len(due) == 0 {
		return
	}
	d := rapid.SampledFrom(due).Draw(m.t, "delivery")
	lines, err := m.Deliveries.Open(m.ctx, d.ID)
	m.ok(err)
	l := store.Looked{Delivery: d.ID, Attempt: d.Attempt, Stream: m.stream, NextLook: m.clock,
		Resend: !d.FirstAbsent.IsZero() && rapid.Bool().Draw(m.t, "resend")}
	for _, k := range keysOf(lines) {
		switch rapid.IntRange(0, 8).Draw(m.t, "seen") {
		case 0, 1, 2, 3:
			l.Proven = append(l.Proven, k)
		case 4, 5:
			l.Absent = append(l.Absent, k)
		case 6:
			l.Differing = append(l.Differing, store.Exception{Key: k, State: store.Rejected, Reason: "test"})
		case 7:
			l.Held = append(l.Held, k)
		default: // not looked at
		}
	}
	m.ok(m.Deliveries.Looked(m.ctx, l))
	m.fare(lines, l.Proven, shown)
	m.fare(lines, l.Held, accepted)
	if l.Resend {
		m.fare(lines, l.Absent, nowhere)
	}
	for _, e := range l.Differing {
		m.fare(lines, []string{e.Key}, refused)
	}
}

func (m *machine) base() {
	old, err := m.Channels.Get(m.ctx, m.channel)
	m.ok(err)
	base := rapid.SampledFrom([]string{"http://one", "http://two"}).Draw(m.t, "base")
	_, err = m.Channels.Ensure(m.ctx, m.channel, base, false)
	m.ok(err)
	for s, f := range m.platform {
		if f == shown && base != old.Base {
			m.platform[s] = accepted
		}
	}
}

func (m *machine) read() {
	rd, err := m.Reads.Begin(m.ctx, m.stream, true)
	m.ok(err)
	rd.Source = int64(len(m.keys) - len(m.missing))
	m.ok(m.Reads.Complete(m.ctx, rd))
}

func (m *machine) check() {
	balance, err := m.Records.Balance(m.ctx, m.stream)
	m.ok(err)
	recount, err := m.Records.Recount(m.ctx, m.stream)
	m.ok(err)
	if d := cmp.Diff(recount, balance); d != "" {
		m.t.Fatalf("balance (-recount +balance):\n%s", d)
	}
	if balance.Read != 0 && balance.Difference() != 0 {
		m.t.Fatalf("difference %d: %+v", balance.Difference(), balance)
	}
	if balance.States[store.Missing] != int64(len(m.missing)) {
		m.t.Fatalf("missing %d, want %d", balance.States[store.Missing], len(m.missing))
	}
	known, err := m.Records.Known(m.ctx, m.stream, slices.Sorted(maps.Keys(m.keys)))
	m.ok(err)
	total := int64(0)
	for _, n := range balance.States {
		total += n
	}
	if total != int64(len(m.keys)) || len(known) != len(m.keys) {
		m.t.Fatalf("%d counted, %d known, %d collected", total, len(known), len(m.keys))
	}
	for _, k := range known {
		if k.Dropped && k.State == k.Carrier && k.Reason == "" {
			m.t.Fatalf("%s counts on delivery %d, which goes without it", k.Key, k.Delivery)
		}
		m.reachable(k)
		m.honest(k)
	}
}

// reachable: whatever is open at the platform is looked at again, so nothing stays open for ever.
func (m *machine) reachable(k store.Known) {
	if k.State != store.Unknown && k.State != store.Acknowledged {
		return
	}
	d, err := m.Deliveries.Get(m.ctx, k.Delivery)
	m.ok(err)
	if d.NextLook.IsZero() || !slices.Contains(m.open(d.ID), k.Key) {
		m.t.Fatalf("%s is %s but nobody looks for it: %+v", k.Key, k.State, d)
	}
}

// honest: the store claims no more, and no less, than the platform was seen to do.
func (m *machine) honest(k store.Known) {
	f := m.platform[sent{k.Key, k.Version}]
	right := map[store.State][]fate{store.Waiting: {nowhere}, store.Sending: {perhaps}, store.Unknown: {perhaps},
		store.Rejected: {refused}, store.Acknowledged: {accepted}, store.Proven: {shown}}[k.State]
	if right != nil && k.Reason == "" && !slices.Contains(right, f) {
		m.t.Fatalf("%s version %d is %s, but it fared %d: %+v", k.Key, k.Version, k.State, f, k)
	}
	for s, f := range m.platform {
		if s.key == k.Key && f != nowhere && f != refused && !k.Held {
			m.t.Fatalf("version %d of %s may be held, which is not known: %+v", s.version, s.key, k)
		}
	}
}
