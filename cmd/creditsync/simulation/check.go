package simulation

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"creditsync/fixtures/mockplatform"
	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/go-json-experiment/json"
)

// The checks, by name.
const (
	checkLost     = "lost"
	checkDoubled  = "published twice"
	checkWithheld = "sent what must not go"
	checkOvertake = "overtaken by an older version"
	checkBalance  = "balance"
	checkProgress = "no progress"
	checkGuard    = "guard"
	checkJob      = "job"
	checkReport   = "doubling not reported"
	checkLate     = "late"
	checkDue      = "due day"
)

// committed notes what a run's transaction has made true.
func (w *world) committed(t *task, name string) {
	for _, x := range t.queued {
		w.enqueue(x)
	}
	t.queued = nil
	w.trace.say(w.clock.now, "run %d commits %s", t.run, name)
	switch name {
	case "claim":
		t.claimed = w.clock.now
		t.recent = maps.Clone(w.model.recent)
	case "completed read":
		w.guarded(t)
		w.model.completed(t, t.work.target)
		w.read[t.work.target]++
	}
}

// guarded: no read in full may make 5% of a stream and 20 rows missing unless a person let it through.
func (w *world) guarded(t *task) {
	v, all := t.reads[resultsStream], w.model.recent[resultsStream]
	if t.work.target != resultsStream || v == nil || !v.full || len(all) == 0 || w.model.released {
		return
	}
	present, gone := 0, 0
	for _, key := range slices.Sorted(maps.Keys(all[0].rows)) {
		if all[0].bars(resultsStream, key) == "no such row" {
			continue
		}
		present++
		if len(v.rows[key]) == 0 {
			gone++
		}
	}
	if gone >= 25 && gone*20 > present {
		w.find(checkGuard, "a read took %d of %d rows for missing, and nobody let it through", gone, present)
	}
}

// leaves is called when a push is about to arrive: nothing in it may be barred by what was known when it was claimed.
func (w *world) leaves(x *exchange) {
	t := w.current
	for _, m := range x.messages() {
		if why := bars(t.recent[x.stream], x.stream, m.ID); why != "" {
			w.find(checkWithheld, "%s is sent although it is %s", m.ID, why)
		}
		if x.fault.What != "" || w.during(storm) {
			w.model.disturbed[m.ID] = true
		}
	}
}

// judgeRun looks at a run that has ended, and at the books at rest.
func (w *world) judgeRun(t *task) {
	if t.err != nil && jobs.Code(t.err) == jobs.ReasonInternal || jobs.Code(t.err) == jobs.ReasonPanic {
		w.find(checkJob, "%s: %v", t.work, t.err)
	}
	switch t.work.job {
	case jobs.JobPlan, jobs.JobRemind:
		return
	}
	if w.dice.below("balance", 5) == 0 {
		w.balance()
	}
}

// balance holds the live counters to a scan, and both to the source.
func (w *world) balance() {
	n := w.alive()
	if n == nil {
		return
	}
	for _, stream := range []string{objectsStream, resultsStream} {
		books, err := n.db.Records.Balance(w.ctx, stream)
		if err != nil {
			w.find("store", "balance: %v", err)
			return
		}
		scan, err := n.db.Records.Recount(w.ctx, stream)
		if err != nil {
			w.find("store", "recount: %v", err)
			return
		}
		if a, b := states(books), states(scan); a != b {
			w.find(checkBalance, "%s: the counters say %s, a scan %s", stream, a, b)
		}
		if d := books.Difference(); books.Read != 0 && d != 0 && !w.reading(stream) {
			w.find(checkBalance, "%s: off by %d: source %d, since %d, %s", stream, d, books.Source, books.Since, states(books))
		}
	}
}

func (w *world) reading(stream string) bool {
	return slices.ContainsFunc(w.tasks, func(t *task) bool { return t.reads[stream] != nil })
}

// states are counts in a fixed order.
func states(c store.Counts) string {
	var b strings.Builder
	for _, s := range slices.Sorted(maps.Keys(c.States)) {
		if c.States[s] != 0 {
			fmt.Fprintf(&b, "%s %d ", s, c.States[s])
		}
	}
	return strings.TrimSpace(b.String())
}

// final is what must be true when all has been well for long enough. Before the last comparison in full, records whose
// outcome was unclear once and rows that became visible too late for the overlap are left out.
func (w *world) final(compared bool) {
	w.balance()
	held := w.holds()
	w.finalObjects(held["object"])
	w.finalResults(held["result"], compared)
	w.doublings(held)
}

// holds is what the platform has, by resource and id.
func (w *world) holds() map[string]map[string]mockplatform.BookRecord {
	all := map[string]map[string]mockplatform.BookRecord{"object": {}, "result": {}}
	for resource, by := range all {
		body, err := w.dump(resource)
		if err != nil {
			w.find("platform", "books: %v", err)
			continue
		}
		for line := range strings.Lines(string(body)) {
			var b mockplatform.BookRecord
			if err := json.Unmarshal([]byte(line), &b); err != nil {
				w.find("platform", "books: %v", err)
			}
			by[b.RowID] = b
		}
	}
	return all
}

// dump is the platform's books of a resource, a record a line.
func (w *world) dump(resource string) ([]byte, error) {
	r, err := http.NewRequestWithContext(w.ctx, http.MethodGet, "http://platform.invalid/admin/books/records?resource="+resource, nil)
	if err != nil {
		return nil, err
	}
	r.RemoteAddr = "127.0.0.1:1"
	res, err := w.platform.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(res.Body)
}

// last is the version that the platform holds of a record, 0 if none.
func last(b mockplatform.BookRecord) int {
	if len(b.Versions) == 0 || b.Withdrawn {
		return 0
	}
	return sentVersion(b.Versions[len(b.Versions)-1])
}

func sentVersion(v mockplatform.BookVersion) int {
	var m message
	if json.Unmarshal(v.Record, &m) != nil {
		return 0
	}
	return m.version()
}

func (w *world) finalObjects(held map[string]mockplatform.BookRecord) {
	for _, r := range w.bureau.tables[objectsTable] {
		w.isProven(objectsStream, creditCode(r.object), r.version, held)
	}
}

func (w *world) isProven(stream, key string, version int, held map[string]mockplatform.BookRecord) {
	state, reason := w.stateOf(stream, key)
	if state != store.Proven {
		w.find(checkLost, "%s %s should be proven, but is %s (%s)", stream, key, state, reason)
	}
	if got := last(held[key]); got != version {
		w.find(checkLost, "%s %s: the platform holds version %d, the bureau %d; the state is %s", stream, key, got, version, state)
	}
}

// stateOf is what the store says of a record.
func (w *world) stateOf(stream, key string) (store.State, string) {
	k, e, err := w.alive().db.Records.Find(w.ctx, stream, key)
	if err != nil {
		return "absent", ""
	}
	if e != nil {
		return k.State, e.Reason
	}
	return k.State, ""
}

func (w *world) finalResults(held map[string]mockplatform.BookRecord, compared bool) {
	v := &view{rows: map[string][]row{}}
	for _, r := range w.bureau.tables[resultsTable] {
		v.rows[r.key] = append(v.rows[r.key], r)
	}
	for _, key := range slices.Sorted(maps.Keys(w.model.known)) {
		if strings.HasPrefix(key, "R") && len(v.rows[key]) == 0 {
			v.rows[key] = nil
		}
	}
	for _, key := range slices.Sorted(maps.Keys(v.rows)) {
		if !compared && (w.model.disturbed[key] || w.model.hidden[key]) {
			continue
		}
		w.finalResult(v, key, held)
	}
}

func (w *world) finalResult(v *view, key string, held map[string]mockplatform.BookRecord) {
	if want, ok := w.expected(v, key); ok {
		got, reason := w.stateOf(resultsStream, key)
		if got == store.Excluded && want == store.Missing {
			return // it had left the stream before it went
		}
		if got != want {
			w.find(checkLost, "result %s should be %s, but is %s (%s)", key, want, got, reason)
		}
		return
	}
	if len(v.rows[key]) > 0 && v.bars(resultsStream, key) == "" {
		w.isProven(resultsStream, key, inStream(v.rows[key]).version, held)
	}
}

// expected is the state of a record that is not to be published, by the rows of the bureau alone.
func (w *world) expected(v *view, key string) (store.State, bool) {
	switch v.bars(resultsStream, key) {
	case "invalid", "the key stands twice":
		return store.Invalid, true
	case "withheld":
		return store.Withheld, true
	case "not ready":
		return store.NotReady, true
	case "no such row":
		return store.Missing, len(v.rows[key]) == 0 && w.model.known[key]
	}
	r := inStream(v.rows[key])
	if !slices.ContainsFunc(w.bureau.tables[objectsTable], func(o row) bool { return o.object == r.object }) {
		return store.Waiting, true
	}
	return store.Rejected, r.weak
}

// inStream is the first of the rows of a key that belongs to the stream.
func inStream(rows []row) row {
	return rows[max(0, slices.IndexFunc(rows, func(r row) bool { return !r.excluded }))]
}

// doublings: what was published twice, and in which order versions came.
func (w *world) doublings(held map[string]map[string]mockplatform.BookRecord) {
	for _, resource := range []string{"object", "result"} {
		for _, id := range slices.Sorted(maps.Keys(held[resource])) {
			b := held[resource][id]
			if b.Publications > 1 {
				w.find(checkDoubled, "%s %s stands %d times before the public", resource, id, b.Publications)
			}
			for i := 1; i < len(b.Versions); i++ {
				was, is := sentVersion(b.Versions[i-1]), sentVersion(b.Versions[i])
				if is < was {
					w.find(checkOvertake, "%s %s: version %d arrived after %d", resource, id, is, was)
				} else if is == was && resource == "result" {
					w.find(checkDoubled, "result %s: version %d was accepted twice", id, is)
				}
			}
		}
	}
}
