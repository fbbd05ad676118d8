package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"modernc.org/sqlite"
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
	// Beside opens the store of a running daemon for a verb: SQLite's lock file is not taken.
	Beside bool
	// Holder says to people whose program this is, for example its process number: whoever is refused on the same SQLite
	// file is told.
	Holder string
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
	Epochs     *Epochs

	d     dialect
	o     Options
	write *sqlx.DB // SQLite: the one connection that writes
	read  *sqlx.DB // the same as write on PostgreSQL and in memory
	lock  *flock.Flock

	random  sync.Mutex // guards o.Rand
	raw     sync.Pool  // *[]byte, see buffer
	streams names
	units   names
	memory  memory    // what this process knows of the store's life
	twin    io.Closer // see holdTwin
}

type (
	// Deliveries is the family of tables of batches on their way.
	Deliveries struct{ db *DB }
	// Records is the family of slim rows and exceptions.
	Records struct{ db *DB }
	// Reads is the family of passes over registries.
	Reads struct{ db *DB }
	// Lists is the family of pulled streams.
	Lists struct{ db *DB }
	// Log is the family of runs and events.
	Log struct{ db *DB }
	// RuleBook is the family of rules in force.
	RuleBook struct{ db *DB }
	// Schedule is the family of next_run_at values.
	Schedule struct{ db *DB }
	// Channels is the family of control rows.
	Channels struct{ db *DB }
)

// Open opens the store; it does not migrate. A second daemon on the same SQLite file is refused (lock file), and so is a
// database that may lose what it committed.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Rand == nil {
		o.Rand = rand.New(rand.NewPCG(1, 2))
	}
	db := &DB{o: o, memory: memory{epoch: -1}}
	db.Deliveries, db.Records, db.Reads, db.Lists = &Deliveries{db}, &Records{db}, &Reads{db}, &Lists{db}
	db.Log, db.Rules, db.Schedule, db.Channels = &Log{db}, &RuleBook{db}, &Schedule{db}, &Channels{db}
	db.Epochs = &Epochs{db}
	db.streams = names{db: db, table: "streams", insert: `INSERT INTO streams (name, epoch, doubt)
		SELECT CAST(? AS TEXT), e.number, CASE WHEN e.number > 0 THEN (SELECT COALESCE(MAX(id), 0) + 1 FROM reads) ELSE 0 END
		FROM (SELECT COALESCE(MAX(number), 0) AS number FROM epochs) e WHERE TRUE ON CONFLICT (name) DO NOTHING`}
	db.units = names{db: db, table: "units", insert: "INSERT INTO units (name) VALUES (?) ON CONFLICT (name) DO NOTHING"}
	if err := db.connect(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) connect(ctx context.Context) error {
	if path, ok := strings.CutPrefix(db.o.DSN, "sqlite:"); ok && path != "" {
		db.d = sqliteDialect()
		return db.connectSQLite(ctx, path)
	}
	u, err := url.Parse(db.o.DSN)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		scheme, _, _ := strings.Cut(db.o.DSN, ":")
		return fault(CodeDSN, scheme) // no more of it: it may hold a password
	}
	db.d = postgresDialect()
	return db.connectPostgres(ctx)
}

// maxConnections is enough for the lanes, the engine and the console of one daemon.
const maxConnections = 16

func (db *DB) connectPostgres(ctx context.Context) error {
	connector, err := pq.NewConnector(db.o.DSN)
	if err != nil {
		return fault(CodeDSN, "postgres")
	}
	db.write = pool(prepared{connector, db.d.setup}, "postgres", maxConnections)
	db.read = db.write
	var value string
	if err := db.write.GetContext(ctx, &value, "SHOW synchronous_commit"); err != nil {
		return unreachable(err)
	}
	if value == "off" {
		return fault(CodeNotDurable, "synchronous_commit", value)
	}
	return nil
}

func (db *DB) connectSQLite(ctx context.Context, path string) error {
	if path == ":memory:" {
		return db.connectMemory(ctx)
	}
	if !db.o.Beside {
		if err := db.takeLock(path); err != nil {
			return err
		}
		if err := checkFile(path); err != nil {
			return err
		}
	}
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)"
	writer, err := sqlite.NewConnector(name + "&_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return unreachable(err)
	}
	reader, err := sqlite.NewConnector(name + "&_pragma=query_only(1)")
	if err != nil {
		return unreachable(err)
	}
	db.write = pool(prepared{writer, db.d.setup}, "sqlite", 1)
	if err := db.checkSQLite(ctx); err != nil {
		return err
	}
	if !db.o.Beside {
		if err := db.quickCheck(ctx, path); err != nil {
			return err
		}
	}
	db.read = pool(prepared{reader, nil}, "sqlite", 4)
	return nil
}

// connectMemory has one connection for all: a shared cache would answer "locked" where a file waits.
func (db *DB) connectMemory(ctx context.Context) error {
	connector, err := sqlite.NewConnector(":memory:?_txlock=immediate&_pragma=foreign_keys(1)")
	if err != nil {
		return unreachable(err)
	}
	db.write = pool(prepared{connector, db.d.setup}, "sqlite", 1)
	db.read = db.write
	return db.write.PingContext(ctx)
}

func (db *DB) checkSQLite(ctx context.Context) error {
	var journal, synchronous string
	err := db.write.QueryRowxContext(ctx, "SELECT j.journal_mode, s.synchronous FROM pragma_journal_mode() j, pragma_synchronous() s").
		Scan(&journal, &synchronous)
	if err != nil {
		return unreachable(err)
	}
	if synchronous != "2" && synchronous != "3" { // FULL or EXTRA
		return fault(CodeNotDurable, "synchronous", synchronous)
	}
	if journal != "wal" {
		return fault(CodeNotDurable, "journal_mode", journal)
	}
	return nil
}

func pool(c driver.Connector, name string, connections int) *sqlx.DB {
	p := sqlx.NewDb(sql.OpenDB(c), name)
	p.SetMaxOpenConns(connections)
	p.SetMaxIdleConns(connections)
	return p
}

// Close closes it.
func (db *DB) Close() error {
	var errs []error
	if db.read != nil && db.read != db.write {
		errs = append(errs, db.read.Close())
	}
	if db.write != nil {
		errs = append(errs, db.write.Close())
	}
	if db.twin != nil {
		errs = append(errs, db.twin.Close())
	}
	if db.lock != nil {
		errs = append(errs, db.lock.Close())
	}
	return errors.Join(errs...)
}

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	if err := db.get(ctx, &one, "SELECT 1"); err != nil {
		return unreachable(err)
	}
	return nil
}

// Dialect is "sqlite" or "postgres".
func (db *DB) Dialect() string { return db.d.name }

// SQLX is the write pool, for the engine alone.
func (db *DB) SQLX() *sqlx.DB { return db.write }
