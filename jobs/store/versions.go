package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
)

// Begin opens the next version of a pulled stream. One that was broken off is forgotten first, and so is one that was held
// and not released: what it held stands in the new pull too.
func (l *Lists) Begin(ctx context.Context, stream string) (Version, error) {
	id, err := l.db.streams.ensure(ctx, stream)
	if err != nil {
		return Version{}, err
	}
	old, err := l.Versions(ctx, stream, 100)
	if err != nil {
		return Version{}, err
	}
	for _, v := range old {
		reason, ok := map[string]string{"loading": ReasonBrokenOff, "ready": ReasonBrokenOff, "held": ReasonSuperseded}[v.State]
		if !ok {
			continue
		}
		if err := l.Drop(ctx, stream, v.Number, reason); err != nil {
			return Version{}, err
		}
	}
	v := Version{Stream: stream, State: "loading"}
	err = l.db.transact(ctx, "begin version", func(tx *Tx) error {
		v.Started = at(tx.now)
		return tx.get(ctx, &v.Number, `INSERT INTO list_versions (stream, number, state, started)
			SELECT CAST(? AS INTEGER), COALESCE(MAX(number), 0) + 1, 'loading', CAST(? AS BIGINT) FROM list_versions WHERE stream = ?
			RETURNING number`, id, tx.now, id)
	})
	if err != nil {
		return Version{}, fmt.Errorf("begin a version of %s: %w", stream, err)
	}
	return v, nil
}

// Finish closes a staged version (set-based, unseen) and says what a switch would do. Total is what the platform said.
func (l *Lists) Finish(ctx context.Context, stream string, version, total int64) (Version, error) {
	id, err := l.db.streams.find(ctx, stream)
	if err != nil {
		return Version{}, err
	}
	removed, err := l.portions(ctx, id, "list_entries", "until = 0 AND since < ?", version, func(tx *Tx, after, last string) (int64, error) {
		return tx.exec(ctx, `UPDATE list_entries SET until = ? WHERE stream = ? AND key > ? AND key <= ? AND until = 0 AND since < ?
			AND NOT EXISTS (SELECT 1 FROM list_stage g WHERE g.stream = list_entries.stream AND g.key = list_entries.key)`,
			version, id, after, last, version)
	})
	if err != nil {
		return Version{}, fmt.Errorf("finish version %d of %s: %w", version, stream, err)
	}
	rows, hash, err := l.hash(ctx, id)
	if err != nil {
		return Version{}, fmt.Errorf("hash version %d of %s: %w", version, stream, err)
	}
	err = l.db.transact(ctx, "finish version", func(tx *Tx) error {
		n, err := tx.exec(ctx, `UPDATE list_versions SET state = 'ready', total = ?, entries = ?, removed = removed + ?, hash = ?
			WHERE stream = ? AND number = ? AND state = 'loading'`, total, rows, removed, hash, id, version)
		if err == nil && n == 0 {
			err = ErrStale
		}
		return err
	})
	if err != nil {
		return Version{}, fmt.Errorf("finish version %d of %s: %w", version, stream, err)
	}
	if err := l.unstage(ctx, id); err != nil {
		return Version{}, err
	}
	return l.version(ctx, stream, version)
}

func (l *Lists) version(ctx context.Context, stream string, number int64) (v Version, err error) {
	err = v.scan(l.db.row(ctx, versionColumns+"WHERE s.name = ? AND v.number = ?", stream, number))
	if none(err) {
		err = ErrNotFound
	}
	if err != nil {
		return Version{}, fmt.Errorf("version %d of %s: %w", number, stream, err)
	}
	return v, nil
}

// hash is the hex SHA-256 over keys and row hashes in key order, and how many there are.
func (l *Lists) hash(ctx context.Context, stream int64) (n int64, hash string, err error) {
	rows, err := l.db.query(ctx, "SELECT key, row_hash FROM list_stage WHERE stream = ? ORDER BY key", stream)
	if err != nil {
		return 0, "", err
	}
	defer rows.Close()
	sum := sha256.New()
	var buf []byte
	for rows.Next() {
		var key string
		var h int64
		if err := rows.Scan(&key, &h); err != nil {
			return 0, "", err
		}
		buf = binary.BigEndian.AppendUint64(append(append(buf[:0], key...), 0), uint64(h))
		sum.Write(buf)
		n++
	}
	return n, hex.EncodeToString(sum.Sum(nil)), rows.Err()
}

// portions runs f over ranges of keys of a table, each in a transaction of its own, and adds up what it changed.
func (l *Lists) portions(ctx context.Context, stream int64, table, which string, arg int64, f func(tx *Tx, after, last string) (int64, error)) (changed int64, err error) {
	for after := ""; ; {
		var n int64
		var last string
		err := l.db.transact(ctx, "list portion", func(tx *Tx) error {
			err := tx.get(ctx, &last, `SELECT COALESCE(MAX(key), '') FROM (SELECT key FROM `+table+` WHERE stream = ? AND key > ? AND `+which+`
				ORDER BY key LIMIT ?) p`, stream, after, arg, portion)
			if err != nil || last == "" {
				return err
			}
			n, err = f(tx, after, last)
			return err
		})
		if err != nil || last == "" {
			return changed, err
		}
		changed += n
		after = last
	}
}

func (l *Lists) unstage(ctx context.Context, stream int64) error {
	_, err := l.portions(ctx, stream, "list_stage", "? >= 0", 0, func(tx *Tx, after, last string) (int64, error) {
		return tx.exec(ctx, "DELETE FROM list_stage WHERE stream = ? AND key > ? AND key <= ?", stream, after, last)
	})
	if err != nil {
		return fmt.Errorf("clear the stage: %w", err)
	}
	return nil
}

// Switch makes a finished version the one in force: one update.
func (l *Lists) Switch(ctx context.Context, stream string, version int64) error {
	id, err := l.db.streams.find(ctx, stream)
	if err != nil {
		return err
	}
	err = l.db.transact(ctx, "switch", func(tx *Tx) error {
		n, err := tx.exec(ctx, `UPDATE list_versions SET state = CASE WHEN number = ? THEN 'current' ELSE 'past' END,
				switched = CASE WHEN number = ? THEN CAST(? AS BIGINT) ELSE switched END
			WHERE stream = ? AND (number = ? OR state = 'current') AND EXISTS (SELECT 1 FROM list_versions r
				WHERE r.stream = list_versions.stream AND r.number = ? AND r.state IN ('ready', 'held'))`,
			version, version, tx.now, id, version, version)
		if err == nil && n == 0 {
			err = fault(CodeNotStaged, stream, strconv.FormatInt(version, 10))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("switch %s to version %d: %w", stream, version, err)
	}
	return nil
}

// Hold keeps a finished version back until a person lets it be switched.
func (l *Lists) Hold(ctx context.Context, stream string, version int64, reason string) error {
	id, err := l.db.streams.find(ctx, stream)
	if err != nil {
		return err
	}
	err = l.db.transact(ctx, "hold version", func(tx *Tx) error {
		n, err := tx.exec(ctx, "UPDATE list_versions SET state = 'held', reason = ? WHERE stream = ? AND number = ? AND state = 'ready'",
			reason, id, version)
		if err == nil && n == 0 {
			err = fault(CodeNotStaged, stream, strconv.FormatInt(version, 10))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("hold version %d of %s: %w", version, stream, err)
	}
	return nil
}

// Drop forgets a version that is not in force: its new entries go, and those it would have ended stay. Its number is not
// used again.
func (l *Lists) Drop(ctx context.Context, stream string, version int64, reason string) error {
	id, err := l.db.streams.find(ctx, stream)
	if err != nil {
		return err
	}
	err = l.db.transact(ctx, "drop version", func(tx *Tx) error {
		n, err := tx.exec(ctx, `UPDATE list_versions SET state = 'failed', reason = ? WHERE stream = ? AND number = ?
			AND state NOT IN ('current', 'past')`, reason, id, version)
		if err == nil && n == 0 {
			err = ErrStale
		}
		return err
	})
	if err == nil {
		err = l.undo(ctx, id, version)
	}
	if err != nil {
		return fmt.Errorf("drop version %d of %s: %w", version, stream, err)
	}
	return l.unstage(ctx, id)
}

func (l *Lists) undo(ctx context.Context, stream, version int64) error {
	_, err := l.portions(ctx, stream, "list_marks", "since = ?", version, func(tx *Tx, after, last string) (int64, error) {
		return tx.exec(ctx, "DELETE FROM list_marks WHERE stream = ? AND key > ? AND key <= ? AND since = ?", stream, after, last, version)
	})
	if err != nil {
		return err
	}
	_, err = l.portions(ctx, stream, "list_entries", "since = ?", version, func(tx *Tx, after, last string) (int64, error) {
		return tx.exec(ctx, "DELETE FROM list_entries WHERE stream = ? AND key > ? AND key <= ? AND since = ?", stream, after, last, version)
	})
	if err != nil {
		return err
	}
	_, err = l.portions(ctx, stream, "list_entries", "until = ?", version, func(tx *Tx, after, last string) (int64, error) {
		return tx.exec(ctx, "UPDATE list_entries SET until = 0 WHERE stream = ? AND key > ? AND key <= ? AND until = ?", stream, after, last, version)
	})
	return err
}
