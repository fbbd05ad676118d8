package jobs

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"creditsync/connector"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// pageRows is how many rows are read, mapped and committed together. SQLite has one write connection: a transaction of
// this size leaves room for the others.
const pageRows = 5000

// Collect reads a stream's registry and puts what is new or changed on its way: incrementally where the source has a
// column that says when a row changed and there was a full read before by the same rules, else in full. What changes too
// much is held whole until a person releases it; a row that is gone becomes missing and stays published.
func Collect(ctx context.Context, d Deps, stream string) error {
	return run(ctx, d, JobCollect, stream, func(ctx context.Context, r *running) error {
		if err := stepBack(ctx, d, stream); err != nil {
			return err
		}
		return collect(ctx, d, r, stream, false)
	})
}

// fullRead is how long a read in full has the stream for itself.
const fullRead = 15 * time.Minute

// stepBack leaves the stream to a comparison that is under way: it sees all that this read would. One that began long ago has
// died with its process, or is overtaken. A first load that broke off is gone on with at once.
func stepBack(ctx context.Context, d Deps, stream string) error {
	rd, ok, err := d.Store.Reads.UnderWay(ctx, stream)
	if err != nil || !ok || !rd.Full {
		return err
	}
	if _, read, err := d.Store.Reads.Last(ctx, stream); err != nil || !read {
		return err
	}
	now, err := d.Store.Now(ctx)
	if err != nil || now.Sub(rd.Started) >= fullRead {
		return err
	}
	return held{ReadUnderWay}
}

func collect(ctx context.Context, d Deps, r *running, stream string, full bool) error {
	c, err := newCollector(ctx, d, r, stream, full)
	if err != nil {
		return err
	}
	if c.read, err = d.Store.Reads.Begin(ctx, stream, c.full); err != nil {
		return fmt.Errorf("begin of read: %w", err)
	}
	// What an older read committed before this one began counts: later it commits nothing more.
	read := c.read
	if c, err = newCollector(ctx, d, r, stream, full || c.full); err != nil {
		return err
	}
	c.read, c.former.read = read, read.ID
	fits, err := c.pass(ctx)
	if err != nil {
		return c.broken(ctx, err)
	}
	if !fits {
		r.count("count_differs", 1)
		return collect(ctx, d, r, stream, true)
	}
	return nil
}

// pass is the whole walk. fits is false when an incremental read cannot explain the row count at the source: rows were
// deleted, or added behind the cursor, and only a full read can tell which.
func (c *collector) pass(ctx context.Context) (fits bool, err error) {
	sum, err := c.take(ctx)
	if err != nil {
		return true, err
	}
	if c.full {
		if err := c.depart(ctx); err != nil {
			return true, err
		}
	} else if fits, err := c.explains(ctx, sum); err != nil || !fits {
		return fits, err
	}
	return true, c.complete(ctx, sum)
}

// take brings in what the source holds: a first load page by page as it is read, everything later through the guard.
func (c *collector) take(ctx context.Context) (connector.Summary, error) {
	if c.first {
		return c.load(ctx)
	}
	s, err := newSpool(c.d.Spool)
	if err != nil {
		return connector.Summary{}, err
	}
	defer s.close()
	sum, err := c.reader.pages(ctx, c.query(nil), func(p *page) error {
		c.note(p)
		return c.sift(ctx, p, s)
	})
	if err != nil {
		return sum, err
	}
	if !c.full {
		if err := c.reopen(ctx, s); err != nil {
			return sum, err
		}
	}
	if err := c.gatherTwins(ctx); err != nil {
		return sum, err
	}
	if err := c.gatherLeavers(ctx); err != nil {
		return sum, err
	}
	if err := c.passOver(ctx); err != nil {
		return sum, err
	}
	if err := c.ask(ctx, sum); err != nil {
		return sum, err
	}
	if err := c.retire(ctx); err != nil {
		return sum, err
	}
	if err := s.pages(pageRows, func(p *page) error { return c.commit(ctx, p) }); err != nil {
		return sum, err
	}
	// New keys that came twice show only now.
	if err := c.gatherTwins(ctx); err != nil {
		return sum, err
	}
	return sum, c.commitTwins(ctx)
}

// reopen reads the records again whose exception may end without a change at the source: what waits for another record,
// is not ready, withheld or invalid.
func (c *collector) reopen(ctx context.Context, s *spool) error {
	c.seen, c.again = nil, true // these rows are read a second time: that makes no twins of them
	defer func() { c.again = false }()
	for after := ""; ; {
		keys, err := c.d.Store.Records.OpenKeys(ctx, c.stream, after, keysAtOnce)
		if err != nil {
			return fmt.Errorf("open records: %w", err)
		}
		if len(keys) == 0 {
			return nil
		}
		after = keys[len(keys)-1]
		if keys = slices.DeleteFunc(keys, synthetic); len(keys) == 0 {
			continue
		}
		if _, err = c.reader.pages(ctx, c.query(keys), func(p *page) error { return c.sift(ctx, p, s) }); err != nil {
			return err
		}
	}
}

// keysAtOnce is how many keys one read by key names.
const keysAtOnce = 1000

// ask is the guard between seeing a change and making it.
func (c *collector) ask(ctx context.Context, sum connector.Summary) error {
	if c.full {
		unseen, err := c.d.Store.Records.CountUnseen(ctx, c.stream, c.seen.has)
		if err != nil {
			return fmt.Errorf("count of missing rows: %w", err)
		}
		c.extent.Unseen = unseen - c.spared
	}
	c.run.count("changed", c.extent.Changed)
	reason := c.extent.trips(c.d.guard())
	if reason == "" {
		return nil
	}
	guard := c.extent.guard()
	if old, ok := parseGuard(c.pending); ok && c.extent.covered(old, c.d.guard()) {
		guard = c.pending
	}
	released, err := c.d.Store.Reads.Released(ctx, c.stream, guard)
	if err != nil {
		return fmt.Errorf("release of %s: %w", guard, err)
	}
	if released {
		c.read.Guard = guard
		return c.run.say(ctx, store.Event{Kind: KindDecision, Stream: c.stream, Reason: ReleasedChange, Detail: c.extent.detail(guard)})
	}
	return c.hold(ctx, sum, reason, guard)
}

func (e extent) detail(guard string) map[string]any {
	return map[string]any{"guard": guard, "present": e.Present, "unseen": e.Unseen, "changed": e.Changed}
}

func (c *collector) hold(ctx context.Context, sum connector.Summary, reason, guard string) error {
	c.read.Rows, c.read.Source, c.read.Reason, c.read.Guard = c.rows, sum.Source, reason, guard
	if err := c.d.Store.Reads.Hold(ctx, c.read); err != nil {
		return fmt.Errorf("hold of read: %w", err)
	}
	if guard != c.pending {
		if err := c.run.say(ctx, store.Event{Kind: KindAlarm, Stream: c.stream, Reason: reason, Detail: c.extent.detail(guard)}); err != nil {
			return err
		}
	}
	return held{reason}
}

// explains says whether the rows at the source are the records we know and rows that the rules exclude. Every record that
// left the stream by this read is one more of these: with fewer, others are gone.
func (c *collector) explains(ctx context.Context, sum connector.Summary) (bool, error) {
	b, err := c.d.Store.Records.Balance(ctx, c.stream)
	if err != nil {
		return false, fmt.Errorf("balance: %w", err)
	}
	b.Source, b.Since = sum.Source, 0
	more := b.Difference()
	if len(c.leavers) > mostLeavers || more < int64(len(c.leavers)) || more > c.excluded {
		c.read.Reason = CountDiffers
		return false, c.d.Store.Reads.Fail(ctx, c.read)
	}
	c.excluded = c.last.Excluded + more
	return true, nil
}

func (c *collector) complete(ctx context.Context, sum connector.Summary) error {
	c.read.Rows, c.read.Source, c.read.Excluded = sum.Source, sum.Source, c.excluded
	c.read.Cursor = mark{c.rules.Version, sum.Cursor}.String()
	if err := c.d.Store.Reads.Complete(ctx, c.read); err != nil {
		return fmt.Errorf("end of read: %w", err)
	}
	c.run.count("rows", c.rows)
	c.run.count("excluded", c.excluded)
	c.run.count("late", sum.Late)
	return c.findings(ctx, sum.Findings)
}

// mostFindings bounds what one read says about its source.
const mostFindings = 50

func (c *collector) findings(ctx context.Context, faults mapping.Faults) error {
	for _, f := range faults[:min(len(faults), mostFindings)] {
		e := store.Event{Kind: KindDecision, Stream: c.stream, Reason: SourceFinding, Key: f.What + " " + f.File + " " + f.Column,
			Detail: map[string]any{"code": f.What, "arguments": f.Args}}
		if err := c.run.once(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// broken ends a read that could not be finished; the pages it committed stay. A held read has ended already.
func (c *collector) broken(ctx context.Context, err error) error {
	if c.read.Outcome, c.read.Reason = outcome(err); c.read.Outcome == HeldBack && c.read.Reason != ReadOvertaken {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	c.read.Rows, c.read.Guard = c.rows, c.pending
	if e := c.d.Store.Reads.Fail(ctx, c.read); e != nil {
		return fmt.Errorf("%w (and the end of its read: %w)", err, e)
	}
	return err
}

// mark is where an incremental read goes on, and by which rules the last one was made: after a change of rules every row
// is read again.
type mark struct {
	rules int64
	at    string
}

func (m mark) String() string { return strconv.FormatInt(m.rules, 10) + " " + m.at }

func parseMark(s string) mark {
	rules, at, _ := strings.Cut(s, " ")
	n, err := strconv.ParseInt(rules, 10, 64)
	if err != nil {
		return mark{}
	}
	return mark{n, at}
}
