package platform

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"creditsync/connector"
)

// longestWords is how much of the far side's own words a reason keeps, in characters.
const longestWords = 500

// reason makes a reason of this call. Its arguments are the path and then args; none ever holds a secret.
func (c *call) reason(what string, sent connector.Sent, args ...string) *connector.Reason {
	for i := range args {
		args[i] = c.clean(args[i])
	}
	return &connector.Reason{
		What: what, Args: append([]string{c.path}, args...), Sent: sent, Place: c.path,
		Retry: what != connector.Unauthorized && what != connector.Refused,
	}
}

// failed is the reason of a request that got no whole answer.
func (c *call) failed(ctx context.Context, sent connector.Sent, err error) *connector.Reason {
	what := connector.Interrupted
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.Is(err, context.DeadlineExceeded):
		what = connector.TimedOut
	case sent == connector.NotSent && ctx.Err() == nil:
		what = connector.Unreachable
	}
	r := c.reason(what, sent, c.host())
	r.Err = cause(err)
	return r
}

func (c *call) host() string {
	u, err := url.Parse(c.client.plan.profile.Base)
	if err != nil {
		return ""
	}
	return u.Host
}

// cause strips the URL from the library's error: its query may carry a signature.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// reach says how far a failed request can have come: without a connection nothing left. A transport that is not Go's own
// gets the benefit of no doubt, unless its error is one of dialling.
func (c *call) reach(err error) connector.Sent {
	if c.client.traced && !c.connected.Load() || !c.connected.Load() && dialling(err) {
		return connector.NotSent
	}
	return connector.MaybeSent
}

func dialling(err error) bool {
	var op *net.OpError
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var authority x509.UnknownAuthorityError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &name) || errors.As(err, &certificate) ||
		errors.As(err, &record) || errors.As(err, &authority)
}

// judge says what a whole answer means; code and message are what its envelope says, empty if it has none. nil: accepted.
func (c *call) judge(res *response, envelope *reading, slots envelopeSlots, parse error) *connector.Reason {
	code, message := "", ""
	if envelope != nil {
		code, message = slots.get(envelope, slots.code).String(), slots.get(envelope, slots.message).String()
	}
	success := res.status >= 200 && res.status < 300
	if success && parse == nil && c.client.plan.ok.holds(slots.get(envelope, slots.code)) {
		return nil
	}
	r := c.verdict(res, code, parse)
	r.Words = c.clean(message)
	if r.Words == "" && r.What == connector.NotJSON {
		r.Words = c.clean(string(res.body[:min(len(res.body), 4*longestWords)]))
	}
	if r.What == connector.Throttled || r.What == connector.ServerError {
		r.RetryAfter = retryAfter(res.header, res.at)
	}
	return r
}

// verdict finds the reason: the platform's own code where the profile names it, else the HTTP status, else what is wrong
// with the body.
func (c *call) verdict(res *response, code string, parse error) *connector.Reason {
	if what := c.client.plan.meaning(code); code != "" && what != "" {
		return c.reason(what, sentBy(what), code)
	}
	status := "HTTP " + strconv.Itoa(res.status)
	switch {
	case res.status >= 500:
		return c.reason(connector.ServerError, connector.MaybeSent, status)
	case res.status == http.StatusTooManyRequests:
		return c.reason(connector.Throttled, connector.Answered, status)
	case res.status == http.StatusUnauthorized || res.status == http.StatusForbidden:
		return c.reason(connector.Unauthorized, connector.Answered, status)
	case res.status < 200 || res.status >= 300:
		return c.unexpected(code, status)
	case len(bytes.TrimSpace(res.body)) == 0:
		return c.reason(connector.EmptyAnswer, connector.MaybeSent, status)
	case parse != nil:
		return c.unreadable(res, parse)
	case code == "":
		return c.reason(connector.WrongShape, connector.MaybeSent, c.client.plan.profile.Answer.OK.At)
	}
	return c.unexpected(code, status)
}

func (c *call) unexpected(code, status string) *connector.Reason {
	if code == "" {
		code = status
	}
	return c.reason(connector.UnknownCode, connector.MaybeSent, code)
}

// sentBy says what a named refusal tells of the batch: the platform read it and took none of it, unless it failed itself.
func sentBy(what string) connector.Sent {
	if what == connector.ServerError {
		return connector.MaybeSent
	}
	return connector.Answered
}

// retryAfter reads the Retry-After header: seconds, or a date by the platform's own clock.
func retryAfter(h http.Header, answered time.Time) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds > 0 {
		return min(time.Duration(seconds), 86400) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		answered = date
	}
	return min(max(at.Sub(answered), 0), 24*time.Hour)
}

// clean makes the far side's words fit to keep: valid, one line, no secret, at most 500 characters.
func (c *call) clean(s string) string {
	if signer := c.client.plan.signer; signer != nil {
		s = strings.ReplaceAll(s, signer.secret, "***")
	}
	if c.signature != "" {
		s = strings.ReplaceAll(s, c.signature, "***")
	}
	return cut(s)
}

// cut makes one line of at most 500 characters.
func cut(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if utf8.RuneCountInString(s) <= longestWords {
		return s
	}
	return string([]rune(s)[:longestWords])
}
