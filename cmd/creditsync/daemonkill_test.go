//go:build unix

package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"creditsync/fixtures/proxy"
)

// killsInCI is how often the daemon of each store is killed where CREDITSYNC_TEST_KILLS does not ask for more.
const killsInCI = 8

// kills is how many are asked for.
func kills(t *testing.T, otherwise int) int {
	t.Helper()
	text := os.Getenv("CREDITSYNC_TEST_KILLS")
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("CREDITSYNC_TEST_KILLS: %v", err)
	}
	return n
}

// seed is that of CREDITSYNC_TEST_SEED, or a new one; either is told. The same seed gives the same faults and pauses; how
// the processes interleave is the machine's.
func seed(t *testing.T) uint64 {
	t.Helper()
	n := rand.Uint64N(1_000_000)
	if text := os.Getenv("CREDITSYNC_TEST_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("CREDITSYNC_TEST_SEED: %v", err)
		}
	}
	t.Logf("CREDITSYNC_TEST_SEED=%d", n)
	return n
}

// TestKilledDaemonLosesNothing kills the daemon with SIGKILL, at moments of chance and in the middle of exchanges, while the
// wire to the platform cuts, swallows and delays and the clerks enter and correct results. Left in peace it has to bring all
// to rest: the platform's books against the registry, nothing lost, nothing twice, nothing late.
func TestKilledDaemonLosesNothing(t *testing.T) {
	n, seed := kills(t, killsInCI), seed(t)
	onEachStore(t, func(s stand) {
		o := newOffice(s)
		began := time.Now()
		o.firstLoad()
		k := &killing{office: o, random: rand.New(rand.NewPCG(seed, 1)), flights: make(chan struct{}, 1), began: time.Now()}
		k.breakWire(rand.New(rand.NewPCG(seed, 2)))
		for i := range n {
			k.once(i)
		}
		o.choose.Store(nil)
		last := o.daemon()
		o.atRest(last, 5*time.Minute)
		if late := o.late(o.path("mock.books"), demoInstant()); late != 0 {
			s.Errorf("%d messages came late", late)
		}
		last.interrupt()
		o.mock.kill()
		s.Logf("%d kills, %d rows entered and %d corrections beside 4329 of the sample, wire: %s; %.0f s of kills, %.0f s in all",
			n, o.rows, o.fixes, tally(o.wire), k.seconds, time.Since(began).Seconds())
	})
}

// firstLoad collects what results rest on, lets the daemon publish it, and ends it.
func (o *office) firstLoad() {
	o.Helper()
	for _, stream := range []string{"inspection_items", "inspection_objects", "inspectors"} {
		if said, err := o.verb("once", "collect", stream).CombinedOutput(); err != nil {
			o.Fatalf("collect %s: %v\n%s", stream, err, said)
		}
	}
	p := o.daemon()
	p.page()
	db := o.store()
	proven := func() (n int) {
		o.ok(db.QueryRowContext(o.Context(), `SELECT COUNT(*) FROM deliveries WHERE resource = 'result' AND state = 'proven'`).Scan(&n))
		return n
	}
	if !p.until(func() bool { return proven() > 0 }, 2*time.Minute) {
		o.Fatalf("no result is proven within two minutes\n%s", p.err.text())
	}
	p.interrupt()
}

// killing is a row of kills.
type killing struct {
	*office
	random  *rand.Rand
	flights chan struct{} // an exchange with the platform begins
	began   time.Time
	seconds float64
}

// breakWire lets every second exchange go wrong.
func (k *killing) breakWire(random *rand.Rand) {
	kinds := []proxy.Kind{proxy.CutBefore, proxy.CutQuestion, proxy.CutAnswer, proxy.CutAnswer, proxy.Mute, proxy.Swallow, proxy.Delay, proxy.Delay}
	var mu sync.Mutex
	choose := func() proxy.Fault {
		mu.Lock()
		defer mu.Unlock()
		select {
		case k.flights <- struct{}{}:
		default:
		}
		if random.IntN(2) > 0 {
			return proxy.Fault{}
		}
		return proxy.Fault{Kind: kinds[random.IntN(len(kinds))], After: random.IntN(4000), For: time.Duration(random.Int64N(int64(4 * time.Second)))}
	}
	k.choose.Store(&choose)
}

// once is one life of the daemon. A third of the kills come at any moment, a third in an exchange, and a third just when
// the platform has taken something.
func (k *killing) once(i int) {
	k.Helper()
	k.enter(5 + k.random.IntN(20))
	p := k.daemon()
	p.until(func() bool { return false }, k.pause(300*time.Millisecond))
	k.enter(1 + k.random.IntN(5))
	k.correct(1 + k.random.IntN(10))
	switch i % 3 {
	case 0:
		p.until(func() bool { return false }, k.pause(3*time.Second))
	case 1:
		k.untilFlight(p)
		p.until(func() bool { return false }, k.pause(20*time.Millisecond))
	default:
		size := k.booksSize()
		p.until(func() bool { return k.booksSize() > size }, 5*time.Second)
	}
	p.kill()
	k.seconds = time.Since(k.began).Seconds()
	if (i+1)%10 == 0 {
		k.Logf("%d kills, %.0f s; %s", i+1, k.seconds, k.open())
	}
}

func (k *killing) pause(most time.Duration) time.Duration {
	return time.Duration(k.random.Int64N(int64(most)))
}

// untilFlight waits for the beginning of an exchange with the platform, at most some seconds.
func (k *killing) untilFlight(p *process) {
	k.Helper()
	select {
	case <-k.flights: // an old one
	default:
	}
	p.until(func() bool {
		select {
		case <-k.flights:
			return true
		default:
			return false
		}
	}, 5*time.Second)
}

// tally is what the wire did.
func tally(p *proxy.Proxy) string {
	all := p.Tally()
	var words []string
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		words = append(words, fmt.Sprintf("%s %d", kind, all[kind]))
	}
	return strings.Join(words, ", ")
}
