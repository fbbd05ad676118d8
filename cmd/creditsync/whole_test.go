package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"creditsync/fixtures/testdb"
)

// What the tests of the whole program share: the built program in a demo's folder.

func TestMain(m *testing.M) { testdb.Main(m) }

// stand is one demo folder and the program that works in it. postgres is the URL of its store, empty for SQLite.
type stand struct {
	*testing.T
	program, dir, postgres string
}

// onEachStore runs a test of the whole program on SQLite and on PostgreSQL, each in a folder of its own.
func onEachStore(t *testing.T, test func(s stand)) {
	if testing.Short() {
		t.Skip("runs the whole program")
	}
	program := buildProgram(t)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel() // much of it is waiting
		test(stand{t, program, t.TempDir(), ""})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(stand{t, program, t.TempDir(), testdb.Postgres(t)})
	})
}

func (s stand) path(parts ...string) string {
	return filepath.Join(append([]string{s.dir}, parts...)...)
}

func (s stand) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// demoFile is what the tests need of demo.json.
type demoFile struct {
	Clock, Address string
	World          struct {
		ListEntries              int
		Listed                   []struct{ Code string }
		ObjectFates, ResultFates struct{ Excluded, NotReady, Withheld, Invalid, Rejected, Platform, Site int }
	}
}

func (s stand) demoFile() (f demoFile) {
	s.Helper()
	s.ok(readJSON(s.path("demo.json"), &f))
	return f
}

func readJSON(name string, v any) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// demo is a command line of the demo in this folder.
func (s stand) demo(args ...string) *exec.Cmd {
	args = append([]string{"demo", "--dir", s.dir}, args...)
	if s.postgres != "" {
		args = append(args, "--postgres", s.postgres)
	}
	return exec.Command(s.program, args...)
}

// ask runs a verb that answers in JSON by the demo's clock, and gives its exit status.
func (s stand) ask(verb string, answer any) int {
	s.Helper()
	cmd := exec.Command(s.program, verb, "--json", "--config", s.path("creditsync.yaml"), "--clock", s.demoFile().Clock)
	cmd.Env = os.Environ()
	if s.postgres != "" {
		cmd.Env = append(cmd.Env, "CREDITSYNC_STORE_DSN="+s.postgres)
	}
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		s.Fatal(err)
	}
	if err := json.Unmarshal(out, answer); err != nil {
		s.Fatalf("%s: %v\n%s%s", verb, err, out, complaint.Bytes())
	}
	return cmd.ProcessState.ExitCode()
}

// process is a program that this test started and ends.
type process struct {
	stand
	cmd      *exec.Cmd
	out, err *listener
	ended    chan struct{}
}

// start runs a command until the test ends it. What is still there at the test's end is interrupted, so that it can take
// its own children with it, and killed if that is not enough.
func (s stand) start(cmd *exec.Cmd) *process {
	s.Helper()
	p := &process{s, cmd, hear("\n"), hear("http://"), make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.out, p.err
	s.ok(cmd.Start())
	go func() {
		_ = cmd.Wait() // its status stands in ProcessState
		close(p.ended)
	}()
	s.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case <-p.ended:
		case <-time.After(time.Minute):
			p.kill()
		}
	})
	return p
}

// kill ends the process without a word and waits until it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.ended
}

// interrupt does what Ctrl-C does; the process has to end well, within the time it promises.
func (p *process) interrupt() {
	p.Helper()
	p.ok(p.cmd.Process.Signal(os.Interrupt))
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		p.Fatalf("still running 30 s after the interrupt\n%s", p.err.text())
	}
	if status := p.cmd.ProcessState.ExitCode(); status != 0 {
		p.Fatalf("exit status %d after the interrupt\n%s", status, p.err.text())
	}
}

// await waits for something the process does.
func (p *process) await(what string, event <-chan struct{}, within time.Duration) {
	p.Helper()
	select {
	case <-event:
	case <-p.ended:
		p.Fatalf("ended by itself before %s\n%s", what, p.err.text())
	case <-time.After(within):
		p.Fatalf("no %s within %s\n%s", what, within, p.err.text())
	}
}

// listener keeps what a process says and tells when it said a certain word.
type listener struct {
	mu    sync.Mutex
	said  bytes.Buffer
	word  string
	heard chan struct{}
	once  sync.Once
}

func hear(word string) *listener { return &listener{word: word, heard: make(chan struct{})} }

func (l *listener) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.said.Write(b)
	if strings.Contains(l.said.String(), l.word) {
		l.once.Do(func() { close(l.heard) })
	}
	return n, err
}

func (l *listener) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said.String()
}
