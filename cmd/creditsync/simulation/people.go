package simulation

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"creditsync/jobs"
	"creditsync/mapping"
)

// fill writes what the bureau has when the world begins. The days of inspection lie so that limits end about now.
func (w *world) fill() {
	for i := range w.plan.Objects {
		w.bureau.tables[objectsTable] = append(w.bureau.tables[objectsTable], row{object: i, version: w.model.next()})
	}
	for i := range w.plan.Results {
		w.bureau.tables[resultsTable] = append(w.bureau.tables[resultsTable], w.newRow(i, w.plan.Begin.Add(-time.Hour)))
	}
}

func (w *world) newRow(i int, stamped time.Time) row {
	today := mapping.DateOf(w.plan.Begin)
	return row{key: fmt.Sprintf("R%02d", i), version: w.model.next(), object: i % (w.plan.Objects + 1),
		inspected: today - 26 - mapping.Date(i%6), changed: stamped}
}

// act lets people do something.
func (w *world) act(s Step) {
	stamped := w.clock.now
	if s.Lag > 0 {
		if s.Lag > overlap {
			w.model.hidden[fmt.Sprintf("R%02d", s.Row)] = true
		}
		w.clock.after(s.Lag, func() { w.change(s, stamped) })
		return
	}
	w.change(s, stamped)
}

// uncounted are changes that a read of what changed sees only by the number of rows, where two of them can cancel out.
func uncounted() []string {
	return []string{deleteRow, twinRow, untwinRow, excludeRow, includeRow, recreateRow}
}

func (w *world) change(s Step, stamped time.Time) {
	w.trace.say(w.clock.now, "people: %s row %d", s.Do, s.Row)
	if err := w.order(s); err != nil {
		w.trace.say(w.clock.now, "people failed: %s", jobs.Code(err))
	}
	rows := w.bureau.tables[resultsTable]
	key := fmt.Sprintf("R%02d", s.Row)
	if slices.Contains(uncounted(), s.Do) {
		w.model.hidden[key] = true
	}
	i := slices.IndexFunc(rows, func(r row) bool { return r.key == key })
	switch s.Do {
	case insertRow, recreateRow:
		if i < 0 {
			rows = append(rows, w.newRow(s.Row, stamped))
		}
	case deleteRow:
		rows = slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.key == key })
	case twinRow:
		if i >= 0 && w.model.count(rows, key) == 1 {
			twin := rows[i]
			twin.version, twin.changed = w.model.next(), stamped
			rows = append(rows, twin)
		}
	case untwinRow:
		if i >= 0 && w.model.count(rows, key) > 1 {
			rows = slices.Delete(slices.Clone(rows), i, i+1)
		}
	case wipeRows:
		w.model.wiped = slices.Clone(rows[:len(rows)*9/10])
		for _, r := range w.model.wiped {
			w.model.hidden[r.key] = true
		}
		rows = slices.Clone(rows[len(rows)*9/10:])
	case restoreRows:
		for _, r := range w.model.wiped {
			if w.model.count(rows, r.key) == 0 {
				rows = append(rows, r)
			}
		}
	default:
		if i >= 0 {
			rows = slices.Clone(rows)
			alter(&rows[i], s.Do, w.model, stamped)
		}
	}
	w.bureau.tables[resultsTable] = rows
}

// alter changes one row; nil of the changes touches it if it is so already.
func alter(r *row, do string, m *model, stamped time.Time) {
	old := *r
	switch do {
	case editRow:
		r.version = 0
	case hideRow, openRow:
		r.secret = do == hideRow
	case unreadyRow, readyRow:
		r.unready = do == unreadyRow
	case excludeRow, includeRow:
		r.excluded = do == excludeRow
	case spoilRow, mendRow:
		r.nonsense = do == spoilRow
	case weakenRow, mendWeak:
		r.weak = do == weakenRow
	default:
		return
	}
	if *r != old {
		r.version, r.changed = m.next(), stamped
	}
}

// order is what people do to the daemon and to the objects.
func (w *world) order(s Step) error {
	objects := w.bureau.tables[objectsTable]
	i := s.Row % (w.plan.Objects + 1)
	at := slices.IndexFunc(objects, func(r row) bool { return r.object == i })
	switch {
	case s.Do == editObject && at >= 0:
		objects = slices.Clone(objects)
		objects[at].version = w.model.next()
	case s.Do == newObject && at < 0:
		objects = append(slices.Clone(objects), row{object: i, version: w.model.next()})
	case s.Do == changeRules:
		return w.legislate(edition{wide: true, later: w.edition.later})
	case s.Do == loadNotice:
		return w.load()
	case s.Do == releaseHeld:
		return w.release()
	}
	w.bureau.tables[objectsTable] = objects
	return nil
}

// load puts the next year's calendar in force and counts all limits anew, as the verb does.
func (w *world) load() error {
	if err := w.legislate(edition{wide: w.edition.wide, later: true}); err != nil {
		return err
	}
	n := w.alive()
	if n == nil {
		return nil
	}
	_, err := jobs.Recheck(w.ctx, n.deps())
	return err
}

func (w *world) release() error {
	n := w.alive()
	if n == nil {
		return nil
	}
	var errs []error
	for _, stream := range []string{objectsStream, resultsStream} {
		held, err := jobs.HeldOf(w.ctx, n.deps(), stream)
		if err == nil && held != nil {
			w.model.released = true
			err = jobs.Release(w.ctx, n.deps(), stream, held.Guard, "仿真")
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
