package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

const slotColumns = "SELECT job, target, spec, next_at, last_at FROM schedule "

func scanSlot(rows *sql.Rows, s *Slot) error {
	return rows.Scan(&s.Job, &s.Target, &s.Spec, instant{&s.Next}, instant{&s.Last})
}

// Set writes the schedule as configured: new slots get their next time from next, changed specs too, others keep theirs,
// removed ones go.
func (s *Schedule) Set(ctx context.Context, slots []Slot, next func(Slot) time.Time) error {
	err := s.db.transact(ctx, "schedule", func(tx *Tx) error {
		rows, err := tx.query(ctx, slotColumns+"ORDER BY job, target"+tx.db.d.lock)
		old, err := collect(rows, err, scanSlot)
		if err != nil {
			return err
		}
		kept := map[[2]string]Slot{}
		for _, o := range old {
			kept[[2]string{o.Job, o.Target}] = o
		}
		for _, slot := range slots {
			id := [2]string{slot.Job, slot.Target}
			if o, ok := kept[id]; !ok || o.Spec != slot.Spec {
				if err := tx.putSlot(ctx, slot, next(slot)); err != nil {
					return err
				}
			}
			delete(kept, id)
		}
		for _, o := range kept {
			if _, err := tx.exec(ctx, "DELETE FROM schedule WHERE job = ? AND target = ?", o.Job, o.Target); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set the schedule: %w", err)
	}
	return nil
}

func (tx *Tx) putSlot(ctx context.Context, s Slot, next time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO schedule (job, target, spec, next_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (job, target) DO UPDATE SET spec = excluded.spec, next_at = excluded.next_at`, s.Job, s.Target, s.Spec, ms(next))
	return err
}

// Due takes the slots whose time has come: next is advanced past now (so at most one catch-up after a long stop), and
// insert is called for each inside the same transaction; the slot it is given still has the time that has come. next is
// called with the store's time, and a next time that is zero takes the slot out of the clock until it is set again.
func (s *Schedule) Due(ctx context.Context, next func(Slot, time.Time) time.Time, insert func(tx *Tx, slot Slot) error) (due []Slot, err error) {
	err = s.db.transact(ctx, "plan", func(tx *Tx) error {
		rows, err := tx.query(ctx, slotColumns+"WHERE next_at > 0 AND next_at <= ? ORDER BY next_at, job, target"+tx.db.d.lock, tx.now)
		if due, err = collect(rows, err, scanSlot); err != nil {
			return err
		}
		for _, slot := range due {
			_, err := tx.exec(ctx, "UPDATE schedule SET next_at = ?, last_at = ? WHERE job = ? AND target = ?",
				ms(next(slot, at(tx.now))), tx.now, slot.Job, slot.Target)
			if err != nil {
				return err
			}
			if err := insert(tx, slot); err != nil {
				return fmt.Errorf("%s %s: %w", slot.Job, slot.Target, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("take what is due: %w", err)
	}
	return due, nil
}

// List is the whole schedule.
func (s *Schedule) List(ctx context.Context) ([]Slot, error) {
	rows, err := s.db.query(ctx, slotColumns+"ORDER BY job, target")
	all, err := collect(rows, err, scanSlot)
	if err != nil {
		return nil, fmt.Errorf("list the schedule: %w", err)
	}
	return all, nil
}
