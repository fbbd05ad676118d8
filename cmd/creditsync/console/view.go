package console

import (
	"strconv"
	"time"

	"creditsync/cmd/creditsync/texts"
	"creditsync/jobs"
	"creditsync/jobs/store"
)

// view is what the template reads. Its methods give sentences, never raw codes.
type view struct {
	say    *texts.Catalogue
	Now    time.Time
	Node   string
	Failed string // why there are no facts
	Status jobs.Status
	Dues   []jobs.DueRow
	More   bool
	Events []store.Event
}

// Say is a sentence of the catalogue.
func (v view) Say(code string, args ...any) string { return v.say.Say(code, args...) }

// Lang is the page's language, Other the one the switch leads to.
func (v view) Lang() string {
	if v.say.Lang() == "en" {
		return "en"
	}
	return "zh-CN"
}

// Other is the language the switch leads to.
func (v view) Other() string {
	if v.say.Lang() == "en" {
		return "zh"
	}
	return "en"
}

// Sentence is the risk in one line.
func (v view) Sentence() string { return Sentence(v.say, v.Status) }

// Level is the level in words.
func (v view) Level() string { return v.say.Say("level." + string(v.Status.Level)) }

// Reason is the sentence of a reason.
func (v view) Reason(r jobs.StatusReason) string {
	return Mark(r.Severity) + " " + ReasonText(v.say, r)
}

// Reasons are those that stand in front.
func (v view) Reasons() []jobs.StatusReason { return Headlines(v.Status.Reasons) }

// About is what an event is about: a record, or the stream by its title.
func (v view) About(e store.Event) string { return About(v.title, e) }

func (v view) title(stream string) string {
	for _, s := range v.Status.Streams {
		if s.Stream == stream {
			return s.Title
		}
	}
	for _, l := range v.Status.Pulled {
		if l.Stream == stream {
			return l.Title
		}
	}
	return stream
}

// Event is the sentence of an event.
func (v view) Event(e store.Event) string { return EventText(v.say, e) }

// Clock is an event's time of day in Beijing.
func (v view) Clock(t time.Time) string { return t.In(v.Now.Location()).Format("01-02 15:04:05") }

// When is a stamp to the minute, or "never".
func (v view) When(stamp string) string {
	if stamp == "" {
		return v.say.Say("word.never")
	}
	return Moment(stamp)
}

// Age is a number of seconds in words.
func (v view) Age(seconds int64) string { return Age(v.say, seconds) }

// States are the states of the balance, in order.
func (v view) States() []store.State { return jobs.States() }

// State is a state in words.
func (v view) State(s any) string {
	switch s := s.(type) {
	case store.State:
		return v.say.Say("state." + string(s))
	case string:
		return v.say.Say("state." + s)
	default:
		return ""
	}
}

// Used says whether any stream has a record in the state: columns of zeros are left out.
func (v view) Used(s store.State) bool {
	for _, st := range v.Status.Streams {
		if st.States[string(s)] != 0 {
			return true
		}
	}
	return false
}

// In is how many records of a stream are in a state.
func (v view) In(st jobs.StreamStatus, s store.State) int64 { return st.States[string(s)] }

// Unread is the rows beyond the last read, or a question mark where they could not be counted.
func (v view) Unread(st jobs.StreamStatus) string {
	if st.UnreadReason != "" {
		return "?"
	}
	return strconv.FormatInt(st.Unread, 10)
}
