package store

import (
	"context"
	"math/rand/v2"
	"time"

	"creditsync/mapping"

	"github.com/jmoiron/sqlx"
)

// Options open a store. DSN is "sqlite:PATH", "sqlite::memory:", or a postgres:// URL.
type Options struct {
	DSN string
	// Now replaces the database's clock; nil in production. Demo, tests and simulation hand it in.
	Now func() time.Time
	// Rand is the source of jitter; nil for a seeded default.
	Rand *rand.Rand
	// Hook is called before and after every commit; a panic of it passes through.
	Hook func(point string)
}

// DB is the daemon's memory.
type DB struct {
	Deliveries *Deliveries
	Records    *Records
	Reads      *Reads
	Lists      *Lists
	Log        *Log
	Rules      *RuleBook
	Schedule   *Schedule
	Channels   *Channels
}

type (
	// Deliveries is the family of tables of batches on their way.
	Deliveries struct{}
	// Records is the family of slim rows and exceptions.
	Records struct{}
	// Reads is the family of passes over registries.
	Reads struct{}
	// Lists is the family of pulled streams.
	Lists struct{}
	// Log is the family of runs and events.
	Log struct{}
	// RuleBook is the family of rules in force.
	RuleBook struct{}
	// Schedule is the family of next_run_at values.
	Schedule struct{}
	// Channels is the family of control rows.
	Channels struct{}
	// Tx is one transaction; inside it only its own methods are used.
	Tx struct{}
)

// Open opens the store; it does not migrate. A second process on the same SQLite file is refused (lock file).
func Open(ctx context.Context, o Options) (*DB, error) { panic("contract") }

// Migrate brings our tables to this program's version; a store from a newer version is refused.
func (db *DB) Migrate(ctx context.Context) error { panic("contract") }

// Close closes it.
func (db *DB) Close() error { panic("contract") }

// Tx runs f in one transaction. f may be run again after a serialisation failure.
func (db *DB) Tx(ctx context.Context, f func(tx *Tx) error) error { panic("contract") }

// Now is the store's clock: the database's, or Options.Now.
func (db *DB) Now(ctx context.Context) (time.Time, error) { panic("contract") }

// Dialect is "sqlite" or "postgres".
func (db *DB) Dialect() string { panic("contract") }

// SQLX is the write pool, for the engine alone.
func (db *DB) SQLX() *sqlx.DB { panic("contract") }

// SQLX is the running transaction, for the engine's InsertTx alone.
func (tx *Tx) SQLX() *sqlx.Tx { panic("contract") }

// Known looks up keys of a stream: one statement for all of them.
func (r *Records) Known(ctx context.Context, stream string, keys []string) (map[string]Known, error) {
	panic("contract")
}

// States says the state of records of another stream, for dependencies; absent keys are absent.
func (r *Records) States(ctx context.Context, stream string, keys []string) (map[string]Known, error) {
	panic("contract")
}

// Empty says that the stream has no record at all: then nothing needs looking up.
func (r *Records) Empty(ctx context.Context, stream string) (bool, error) { panic("contract") }

// Ordinals says how many ordinals of the stream are taken: the size of a seen-set.
func (r *Records) Ordinals(ctx context.Context, stream string) (int64, error) { panic("contract") }

// Commit writes one page in one transaction and returns the ordinals given to first sights, in the order of Puts (0 for
// others). also runs inside the same transaction (the engine's inserts); nil for nothing.
func (r *Records) Commit(ctx context.Context, p Page, also func(tx *Tx) error) ([]int64, error) {
	panic("contract")
}

// Vanished marks what a full read did not see as missing, set-based and in portions; seen says which ordinals were. What
// waits unsent in a delivery is dropped from it. It returns how many became missing.
func (r *Records) Vanished(ctx context.Context, stream string, read int64, seen func(ordinal int64) bool) (int64, error) {
	panic("contract")
}

// CountUnseen counts what Vanished would mark, without changing anything.
func (r *Records) CountUnseen(ctx context.Context, stream string, seen func(ordinal int64) bool) (int64, error) {
	panic("contract")
}

// OpenKeys pages through the keys whose exception may end without a change at the source (not ready, waiting, withheld,
// invalid), in key order after the given key.
func (r *Records) OpenKeys(ctx context.Context, stream, after string, limit int) ([]string, error) {
	panic("contract")
}

// Find is everything the store knows of one record.
func (r *Records) Find(ctx context.Context, stream, key string) (Known, *Exception, error) {
	panic("contract")
}

// Exceptions pages through exceptions: stream and state may be empty for all; in order of due, then key.
func (r *Records) Exceptions(ctx context.Context, f Filter) ([]Exception, error) { panic("contract") }

// Dues pages through records that are not proven, earliest due first: deadlines of what waits, is not ready, is unknown ...
func (r *Records) Dues(ctx context.Context, f Filter) ([]Exception, error) { panic("contract") }

// Redue recomputes the due day of every unproven record of a stream from its start day, set-based: by distinct start
// day. It reports how many changed.
func (r *Records) Redue(ctx context.Context, stream string, due func(starts mapping.Date) mapping.Date) (int64, error) {
	panic("contract")
}

// Filter selects rows of a listing; zero fields select all.
type Filter struct {
	Stream string
	State  State
	Owner  string
	Key    string
	Until  mapping.Date // due up to and including
	After  string       // paging: the last key seen
	Limit  int          // 100 when 0
}

// Balance is the counts of a stream, from the deliveries' live counters and the exceptions: no scan of records.
func (r *Records) Balance(ctx context.Context, stream string) (Counts, error) { panic("contract") }

// Recount is the same by a scan of every record: what Balance must equal.
func (r *Records) Recount(ctx context.Context, stream string) (Counts, error) { panic("contract") }

// Claim hands out the most urgent delivery and commits the intent to send it. With settle not nil, the outcome of the
// lane's last attempt is settled in the same transaction first.
func (d *Deliveries) Claim(ctx context.Context, settle *Outcome, c ClaimRequest) (Claimed, error) {
	panic("contract")
}

// Settle records how one attempt ended; compare-and-set on (delivery, attempt): ErrStale if another has moved it.
func (d *Deliveries) Settle(ctx context.Context, o Outcome) error { panic("contract") }

// Expire moves deliveries whose send_until has passed to unknown and says how many.
func (d *Deliveries) Expire(ctx context.Context) (int64, error) { panic("contract") }

// ToLook gives deliveries of a channel whose next look is due, earliest due first, without their bodies.
func (d *Deliveries) ToLook(ctx context.Context, channel string, limit int) ([]Delivery, error) {
	panic("contract")
}

// Open gives the lines of a delivery that are still unsettled: the body without dropped lines and final exceptions.
func (d *Deliveries) Open(ctx context.Context, id int64) ([]Line, error) { panic("contract") }

// Lines gives the whole body as it was formed.
func (d *Deliveries) Lines(ctx context.Context, id int64) ([]Line, error) { panic("contract") }

// Looked records what a look-up saw; compare-and-set on (delivery, attempt).
func (d *Deliveries) Looked(ctx context.Context, l Looked) error { panic("contract") }

// Get is one delivery.
func (d *Deliveries) Get(ctx context.Context, id int64) (Delivery, error) { panic("contract") }

// Receipts is what was kept of the answers to a delivery, uncompressed; empty if none.
func (d *Deliveries) Receipts(ctx context.Context, id int64) ([]byte, error) { panic("contract") }

// List pages through deliveries, newest first.
func (d *Deliveries) List(ctx context.Context, f Filter) ([]Delivery, error) { panic("contract") }

// NextDue says when a claim or a look of the channel makes sense again; zero: not before something new is collected.
func (d *Deliveries) NextDue(ctx context.Context, channel string) (time.Time, error) { panic("contract") }

// Begin opens a read.
func (r *Reads) Begin(ctx context.Context, stream string, full bool) (Read, error) { panic("contract") }

// Complete ends a read and makes it the one the balance counts against; cursor and source row count go with it.
func (r *Reads) Complete(ctx context.Context, rd Read) error { panic("contract") }

// Hold ends a read whose changes wait for a person.
func (r *Reads) Hold(ctx context.Context, rd Read) error { panic("contract") }

// Fail ends a read that broke off.
func (r *Reads) Fail(ctx context.Context, rd Read) error { panic("contract") }

// Last is the last completed read of a stream, Latest the newest of any outcome; ok is false if there is none.
func (r *Reads) Last(ctx context.Context, stream string) (rd Read, ok bool, err error) { panic("contract") }

// Latest is the newest read of any outcome.
func (r *Reads) Latest(ctx context.Context, stream string) (rd Read, ok bool, err error) { panic("contract") }

// Release lets the held read's changes through once; the guard must be the held one's.
func (r *Reads) Release(ctx context.Context, stream, guard, by string) error { panic("contract") }

// Released says whether the guard was released; the release is used up by Complete.
func (r *Reads) Released(ctx context.Context, stream, guard string) (bool, error) { panic("contract") }

// Begin opens the next version of a pulled stream (or goes on with one that was broken off: its rows are dropped first).
func (l *Lists) Begin(ctx context.Context, stream string) (Version, error) { panic("contract") }

// Stage adds one page to a version that nobody sees yet and returns the keys that are new or changed. same is asked
// before an entry is decoded: the row hashes of the page are compared set-based against what is in force.
func (l *Lists) Stage(ctx context.Context, stream string, version int64, rows []StagedRow, decode func(i int) (ListEntry, error)) (added, changed int64, err error) {
	panic("contract")
}

// StagedRow is one row of a page: its identity and the hash of its raw bytes.
type StagedRow struct {
	Key  string
	Hash int64
}

// Finish closes a staged version (set-based, unseen) and says what a switch would do.
func (l *Lists) Finish(ctx context.Context, stream string, version, total int64) (Version, error) {
	panic("contract")
}

// Switch makes a finished version the one in force: one update.
func (l *Lists) Switch(ctx context.Context, stream string, version int64) error { panic("contract") }

// Hold keeps a finished version back until a person releases it; Drop forgets it.
func (l *Lists) Hold(ctx context.Context, stream string, version int64, reason string) error {
	panic("contract")
}

// Drop forgets a version that is not in force.
func (l *Lists) Drop(ctx context.Context, stream string, version int64, reason string) error {
	panic("contract")
}

// Current is the version in force; ok is false if there is none.
func (l *Lists) Current(ctx context.Context, stream string) (v Version, ok bool, err error) {
	panic("contract")
}

// Versions lists them, newest first.
func (l *Lists) Versions(ctx context.Context, stream string, limit int) ([]Version, error) {
	panic("contract")
}

// ByCode and ByName look entries up in the version in force of a stream.
func (l *Lists) ByCode(ctx context.Context, stream, code string) ([]ListEntry, error) { panic("contract") }

// ByName looks up by the normalised name.
func (l *Lists) ByName(ctx context.Context, stream, name string) ([]ListEntry, error) { panic("contract") }

// Entries pages through the version in force in key order.
func (l *Lists) Entries(ctx context.Context, stream, after string, limit int) ([]ListEntry, error) {
	panic("contract")
}

// Unanswered pages through entries in force that no row of the answering stream has answered, by due.
func (l *Lists) Unanswered(ctx context.Context, stream string, f Filter) ([]ListEntry, error) {
	panic("contract")
}

// Start opens a run, End closes it.
func (l *Log) Start(ctx context.Context, r Run) (Run, error) { panic("contract") }

// End closes a run.
func (l *Log) End(ctx context.Context, r Run) error { panic("contract") }

// Add writes events in one statement.
func (l *Log) Add(ctx context.Context, events ...Event) error { panic("contract") }

// Events pages through the log, newest first; f.After is an event id.
func (l *Log) Events(ctx context.Context, f EventFilter) ([]Event, error) { panic("contract") }

// Runs pages through the runs, newest first.
func (l *Log) Runs(ctx context.Context, f EventFilter) ([]Run, error) { panic("contract") }

// EventFilter selects lines of the log; zero fields select all.
type EventFilter struct {
	Kind, Stream, Reason, Key, Job string
	Delivery, Before               int64
	From, To                       time.Time
	Limit                          int
}

// Propose puts rules in force if their hash is new, and returns the version in force.
func (r *RuleBook) Propose(ctx context.Context, files []RuleFile) (Rules, error) { panic("contract") }

// InForce is the version in force; ok is false before the first.
func (r *RuleBook) InForce(ctx context.Context) (v Rules, ok bool, err error) { panic("contract") }

// Get is one version.
func (r *RuleBook) Get(ctx context.Context, id int64) (Rules, error) { panic("contract") }

// Set writes the schedule as configured: new slots get their next time from next, changed specs too, others keep theirs,
// removed ones go.
func (s *Schedule) Set(ctx context.Context, slots []Slot, next func(Slot) time.Time) error {
	panic("contract")
}

// Due takes the slots whose time has come: next is advanced past now (so at most one catch-up after a long stop), and
// insert is called for each inside the same transaction.
func (s *Schedule) Due(ctx context.Context, next func(Slot, time.Time) time.Time, insert func(tx *Tx, slot Slot) error) ([]Slot, error) {
	panic("contract")
}

// List is the whole schedule.
func (s *Schedule) List(ctx context.Context) ([]Slot, error) { panic("contract") }

// Ensure creates the control row of a channel, or checks it: when base differs, every proof taken against the old base
// is withdrawn (proven goes back to acknowledged and then unknown territory: it is looked at again) and said so.
func (c *Channels) Ensure(ctx context.Context, channel, base string, mock bool) (withdrawn int64, err error) {
	panic("contract")
}

// Get is the control row.
func (c *Channels) Get(ctx context.Context, channel string) (ChannelState, error) { panic("contract") }

// List is all control rows.
func (c *Channels) List(ctx context.Context) ([]ChannelState, error) { panic("contract") }

// Stop sets the stop switch, Resume clears it: at once, for all daemons.
func (c *Channels) Stop(ctx context.Context, channel, reason, by string) error { panic("contract") }

// Resume clears the stop switch.
func (c *Channels) Resume(ctx context.Context, channel, by string) error { panic("contract") }

// Contact records that the far side answered, and how far its clock is off.
func (c *Channels) Contact(ctx context.Context, channel string, at time.Time, offset time.Duration) error {
	panic("contract")
}
