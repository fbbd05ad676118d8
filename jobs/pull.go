package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"creditsync/connector"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

const (
	pullRows     = 1000   // rows asked for at a time; the profile may allow fewer
	pullAttempts = 3      // over a platform whose pages shift while they are read
	mostPages    = 200000 // no list is longer
)

// Pull fetches a stream of the platform page by page into a version that nobody sees, checks it against the platform's own
// total, and puts it in force with one update: lists, tasks and draws alike. A pull that comes back empty or much shorter
// is held until a person releases it. What the platform no longer serves is gone from all answers at that moment.
func Pull(ctx context.Context, d Deps, stream string) error {
	return run(ctx, d, JobPull, stream, func(ctx context.Context, r *running) error {
		p, err := newPulling(d, r, stream)
		if err != nil {
			return err
		}
		return p.drive(ctx)
	})
}

// IsList says whether a pulled stream is a credit list, which screening asks.
func IsList(stream string) bool { return strings.HasPrefix(stream, "list_") }

// pulling is one pull of one stream.
type pulling struct {
	d       Deps
	run     *running
	stream  string
	rules   *Rules
	plan    *mapping.Plan
	spec    mapping.Spec
	seed    []byte // what besides a row's bytes decides its entry
	entries []mapping.Entry
	faulty  int
}

func newPulling(d Deps, r *running, stream string) (*pulling, error) {
	rules := d.Rules()
	plan, ok := rules.Plan(stream)
	if !ok {
		return nil, &Failure{What: NoSuchStream, Args: []string{stream}}
	}
	spec := plan.Spec()
	if spec.Direction != mapping.Pull {
		return nil, &Failure{What: WrongDirection, Args: []string{stream, string(spec.Direction)}}
	}
	if d.Puller == nil {
		return nil, &Failure{What: NoSuchChannel, Args: []string{stream, d.Platform}}
	}
	seed, err := json.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("mapping of %s: %w", stream, err)
	}
	seed = append(seed, entryForm...)
	if spec.Deadline != nil {
		seed = append(seed, rules.Calendar.Hash()...)
	}
	sum := sha256.Sum256(seed)
	return &pulling{d: d, run: r, stream: stream, rules: rules, plan: plan, spec: spec, seed: sum[:8]}, nil
}

func (p *pulling) drive(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		v, err := p.d.Store.Lists.Begin(ctx, p.stream)
		if err != nil {
			return err
		}
		total, steady, err := p.stage(ctx, v.Number)
		if err != nil {
			return p.drop(ctx, v.Number, err)
		}
		if v, err = p.d.Store.Lists.Finish(ctx, p.stream, v.Number, total); err != nil {
			return err
		}
		if steady && (total < 0 || v.Rows == total) {
			return p.conclude(ctx, v)
		}
		p.run.count("shifted", 1)
		err = p.drop(ctx, v.Number, &Failure{What: PullTotalMismatch,
			Args: []string{p.stream, strconv.FormatInt(total, 10), strconv.FormatInt(v.Rows, 10)}})
		if attempt == pullAttempts {
			return err
		}
	}
}

// entryForm changes when entries are kept in another form than before: then every row is made into an entry again.
const entryForm = "with marks"

// drop forgets a version for a reason and gives the reason back.
func (p *pulling) drop(ctx context.Context, version int64, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	if err := p.d.Store.Lists.Drop(ctx, p.stream, version, Code(cause)); err != nil {
		return fmt.Errorf("%w (and its version stays: %w)", cause, err)
	}
	return cause
}

// stage reads all pages. steady is false when the platform's own total changed meanwhile: then pages have shifted, and
// rows may be missing or double.
func (p *pulling) stage(ctx context.Context, version int64) (total int64, steady bool, err error) {
	total, steady = -1, true
	var before [sha256.Size]byte
	rows := int64(0)
	for number := range mostPages {
		page, err := p.d.Puller.Pull(ctx, p.spec.Resource, connector.PageQuery{Number: number, Size: pullRows})
		if err != nil {
			return total, false, err
		}
		if number == 0 {
			total = page.Total
		}
		steady = steady && page.Total == total
		if len(page.Rows) > 0 {
			print := fingerprint(page.Rows)
			if print == before {
				break
			}
			before = print
			if err := p.put(ctx, version, page.Rows); err != nil {
				return total, false, err
			}
		}
		rows += int64(len(page.Rows))
		p.d.progress(JobPull, p.stream, rows, total)
		if page.Last || len(page.Rows) == 0 {
			p.run.count("rows", rows)
			return total, steady, nil
		}
	}
	return total, false, &Failure{What: PullEndless, Args: []string{p.stream, strconv.FormatInt(rows, 10)}}
}

// fingerprint tells one page from the next: a platform that serves the same page for ever is not followed.
func fingerprint(rows [][]byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, row := range rows {
		h.Write(row)
	}
	h.Sum(sum[:0])
	return sum
}

// put stages one page: rows whose bytes have not changed are not made into entries again.
func (p *pulling) put(ctx context.Context, version int64, rows [][]byte) error {
	for len(p.entries) < len(rows) {
		p.entries = append(p.entries, mapping.Entry{})
	}
	staged := make([]store.StagedRow, len(rows))
	for i, raw := range rows {
		e := &p.entries[i]
		p.plan.Inverse(raw, e)
		sum := sha256.Sum256(append(p.seed[:len(p.seed):len(p.seed)], raw...))
		staged[i] = store.StagedRow{Key: e.Key, Hash: int64(binary.BigEndian.Uint64(sum[:8]))}
		if strings.Trim(e.Key, mapping.KeySeparator) == "" {
			staged[i].Key = nowhere + strconv.FormatUint(uint64(staged[i].Hash), 16)
		}
		if err := p.report(ctx, staged[i].Key, e); err != nil {
			return err
		}
	}
	added, changed, err := p.d.Store.Lists.Stage(ctx, p.stream, version, staged, func(i int) (store.ListEntry, error) {
		return p.entry(staged[i], &p.entries[i])
	})
	p.run.count("added", added)
	p.run.count("changed", changed)
	return err
}

// mostFaulty bounds how many unreadable entries one pull names; it counts them all.
const mostFaulty = 20

// report names entries that could not be read in full. They stay in the list: whoever is listed must be found even if a
// date beside the name is unreadable.
func (p *pulling) report(ctx context.Context, key string, e *mapping.Entry) error {
	if len(e.Faults) == 0 {
		return nil
	}
	p.run.count("faulty", 1)
	if p.faulty++; p.faulty > mostFaulty {
		return nil
	}
	codes := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		codes[i] = f.What + " " + f.Column + f.Field
	}
	return p.run.once(ctx, store.Event{Kind: KindDecision, Stream: p.stream, Reason: EntryFaulty, Key: key, Detail: map[string]any{"faults": codes}})
}

// listed is what is kept of an entry, as JSON.
type listed struct {
	Known  map[string]string `json:"known,omitempty"`
	Cells  []string          `json:"cells"`
	Faults mapping.Faults    `json:"faults,omitempty"`
}

func (p *pulling) entry(row store.StagedRow, e *mapping.Entry) (store.ListEntry, error) {
	data, err := json.Marshal(listed{Known: e.Known, Cells: e.Cells, Faults: e.Faults})
	if err != nil {
		return store.ListEntry{}, fmt.Errorf("entry %q: %w", row.Key, err)
	}
	return store.ListEntry{Stream: p.stream, Key: row.Key, RowHash: row.Hash, Data: data,
		Marks: p.marks(e.Known), Starts: e.Starts, Due: p.rules.due(p.spec.Deadline, e.Starts)}, nil
}

// marks are what an entry of a credit list can be found by.
func (p *pulling) marks(known map[string]string) []int64 {
	if !IsList(p.stream) {
		return nil
	}
	m := listedParty(known).Marks()
	return marksOf(&m)
}

// conclude puts a whole version in force, or holds it.
func (p *pulling) conclude(ctx context.Context, v store.Version) error {
	current, ok, err := p.d.Store.Lists.Current(ctx, p.stream)
	if err != nil {
		return err
	}
	p.run.count("removed", v.Removed)
	if reason := shrunkPull(current, ok, v, p.d.guard()); reason != "" {
		return p.hold(ctx, current, v, reason)
	}
	return switched(ctx, p.run, p.rules, v)
}

// shrunkPull is the reason to hold a pulled version, "" if there is none. It is pure.
func shrunkPull(current store.Version, ok bool, v store.Version, g Guard) string {
	switch {
	case !ok || current.Rows == 0:
		return ""
	case v.Rows == 0:
		return PullEmpty
	case g.exceeds(v.Removed, current.Rows, g.ShrinkPercent):
		return PullShrunk
	}
	return ""
}

func (p *pulling) hold(ctx context.Context, current, v store.Version, reason string) error {
	if err := p.d.Store.Lists.Hold(ctx, p.stream, v.Number, reason); err != nil {
		return err
	}
	err := p.run.once(ctx, store.Event{Kind: KindAlarm, Stream: p.stream, Reason: reason,
		Detail: map[string]any{"present": current.Rows, "rows": v.Rows, "removed": v.Removed}})
	if err != nil {
		return err
	}
	return held{reason}
}

// switched puts a version in force and does what follows from it.
func switched(ctx context.Context, r *running, rules *Rules, v store.Version) error {
	if err := r.d.Store.Lists.Switch(ctx, v.Stream, v.Number); err != nil {
		return err
	}
	if v.Added+v.Changed+v.Removed > 0 {
		e := store.Event{Kind: KindDecision, Stream: v.Stream, Reason: PullSwitched,
			Detail: map[string]any{"version": v.Number, "rows": v.Rows, "added": v.Added, "changed": v.Changed, "removed": v.Removed}}
		if err := r.say(ctx, e); err != nil {
			return err
		}
	}
	if IsList(v.Stream) {
		return nil
	}
	if err := writeBook(ctx, r.d, rules, v.Stream); err != nil {
		return err
	}
	return checkDraws(ctx, r, rules, v.Stream)
}
