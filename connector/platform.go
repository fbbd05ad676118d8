package connector

import (
	"context"
	"time"
)

// Channel is a way out for records: the platform, or the county site. One Channel value serves many goroutines.
type Channel interface {
	// Push sends one batch and returns what was answered for each record. ctx carries the moment after which no byte may
	// leave. A nil error means a whole, readable answer; every error is a *Reason.
	Push(ctx context.Context, b Batch) (Answer, error)
	// Look asks what the far side holds of these records. It never changes anything.
	Look(ctx context.Context, resource string, records []Outgoing) ([]Sight, error)
	// Resource says how a resource of the profile behaves; ok is false if the profile has none of that name.
	Resource(name string) (r Resource, ok bool)
	// Limits are the profile's limits for all daemons together.
	Limits() Limits
}

// Puller is a far side that serves pages.
type Puller interface {
	// Pull fetches one page of a resource. Every error is a *Reason.
	Pull(ctx context.Context, resource string, p PageQuery) (Page, error)
}

// Operation is what a message does to the far side's record.
type Operation string

// The operations of 互联网+监管 exchange tables (cd_operation).
const (
	Insert Operation = "I"
	Update Operation = "U"
	Delete Operation = "D"
)

// Outgoing is one record on its way: Payload is a JSON object without id and operation, which the profile adds.
type Outgoing struct {
	ID      string
	Op      Operation
	Payload []byte
}

// Batch is one delivery on the wire.
type Batch struct {
	Resource string
	Number   string // unique for each delivery and stable over its attempts
	Records  []Outgoing
}

// Answer is the far side's word on a whole batch. Receipts stand in the order they came, matched by ID and never by
// position; ids that were not sent are left out and counted in Strangers. A record without receipt is unknown.
type Answer struct {
	Receipts  []Receipt
	Strangers int
	Raw       []byte // the answer's body as it came
	At        time.Time
}

// Receipt is the far side's word on one record.
type Receipt struct {
	ID      string
	OK      bool
	Number  string // the far side's receipt number, if it gives one
	Code    string // its error code, when not OK
	Field   string
	Message string // its own words, cut to 500 characters
}

// Sight is what a look-up saw of one record.
type Sight struct {
	ID    string
	Found bool
	// Copies is how many records of this ID the far side holds; more than one is a doubling, to be reported.
	Copies int
	// Same: every field the profile compares equals the payload's. Differing names the first that does not.
	Same      bool
	Differing string
	Published bool   // visible to the public, as far as the look-up can see
	Held      []byte // the far side's object as it came, nil if not found
}

// Resource is how one resource of a profile behaves.
type Resource struct {
	MaxRows  int           // most records in one batch
	CanLook  bool          // the profile has a look-up
	LookRows int           // most ids in one look-up
	Complete time.Duration // by when an accepted record is surely visible to a look-up (complete_after)
	// SeesPublished: a look-up sees only what is published; found is then proof. Otherwise Sight.Published decides.
	SeesPublished    bool
	RepeatIsHarmless bool // the same id twice is one record
	SendTimeout      time.Duration
}

// Limits hold for all daemons together; the store enforces them when a delivery is claimed.
type Limits struct {
	PerSecond float64 // calls a second, 0 unlimited
	InFlight  int
	Daily     int // calls a day, 0 unlimited
	Quiet     []Window
}

// Window is a time of the day on some weekdays, in Asia/Shanghai, when nothing is sent.
type Window struct {
	Days     [7]bool       // by time.Weekday
	From, To time.Duration // since midnight
}

// PageQuery asks for one page. Since is the incremental mark, empty for all.
type PageQuery struct {
	Number, Size int // Number counts from 0; the profile says how the platform counts
	Since        string
}

// Page is one page of a pulled resource.
type Page struct {
	Rows  [][]byte // each row's JSON as it came
	Total int64    // what the platform says the whole holds, -1 if it does not say
	Last  bool
	At    time.Time
}

// Mock is implemented by a Channel that knows it is talking to a mock: every page and status then says 模拟平台.
type Mock interface{ IsMock() bool }
