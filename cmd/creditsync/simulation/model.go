package simulation

import (
	"maps"
	"slices"
)

// model is what must be true, kept apart from the code that is tested: plain maps, fed by the workload, by what a read of
// the bureau showed, and by what crosses the wire.
type model struct {
	w        *world
	versions int
	wiped    []row
	released bool
	// recent are, for each stream, what the last completed read saw, and what reads saw that have not completed since: a
	// record that any of them shows as open may go.
	recent map[string][]*view
	// disturbed are results whose outcome was unclear at some time.
	disturbed map[string]bool
	hidden    map[string]bool // results that changed in a way that only a full read is sure to see
	known     map[string]bool // results that a completed read has seen
}

// view is what one read has shown of a stream. It is never changed.
type view struct {
	rows   map[string][]row
	source int
	full   bool
}

// barred is why a record must not go.
type barred string

func newModel(w *world) *model {
	return &model{w: w, recent: map[string][]*view{}, disturbed: map[string]bool{}, hidden: map[string]bool{}, known: map[string]bool{}}
}

// next is the number of the next version of anything.
func (m *model) next() int { m.versions++; return m.versions }

func (m *model) count(rows []row, key string) (n int) {
	for _, r := range rows {
		if r.key == key {
			n++
		}
	}
	return n
}

func keyOf(stream string, r *row) string {
	if stream == objectsStream {
		return creditCode(r.object)
	}
	return r.key
}

// sees notes what a read of the bureau shows to the run under way.
func (m *model) sees(stream string, full bool, rows []row, source int) {
	t := m.w.current
	if t == nil {
		return
	}
	v := &view{rows: map[string][]row{}, source: source, full: full}
	if !full {
		base := t.reads[stream]
		if base == nil && len(m.recent[stream]) > 0 {
			base = m.recent[stream][0]
		}
		if base != nil {
			v.rows = maps.Clone(base.rows)
		}
	}
	fresh := map[string][]row{}
	for i := range rows {
		key := keyOf(stream, &rows[i])
		fresh[key] = append(fresh[key], rows[i])
	}
	maps.Copy(v.rows, fresh)
	t.reads[stream] = v
	m.recent[stream] = append(m.recent[stream], v)
}

// completed notes that a run's read counts from now on.
func (m *model) completed(t *task, stream string) {
	v := t.reads[stream]
	if v == nil {
		return
	}
	kept := []*view{v}
	for _, o := range m.w.tasks {
		if o != t && o.reads[stream] != nil {
			kept = append(kept, o.reads[stream])
		}
	}
	m.recent[stream] = kept
	for key := range v.rows {
		if v.bars(stream, key) != "no such row" {
			m.known[key] = true
		}
	}
}

// bars says why a record of a stream may not go, by all that was read since; empty if it may.
func bars(recent []*view, stream, key string) barred {
	var why barred
	for _, v := range recent {
		if why = v.bars(stream, key); why == "" {
			return ""
		}
	}
	return why
}

func (v *view) bars(stream, key string) barred {
	rows := slices.DeleteFunc(slices.Clone(v.rows[key]), func(r row) bool { return stream == resultsStream && r.excluded })
	switch {
	case len(rows) == 0:
		return "no such row"
	case len(rows) > 1:
		return "the key stands twice"
	case stream == objectsStream:
		return ""
	}
	return rows[0].bars()
}

// bars is what a row says about itself.
func (r *row) bars() barred {
	switch {
	case r.nonsense:
		return "invalid"
	case r.secret:
		return "withheld"
	case r.unready:
		return "not ready"
	}
	return ""
}
