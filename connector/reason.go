package connector

import (
	"strings"
	"time"
)

// Sent says how far a message can have come when a call failed.
type Sent int

// How far a message can have come.
const (
	MaybeSent Sent = iota // a byte may have left: the outcome is unknown and is settled by looking
	NotSent               // the connection never opened, or we refused to send: nothing left
	Answered              // the far side answered, whole and readable
)

// Reason is a failure of a system that is not ours, in words that can be acted upon. Code is stable and has a sentence
// in the catalogue; Words are the far side's own, already cut to 500 characters and free of secrets.
type Reason struct {
	What       string
	Args       []string
	Words      string
	Sent       Sent
	Retry      bool          // trying again later may help; false: a person has to do something
	RetryAfter time.Duration // the far side asked for this pause; 0 if it did not
	Place      string        // url path, table, file!sheet!cell
	Err        error         // the library's error, behind ours
}

// The codes of reasons.
const (
	// platform
	Unreachable   = "platform.unreachable"    // no connection: not sent
	TimedOut      = "platform.timed_out"      // no whole answer before send_until
	Interrupted   = "platform.interrupted"    // the connection broke after the request may have left
	ServerError   = "platform.server_error"   // 5xx
	Throttled     = "platform.throttled"      // too many calls
	Expired       = "platform.expired"        // signature too old, or the clocks differ
	Unauthorized  = "platform.unauthorized"   // key or signature refused
	Refused       = "platform.refused"        // the batch was refused as a whole
	NotJSON       = "platform.not_json"       // HTML or another text came back
	EmptyAnswer   = "platform.empty_answer"   // status 200 and no body
	WrongShape    = "platform.wrong_shape"    // JSON without what the profile says stands there
	TooLarge      = "platform.too_large"      // an answer above the profile's limit
	UnknownCode   = "platform.unknown_code"   // an answer code that the profile does not name
	CountMismatch = "platform.count_mismatch" // receipts do not add up to what was sent
	// registry
	RegistryDown   = "registry.unreachable"
	TableGone      = "registry.table_gone"
	ColumnGone     = "registry.column_gone"
	FileGone       = "registry.file_gone"
	FileChanging   = "registry.file_changing" // still being copied, or written while read
	FileUnreadable = "registry.file_unreadable"
	HeaderNotFound = "registry.header_not_found"
	QueryFailed    = "registry.query_failed"
	// PermissionDenied: the account may not read the table; SheetGone: no visible sheet of that name; ColumnTwice: two
	// columns carry the name that is wanted.
	PermissionDenied = "registry.permission_denied"
	SheetGone        = "registry.sheet_gone"
	ColumnTwice      = "registry.column_twice"
)

// Code is the stable code, for the catalogue.
func (r *Reason) Code() string { return r.What }

// Arguments are what fills the sentence of the catalogue.
func (r *Reason) Arguments() []string { return r.Args }

// Error is the developer's sentence.
func (r *Reason) Error() string {
	parts := []string{r.What}
	for _, s := range []string{r.Place, strings.Join(r.Args, ", "), r.Words} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if r.Err != nil {
		parts = append(parts, r.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives the library's error.
func (r *Reason) Unwrap() error { return r.Err }
