package platform

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"

	"creditsync/connector"
)

// MockHeader is carried by every answer of our own mock platform. An answer with it makes the client say that it talks to
// a mock, whatever the settings say.
const MockHeader = "X-Mock-Platform"

// Options are what a Client needs besides the profile.
type Options struct {
	Variables map[string]string // fill the profile's placeholders
	Now       func() time.Time  // the machine's clock; required
	// Transport replaces the network, for simulations; nil uses HTTP with the profile's proxy.
	Transport http.RoundTripper
	TLS       *tls.Config   // nil: TLS 1.2 or newer, the system's roots
	Nonce     func() string // nil: 128 random bits
	Mock      bool          // the settings say that the far side is a mock
}

// Client is the platform as a profile describes it. It is a connector.Channel, connector.Puller and connector.Mock, and
// serves many goroutines.
type Client struct {
	plan  *plan
	http  *resty.Client
	now   func() time.Time
	nonce func() string
	clock clock
	mock  atomic.Bool
	// traced: the transport reports when it got a connection, so that its absence proves that nothing was sent.
	traced bool
}

var (
	_ connector.Channel = (*Client)(nil)
	_ connector.Puller  = (*Client)(nil)
	_ connector.Mock    = (*Client)(nil)
)

// Base is the platform's address, its placeholders filled in: what proofs are tied to.
func (c *Client) Base() string { return c.plan.profile.Base }

// New makes a client. Faults of the profile, and placeholders without a value, come back as mapping.Faults.
func New(p Profile, o Options) (*Client, error) {
	if o.Now == nil {
		return nil, errors.New("platform: Options.Now is missing")
	}
	if _, c := compile(p); len(c.faults) > 0 {
		return nil, c.faults
	}
	filled, faults := p.filled(o.Variables)
	if len(faults) > 0 {
		return nil, faults
	}
	check := &checker{}
	check.base("$.base", filled.Base, true)
	check.base("$.proxy", filled.Proxy, false)
	if len(check.faults) > 0 {
		return nil, check.faults
	}
	plan, _ := compile(filled)
	transport, err := transport(filled, o)
	if err != nil {
		return nil, err
	}
	c := &Client{plan: plan, now: o.Now, nonce: o.Nonce, http: restyClient(transport)}
	_, c.traced = transport.(*http.Transport)
	c.mock.Store(o.Mock)
	if c.nonce == nil {
		c.nonce = rand.Text
	}
	return c, nil
}

// restyClient neither retries (the lane does, and two loops multiply) nor follows redirects (a signed message goes where
// it was signed for) nor keeps cookies.
func restyClient(t http.RoundTripper) *resty.Client {
	c := resty.NewWithClient(&http.Client{
		Transport:     t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
	c.SetLogger(silent{log.New(io.Discard, "", 0)})
	c.SetAllowGetMethodPayload(false)
	return c
}

// silent keeps resty from writing to standard error: what goes wrong is in the reason.
type silent struct{ *log.Logger }

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

func transport(p Profile, o Options) (http.RoundTripper, error) {
	if o.Transport != nil {
		return o.Transport, nil
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 0, 64
	t.TLSClientConfig = o.TLS
	if o.TLS == nil {
		t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if p.Proxy != "" {
		u, err := url.Parse(p.Proxy)
		if err != nil {
			return nil, fmt.Errorf("reading the proxy address: %w", err)
		}
		t.Proxy = http.ProxyURL(u)
	}
	return t, nil
}

// Resource says how a resource of the profile behaves.
func (c *Client) Resource(name string) (connector.Resource, bool) {
	r, ok := c.plan.resources[name]
	if !ok {
		return connector.Resource{}, false
	}
	return r.contract, true
}

// Limits are the profile's limits.
func (c *Client) Limits() connector.Limits { return c.plan.limits }

// IsMock says whether the settings, or any answer so far, said that the far side is a mock.
func (c *Client) IsMock() bool { return c.mock.Load() }

// Offset is how far the platform's clock is ahead of ours, to be added to our time; ok is false before the first answer
// with a Date.
func (c *Client) Offset() (time.Duration, bool) { return c.clock.offset() }
