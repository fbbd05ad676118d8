package store

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Joining is what a process that may send tells of itself.
type Joining struct {
	// Machine names this machine as nothing else is named, empty if it has no such name. PostgreSQL needs none.
	Machine string
	// Brief is a verb that does one job and ends: how long the store was silent before it is not held against it, and it
	// gives no sign of life.
	Brief bool
	// Steady is a clock that no one sets: it runs while the process does. Nil: time that is missing goes unnoticed.
	Steady func() time.Time
}

// place is where a store lives. A copy of it lives elsewhere.
type place struct {
	Machine string `json:"machine"` // PostgreSQL: the cluster's system identifier
	Path    string `json:"path"`    // PostgreSQL: the database's oid
	File    string `json:"file"`    // the file's own number; PostgreSQL: the timeline
}

func (p place) text() string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(b)
}

// String is the place for people.
func (p place) String() string { return strings.Trim(p.Machine+":"+p.Path, ":") }

// move says what it means that a store that lived at old is found here: "" if it is the same one.
func move(old, here place, file, twin bool) (cause string, blocked bool) {
	switch {
	case old == here:
		return "", false
	case old.Machine == here.Machine && old.Path == here.Path:
		return CauseReplaced, false
	case old.Machine == here.Machine && old.File == here.File && here.File != "" && file:
		return "", false // moved, not copied
	case old.Machine == here.Machine && twin:
		return CauseCopied, false // the lock among copies on this machine is ours
	default:
		return CauseCopied, true
	}
}

// here is where this store lives; the zero place in memory, which is never copied.
func (db *DB) here(ctx context.Context, machine string) (p place, err error) {
	path, file := strings.CutPrefix(db.o.DSN, "sqlite:")
	switch {
	case file && path == ":memory:":
		return place{}, nil
	case file:
		return fileAt(machine, path)
	}
	var timeline, oid int64
	err = db.write.QueryRowxContext(ctx, `SELECT s.system_identifier::text, d.oid, c.timeline_id
		FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()`).
		Scan(&p.Machine, &oid, &timeline)
	if err != nil {
		return place{}, fmt.Errorf("find out which cluster this is: %w", err)
	}
	p.Path, p.File = strconv.FormatInt(oid, 10), strconv.FormatInt(timeline, 10)
	return p, nil
}

func fileAt(machine, path string) (p place, err error) {
	if path, err = filepath.Abs(path); err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return place{}, fmt.Errorf("find the store's file: %w", err)
	}
	number, err := fileNumber(path)
	if err != nil {
		return place{}, fmt.Errorf("find the store's file: %w", err)
	}
	return place{Machine: machine, Path: path, File: number}, nil
}

// Join is what a process does before it sends anything: it begins an epoch if the store is not where it was, or gave no
// sign of life for longer than a restart takes. Where another copy may be at work, every channel is blocked until Confirm.
func (e *Epochs) Join(ctx context.Context, j Joining) (now Epoch, begun bool, err error) {
	twin, err := e.db.holdTwin(ctx)
	if err != nil {
		return Epoch{}, false, err
	}
	here, err := e.db.here(ctx, j.Machine)
	if err != nil {
		return Epoch{}, false, err
	}
	var b beat
	err = e.db.transact(ctx, "join", func(tx *Tx) error {
		if b, err = tx.readBeat(ctx); err != nil {
			return err
		}
		begun, err = tx.join(ctx, &b, here, twin, j.Brief)
		return err
	})
	if err != nil {
		return Epoch{}, false, fmt.Errorf("join the store: %w", err)
	}
	e.db.memory.mu.Lock()
	e.db.memory.steady = j.Steady
	e.db.memory.mu.Unlock()
	e.remember(b, begun)
	return b.Epoch, begun, nil
}

func (tx *Tx) join(ctx context.Context, b *beat, here place, twin, brief bool) (begun bool, err error) {
	cause, blocked := "", false
	var old place
	if b.place != "" {
		if err := json.Unmarshal([]byte(b.place), &old); err != nil {
			return false, fmt.Errorf("read the store's place: %w", err)
		}
		cause, blocked = move(old, here, tx.db.d.name == "sqlite", twin)
	}
	off := b.now - b.at
	if cause == "" && !brief && b.at > 0 && (off > silence.Milliseconds() || off < -silence.Milliseconds()) {
		cause = CauseSilent
	}
	if cause != "" {
		if b.Epoch, err = tx.beginEpoch(ctx, cause); err != nil {
			return false, err
		}
	}
	if blocked {
		return true, tx.block(ctx, old.String())
	}
	if _, err := tx.exec(ctx, "UPDATE life SET place = ?", here.text()); err != nil {
		return false, fmt.Errorf("note the place: %w", err)
	}
	if brief {
		return cause != "", nil
	}
	return cause != "", tx.beat(ctx)
}

// block keeps every channel from sending. The place stays the old one, and so does the beat: each start finds the same.
func (tx *Tx) block(ctx context.Context, reason string) error {
	if _, err := tx.exec(ctx, "UPDATE channels SET blocked = ?", reason); err != nil {
		return fmt.Errorf("block the channels: %w", err)
	}
	return nil
}

// Confirm is a person's word that no other copy of this store is at work: it lives here from now on. What the other one may
// have sent until now is doubted like everything before an epoch.
func (e *Epochs) Confirm(ctx context.Context, j Joining) (Epoch, error) {
	here, err := e.db.here(ctx, j.Machine)
	if err != nil {
		return Epoch{}, err
	}
	var begun Epoch
	err = e.db.transact(ctx, "confirm", func(tx *Tx) error {
		if begun, err = tx.beginEpoch(ctx, CauseConfirmed); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, "UPDATE life SET place = ?, beat = ?, beats = beats + 1", here.text(), tx.now); err != nil {
			return fmt.Errorf("note the place: %w", err)
		}
		return tx.block(ctx, "")
	})
	if err != nil {
		return Epoch{}, fmt.Errorf("confirm the store's place: %w", err)
	}
	e.db.memory.follow(begun.Number)
	return begun, nil
}
