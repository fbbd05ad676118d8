package platform

import (
	"net/http"
	"sync"
	"time"
)

// The Date header has a resolution of one second, and was written at some time between request and answer. So each
// answer bounds the offset from both sides, and the bounds of many answers together are much tighter than one second.
const (
	dateResolution = time.Second
	// A round trip longer than this says too little about the far clock.
	longestTrip = 20 * time.Second
	// Further off than this is no clock but a broken header (1970, 9999).
	largestOffset = 48 * time.Hour
)

// bounds is an interval the far clock's lead over ours lies in.
type bounds struct{ low, high time.Duration }

func (b bounds) meets(o bounds) bool { return b.low <= o.high && o.low <= b.high }

func (b bounds) and(o bounds) bounds { return bounds{max(b.low, o.low), min(b.high, o.high)} }

func (b bounds) middle() time.Duration { return b.low + (b.high-b.low)/2 }

// clock measures how far the platform's clock is ahead of ours.
type clock struct {
	mu    sync.Mutex
	known bool
	now   bounds
	// doubt is a sample that contradicts what is known. The next one decides: one cached page must not move the clock.
	doubt *bounds
}

// observe takes the Date of an answer to a request that was sent and answered at these times of our clock.
func (c *clock) observe(header http.Header, sent, answered time.Time) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil || header.Get("Age") != "" || answered.Before(sent) || answered.Sub(sent) > longestTrip {
		return
	}
	sample := bounds{date.Sub(answered), date.Add(dateResolution).Sub(sent)}
	if sample.middle().Abs() > largestOffset {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !c.known:
		c.known, c.now = true, sample
	case c.now.meets(sample):
		c.now, c.doubt = c.now.and(sample), nil
	case c.doubt != nil && c.doubt.meets(sample):
		c.now, c.doubt = c.doubt.and(sample), nil
	default:
		c.doubt = &sample
	}
}

func (c *clock) offset() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known {
		return 0, false
	}
	return c.now.middle(), true
}
