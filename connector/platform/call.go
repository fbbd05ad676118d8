package platform

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"

	"creditsync/connector"
)

// call is one request on its way, and what is known of it for a reason.
type call struct {
	client    *Client
	resource  *resource
	method    string
	path      string // as the profile has it
	query     url.Values
	body      []byte
	connected atomic.Bool
	signature string // must not stand in a reason, like the secret
}

// response is a whole answer, before anyone asked what it means.
type response struct {
	status int
	header http.Header
	body   []byte
	at     time.Time
}

// exchange sends the request and reads the whole answer. Whatever goes wrong is a *connector.Reason.
func (c *call) exchange(ctx context.Context) (*response, error) {
	if err := ctx.Err(); err != nil {
		return nil, c.failed(ctx, connector.NotSent, err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.client.plan.timeout)
	defer cancel()
	sent := c.client.now()
	req := c.request(ctx, sent)
	res, err := req.Execute(c.method, c.url(req))
	if err != nil {
		return nil, c.failed(ctx, c.reach(err), err)
	}
	defer res.RawBody().Close()
	answered := c.client.now()
	c.client.clock.observe(res.Header(), sent, answered)
	if res.Header().Get(MockHeader) != "" {
		c.client.mock.Store(true)
	}
	body, err := readLimited(res.RawResponse, c.client.plan.maxAnswer)
	if errors.Is(err, errTooLarge) {
		return nil, c.reason(connector.TooLarge, connector.MaybeSent, c.client.plan.profile.Limits.Answer)
	}
	if err != nil && res.StatusCode() < 500 {
		return nil, c.failed(ctx, connector.MaybeSent, err)
	}
	return &response{status: res.StatusCode(), header: res.Header(), body: body, at: answered}, nil
}

// request is the signed request, without its URL.
func (c *call) request(ctx context.Context, now time.Time) *resty.Request {
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { c.connected.Store(true) }}
	req := c.client.http.R().SetContext(httptrace.WithClientTrace(ctx, trace)).SetDoNotParseResponse(true)
	req.SetHeader("User-Agent", "creditsync").SetHeader("Accept", "application/json")
	if c.body != nil {
		req.SetHeader("Content-Type", "application/json; charset=utf-8").SetBody(bytes.NewReader(c.body)) // a reader is not copied
	}
	req.SetHeaders(c.client.plan.profile.Headers)
	if c.client.plan.signer != nil {
		c.sign(req, now)
	}
	return req
}

// sign adds what the profile says a signed request carries. The time is the platform's, as far as its Date headers tell.
func (c *call) sign(req *resty.Request, now time.Time) {
	offset, _ := c.client.clock.offset()
	s := c.client.plan.signer
	m := &message{signer: s, method: c.method, path: c.requestURI(), body: c.body, at: now.Add(offset),
		nonce: c.client.nonce(), values: c.resource.values}
	for name, value := range s.headers {
		req.SetHeader(name, value(m))
	}
	for name, value := range s.query {
		req.QueryParam.Set(name, value(m))
	}
	c.signature = m.signature()
}

// requestURI is the path and query as the platform's server sees them, without what the signature itself adds.
func (c *call) requestURI() string {
	u, err := url.Parse(c.address())
	if err != nil {
		return c.path
	}
	return u.RequestURI()
}

func (c *call) address() string {
	address := strings.TrimRight(c.client.plan.profile.Base, "/") + c.path
	if len(c.query) == 0 {
		return address
	}
	if strings.Contains(c.path, "?") {
		return address + "&" + c.query.Encode()
	}
	return address + "?" + c.query.Encode()
}

// url is the whole address; what the signature puts into the query comes last. It is joined here and not by resty, so
// that what was signed is what is sent.
func (c *call) url(req *resty.Request) string {
	address := c.address()
	if len(req.QueryParam) == 0 {
		return address
	}
	added := req.QueryParam.Encode()
	req.QueryParam = url.Values{}
	if strings.Contains(address, "?") {
		return address + "&" + added
	}
	return address + "?" + added
}

var errTooLarge = errors.New("the answer is above the limit")

// readLimited reads a body of at most limit bytes, as decompressed.
func readLimited(res *http.Response, limit int64) ([]byte, error) {
	var b bytes.Buffer
	if n := res.ContentLength; n > 0 && n <= limit {
		b.Grow(int(n) + bytes.MinRead)
	}
	_, err := b.ReadFrom(io.LimitReader(res.Body, limit+1))
	if int64(b.Len()) > limit {
		return nil, errTooLarge
	}
	return b.Bytes(), err
}
