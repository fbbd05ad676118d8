package registry

import (
	"strings"
	"time"

	"creditsync/mapping"
)

// timeLayout is how this package writes a moment: civil time in China, where registries keep no zone.
const timeLayout = "2006-01-02 15:04:05.999999"

// china has had no daylight saving time since 1991.
func china() *time.Location { return time.FixedZone("Asia/Shanghai", 8*60*60) }

// defaultOverlap is how late a row may be committed when the mapping does not say.
const defaultOverlap = 15 * time.Minute

func overlapOf(c *mapping.Changed) time.Duration {
	if d, err := time.ParseDuration(c.Overlap); err == nil && d >= 0 {
		return d
	}
	return defaultOverlap
}

// parseTime reads a moment as registries write it: ISO 8601, 2026/1/9 8:05, 20261221, 20261221100000, 2026年1月9日. What it
// does not know for sure (two-digit years, seconds since 1970) is no moment.
func parseTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	loc, s := zoneOf(s)
	n, ok := timeFields(s)
	if !ok || n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31 || n[3] > 23 || n[4] > 59 || n[5] > 60 {
		return time.Time{}, false
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], n[6]*1000, loc)
	return t.In(china()), t.Year() >= 1900
}

// zoneOf takes a written zone off the end: Z, +08 or +08:00.
func zoneOf(s string) (*time.Location, string) {
	if t, ok := strings.CutSuffix(s, "Z"); ok {
		return time.UTC, t
	}
	if i := strings.LastIndexByte(s, '+'); i > 0 {
		for _, layout := range []string{"-07", "-07:00", "-0700"} {
			if t, err := time.Parse(layout, s[i:]); err == nil {
				return t.Location(), s[:i]
			}
		}
	}
	return china(), s
}

// timeFields gives year, month, day, hour, minute, second and microsecond.
func timeFields(s string) (n [7]int, ok bool) {
	runs := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(runs) == 0 {
		return n, false
	}
	if len(runs[0]) != 4 {
		runs = cutDigits(runs)
	}
	if len(runs) < 3 || len(runs) > 7 || len(runs[0]) != 4 {
		return n, false
	}
	for i, r := range runs {
		if i == 6 {
			r = (r + "000000")[:6]
		} else if i > 0 && len(r) > 2 {
			return n, false
		}
		for _, c := range r {
			n[i] = n[i]*10 + int(c-'0')
		}
	}
	return n, true
}

// cutDigits takes 20261221, 202612211005 and 20261221100500 apart.
func cutDigits(runs []string) []string {
	s := runs[0]
	if l := len(s); l != 8 && l != 12 && l != 14 && l != 17 {
		return nil
	}
	out := []string{s[:4]}
	for s = s[4:]; len(s) >= 2 && len(out) < 6; s = s[2:] {
		out = append(out, s[:2])
	}
	if s != "" {
		out = append(out, s)
	}
	return append(out, runs[1:]...)
}

// watermark follows the change times of one read.
type watermark struct {
	changed *mapping.Changed
	since   time.Time // zero: everything is read
	max     time.Time
	late    int64
	newest  string // the text that max was read from, if written as databases write it
}

func newWatermark(c *mapping.Changed, since string) *watermark {
	w := &watermark{changed: c}
	if c != nil {
		w.since, _ = parseTime(since)
	}
	w.max = w.since
	return w
}

// ordered says that s is 2006-01-02 15:04:05 with or without a fraction: such texts sort as the moments they name. The
// fraction may be of any length, because databases cut its zeros off.
func ordered(s string) bool {
	const shape = "0000-00-00 00:00:00"
	if len(s) < len(shape) || len(s) > len(shape) && s[len(shape)] != '.' {
		return false
	}
	for i := range len(s) {
		if i < len(shape) && shape[i] != '0' {
			if s[i] != shape[i] {
				return false
			}
		} else if (s[i] < '0' || s[i] > '9') && i != len(shape) {
			return false
		}
	}
	return true
}

// from is the moment before which rows are not read; zero is all.
func (w *watermark) from() time.Time {
	if w.since.IsZero() {
		return w.since
	}
	return w.since.Add(-overlapOf(w.changed))
}

// see takes the change time of one row.
//
// A full read sees a million of them: one that is written as databases write it needs no reading to be known as older.
func (w *watermark) see(text string) {
	written := ordered(text)
	if written && w.since.IsZero() && text <= w.newest {
		return
	}
	t, ok := parseTime(text)
	if !ok {
		return
	}
	if t.After(w.max) {
		if w.max = t; written {
			w.newest = text
		}
	}
	if t.Before(w.since) {
		w.late++
	}
}

// cursor is where the next read starts. It never passes the registry's own clock minus the overlap: a row dated 2099
// would otherwise hide every change until then.
func (w *watermark) cursor(clock time.Time) string {
	if w.changed == nil || w.max.IsZero() {
		return ""
	}
	t := w.max
	if limit := clock.Add(-overlapOf(w.changed)); t.After(limit) {
		t = limit
	}
	return t.In(china()).Format(timeLayout)
}
