package jobs

import (
	"fmt"
)

// Guard says how much a read may lose or change of a stream before it is held whole until a person releases it. The zero
// value is DefaultGuard.
type Guard struct {
	ShrinkPercent float64 // of the records before the read
	ChangePercent float64
	Rows          int64 // fewer rows than this never hold a read
}

// DefaultGuard holds a read that loses 5% of a stream or changes 30% of it, and at least 20 rows.
func DefaultGuard() Guard { return Guard{ShrinkPercent: 5, ChangePercent: 30, Rows: 20} }

// guard is the guard in force.
func (d Deps) guard() Guard {
	if d.Guard == (Guard{}) {
		return DefaultGuard()
	}
	return d.Guard
}

// exceeds says that n rows of all are too many.
func (g Guard) exceeds(n, all int64, percent float64) bool {
	return n >= g.Rows && float64(n)*100 > float64(all)*percent
}

// extent is how much a read would change.
type extent struct {
	Present int64 // records before the read that are not missing
	Unseen  int64 // of these, not seen by a full read
	Changed int64 // of these, with other content in the source
}

// trips is the reason to hold the read, "" if there is none.
func (e extent) trips(g Guard) string {
	switch {
	case g.exceeds(e.Unseen, e.Present, g.ShrinkPercent):
		return Shrunk
	case g.exceeds(e.Changed, e.Present, g.ChangePercent):
		return ChangedTooMuch
	}
	return ""
}

// guard is what a release must name. It says what is held in numbers, so that the same trouble found again by the next
// read keeps its name and a release lets just about this much through.
func (e extent) guard() string { return fmt.Sprintf("%d-%d-%d", e.Present, e.Unseen, e.Changed) }

func parseGuard(s string) (e extent, ok bool) {
	n, err := fmt.Sscanf(s, "%d-%d-%d", &e.Present, &e.Unseen, &e.Changed)
	return e, err == nil && n == 3
}

// covered says that a release of old also holds for e: a living registry moves on while a person decides, but not by as
// much as would trip the guard again.
func (e extent) covered(old extent, g Guard) bool {
	more := func(now, then int64, percent float64) bool {
		return now-then > max(g.Rows, int64(float64(e.Present)*percent/100))
	}
	return !more(e.Unseen, old.Unseen, g.ShrinkPercent) && !more(e.Changed, old.Changed, g.ChangePercent)
}
