package jobs

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"creditsync/jobs/store"
	"creditsync/mapping"
)

// Ages beyond which a fact is too old to rest on.
const (
	readAge       = 26 * time.Hour     // every stream is read at least once a day
	proofAge      = 24 * time.Hour     // while something is on its way
	quietProofAge = 7 * 24 * time.Hour // while nothing is
)

// noticeMonth is from when the next year's holiday notice is to be expected: it came between 25 October and 8 December in
// each of the years 2021 to 2025.
const noticeMonth = time.November

// statusJudge turns facts into reasons. It reads nothing.
type statusJudge struct {
	s     *Status
	d     Deps
	rules *Rules
	now   time.Time
	proof time.Time
}

func (j *statusJudge) add(severity Severity, code, stream, cause, level string, args ...string) {
	j.s.Reasons = append(j.s.Reasons, StatusReason{Code: code, Args: args, Stream: stream, Severity: severity,
		cause: code + " " + cause, level: level})
}

func (j *statusJudge) all(channels []store.ChannelState, drawn map[string]dueCount) {
	if j.s.Mock {
		j.add(Note, RemindMock, "", "", "")
	}
	for i := range j.s.Streams {
		j.stream(&j.s.Streams[i])
	}
	for _, stream := range slices.Sorted(maps.Keys(drawn)) {
		j.dues(stream, drawn[stream])
	}
	for _, c := range channels {
		if _, ours := j.d.Channels[c.Channel]; ours && c.Stopped {
			j.add(Breach, RemindStopped, "", c.Channel, c.StopReason, c.Channel, c.StopReason, c.StoppedBy)
		}
	}
	for _, c := range channels {
		if _, ours := j.d.Channels[c.Channel]; ours && c.Blocked != "" {
			j.add(Breach, RemindBlocked, "", c.Channel, c.Blocked, c.Channel, c.Blocked)
		}
	}
	for _, l := range j.s.Pulled {
		j.list(l)
	}
	j.backup()
	j.proofs()
	j.calendar()
}

func (j *statusJudge) stream(st *StreamStatus) {
	title := st.Title
	switch {
	case st.ReadAt == "":
		j.add(Breach, RemindNeverRead, st.Stream, st.Stream, "", title)
	case j.now.Sub(st.readAt) > readAge:
		j.add(Risk, RemindReadOld, st.Stream, st.Stream, "", title, st.ReadAt)
	}
	if st.ReadAt != "" && st.Difference != 0 {
		j.add(Breach, RemindBalance, st.Stream, st.Stream, "", title, number(st.Difference))
	}
	if st.BooksDiffer != 0 {
		j.add(Breach, RemindBooks, st.Stream, st.Stream, "", title, number(st.BooksDiffer))
	}
	if st.Held != nil {
		j.add(Breach, RemindHeld, st.Stream, st.Stream, st.Held.Guard, title, number(st.Held.Gone), number(st.Held.Changed), st.Held.Guard)
	}
	if st.Doubt != "" {
		j.add(Risk, st.Doubt, st.Stream, st.Stream, "", title)
	}
	if st.Held == nil && st.LastRead == "failed" {
		j.add(Risk, RemindReadFailed, st.Stream, st.Stream, st.ReadError, title, st.ReadError)
	}
	if st.UnreadReason != "" {
		j.add(Risk, RemindUncounted, st.Stream, st.Stream, st.UnreadReason, title, st.UnreadReason)
	} else if st.ReadAt != "" && st.Unread != 0 {
		j.add(Note, RemindUnread, st.Stream, st.Stream, "", title, number(st.Unread))
	}
	for state, code := range map[store.State]string{store.Unknown: RemindUnknownState, store.Rejected: RemindRejected} {
		if n := st.States[string(state)]; n > 0 {
			j.add(Risk, code, st.Stream, st.Stream, "", title, number(n))
		}
	}
	if n := st.States[string(store.Invalid)]; n > 0 {
		j.add(Note, RemindInvalid, st.Stream, st.Stream, "", title, number(n))
	}
	j.dues(st.Stream, st.dues)
}

// dues tells of what has passed its last day, and of each last day that comes near.
func (j *statusJudge) dues(stream string, c dueCount) {
	title := j.rules.Title(stream)
	if c.overdue > 0 {
		j.add(Breach, RemindOverdue, stream, stream, "", title, number(c.overdue))
	}
	for _, day := range slices.Sorted(maps.Keys(c.byDay)) {
		d := c.byDay[day]
		for _, threshold := range thresholds() {
			if d.left > threshold {
				continue
			}
			severity := Note
			if d.left <= soonDays {
				severity = Risk
			}
			j.add(severity, RemindDue, stream, stream+" "+day.String(), strconv.Itoa(threshold), title, number(d.records), day.String(),
				strconv.Itoa(d.left))
			break
		}
	}
}

func (j *statusJudge) list(l ListStatus) {
	switch {
	case l.Held != nil:
		j.add(Breach, RemindHeld, l.Stream, l.Stream, l.Held.Guard, l.Title, number(l.Held.Gone), number(l.Held.Changed), l.Held.Guard)
	case l.Stale:
		j.add(Risk, RemindStaleList, l.Stream, l.Stream, "", l.Title, l.PulledAt)
	}
}

// proofs: green rests on having seen the far side show something of ours lately, not on having sent it.
func (j *statusJudge) proofs() {
	most := quietProofAge
	if j.s.Summary.Pending > 0 {
		most = proofAge
	}
	if j.proof.IsZero() || j.now.Sub(j.proof) > most {
		j.add(Risk, RemindProof, "", "", "", stamp(j.proof, j.d))
	}
}

// calendar asks for the next year's notice once it is to be expected.
func (j *statusJudge) calendar() {
	now := j.d.Now()
	_, certain := j.rules.Calendar.Covered()
	if now.Month() >= noticeMonth && certain < mapping.NewDate(now.Year()+1, time.January, 1) {
		year := strconv.Itoa(now.Year() + 1)
		j.add(Note, RemindCalendar, "", year, "", year, certain.String())
	}
}

// backup: a backup twice as old as its schedule allows has failed at least once unseen.
func (j *statusJudge) backup() {
	switch b := j.s.Backup; {
	case b == nil || !b.late:
	case b.At == "":
		j.add(Risk, RemindNoBackup, "", "", "")
	default:
		j.add(Risk, RemindBackup, "", "", "", b.At)
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
