package jobs

import (
	"time"

	"creditsync/connector"
	"creditsync/jobs/store"
)

// Pauses between looks: they grow with the time since the delivery was sent, so that looking costs little and a slow
// platform is not asked in vain.
const (
	shortestLook = time.Second
	longestLook  = time.Hour
	uselessLook  = 24 * time.Hour // where nothing can be seen, a person is reminded daily
)

// seen is what a look means.
type seen struct {
	looked store.Looked
	events []store.Event
}

// judge decides what a look-up of one delivery means. It is pure. unknown says of which open records no receipt came.
//
// Present counts only with the content of this version. Absent counts only when two looks missed, the later at least
// res.Complete after the last byte of this attempt could have left; for a record whose receipt came it never counts, that
// one is late. Old content in place of an update counts like absence. Nothing goes again while the stream is in doubt: the
// registry may hold a newer version, and that one may have been sent.
func judge(del store.Delivery, lines []store.Line, unknown func(key string) bool, sights map[string]connector.Sight, res connector.Resource, now time.Time) seen {
	j := judging{del: del, res: res, now: now, late: !now.Before(del.SendUntil.Add(res.Complete))}
	j.looked = store.Looked{Delivery: del.ID, Attempt: del.Attempt, Stream: del.Stream, Reason: SeenPublished}
	if !res.CanLook && !res.RepeatIsHarmless {
		j.blind()
		return j.seen
	}
	for i := range lines {
		j.line(&lines[i], unknown(lines[i].Key), sights[lines[i].Key])
	}
	j.conclude()
	return j.seen
}

// judging is one judgement while it is formed.
type judging struct {
	seen
	del     store.Delivery
	res     connector.Resource
	now     time.Time
	late    bool // by now an accepted record is surely visible
	waiting int  // acknowledged records that are not seen published
}

func (j *judging) line(l *store.Line, unknown bool, s connector.Sight) {
	switch {
	case s.Found && s.Same && (j.res.SeesPublished || s.Published):
		j.looked.Proven = append(j.looked.Proven, l.Key)
	case s.Found && s.Same:
		j.looked.Held = append(j.looked.Held, l.Key)
		j.waiting++
	case s.Found && j.late && !j.older(l, unknown):
		j.looked.Differing = append(j.looked.Differing, store.Exception{Stream: j.del.Stream, Key: l.Key, State: store.Unknown,
			Reason: Differs, Due: l.Due, Delivery: j.del.ID, Detail: store.Detail{Field: s.Differing}})
	case unknown:
		j.looked.Absent = append(j.looked.Absent, l.Key)
		j.fit(l, s)
	default:
		j.looked.Held = append(j.looked.Held, l.Key)
		j.waiting++
	}
}

// older says that other content on the far side may well be an older version of ours, or a newer one that we do not know
// yet. After an epoch began, not even an insert is known to be the first that was sent.
func (j *judging) older(l *store.Line, unknown bool) bool {
	return j.del.Unread || unknown && (j.del.Doubt || l.Op == string(connector.Update))
}

// fit gives a record of forgotten times the operation that goes with what the far side holds of it.
func (j *judging) fit(l *store.Line, s connector.Sight) {
	op := string(connector.Insert)
	if s.Found {
		op = string(connector.Update)
	}
	if !j.del.Doubt || l.Op == op || l.Op == string(connector.Delete) {
		return
	}
	if j.looked.Ops == nil {
		j.looked.Ops = map[string]string{}
	}
	j.looked.Ops[l.Key] = op
}

func (j *judging) conclude() {
	second := !j.del.FirstAbsent.IsZero() && !j.del.Unread // what is sent again must not be older than what was
	if len(j.looked.Absent) > 0 {
		j.looked.Reason = AbsentOnce
		if second && (j.late || j.res.RepeatIsHarmless && !j.del.Anew) {
			j.looked.Resend, j.looked.Reason = true, AbsentTwice
			j.say(KindDecision, AbsentTwice, map[string]any{"records": len(j.looked.Absent)})
		}
	} else if j.waiting > 0 {
		j.looked.Reason = NotPublished
	}
	if j.late && j.waiting > 0 {
		j.say(KindDecision, NotPublished, map[string]any{"records": j.waiting})
	}
	if n := len(j.looked.Differing); n > 0 {
		j.say(KindAlarm, Differs, map[string]any{"records": n, "key": j.looked.Differing[0].Key, "field": j.looked.Differing[0].Detail.Field})
	}
	j.looked.NextLook = j.next()
}

// next doubles the time since the attempt until everything must be visible, meets that moment, and slows down after it.
func (j *judging) next() time.Time {
	elapsed := min(max(j.now.Sub(j.del.SentAt), shortestLook), longestLook)
	next := j.now.Add(elapsed)
	certain := j.del.SendUntil.Add(j.res.Complete)
	if j.now.Before(certain) && next.After(certain) {
		return certain
	}
	return next
}

// blind: nothing can be seen, and repeating may double. The record stays unknown, its clock runs, and a person is told.
func (j *judging) blind() {
	j.looked.Reason, j.looked.NextLook = NoLookUp, j.now.Add(uselessLook)
	j.say(KindAlarm, NoLookUp, map[string]any{"records": j.del.Live})
}

func (j *judging) say(kind, reason string, detail map[string]any) {
	j.events = append(j.events, store.Event{Kind: kind, Reason: reason, Detail: detail})
}
