package store

import (
	"context"
	"fmt"
)

const readColumns = `SELECT r.id, s.name, r.whole, r.started, r.ended, r.row_count, r.excluded, r.source, r.outcome, r.reason,
	r.read_cursor, r.guard FROM reads r JOIN streams s ON s.id = r.stream `

func (r *Reads) one(ctx context.Context, where string, args ...any) (rd Read, ok bool, err error) {
	err = r.db.row(ctx, readColumns+where, args...).Scan(&rd.ID, &rd.Stream, &rd.Full, instant{&rd.Started}, instant{&rd.Ended},
		&rd.Rows, &rd.Excluded, &rd.Source, &rd.Outcome, &rd.Reason, &rd.Cursor, &rd.Guard)
	if none(err) {
		return Read{}, false, nil
	}
	if err != nil {
		return Read{}, false, fmt.Errorf("find a read: %w", err)
	}
	return rd, true, nil
}

// Begin opens a read. Reads of the stream that began before commit nothing more: two at once would each take for missing
// what only the other has seen.
func (r *Reads) Begin(ctx context.Context, stream string, full bool) (Read, error) {
	id, err := r.db.streams.ensure(ctx, stream)
	if err != nil {
		return Read{}, err
	}
	rd := Read{Stream: stream, Full: full}
	err = r.db.transact(ctx, "begin read", func(tx *Tx) error {
		if err := tx.lockStream(ctx, id); err != nil { // a commit of an older read ends first
			return err
		}
		rd.Started = at(tx.now)
		err := tx.get(ctx, &rd.ID, "INSERT INTO reads (stream, whole, started) VALUES (?, ?, ?) RETURNING id", id, full, tx.now)
		if err != nil {
			return err
		}
		return tx.overtaken(ctx, id, rd.ID)
	})
	if err != nil {
		return Read{}, fmt.Errorf("begin a read of %s: %w", stream, err)
	}
	return rd, nil
}

// UnderWay is the newest read of a stream if it has not ended; ok is false otherwise.
func (r *Reads) UnderWay(ctx context.Context, stream string) (rd Read, ok bool, err error) {
	rd, ok, err = r.one(ctx, "WHERE s.name = ? ORDER BY r.id DESC LIMIT 1", stream)
	return rd, ok && rd.Outcome == "", err
}

// newest is ErrOvertaken if another read of the stream began after this one; 0 stands for no read. The stream's lock must
// be held.
func (tx *Tx) newest(ctx context.Context, stream, read int64) error {
	if read == 0 {
		return nil
	}
	var newer int64
	if err := tx.get(ctx, &newer, "SELECT COUNT(*) FROM reads WHERE stream = ? AND id > ?", stream, read); err != nil {
		return fmt.Errorf("look for a newer read: %w", err)
	}
	if newer > 0 {
		return ErrOvertaken
	}
	return nil
}

// Complete ends a read and makes it the one the balance counts against. Rows, Excluded and Source are of the whole source,
// also when the read was not full; cursor goes with it. A release of its guard is used up.
func (r *Reads) Complete(ctx context.Context, rd Read) error { return r.end(ctx, rd, "completed") }

// Hold ends a read whose changes wait for a person.
func (r *Reads) Hold(ctx context.Context, rd Read) error { return r.end(ctx, rd, "held") }

// Fail ends a read that broke off.
func (r *Reads) Fail(ctx context.Context, rd Read) error { return r.end(ctx, rd, "failed") }

func (r *Reads) end(ctx context.Context, rd Read, outcome string) error {
	id, err := r.db.streams.find(ctx, rd.Stream)
	if err != nil {
		return err
	}
	err = r.db.transact(ctx, outcome+" read", func(tx *Tx) error {
		if outcome == "completed" {
			if err := tx.lockStream(ctx, id); err != nil {
				return err
			}
			if err := tx.newest(ctx, id, rd.ID); err != nil {
				return err
			}
		}
		n, err := tx.exec(ctx, `UPDATE reads SET ended = ?, row_count = ?, excluded = ?, source = ?, outcome = ?, reason = ?, read_cursor = ?,
				guard = ?, present = (SELECT s.ordinals FROM streams s WHERE s.id = reads.stream) - (SELECT COUNT(*) FROM exceptions e
					WHERE e.stream = reads.stream AND e.state IN ('missing', 'excluded'))
			WHERE id = ? AND outcome = ''`, tx.now, rd.Rows, rd.Excluded, rd.Source, outcome, rd.Reason, rd.Cursor, rd.Guard, rd.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrStale
		}
		if outcome != "completed" {
			return nil
		}
		if err := tx.settled(ctx, rd.ID); err != nil {
			return err
		}
		_, err = tx.exec(ctx, "DELETE FROM releases WHERE stream = (SELECT stream FROM reads WHERE id = ?)", rd.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("end read %d of %s: %w", rd.ID, rd.Stream, err)
	}
	return nil
}

// Last is the last completed read of a stream; ok is false if there is none.
func (r *Reads) Last(ctx context.Context, stream string) (rd Read, ok bool, err error) {
	return r.one(ctx, "WHERE s.name = ? AND r.outcome = 'completed' ORDER BY r.id DESC LIMIT 1", stream)
}

// Latest is the newest read that has ended, whatever its outcome; ok is false if there is none. The one under way is not it.
func (r *Reads) Latest(ctx context.Context, stream string) (rd Read, ok bool, err error) {
	return r.one(ctx, "WHERE s.name = ? AND r.outcome <> '' ORDER BY r.id DESC LIMIT 1", stream)
}

// Release lets the held read's changes through once; the guard must be the held one's.
func (r *Reads) Release(ctx context.Context, stream, guard, by string) error {
	id, err := r.db.streams.find(ctx, stream)
	if err != nil {
		return err
	}
	err = r.db.transact(ctx, "release", func(tx *Tx) error {
		var held string
		err := tx.get(ctx, &held, "SELECT guard FROM reads WHERE stream = ? AND outcome <> '' ORDER BY id DESC LIMIT 1", id)
		if none(err) || err == nil && (held == "" || held != guard) {
			return fault(CodeGuard, stream)
		}
		if err != nil {
			return err
		}
		_, err = tx.exec(ctx, `INSERT INTO releases (stream, guard, released, by_whom) VALUES (?, ?, ?, ?)
			ON CONFLICT (stream, guard) DO UPDATE SET released = excluded.released, by_whom = excluded.by_whom`, id, guard, tx.now, by)
		return err
	})
	if err != nil {
		return fmt.Errorf("release %s: %w", stream, err)
	}
	return nil
}

// Released says whether the guard was released; the release is used up by Complete.
func (r *Reads) Released(ctx context.Context, stream, guard string) (bool, error) {
	var n int
	err := r.db.get(ctx, &n, "SELECT COUNT(*) FROM releases r JOIN streams s ON s.id = r.stream WHERE s.name = ? AND r.guard = ?", stream, guard)
	if err != nil {
		return false, fmt.Errorf("look for a release of %s: %w", stream, err)
	}
	return n > 0, nil
}
