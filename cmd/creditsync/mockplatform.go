package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"creditsync/fixtures/mockplatform"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

// mockFlags are what the mock platform can be told.
type mockFlags struct {
	listen, books, clock, key, secretFile, outbox, published, faults, listed string
	seed                                                                     uint64
	delay                                                                    time.Duration
	leashed                                                                  bool
}

func (c *cli) mockCommand() *cobra.Command {
	var m mockFlags
	v := &cobra.Command{Use: "mock-platform", Short: c.say.Say("cmd.mock.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.mock(cmd.Context(), m) }}
	f := v.Flags()
	f.StringVar(&m.listen, "listen", "127.0.0.1:8766", c.say.Say("cmd.mock.flag.listen"))
	f.StringVar(&m.books, "books", "", c.say.Say("cmd.mock.flag.books"))
	f.StringVar(&m.key, "key", "demo-bureau", c.say.Say("cmd.mock.flag.key"))
	f.StringVar(&m.secretFile, "secret-file", "", c.say.Say("cmd.mock.flag.secret_file"))
	f.StringVar(&m.outbox, "site-outbox", "", c.say.Say("cmd.mock.flag.outbox"))
	f.StringVar(&m.published, "site-published", "", c.say.Say("cmd.mock.flag.published"))
	f.StringVar(&m.faults, "faults", "", c.say.Say("cmd.mock.flag.faults"))
	f.Uint64Var(&m.seed, "seed", 1, c.say.Say("cmd.mock.flag.seed"))
	f.DurationVar(&m.delay, "publish-delay", 2*time.Second, c.say.Say("cmd.mock.flag.delay"))
	f.StringVar(&m.listed, "listed", "", c.say.Say("cmd.mock.flag.listed"))
	f.BoolVar(&m.leashed, "leashed", false, "")
	_ = f.MarkHidden("leashed") // the flag is there
	hideClock(v, &m.clock)
	return v
}

// mock serves the mock platform on a loopback address until ctx ends.
func (c *cli) mock(ctx context.Context, m mockFlags) error {
	o, err := c.mockOptions(m)
	if err != nil {
		return err
	}
	server, err := mockplatform.New(o)
	if err != nil {
		return fmt.Errorf("open the mock's books: %w", err)
	}
	listener, err := listenLoopback(m.listen)
	if err != nil {
		return errors.Join(err, server.Close())
	}
	fmt.Fprintln(c.err, c.say.Say("cmd.mock.listening", listener.Addr()))
	h := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	if m.leashed {
		ctx = c.whileInput(ctx)
	}
	go func() {
		<-ctx.Done()
		_ = h.Close() // its callers must cope with anything, that is what it is for
	}()
	if err := h.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(fmt.Errorf("serve the mock: %w", err), server.Close())
	}
	return server.Close()
}

// whileInput ends with the standard input, which the kernel closes when whoever holds its other end is gone, however that
// ended.
func (c *cli) whileInput(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, c.in) // an end is an end
	}()
	return ctx
}

func (c *cli) mockOptions(m mockFlags) (mockplatform.Options, error) {
	at, since, err := parseClock(m.clock)
	if err != nil {
		return mockplatform.Options{}, exit{exitUsage, err}
	}
	o := mockplatform.Options{Books: m.books, Now: shifted(c.now, at, since), Seed: m.seed, PublishDelay: m.delay,
		SiteOutbox: m.outbox, SitePublished: m.published}
	if m.secretFile != "" {
		secret, err := os.ReadFile(m.secretFile)
		if err != nil {
			return o, &jobs.Failure{What: unreadableFile, Args: []string{m.secretFile}, Err: err}
		}
		o.Key, o.Secret = m.key, trimLine(secret)
	}
	if m.faults != "" {
		if err := json.Unmarshal([]byte(m.faults), &o.Faults); err != nil {
			return o, exit{exitUsage, &jobs.Failure{What: "cmd.mock.bad_faults", Err: err}}
		}
	}
	if m.listed != "" {
		b, err := os.ReadFile(m.listed)
		if err != nil {
			return o, &jobs.Failure{What: unreadableFile, Args: []string{m.listed}, Err: err}
		}
		if err := json.Unmarshal(b, &o.Listed); err != nil {
			return o, exit{exitUsage, &jobs.Failure{What: "cmd.mock.bad_listed", Args: []string{m.listed}, Err: err}}
		}
	}
	return o, nil
}

// listenLoopback listens on an address of this machine only: the mock protects nothing.
func listenLoopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, exit{exitUsage, &jobs.Failure{What: "cmd.mock.not_loopback", Args: []string{address}, Err: err}}
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &jobs.Failure{What: "cmd.mock.cannot_listen", Args: []string{address}, Err: err}
	}
	return l, nil
}
