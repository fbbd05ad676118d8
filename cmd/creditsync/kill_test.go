//go:build unix

package main

import (
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"creditsync/fixtures/world"
)

// killsAFolder is how often the demo of one folder is killed: after as many it has little left to do.
const killsAFolder = 5

// TestKilledDemoLosesNothing kills the demo with SIGKILL, at moments of chance and with results on their way, starts it
// again in the same folder, and holds what it comes to rest with to the registries: every publishable result public exactly
// once, nothing lost. CREDITSYNC_TEST_KILLS asks for more kills than one folder's.
func TestKilledDemoLosesNothing(t *testing.T) {
	kills := kills(t, killsAFolder)
	for round := range (kills + killsAFolder - 1) / killsAFolder {
		t.Run("folder "+strconv.Itoa(round+1), func(t *testing.T) {
			onEachStore(t, func(s stand) {
				random := rand.New(rand.NewPCG(2026, uint64(round)))
				s.killAndRest(random, min(kills-round*killsAFolder, killsAFolder))
			})
		})
	}
}

// killAndRest is one folder's story: a start that is interrupted, the kills, and a start that is left in peace.
func (s stand) killAndRest(random *rand.Rand, kills int) {
	first := s.start(s.demo("--listen", "127.0.0.1:0"))
	first.await("the status page", first.err.heard, time.Minute)
	first.interrupt()
	address := s.demoFile().Address
	if c, err := net.Dial("tcp", address); err == nil {
		_ = c.Close()
		s.Fatal("the demo ended and its mock platform did not")
	}
	s.hasten()
	mock := s.startMock(address)

	for n := range kills {
		p := s.start(s.demo("--listen", "127.0.0.1:0"))
		if n%2 == 0 {
			p.untilWork()
			p.until(func() bool { return false }, time.Duration(random.Int64N(int64(3*time.Second))))
		} else {
			p.untilResultsFly(n%4 == 1)
		}
		p.kill()
		s.Logf("killed: %s", s.open())
	}

	last := s.start(s.demo("--listen", "127.0.0.1:0"))
	last.await("table of what happened", last.out.heard, 3*time.Minute)
	fates := s.fates()
	s.checkWorld(fates)
	s.checkBalance(fates) // beside the running daemon
	last.interrupt()
	mock.kill()
	if diff := s.differences(fates, s.store(), s.path("mock.books")); diff != "" {
		s.Errorf("the registries (-) and what became of them (+):\n%s", diff)
	}
}

// until waits for something to be so, at most this long, and says whether it is.
func (p *process) until(so func() bool, within time.Duration) bool {
	p.Helper()
	tick := time.NewTicker(500 * time.Microsecond)
	defer tick.Stop()
	end := time.After(within)
	for !so() {
		select {
		case <-tick.C:
		case <-end:
			return false
		case <-p.ended:
			p.Fatalf("ended by itself\n%s", p.err.text())
		}
	}
	return true
}

// untilWork waits until the process has begun a job: what led before must be seen to be gone first, which takes a while.
func (p *process) untilWork() {
	p.Helper()
	db := p.store()
	runs := func() (n int) {
		p.ok(db.QueryRowContext(p.Context(), "SELECT COUNT(*) FROM runs").Scan(&n))
		return n
	}
	if before := runs(); !p.until(func() bool { return runs() > before }, time.Minute) {
		p.Fatalf("no work within a minute\n%s", p.err.text())
	}
}

// untilResultsFly waits until results are on their way and stops the process there: when the platform has taken them, but
// before the answer is settled, or as soon as the intent is committed, when they may not have left. If no results are left
// to send, the moment is as good as any.
func (p *process) untilResultsFly(taken bool) {
	p.Helper()
	db := p.store()
	sent := func() (at int64) {
		p.ok(db.QueryRowContext(p.Context(), `SELECT COALESCE(MAX(sent_at), 0) FROM deliveries
			WHERE resource = 'result' AND channel <> 'site' AND state = 'sending'`).Scan(&at))
		return at
	}
	books := func() int64 {
		info, err := os.Stat(p.path("mock.books"))
		p.ok(err)
		return info.Size()
	}
	earlier, size := sent(), books()
	if !p.until(func() bool { size = books(); return sent() > earlier }, 40*time.Second) {
		p.Log("no results on their way")
		return
	}
	grown := func() bool { return books() > size }
	if taken {
		p.until(grown, time.Second)
	}
	p.ok(p.cmd.Process.Signal(syscall.SIGSTOP))
	took := p.until(grown, time.Second) // what has left arrives
	p.Logf("stopped with results on their way; the platform has them: %v, we know it: %v", took, sent() == earlier)
}

// hasten shortens how long an attempt may last and how late the platform may still take it, both true of this mock: what
// was in flight at a kill waits that long before it is looked for.
func (s stand) hasten() {
	s.Helper()
	name := s.path("platforms", "henan-reference.yaml")
	b, err := os.ReadFile(name)
	s.ok(err)
	text := string(b)
	for _, change := range [][2]string{{"send_timeout: 60s", "send_timeout: 3s"}, {"complete_after: 10m", "complete_after: 5s"}} {
		if !strings.Contains(text, change[0]) {
			s.Fatalf("the profile has no %q", change[0])
		}
		text = strings.ReplaceAll(text, change[0], change[1])
	}
	s.ok(os.WriteFile(name, []byte(text), 0o600))
}

// startMock starts the far side where the demo looks for one that outlived it: so it is the test's to end. It publishes
// later than the first look comes, so that a proof given too early is seen.
func (s stand) startMock(address string) *process {
	s.Helper()
	p := s.start(exec.Command(s.program, "mock-platform", "--listen", address, "--books", s.path("mock.books"),
		"--clock", s.demoFile().Clock, "--secret-file", s.path(world.SecretFile), "--listed", s.path(listedFile),
		"--site-outbox", s.path(world.Outbox), "--site-published", s.path(world.Published), "--publish-delay", "5s"))
	p.await("the mock platform", p.err.heard, time.Minute)
	return p
}

// open says what a kill left behind.
func (s stand) open() string {
	s.Helper()
	rows, err := s.store().QueryContext(s.Context(), "SELECT state, COUNT(*) FROM deliveries GROUP BY state ORDER BY state")
	s.ok(err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var state string
		var n int
		s.ok(rows.Scan(&state, &n))
		all = append(all, state+" "+strconv.Itoa(n))
	}
	s.ok(rows.Err())
	return "deliveries: " + strings.Join(all, ", ")
}
