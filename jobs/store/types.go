package store

import (
	"time"

	"creditsync/mapping"
)

// State is where a record stands. Every row of the last completed read is in exactly one state.
type State string

// The states of a record. Waiting to Proven are also the states of a delivery; the others are exceptions.
const (
	Excluded     State = "excluded"     // does not belong to the stream, by rule; counted
	NotReady     State = "not_ready"    // belongs, may not be sent yet (not approved); its clock runs
	Withheld     State = "withheld"     // kept back with ground, approver, document number
	Invalid      State = "invalid"      // our own refusal
	Waiting      State = "waiting"      // to be sent, or waiting for another record (exception with a reason)
	Sending      State = "sending"      // intent committed, outcome open until send_until
	Unknown      State = "unknown"      // may have been sent; settled by looking
	Rejected     State = "rejected"     // the platform refused the record, in its own words
	Missing      State = "missing"      // gone from the registry; what is published stays untouched
	Acknowledged State = "acknowledged" // receipt, not yet seen published
	Proven       State = "proven"       // seen published with this version's content
)

// Void is the state of a delivery on which no record counts any more: every line was superseded, moved or kept back.
const Void State = "void"

// Known is what the store knows of a record before a page is committed. Missing keys are absent from the answer.
type Known struct {
	Key      string
	Ordinal  int64 // dense number within the stream, for the reader's seen-set
	Version  int32
	Source   int64
	Payload  int64
	Delivery int64 // 0: none
	State    State // derived: exception, else the delivery's
	Reason   string
	Held     bool // the platform holds some version of it, or may (acknowledged, proven or unknown once)
	Starts   mapping.Date
	Due      mapping.Date
	// Carrier is the state of Delivery itself, beside an exception; "" if there is no delivery.
	Carrier State
	// Dropped: the record's line does not travel with Delivery any more (it was withheld, invalid, missing or superseded
	// when the line had not gone yet). To be sent it needs a line in a new delivery.
	Dropped bool
}

// Put is one record of a page: new, or changed against Known. Its version is Known's, 0 at first sight, and one more with
// a Batch: the line in the batch carries that number.
type Put struct {
	Key     string
	Known   *Known // nil: first sight
	Source  int64
	Payload int64
	Held    bool
	Starts  mapping.Date
	Due     mapping.Date
	Owner   string
	// Batch is the index into Page.Deliveries of the delivery that carries it, -1 when an exception holds it or when it
	// stays where it is.
	Batch int
	// Exception replaces what stands for the record. Nil with a Batch clears it; nil without clears what collect has put
	// and keeps what came from the platform (rejected, unknown, acknowledged, proven).
	Exception *Exception
	Answers   string // key of the pulled entry it answers, see Page.AnswersStream
}

// Exception is a record that fares differently from its delivery.
type Exception struct {
	Stream string
	Key    string
	State  State
	Reason string // a stable code with a sentence in the catalogue
	Detail Detail
	Since  time.Time
	Due    mapping.Date
	Owner  string
	// Delivery it travelled in, 0 if none.
	Delivery int64
	// WaitsStream and WaitsKey name the record it waits for, when State is Waiting.
	WaitsStream, WaitsKey string
}

// Detail is what a person needs beside the reason, kept as JSON. No identity numbers.
type Detail struct {
	Faults   mapping.Faults `json:"faults,omitempty"`
	Code     string         `json:"code,omitempty"`    // the platform's
	Field    string         `json:"field,omitempty"`   // the platform's
	Message  string         `json:"message,omitempty"` // the platform's words
	Ground   string         `json:"ground,omitempty"`
	Approval string         `json:"approval,omitempty"`
	Place    string         `json:"place,omitempty"`
}

// NewDelivery is a batch formed at collect.
type NewDelivery struct {
	Stream   string
	Channel  string // profile name, or "site"
	Resource string
	Due      mapping.Date // earliest of its records, 0: no limit
	Rules    int64        // version of the rules it was made by
	Lines    []Line       // in key order
	// Needs are deliveries that must be settled first, because they carry older versions of these records.
	Needs []int64
}

// Line is one record inside a delivery's body.
type Line struct {
	Key     string
	Op      string // I, U, D
	Version int32
	Due     mapping.Date
	Payload []byte // JSON object
}

// Page is what one collected page changes, committed as one transaction.
type Page struct {
	Stream     string
	Read       int64 // of Reads.Begin
	Puts       []Put
	Deliveries []NewDelivery
	// Touched are deliveries of other streams that this page's records wait for: they inherit its earliest due.
	Touched       map[int64]mapping.Date
	AnswersStream string
	Rows          int64 // rows read so far in this read, for progress
	Excluded      int64 // of these, excluded by rule in this page
}

// Delivery is one batch on its way. Lines are read with Deliveries.Lines.
type Delivery struct {
	ID           int64
	Stream       string
	Channel      string
	Resource     string
	State        State
	Attempt      int32
	Rows         int32 // lines in the body
	Live         int32 // records whose current version it carries and that have no exception
	Due          mapping.Date
	Rules        int64
	Formed       time.Time
	SentAt       time.Time // when the intent of the last attempt was committed; zero before
	SendUntil    time.Time
	SettledAt    time.Time
	ProvenAt     time.Time
	NextLook     time.Time
	FirstAbsent  time.Time // first look of this attempt that missed at least one record; zero if none
	LastReason   string
	BodyHash     string // hex SHA-256 of the body as it is kept, compressed
	Number       string // stable over attempts: what Batch.Number carries
	ReceiptCount int32
	Doubt        bool // an epoch began since it was formed or with it: it may have been sent by attempts that nobody remembers
	Anew         bool // and it was formed in the newest epoch: attempts of forgotten times would have another number
	Unread       bool // its stream is in doubt: the registry may hold newer versions than are known
}

// ClaimRequest asks for the most urgent delivery of a channel that may be sent now. Claiming commits the intent: the
// delivery is in Sending with a new attempt and a send_until when it is returned.
type ClaimRequest struct {
	Channel   string
	PerSecond float64
	InFlight  int
	Daily     int
	Quiet     bool // the caller found the channel inside a quiet window: nothing is handed out
	Timeout   time.Duration
	Today     mapping.Date // the day as the law sees it: what is still in time goes before what is overdue
}

// Claimed is the answer to a claim: a delivery, or the reason why there is none.
type Claimed struct {
	Delivery *Delivery
	Lines    []Line    // what is to be sent: the body without the dropped lines
	Reason   string    // nothing_due, stopped, quiet, throttled, quota, in_flight, breaker, depends
	Until    time.Time // when asking again makes sense; zero: when something new arrives
}

// The reasons why nothing is claimed.
const (
	NothingDue = "claim.nothing_due"
	Stopped    = "claim.stopped"
	QuietHours = "claim.quiet"
	RateLimit  = "claim.rate"
	DailyQuota = "claim.quota"
	InFlight   = "claim.in_flight"
	Breaker    = "claim.breaker"
	NewEpoch   = "claim.new_epoch" // the store went back in time: an epoch began
	Blocked    = "claim.blocked"   // another copy of the store may be at work
)

// Outcome is how one attempt ended. Exactly one of NotSent, Unknown and Answered is true.
type Outcome struct {
	Delivery int64
	Attempt  int32
	Stream   string
	NotSent  bool // back to waiting
	Unknown  bool // looked at from NextLook on
	Answered bool
	Reason   string
	Words    string
	Receipts []byte // compressed as they came, kept beside the delivery
	Count    int32
	// Exceptions are the records of the delivery that were refused or not answered.
	Exceptions []Exception
	NextLook   time.Time
	RetryAt    time.Time // not claimed before; opens the breaker of the channel when BreakUntil is set
	BreakUntil time.Time
	// Events are lines of the log, committed with the outcome and only with it.
	Events []Event
}

// Looked is what a look-up of one delivery saw.
type Looked struct {
	Delivery int64
	Attempt  int32
	Stream   string
	// Proven, Held (found but not published), Absent and Differing partition the keys that were open. A delivery whose
	// open keys are all proven is settled in one row.
	Proven    []string
	Held      []string
	Absent    []string
	Differing []Exception // found with other content than this version's
	// Resend: two looks missed the Absent ones, the later after complete_after: they go back to waiting as a delivery of
	// their own (the same one, if nothing else is in it).
	Resend bool
	// Ops are operations that absent records have to go by from now on, because of what the far side holds of them.
	Ops      map[string]string
	NextLook time.Time
	Reason   string
}

// Counts is the balance of one stream against its last completed read.
type Counts struct {
	Stream    string
	Read      int64     // 0: never completed
	ReadAt    time.Time // end of the last completed read
	Source    int64     // rows the source had then
	Since     int64     // records that came since, less those that became missing or excluded since
	States    map[State]int64
	Oldest    time.Time    // oldest unsent
	Earliest  mapping.Date // earliest due of what is not proven
	LastProof time.Time
}

// Difference is source rows, and what came since they were counted, minus the sum of all states but Missing: 0 when the
// books balance.
func (c Counts) Difference() int64 {
	d := c.Source + c.Since
	for s, n := range c.States {
		if s != Missing {
			d -= n
		}
	}
	return d
}

// Read is one pass over one stream.
type Read struct {
	ID       int64
	Stream   string
	Full     bool
	Started  time.Time
	Ended    time.Time
	Rows     int64
	Excluded int64
	Source   int64
	Outcome  string // completed, held, failed
	Reason   string
	Cursor   string
	Guard    string // hash that a release must name, when held
}

// Event is one line of the sync log.
type Event struct {
	ID       int64          `json:"id"`
	At       time.Time      `json:"at"`
	Run      int64          `json:"run,omitempty"`
	Kind     string         `json:"kind"` // run, attempt, decision, person, alarm
	Stream   string         `json:"stream,omitempty"`
	Reason   string         `json:"reason"`
	Delivery int64          `json:"delivery,omitempty"`
	Attempt  int32          `json:"attempt,omitempty"`
	Key      string         `json:"key,omitempty"`
	Detail   map[string]any `json:"detail,omitempty"`
}

// Run is one execution of one job.
type Run struct {
	ID      int64            `json:"id"`
	Job     string           `json:"job"`
	Target  string           `json:"target,omitempty"`
	Slot    string           `json:"slot,omitempty"`
	Node    string           `json:"node"`
	Started time.Time        `json:"started"`
	Ended   time.Time        `json:"ended,omitzero"`
	Outcome string           `json:"outcome,omitempty"` // done, failed, held, abandoned
	Reason  string           `json:"reason,omitempty"`
	Counts  map[string]int64 `json:"counts,omitempty"`
}

// Rules is one version of all that people edit: mappings, profile, codes, calendars.
type Rules struct {
	ID      int64
	Hash    string // hex SHA-256 over all files
	Files   []RuleFile
	InForce time.Time // zero: proposed only

	Proposed    time.Time // zero for versions older than the life of a change was kept
	Author      string    // who proposed it; empty: a file edited in place
	Reason      string
	Impact      string // what it was seen to do when it was proposed, as JSON; empty if nobody looked
	ConfirmedBy string
	Resend      bool  // what is published goes again where these rules read it otherwise
	Restores    int64 // the older version that it brings back, 0 if none
}

// RuleFile is one file of a version.
type RuleFile struct {
	Name    string // mappings/inspection_results.yaml
	Hash    string
	Content []byte
}

// Version is one version of a pulled stream (a credit list, tasks, draws).
type Version struct {
	Stream   string
	Number   int64
	State    string // loading, ready, current, past, held, failed
	Started  time.Time
	Switched time.Time
	Total    int64 // what the platform said
	Rows     int64
	Added    int64
	Changed  int64
	Removed  int64
	Repeated int64 // rows whose key came before in the same pull: pages shifted under it
	Hash     string
	Reason   string
}

// ListEntry is one entry of a pulled stream as of one version.
type ListEntry struct {
	Stream  string
	Key     string
	RowHash int64
	Since   int64   // version
	Until   int64   // version that no longer has it, 0: still there
	Marks   []int64 // what it can be found by; written, never read back
	Data    []byte  // JSON of known fields (Entry.Known) and cells, as jobs wrote it
	Starts  mapping.Date
	Due     mapping.Date
}

// ChannelState is the control row of a channel, shared by all daemons.
type ChannelState struct {
	Channel     string
	Base        string // base address the proofs were taken against
	Mock        bool
	Stopped     bool
	StopReason  string
	StoppedBy   string
	BreakUntil  time.Time
	LastContact time.Time
	LastProof   time.Time
	ClockOffset time.Duration
	Blocked     string // where another copy of this store was last at work, which keeps this one from sending; "" if none may be
}

// Slot is one line of the schedule.
type Slot struct {
	Job, Target string
	Spec        string // cron v3
	Next        time.Time
	Last        time.Time
}
