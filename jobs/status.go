package jobs

import (
	"context"
	"time"

	"creditsync/jobs/store"
	"creditsync/mapping"
)

// Level is how the whole stands. The exit code of `status` tells them apart.
type Level string

// The levels, best first; Unproved outranks them all: against a mock, nothing is known of the world.
const (
	ProvenLevel  Level = "proven"  // everything that may be public was seen public, lately
	AtRisk       Level = "at_risk" // something needs a person soon, or was reached but not proven
	Broken       Level = "broken"  // a deadline has passed, the books do not balance, or a part stands still
	UnknownLevel Level = "unknown" // nothing can be said: the far side is a mock, or the rules name no stream
)

// Status is the whole in one look. Times are RFC 3339 in Asia/Shanghai, days ISO 8601.
type Status struct {
	At       string          `json:"at"`
	Today    string          `json:"today"`
	Mock     bool            `json:"mock"`
	Level    Level           `json:"level"`
	Summary  Summary         `json:"summary"`
	Reasons  []StatusReason  `json:"reasons"`
	Streams  []StreamStatus  `json:"streams"`
	Channels []ChannelStatus `json:"channels"`
	Pulled   []ListStatus    `json:"pulled"`
	Rules    int64           `json:"rules"` // version in force
	Backup   *BackupStatus   `json:"backup,omitempty"`
}

// Summary is the sentence an operator reads every morning.
type Summary struct {
	Pending  int64  `json:"pending"` // may be public and is not proven: waiting, sending, unknown, rejected, acknowledged
	NotReady int64  `json:"not_ready"`
	Overdue  int64  `json:"overdue"`
	Soon     int64  `json:"soon"`               // due within three working days
	Earliest string `json:"earliest,omitempty"` // earliest day of what is not overdue
	// ProofAgeSeconds is how long ago the far side was last seen to show a record, -1 for never.
	ProofAgeSeconds int64 `json:"proof_age_seconds"`
	Balanced        bool  `json:"balanced"`
}

// Severity is what a reason does to the level.
type Severity string

// The severities.
const (
	Note   Severity = "note" // worth saying, changes nothing
	Risk   Severity = "risk"
	Breach Severity = "breach"
)

// StatusReason is one thing worth saying. Args fill the sentence of Code; the first is the stream's or channel's title.
type StatusReason struct {
	Code     string   `json:"code"`
	Args     []string `json:"arguments,omitempty"`
	Stream   string   `json:"stream,omitempty"`
	Severity Severity `json:"severity"`

	cause string // what is the same from one look to the next
	level string // what makes it news again
}

// StreamStatus is one pushed stream.
type StreamStatus struct {
	StreamBalance
	Overdue   int64  `json:"overdue"`
	Soon      int64  `json:"soon"`
	Earliest  string `json:"earliest,omitempty"` // earliest due day of what is not proven
	Left      int    `json:"left"`               // working days until then
	Oldest    string `json:"oldest,omitempty"`   // since when the oldest unsent record waits
	LastProof string `json:"last_proof,omitempty"`
	LastRead  string `json:"last_read,omitempty"` // how the newest read ended: completed, held, failed
	ReadError string `json:"read_error,omitempty"`
	Held      *Held  `json:"held,omitempty"`
	Doubt     string `json:"doubt,omitempty"` // why nothing of it is sent until it was read whole: the cause of the epoch

	// BooksDiffer is how many states of our own books the last compare found counted wrong; 0: in order.
	BooksDiffer int64 `json:"books_differ"`

	dues     dueCount
	earliest mapping.Date
	readAt   time.Time
	proofAt  time.Time
}

// ChannelStatus is one way out.
type ChannelStatus struct {
	Channel     string `json:"channel"`
	Base        string `json:"base,omitempty"`
	Mock        bool   `json:"mock"`
	Blocked     string `json:"blocked,omitempty"` // where another copy of the store was last at work
	Stopped     bool   `json:"stopped"`
	StopReason  string `json:"stop_reason,omitempty"`
	StoppedBy   string `json:"stopped_by,omitempty"`
	BreakUntil  string `json:"break_until,omitempty"`
	LastContact string `json:"last_contact,omitempty"`
	LastProof   string `json:"last_proof,omitempty"`
	ClockOffset string `json:"clock_offset,omitempty"` // how far its clock is ahead of ours
}

// StatusOf looks at everything once: our books, the sources' row counts, the lists, the channels.
func StatusOf(ctx context.Context, d Deps) (Status, error) {
	now, err := d.Store.Now(ctx)
	if err != nil {
		return Status{}, err
	}
	rules := d.Rules()
	s := Status{At: stamp(now, d), Today: d.today().String(), Mock: d.mock(), Rules: rules.Version,
		Reasons: []StatusReason{}, Streams: []StreamStatus{}, Channels: []ChannelStatus{}, Pulled: []ListStatus{}}
	doubt, epoch, err := doubts(ctx, d)
	if err != nil {
		return s, err
	}
	for _, stream := range rules.Streams(mapping.Push) {
		st, err := streamStatus(ctx, d, rules, stream)
		if err != nil {
			return s, err
		}
		if doubt[stream] {
			st.Doubt = epoch.Cause
		}
		s.Streams = append(s.Streams, st)
	}
	for _, stream := range rules.Streams(mapping.Pull) {
		l, err := listStatus(ctx, d, rules, stream, now)
		if err != nil {
			return s, err
		}
		s.Pulled = append(s.Pulled, l)
	}
	channels, err := d.Store.Channels.List(ctx)
	if err != nil {
		return s, err
	}
	if s.Backup, err = backupStatus(ctx, d, now); err != nil {
		return s, err
	}
	unanswered, err := dueUnanswered(ctx, d, rules)
	if err != nil {
		return s, err
	}
	s.conclude(d, rules, channels, unanswered, now)
	return s, nil
}

// doubts says which streams the newest epoch has left in doubt.
func doubts(ctx context.Context, d Deps) (map[string]bool, store.Epoch, error) {
	doubt, err := d.Store.Epochs.Doubt(ctx)
	if err != nil {
		return nil, store.Epoch{}, err
	}
	now, err := d.Store.Epochs.Current(ctx)
	return doubt, now, err
}

func streamStatus(ctx context.Context, d Deps, rules *Rules, stream string) (StreamStatus, error) {
	b, c, err := balance(ctx, d, rules, stream)
	if err != nil {
		return StreamStatus{}, err
	}
	st := StreamStatus{StreamBalance: b, Oldest: stamp(c.Oldest, d), LastProof: stamp(c.LastProof, d), earliest: c.Earliest,
		readAt: c.ReadAt, proofAt: c.LastProof}
	if c.Earliest != 0 {
		st.Earliest, st.Left = c.Earliest.String(), rules.Calendar.Left(d.today(), c.Earliest)
		if st.dues, err = dueCounts(ctx, d, rules, stream); err != nil {
			return st, err
		}
		st.Overdue, st.Soon = st.dues.overdue, st.dues.within(soonDays)
	}
	latest, ok, err := d.Store.Reads.Latest(ctx, stream)
	if err != nil {
		return st, err
	}
	if ok {
		st.LastRead, st.ReadError = latest.Outcome, latest.Reason
	}
	if st.BooksDiffer, err = audited(ctx, d, stream); err != nil {
		return st, err
	}
	st.Held, err = HeldOf(ctx, d, stream)
	return st, err
}

// conclude draws the sum from what was seen. It reads nothing more.
func (s *Status) conclude(d Deps, rules *Rules, channels []store.ChannelState, drawn map[string]dueCount, now time.Time) {
	var proof time.Time
	for _, c := range channels {
		if _, ours := d.Channels[c.Channel]; !ours {
			continue
		}
		s.Channels = append(s.Channels, channelStatus(c, d))
		s.Mock = s.Mock || c.Mock
		if c.LastProof.After(proof) {
			proof = c.LastProof
		}
	}
	s.sum(d, proof, now)
	j := statusJudge{s: s, d: d, rules: rules, now: now, proof: proof}
	j.all(channels, drawn)
	s.Level = level(s.Reasons, s.Mock, len(s.Streams))
}

func (s *Status) sum(d Deps, proof, now time.Time) {
	s.Summary.Balanced, s.Summary.ProofAgeSeconds = true, -1
	if !proof.IsZero() {
		s.Summary.ProofAgeSeconds = int64(now.Sub(proof).Seconds())
	}
	var earliest mapping.Date
	for _, st := range s.Streams {
		s.Summary.Pending += pending(st.States)
		s.Summary.NotReady += st.States[string(store.NotReady)]
		s.Summary.Overdue += st.Overdue
		s.Summary.Soon += st.Soon
		s.Summary.Balanced = s.Summary.Balanced && st.ReadAt != "" && st.Difference == 0 && st.BooksDiffer == 0
		if next := st.dues.next(st.earliest, d.today()); next != 0 && (earliest == 0 || next < earliest) {
			earliest = next
		}
	}
	s.Summary.Earliest = earliest.String()
}

// pending counts what may be public and is not proven to be.
func pending(states map[string]int64) (n int64) {
	for _, state := range []store.State{store.Waiting, store.Sending, store.Unknown, store.Rejected, store.Acknowledged} {
		n += states[string(state)]
	}
	return n
}

func channelStatus(c store.ChannelState, d Deps) ChannelStatus {
	s := ChannelStatus{Channel: c.Channel, Base: c.Base, Mock: c.Mock, Blocked: c.Blocked, Stopped: c.Stopped, StopReason: c.StopReason,
		StoppedBy: c.StoppedBy, BreakUntil: stamp(c.BreakUntil, d), LastContact: stamp(c.LastContact, d), LastProof: stamp(c.LastProof, d)}
	if c.ClockOffset != 0 {
		s.ClockOffset = c.ClockOffset.String()
	}
	return s
}

// level is the worst of the reasons.
func level(reasons []StatusReason, mock bool, streams int) Level {
	if mock || streams == 0 {
		return UnknownLevel
	}
	l := ProvenLevel
	for _, r := range reasons {
		switch {
		case r.Severity == Breach:
			return Broken
		case r.Severity == Risk:
			l = AtRisk
		}
	}
	return l
}
