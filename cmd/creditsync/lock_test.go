//go:build unix

package main

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// A second daemon on the same SQLite file is refused and says who has it; verbs that look work beside the first; a daemon
// that was killed keeps nobody out.
func TestSecondDaemonOnOneFile(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole program")
	}
	o := newOffice(stand{t, buildProgram(t), t.TempDir(), ""})
	first := o.daemon()
	first.page()
	second := o.verb("run")
	said, err := second.CombinedOutput()
	if err == nil || second.ProcessState.ExitCode() != exitFailed {
		t.Errorf("the second daemon ends with %v", err)
	}
	for _, want := range []string{fmt.Sprintf("PID %d @ ", first.cmd.Process.Pid), "creditsync.db", time.Now().Format("2006"), "请先停止它"} {
		if !strings.Contains(string(said), want) {
			t.Errorf("the refusal lacks %q:\n%s", want, said)
		}
	}
	for _, verb := range []string{"status", "log", "due", "balance"} {
		cmd := o.verb(verb)
		if said, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != exitUnknown {
			t.Errorf("%s beside the daemon: %v\n%s", verb, err, said)
		}
	}
	first.kill()
	o.daemon().page()
}

// The demo's mock ends with the demo, also with one that is killed.
func TestKilledDemoTakesItsMockAlong(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole program")
	}
	s := stand{t, buildProgram(t), t.TempDir(), ""}
	p := s.start(s.demo("--listen", "127.0.0.1:0"))
	p.await("the status page", p.err.heard, time.Minute)
	address := s.demoFile().Address
	p.kill()
	gone := func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	}
	tick, end := time.NewTicker(10*time.Millisecond), time.After(10*time.Second)
	defer tick.Stop()
	for !gone() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("the demo was killed and its mock platform lives on")
		}
	}
}
