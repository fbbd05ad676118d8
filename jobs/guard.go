package jobs

import (
	"fmt"
)

// The guard: a read that loses more than shrinkPercent of a stream, or changes more than changePercent of it, is held
// whole until a person releases it. Below guardRows rows it never is.
const (
	shrinkPercent = 5
	changePercent = 30
	guardRows     = 20
)

// extent is how much a read would change.
type extent struct {
	Present int64 // records before the read that are not missing
	Unseen  int64 // of these, not seen by a full read
	Changed int64 // of these, with other content in the source
}

// trips is the reason to hold the read, "" if there is none.
func (e extent) trips() string {
	switch {
	case e.Unseen >= guardRows && e.Unseen*100 > e.Present*shrinkPercent:
		return Shrunk
	case e.Changed >= guardRows && e.Changed*100 > e.Present*changePercent:
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
func (e extent) covered(old extent) bool {
	more := func(now, then, percent int64) bool {
		return now-then > max(guardRows, e.Present*percent/100)
	}
	return !more(e.Unseen, old.Unseen, shrinkPercent) && !more(e.Changed, old.Changed, changePercent)
}
