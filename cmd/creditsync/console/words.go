package console

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"creditsync/cmd/creditsync/texts"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// Sentence is the one line an operator reads every morning.
func Sentence(say *texts.Catalogue, s jobs.Status) string {
	key := "status.sentence.calm"
	switch {
	case !s.Summary.Balanced:
		key = "status.sentence.unsure"
	case s.Summary.Overdue > 0:
		key = "status.sentence.overdue"
	case s.Summary.Soon > 0:
		key = "status.sentence.soon"
	}
	earliest := s.Summary.Earliest
	if earliest == "" {
		earliest = say.Say("word.none")
	}
	proof := say.Say("word.never")
	if s.Summary.ProofAgeSeconds >= 0 {
		proof = Age(say, s.Summary.ProofAgeSeconds)
	}
	balance := "✓"
	if !s.Summary.Balanced {
		balance = "✗"
	}
	line := say.Say(key, s.Summary.Pending, earliest, proof, balance, s.Summary.Overdue, s.Summary.Soon, s.Summary.NotReady)
	if s.Mock {
		return "[" + say.Say("word.mock") + "] " + line
	}
	return line
}

// Age is a duration in the reader's words.
func Age(say *texts.Catalogue, seconds int64) string {
	switch {
	case seconds < 60:
		return say.Say("age.seconds", seconds)
	case seconds < 3600:
		return say.Say("age.minutes", seconds/60)
	case seconds < 48*3600:
		return say.Say("age.hours", seconds/3600)
	default:
		return say.Say("age.days", seconds/86400)
	}
}

// Moment is an RFC 3339 time as people write it, to the minute.
func Moment(stamp string) string {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return stamp
	}
	return t.Format("2006-01-02 15:04")
}

// Mark is the sign in front of a reason, for readers without colour.
func Mark(s jobs.Severity) string {
	switch s {
	case jobs.Breach:
		return "✗"
	case jobs.Risk:
		return "!"
	default:
		return "·"
	}
}

// Headlines are the reasons that stand in front of a person: all but the deadlines that are still far, which have a table
// of their own.
func Headlines(all []jobs.StatusReason) []jobs.StatusReason {
	return slices.DeleteFunc(slices.Clone(all), func(r jobs.StatusReason) bool {
		return r.Code == jobs.RemindDue && r.Severity == jobs.Note
	})
}

// Key is a key as people read it: the parts of a composite one are joined by a plus sign.
func Key(key string) string { return strings.ReplaceAll(key, mapping.KeySeparator, " + ") }

// ReasonText is the sentence of a reason.
func ReasonText(say *texts.Catalogue, r jobs.StatusReason) string {
	return say.Say(r.Code, words(r.Args)...)
}

// words are arguments as a sentence takes them.
func words(args []string) []any {
	all := make([]any, len(args))
	for i, a := range args {
		all[i] = a
	}
	return all
}

// About is what an event is about: a record by its key, a batch by its number, or a stream by its title.
func About(title func(stream string) string, e store.Event) string {
	switch {
	case e.Key != "":
		return Key(e.Key)
	case e.Delivery != 0:
		return fmt.Sprintf("%s #%d", title(e.Stream), e.Delivery)
	default:
		return title(e.Stream)
	}
}

// EventText is the sentence of an event, with what its detail adds.
func EventText(say *texts.Catalogue, e store.Event) string {
	var args []any
	if listed, ok := e.Detail["arguments"].([]any); ok {
		args = listed
	}
	text := say.Say(e.Reason, args...)
	for _, name := range []string{"message", "words", "why", "count", "error"} {
		if v, ok := e.Detail[name]; ok && len(args) == 0 {
			text += fmt.Sprintf(" (%v)", v)
		}
	}
	return text
}

// Counts are a run's counts in one line.
func Counts(say *texts.Catalogue, counts map[string]int64) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", say.Say("count."+name), counts[name]))
	}
	return strings.Join(parts, "，")
}

// Story is what became of a record, a line each.
func Story(say *texts.Catalogue, a jobs.Account) []string {
	var lines []string
	add := func(key string, args ...any) { lines = append(lines, say.Say(key, args...)) }
	if a.Reason != "" {
		add("why.reason", say.Say(a.Reason, a.WaitsFor))
	}
	if a.Detail != nil {
		for _, f := range a.Detail.Faults {
			add("why.fault", f.Column, f.Field, say.Say(f.Code, words(f.Arguments)...))
		}
		if a.Detail.Message != "" || a.Detail.Code != "" {
			add("why.platform_words", a.Detail.Code, a.Detail.Field, a.Detail.Message)
		}
		if a.Detail.Ground != "" {
			add("why.withheld", a.Detail.Ground, a.Detail.Approval)
		}
	}
	if a.Owner != "" {
		add("why.owner", a.Owner)
	}
	if a.Deadline != nil {
		key, left := "why.deadline", a.Deadline.Left
		if left < 0 {
			key, left = "why.deadline_passed", -left
		}
		add(key, a.Deadline.Starts, a.Deadline.WorkingDays, a.Deadline.Due, left, a.Deadline.Basis)
		if doubt := a.Deadline.Doubt; doubt != nil {
			add(doubt.Code, words(doubt.Arguments)...)
		}
	}
	if a.Delivery != nil {
		add("why.delivery", a.Delivery.Number, say.Say("state."+a.Delivery.State), a.Delivery.Attempts, Moment(a.Delivery.SentAt), a.Delivery.Channel)
	}
	if a.Receipt != "" {
		add("why.receipt", a.Receipt)
	}
	if a.Proof != "" {
		add("why.proof", Moment(a.Proof))
	}
	return lines
}
