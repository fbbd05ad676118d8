package platform

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"creditsync/connector"
)

const testSecret = "planted-secret-5c1"

// noon is the machine's clock in these tests: 2026-12-21 10:00 in Beijing.
func noon() time.Time { return time.Date(2026, 12, 21, 2, 0, 0, 0, time.UTC) }

func fill(base string) map[string]string {
	return map[string]string{"PLATFORM_URL": base, "PLATFORM_KEY": "county-1", "PLATFORM_SECRET": testSecret}
}

// connect gives a client of the reference profile to a server that answers with h.
func connect(t testing.TB, h http.HandlerFunc, change ...func(*Profile)) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return clientOf(t, s.URL, nil, change...)
}

func clientOf(t testing.TB, base string, transport http.RoundTripper, change ...func(*Profile)) *Client {
	t.Helper()
	p := reference(t)
	for _, f := range change {
		f(&p)
	}
	c, err := New(p, Options{Variables: fill(base), Now: noon, Transport: transport, Nonce: func() string { return "nonce-1" }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answer is a handler that gives one body, with the Date of our own clock.
func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Date", noon().Format(http.TimeFormat))
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func twoResults() connector.Batch {
	return connector.Batch{Resource: "result", Number: "b1", Records: []connector.Outgoing{
		{ID: "JG-1", Op: connector.Insert, Payload: []byte(`{"uniscid":"91350100M000100Y43","penAm":0.20}`)},
		{ID: "结果\"2", Op: connector.Update, Payload: []byte(` { } `)},
	}}
}

// reasonOf is the reason of an error, which must be one, hold no secret and name its place.
func reasonOf(t *testing.T, err error) *connector.Reason {
	t.Helper()
	var r *connector.Reason
	if !errors.As(err, &r) {
		t.Fatalf("no reason: %v", err)
	}
	if strings.Contains(r.Error(), testSecret) {
		t.Errorf("the secret stands in %v", r)
	}
	if r.Place == "" || len(r.Args) < 2 {
		t.Errorf("no place or too few arguments in %#v", r)
	}
	return r
}

func push(t *testing.T, c *Client) (connector.Answer, error) {
	t.Helper()
	return c.Push(context.Background(), twoResults())
}

// quietLog takes what the test server says of handshakes that are meant to fail.
func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }
