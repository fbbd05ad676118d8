package simulation

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"creditsync/fixtures/mockplatform"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// wire carries the requests of one daemon to the platform, and loses, delays and spoils them.
type wire struct{ n *node }

var (
	errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	errBroken  = errors.New("connection reset by peer")
)

const (
	sendTimeout = time.Minute // the profile's
	completion  = 10 * time.Minute
)

// exchange is one request on its way.
type exchange struct {
	w        *world
	n        *node
	request  *http.Request
	body     []byte
	push     bool
	stream   string
	fault    Fault
	deadline time.Time // when its context ends
}

// RoundTrip implements http.RoundTripper.
func (c wire) RoundTrip(r *http.Request) (*http.Response, error) {
	x := &exchange{w: c.n.w, n: c.n, request: r, push: strings.HasSuffix(r.URL.Path, "/batch"), stream: resultsStream}
	if strings.HasPrefix(r.URL.Path, "/objects") {
		x.stream = objectsStream
	}
	if r.Body != nil {
		var err error
		if x.body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	x.w.exchanges++
	x.fault = x.w.exchangeFaults[x.w.exchanges]
	x.deadline = x.w.clock.now.Add(sendTimeout)
	if t := x.w.current; x.push && t != nil {
		x.deadline = t.claimed.Add(sendTimeout)
	}
	return x.travel()
}

// travel is the way there, the platform's part, and the way back.
func (x *exchange) travel() (*http.Response, error) {
	if x.fault.What != "" {
		x.w.met++
	}
	x.w.trace.say(x.w.clock.now, "exchange %d: %s %s %s", x.w.exchanges, x.request.URL.Path, x.summary(), x.fault.What)
	if x.fault.What == crashUnsent {
		x.w.crash(x.n, crashUnsent)
	}
	x.pause(200)
	if err := x.obstructed(); err != nil {
		return nil, err
	}
	if !x.w.clock.now.Before(x.deadline) {
		return nil, context.DeadlineExceeded // nothing leaves after the context has ended
	}
	if x.push {
		x.w.leaves(x)
	}
	res, err := x.arrive()
	if err != nil {
		return nil, err
	}
	x.pause(300)
	if x.fault.What == stalledAnswer {
		x.w.sleep(x.fault.For)
	}
	if x.fault.What == crashAnswered {
		x.w.crash(x.n, crashAnswered)
	}
	return res, nil
}

func (x *exchange) pause(ms int) {
	x.w.sleep(time.Duration(1+x.w.dice.below("latency", ms)) * time.Millisecond)
}

// obstructed is what keeps a request from arriving.
func (x *exchange) obstructed() error {
	switch {
	case x.fault.What == refusedConn || x.w.during(outage):
		return errRefused
	case x.fault.What == lostRequest || x.w.during(hanging):
		return x.hang()
	}
	return nil
}

// hang waits for an answer until the context ends.
func (x *exchange) hang() error {
	x.w.sleep(max(0, x.deadline.Sub(x.w.clock.now)))
	return context.DeadlineExceeded
}

// arrive lets the platform work, and is the answer as far as it comes back.
func (x *exchange) arrive() (*http.Response, error) {
	switch x.fault.What {
	case crashSent:
		x.w.clock.after(x.late(completion-30*time.Second), x.unheard)
		x.w.crash(x.n, crashSent)
	case lateCommit, tooLateCommit:
		if x.push {
			x.w.clock.after(x.late(completion-30*time.Second), x.unheard)
			return nil, x.hang()
		}
	}
	if x.w.during(storm) {
		return x.serve(mockplatform.Faults{LookUps: true, Error: next()})
	}
	res, err := x.serve(x.platformFault())
	if x.fault.What == requestTwice && x.w.platformSkew == 0 { // a skewed platform forgets nonces too soon
		x.unheard()
	}
	switch x.fault.What {
	case crashCommitted:
		x.w.crash(x.n, crashCommitted)
	case lostAnswer:
		return nil, errors.Join(errBroken, err)
	case reordered, contradicted, receiptShort:
		if err == nil && x.push {
			return x.spoil(res)
		}
	}
	return res, err
}

// late is when a request that is under way arrives: within the bound, unless it is to be beyond.
func (x *exchange) late(bound time.Duration) time.Duration {
	if x.fault.What == tooLateCommit {
		return x.fault.For
	}
	return min(x.fault.For, bound)
}

func next() mockplatform.Fault { return mockplatform.Fault{Next: 1} }

// platformFault lets the platform itself do what is wrong.
func (x *exchange) platformFault() mockplatform.Faults {
	f := mockplatform.Faults{LookUps: true}
	switch x.fault.What {
	case partialBatch:
		f.Partial = next()
	case strangeReceipts:
		f.Strangers = next()
	case doubleReceipt:
		f.Twice = next()
	case wrongType:
		f.WrongType = next()
	case emptyAnswer:
		f.Empty = next()
	case gatewayPage:
		f.HTML = next()
	case serverError:
		f.Error = next()
	case errorAfter:
		f.ErrorAfter = next()
	case throttled:
		f.Throttle = next()
	case signatureOld:
		f.Expired = next()
	}
	return f
}

// serve hands the request to the platform.
func (x *exchange) serve(f mockplatform.Faults) (*http.Response, error) {
	f.ClockSkewS = int64(x.w.platformSkew / time.Second)
	x.w.platform.SetFaults(f)
	r := x.request.Clone(context.Background())
	r.Body = io.NopCloser(bytes.NewReader(x.body))
	res, err := x.w.platform.RoundTrip(r)
	if x.push {
		x.w.trace.say(x.w.clock.now, "the platform serves %s", x.summary())
	}
	return res, err
}

// unheard serves a request whose answer nobody hears.
func (x *exchange) unheard() {
	if res, err := x.serve(mockplatform.Faults{}); err == nil {
		_ = res.Body.Close()
	}
}

// spoil changes the receipts of an answer.
func (x *exchange) spoil(res *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	var a struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Data    struct {
			Receipts []map[string]jsontext.Value `json:"receipts"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &a) == nil && len(a.Data.Receipts) > 0 {
		all := a.Data.Receipts
		switch x.fault.What {
		case reordered:
			slices.Reverse(all)
		case receiptShort:
			all = all[:len(all)-1]
		case contradicted:
			all = append(all, map[string]jsontext.Value{"rowId": all[0]["rowId"], "status": jsontext.Value(`"rejected"`),
				"errorCode": jsontext.Value(`"422107"`), "message": jsontext.Value(`"?"`)})
		}
		a.Data.Receipts = all
		if body, err = json.Marshal(a, json.Deterministic(true)); err != nil {
			return nil, err
		}
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res.Header.Del("Content-Length")
	return res, nil
}

// message is a record as it is sent.
type message struct {
	ID      string `json:"rowId"`
	Op      string `json:"op"`
	Object  string `json:"dom"`
	Result  string `json:"dispose"`
	Problem string `json:"problem"`
}

func (m message) version() int { return versionIn(m.Object + m.Result) }

// messages are the records of a push.
func (x *exchange) messages() []message {
	var batch struct {
		Records []message `json:"records"`
	}
	if err := json.Unmarshal(x.body, &batch); err != nil {
		return nil
	}
	return batch.Records
}

// summary is what a trace says of a request.
func (x *exchange) summary() string {
	var b strings.Builder
	if !x.push {
		return string(x.body)
	}
	for _, m := range x.messages() {
		b.WriteString(" " + m.Op + " " + m.ID + "=" + m.Object + m.Result)
	}
	return b.String()
}
