package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"creditsync/mapping"

	"github.com/lib/pq"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrStale says that somebody else has moved the row meanwhile: nothing was changed.
var ErrStale = errors.New("the row was moved by another meanwhile")

// ErrNotFound says that there is no such row.
var ErrNotFound = errors.New("no such row in the store")

// ErrOvertaken says that another read of the stream began after this one: what this one saw is older, and is not committed.
var ErrOvertaken = errors.New("a newer read of the stream has begun")

// ErrOneLook says that a resend was asked for after a single look that missed the records.
var ErrOneLook = errors.New("resending takes two looks that miss")

// ErrUndrawn says that a delivery was to do what Transitions does not know: nothing was changed.
var ErrUndrawn = errors.New("no such transition of a delivery")

// The codes of the store's faults.
const (
	CodeLocked        = "store.locked"         // another daemon has the SQLite file; arguments: path, who, since when
	CodeNewer         = "store.newer"          // written by a newer version; arguments: its schema, ours
	CodeNotDurable    = "store.not_durable"    // commits may be lost; arguments: setting, value
	CodeDSN           = "store.dsn"            // not a DSN of ours; argument: the DSN's scheme
	CodeUnreachable   = "store.unreachable"    // the database does not answer, or the file cannot be opened
	CodeTwin          = "store.twin"           // another copy of this store is at work on this machine; argument: path of this one
	CodeBroken        = "store.broken"         // the SQLite file is damaged; argument: path
	CodeHalf          = "store.half"           // the tables are not those of its version; arguments: version, tables
	CodeAlive         = "store.alive"          // a daemon is at work; arguments: seconds since its last sign of life, seconds to wait
	CodeDamagedBackup = "store.backup_damaged" // arguments: path, the part of it
	CodeNewerBackup   = "store.backup_newer"   // arguments: path, its schema, ours
	CodeFull          = "store.full"           // no room on the disk; argument: dialect
	CodeGuard         = "store.guard"          // what is to be released is not what is held; argument: stream
	CodeNotStaged     = "store.not_staged"     // a version that is not ready to be switched; arguments: stream, number
)

func fault(code string, args ...string) error { return mapping.Fault{What: code, Args: args} }

// unreachable is a failure to open the store, with the library's error behind it.
func unreachable(err error) error { return trouble{mapping.Fault{What: CodeUnreachable}, err} }

// trouble is a fault with the error that it came from.
type trouble struct {
	mapping.Fault
	err error
}

// Unwrap gives the error behind.
func (t trouble) Unwrap() error { return t.err }

// Error is the developer's sentence.
func (t trouble) Error() string { return t.Fault.Error() + ": " + t.err.Error() }

// retryable says that a transaction failed only because of another one.
func retryable(err error) bool {
	var p *pq.Error
	if errors.As(err, &p) {
		return p.Code == "40001" || p.Code == "40P01"
	}
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code()&0xff == sqlite3.SQLITE_BUSY
}

// cutOff says that the connection broke: the transaction is rolled back, or its commit was not answered.
func cutOff(err error) bool {
	var p *pq.Error
	if errors.As(err, &p) {
		return p.Code.Class() == "57" // operator intervention: the server ends, or starts
	}
	var n *net.OpError
	return errors.As(err, &n) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF)
}

// full says that the disk has no room: what was to be committed is not, and what is committed stays.
func full(err error) bool {
	var p *pq.Error
	if errors.As(err, &p) {
		return p.Code == "53100"
	}
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code()&0xff == sqlite3.SQLITE_FULL
}

// duplicate says that a row with this key is there already.
func duplicate(err error) bool {
	var p *pq.Error
	if errors.As(err, &p) {
		return p.Code == "23505"
	}
	var s *sqlite.Error
	return errors.As(err, &s) && (s.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || s.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE)
}

// undrawn says that a trigger has refused what a delivery was to do.
func undrawn(err error) bool {
	var p *pq.Error
	if errors.As(err, &p) {
		return p.Code == "23514" && strings.HasPrefix(p.Message, "undrawn transition")
	}
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code() == sqlite3.SQLITE_CONSTRAINT_TRIGGER
}

func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }
