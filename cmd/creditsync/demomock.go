package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"creditsync/fixtures/world"
)

// mockChild is the far side as a process of its own. It ends with the demo, also with one that is killed: its leash breaks.
type mockChild struct {
	process *os.Process   // nil if it was found running
	leash   io.Closer     // its standard input
	done    chan struct{} // closed when the process has ended
}

// startMock starts the mock platform, unless one that outlived a killed demo of the same folder still answers.
func (c *cli) startMock(ctx context.Context, stage demoStage, faults string) (*mockChild, error) {
	if answers(ctx, stage.Address) {
		return &mockChild{}, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	c.config = filepath.Join(stage.dir, "creditsync.yaml")
	s, err := c.settings()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "mock-platform", "--listen", stage.Address, "--books", filepath.Join(stage.dir, "mock.books"),
		"--clock", stage.Clock, "--secret-file", filepath.Join(stage.dir, filepath.FromSlash(world.SecretFile)),
		"--site-outbox", s.Site.Outbox, "--site-published", s.Site.Published, "--faults", faults,
		"--listed", filepath.Join(stage.dir, listedFile), "--leashed")
	detach(cmd)
	leash, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start the mock platform: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the mock platform: %w", err)
	}
	m := &mockChild{process: cmd.Process, leash: leash, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how the mock ends does not matter to the demo
		close(m.done)
	}()
	if err := m.wait(ctx, stage.Address); err != nil {
		m.stop()
		return nil, err
	}
	return m, nil
}

// wait waits until the child answers, for at most 20 s.
func (m *mockChild) wait(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !answers(ctx, address) {
		select {
		case <-tick.C:
		case <-m.done:
			return errors.New("the mock platform ended before it answered")
		case <-ctx.Done():
			return fmt.Errorf("wait for the mock platform: %w", ctx.Err())
		}
	}
	return nil
}

// stop ends the child that this demo started.
func (m *mockChild) stop() {
	if m.process == nil {
		return
	}
	_ = m.process.Kill() // its books are safe against that
	_ = m.leash.Close()  // so is the end of its input
	<-m.done
}

// answers says whether a mock platform answers at the address.
func answers(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.Header.Get("X-Mock-Platform") != ""
}

// freeAddress is a loopback address that nobody listens on now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free address: %w", err)
	}
	return l.Addr().String(), l.Close()
}
