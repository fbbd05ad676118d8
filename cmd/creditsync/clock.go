package main

import (
	"fmt"
	"time"
)

// china is the law's time zone: Asia/Shanghai, UTC+8 without summer time.
func china() *time.Location { return time.FixedZone("CST", 8*3600) }

// shifted is a clock that read `at` when the real clock read `since` and runs on at the real pace. Zero times give the
// real clock.
func shifted(now func() time.Time, at, since time.Time) func() time.Time {
	if at.IsZero() {
		return func() time.Time { return now().In(china()) }
	}
	return func() time.Time { return at.Add(now().Sub(since)).In(china()) }
}

// parseClock reads the two instants of a shifted clock, "2026-12-21T10:00:00+08:00@1790000000000": what it showed, and
// the real unix milliseconds at that moment. Empty: the real clock.
func parseClock(s string) (at, since time.Time, err error) {
	if s == "" {
		return at, since, nil
	}
	var text string
	var ms int64
	if n, e := fmt.Sscanf(s, "%25s@%d", &text, &ms); e != nil || n != 2 {
		return at, since, fmt.Errorf("read clock %q: want RFC 3339, @, unix milliseconds", s)
	}
	if at, err = time.Parse(time.RFC3339, text); err != nil {
		return at, since, fmt.Errorf("read clock %q: %w", s, err)
	}
	return at, time.UnixMilli(ms), nil
}

// formatClock is the inverse of parseClock.
func formatClock(at, since time.Time) string {
	return fmt.Sprintf("%s@%d", at.Format(time.RFC3339), since.UnixMilli())
}
