package platform

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"creditsync/connector"
)

// The limits that hold where a profile is silent.
const (
	defaultTimeout = time.Minute
	defaultAnswer  = 32 << 20
	defaultFlight  = 4
)

// plan is a profile ready for use.
type plan struct {
	profile   Profile
	signer    *signer
	ok        condition
	message   place
	errors    []meaningRule
	limits    connector.Limits
	timeout   time.Duration
	maxAnswer int64
	resources map[string]*resource
}

// condition is a Condition ready for use.
type condition struct {
	at place
	is [][]byte
}

func (c condition) holds(f field) bool {
	if !f.scalar() {
		return false
	}
	text := f.text()
	for _, want := range c.is {
		if string(want) == string(text) {
			return true
		}
	}
	return false
}

// compile checks a profile and makes it ready; everything that is wrong is reported at once.
func compile(p Profile) (*plan, *checker) {
	c := &checker{}
	pl := &plan{profile: p, resources: map[string]*resource{}}
	c.given("$.profile", p.Name)
	c.base("$.base", p.Base, true)
	c.base("$.proxy", p.Proxy, false)
	c.placeholders(p)
	pl.signer = c.signature(p.Sign)
	pl.ok = c.condition("$.answer.ok", p.Answer.OK, (*checker).absolute)
	pl.message = c.optional("$.answer.message", p.Answer.Message)
	pl.errors = c.meanings("$.answer.errors", p.Answer.Errors)
	c.limits(pl, p.Limits)
	if len(p.Resources) == 0 {
		c.fault("$.resources", faultMissing)
	}
	for _, name := range sorted(p.Resources) {
		pl.resources[name] = c.resource(pl, "$.resources."+name, p.Resources[name])
	}
	return pl, c
}

func (c *checker) base(path, value string, required bool) {
	if value == "" && !required || !c.given(path, value) || strings.Contains(value, "${") {
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		c.fault(path, faultBase, redactedURL(u, err))
	}
}

// redactedURL keeps a password that stands in an address out of the fault.
func redactedURL(u *url.URL, err error) string {
	if err != nil {
		return "…"
	}
	return u.Redacted()
}

func (c *checker) placeholders(p Profile) {
	p.texts(func(path string, s *string) {
		for _, name := range placeholders(*s) {
			if !looksLikeName(name) {
				c.fault(path, faultPlaceholder)
			}
		}
		if strings.Count(*s, "${") != len(placeholders(*s)) {
			c.fault(path, faultPlaceholder)
		}
	})
}

func (c *checker) condition(path string, cond Condition, read func(*checker, string, string) place) condition {
	out := condition{at: read(c, path+".at", cond.At)}
	if len(cond.Is) == 0 {
		c.fault(path+".is", faultMissing)
	}
	for _, v := range cond.Is {
		out.is = append(out.is, []byte(v))
	}
	return out
}

func (c *checker) limits(pl *plan, l LimitRules) {
	const path = "$.limits"
	pl.limits = connector.Limits{InFlight: l.InFlight, Daily: l.Daily}
	if l.InFlight == 0 {
		pl.limits.InFlight = defaultFlight
	}
	c.notNegative(path+".in_flight", l.InFlight)
	c.notNegative(path+".daily", l.Daily)
	if l.Rate != "" {
		rate, ok := parseRate(l.Rate)
		if !ok {
			c.fault(path+".rate", faultRate, l.Rate)
		}
		pl.limits.PerSecond = rate
	}
	pl.timeout = c.duration(path+".send_timeout", l.SendTimeout, defaultTimeout)
	pl.maxAnswer = defaultAnswer
	if l.Answer != "" {
		n, ok := parseBytes(l.Answer)
		if !ok {
			c.fault(path+".answer", faultBytes, l.Answer)
		}
		pl.maxAnswer = n
	}
	for i, q := range l.Quiet {
		c.quiet(pl, path+".quiet["+strconv.Itoa(i)+"]", q)
	}
}

func (c *checker) quiet(pl *plan, path string, q Quiet) {
	windows, wrong := parseWindow(q)
	if wrong != "" {
		value := map[string]string{"days": q.Days, "from": q.From, "to": q.To}[wrong]
		c.fault(path+"."+wrong, faultWindow, value)
	}
	pl.limits.Quiet = append(pl.limits.Quiet, windows...)
}

func (c *checker) number(path, code string, n int) { c.fault(path, code, strconv.Itoa(n)) }
