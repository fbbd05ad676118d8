package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// A page becomes rows in one transaction: its deliveries; first sights by COPY; the others through a temporary table.

var (
	putColumns = []string{"key", "known", "bump", "delivery", "source", "payload", "held", "starts", "due", "owner", "state",
		"reason", "detail", "since", "travelled", "waits_stream", "waits_key", "old_delivery", "old_state"}
	recordColumns = []string{"stream", "key", "ordinal", "source", "payload", "version", "delivery", "held", "starts", "due",
		"owner"}
	exceptionColumns = []string{"stream", "key", "state", "reason", "detail", "since", "due", "owner", "delivery",
		"waits_stream", "waits_key", "assured"}
)

// page is a Page on its way into the tables.
type page struct {
	Page
	stream     int64
	answers    int64   // stream of the answered entries
	streams    []int64 // of the deliveries
	owners     []int64 // of the puts
	bodies     []packed
	deliveries []int64 // ids
	firsts     []int   // indexes of puts
	changed    []int
	ordinals   []int64
	epoch      int64
	doubt      bool // the stream is in doubt: what goes out may have gone out before
	doubled    bool // the stream has twice the records that its statistics were made of
}

// Commit writes one page in one transaction and returns the ordinals given to first sights, in the order of Puts (0 for
// others). also runs inside the same transaction (the engine's inserts); nil for nothing.
//
// It is ErrStale if a record is not as Known says: the page is to be classified again. Where a record leaves an older line
// behind, that line is dropped if it may still go, and the new delivery waits for the old one while its outcome is open.
func (r *Records) Commit(ctx context.Context, p Page, also func(tx *Tx) error) ([]int64, error) {
	w, err := r.Prepare(ctx, p)
	if err != nil {
		return nil, err
	}
	return w.Commit(ctx, also)
}

// Prepared is a page on its way into the tables, its bodies compressed: the payloads of its lines may be reused.
type Prepared struct {
	db   *DB
	page *page
}

// Prepare does what of Records.Commit needs no transaction.
func (r *Records) Prepare(ctx context.Context, p Page) (*Prepared, error) {
	w, err := r.prepare(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("prepare a page of %s: %w", p.Stream, err)
	}
	return &Prepared{r.db, w}, nil
}

// Commit is the rest of Records.Commit.
func (p *Prepared) Commit(ctx context.Context, also func(tx *Tx) error) ([]int64, error) {
	w := p.page
	err := p.db.transact(ctx, "collect", func(tx *Tx) error {
		if err := w.write(ctx, tx); err != nil {
			return err
		}
		if also != nil {
			return also(tx)
		}
		return nil
	})
	if duplicate(err) {
		err = fmt.Errorf("%w: %w", ErrStale, err)
	}
	if err != nil {
		return nil, fmt.Errorf("commit a page of %s: %w", w.Stream, err)
	}
	if w.doubled {
		err = p.db.analyze(ctx)
	}
	return w.ordinals, err
}

var errPut = errors.New("a record is to be in an exception or in a delivery, not in both or neither")

// prepare does what needs no transaction: names, compression, order.
func (r *Records) prepare(ctx context.Context, p Page) (w *page, err error) {
	w = &page{Page: p, owners: make([]int64, len(p.Puts))}
	if w.stream, err = r.db.streams.ensure(ctx, p.Stream); err != nil {
		return nil, err
	}
	if w.answers, err = r.db.streams.ensure(ctx, p.AnswersStream); err != nil {
		return nil, err
	}
	for i, put := range p.Puts {
		if put.Exception != nil && put.Batch >= 0 || put.Batch >= len(p.Deliveries) ||
			put.Exception == nil && put.Batch < 0 && (put.Known == nil || put.Known.Delivery == 0) {
			return nil, fmt.Errorf("%q: %w", put.Key, errPut)
		}
		if w.owners[i], err = r.db.units.ensure(ctx, put.Owner); err != nil {
			return nil, err
		}
		if put.Known == nil {
			w.firsts = append(w.firsts, i)
		} else {
			w.changed = append(w.changed, i)
		}
	}
	for _, d := range p.Deliveries {
		id, err := r.db.streams.ensure(ctx, d.Stream)
		if err != nil {
			return nil, err
		}
		w.streams = append(w.streams, id)
	}
	return w, w.pack(r.db)
}

// pack compresses the bodies, as many together as there are processors.
func (w *page) pack(db *DB) error {
	w.bodies = make([]packed, len(w.Deliveries))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range w.Deliveries {
		g.Go(func() error { w.bodies[i] = db.pack(d.Lines); return nil })
	}
	return g.Wait()
}

func (w *page) write(ctx context.Context, tx *Tx) error {
	if err := w.takeOrdinals(ctx, tx); err != nil {
		return err
	}
	if err := tx.newest(ctx, w.stream, w.Read); err != nil {
		return err
	}
	if err := w.putDeliveries(ctx, tx); err != nil {
		return err
	}
	if err := w.putFirsts(ctx, tx); err != nil {
		return err
	}
	if err := w.putChanged(ctx, tx); err != nil {
		return err
	}
	if err := w.putAnswers(ctx, tx); err != nil {
		return err
	}
	return w.touch(ctx, tx)
}

// takeOrdinals also takes the stream's lock: records of a stream change under it alone.
func (w *page) takeOrdinals(ctx context.Context, tx *Tx) error {
	var last int64
	err := tx.row(ctx, "UPDATE streams SET ordinals = ordinals + ? WHERE id = ? RETURNING ordinals, epoch, doubt > 0", len(w.firsts), w.stream).
		Scan(&last, &w.epoch, &w.doubt)
	if err != nil {
		return fmt.Errorf("take ordinals: %w", err)
	}
	first := last - int64(len(w.firsts))
	w.doubled = bits.Len64(uint64(first/portion)) != bits.Len64(uint64(last/portion))
	w.ordinals = make([]int64, len(w.Puts))
	for n, i := range w.firsts {
		w.ordinals[i] = first + int64(n) + 1
	}
	return nil
}

func (w *page) putDeliveries(ctx context.Context, tx *Tx) error {
	live := make([]int32, len(w.Deliveries))
	for _, i := range w.firsts {
		if b := w.Puts[i].Batch; b >= 0 {
			live[b]++
		}
	}
	now, err := w.now(ctx, tx)
	if err != nil {
		return err
	}
	w.deliveries = make([]int64, len(w.Deliveries))
	for i, d := range w.Deliveries {
		row := Delivery{Channel: d.Channel, Resource: d.Resource, Rows: int32(len(d.Lines)), Live: live[i], Due: d.Due, Rules: d.Rules, Doubt: w.doubt}
		id, err := tx.form(ctx, w.streams[i], row, w.bodies[i], now)
		if err != nil {
			return err
		}
		w.deliveries[i] = id
		for _, need := range d.Needs {
			if _, err := tx.exec(ctx, "INSERT INTO needs (delivery, needs) VALUES (?, ?) ON CONFLICT DO NOTHING", id, need); err != nil {
				return fmt.Errorf("note what a delivery needs: %w", err)
			}
		}
	}
	return nil
}

// now is the epoch that the page falls into.
func (w *page) now(ctx context.Context, tx *Tx) (Epoch, error) {
	now, err := tx.epochs(ctx)
	if err != nil {
		return Epoch{}, fmt.Errorf("read the epoch: %w", err)
	}
	return now, nil
}

// form writes a delivery that waits to be sent; in doubt, one that is unknown: it may have been sent before the epoch, and
// counts as one attempt of that time.
func (tx *Tx) form(ctx context.Context, stream int64, d Delivery, body packed, now Epoch) (id int64, err error) {
	d.State = Waiting
	if d.Doubt {
		d.State, d.Attempt, d.SentAt, d.SendUntil, d.NextLook, d.LastReason = Unknown, 1, at(tx.now), now.Until, at(tx.now), ReasonEpoch
	}
	err = tx.get(ctx, &id, `INSERT INTO deliveries (stream, channel, resource, state, attempt, lines, live, due, rules, formed, body_hash,
			epoch, doubt, sent_at, send_until, next_look, last_reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		stream, d.Channel, d.Resource, string(d.State), d.Attempt, d.Rows, d.Live, d.Due, d.Rules, tx.now, body.hash,
		now.Number, d.Doubt, ms(d.SentAt), ms(d.SendUntil), ms(d.NextLook), d.LastReason)
	if err == nil {
		_, err = tx.exec(ctx, "INSERT INTO delivery_bodies (delivery, body) VALUES (?, ?)", id, body.bytes)
	}
	if err != nil {
		return 0, fmt.Errorf("form a delivery: %w", err)
	}
	return id, nil
}

// delivery is the id of the delivery that a put goes into, 0 for none or the one it is in.
func (w *page) delivery(p Put) int64 {
	if p.Batch < 0 {
		return 0
	}
	return w.deliveries[p.Batch]
}

func (w *page) putFirsts(ctx context.Context, tx *Tx) error {
	var excepted []int
	err := tx.bulk(ctx, "records", recordColumns, len(w.firsts), func(n int, args []any) {
		i := w.firsts[n]
		p := &w.Puts[i]
		version := int64(0)
		if p.Batch >= 0 {
			version = 1
		} else {
			excepted = append(excepted, i)
		}
		args[0], args[1], args[2], args[3], args[4] = w.stream, p.Key, w.ordinals[i], p.Source, p.Payload
		args[5], args[6], args[7] = version, w.delivery(*p), p.Held
		args[8], args[9], args[10] = int64(p.Starts), int64(p.Due), w.owners[i]
	})
	if err != nil {
		return err
	}
	return tx.bulk(ctx, "exceptions", exceptionColumns, len(excepted), func(n int, args []any) {
		i := excepted[n]
		p := &w.Puts[i]
		e := p.Exception
		args[0], args[1], args[2], args[3], args[4], args[5] = w.stream, p.Key, string(e.State), e.Reason, e.Detail.text(), tx.now
		args[6], args[7], args[8] = int64(p.Due), w.owners[i], e.Delivery
		args[9], args[10], args[11] = e.WaitsStream, e.WaitsKey, w.epoch
		if w.doubt {
			args[11] = int64(-1)
		}
	})
}

// text is the detail as it is stored.
func (d Detail) text() string {
	b, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(b)
}

// putAnswers notes which pulled entries the records answer.
func (w *page) putAnswers(ctx context.Context, tx *Tx) error {
	if w.answers == 0 {
		return nil
	}
	var answering []int
	for i, p := range w.Puts {
		if p.Answers != "" {
			answering = append(answering, i)
		}
	}
	err := tx.stage(ctx, "stage_answers", []string{"by_key", "key"}, len(answering), func(n int, args []any) {
		p := &w.Puts[answering[n]]
		args[0], args[1] = p.Key, p.Answers
	})
	if err != nil || len(answering) == 0 {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO answered (by_stream, by_key, stream, key)
		SELECT CAST(? AS INTEGER), by_key, CAST(? AS INTEGER), key FROM stage_answers WHERE TRUE
		ON CONFLICT (by_stream, by_key) DO UPDATE SET stream = excluded.stream, key = excluded.key`, w.stream, w.answers)
	if err != nil {
		return fmt.Errorf("note answered entries: %w", err)
	}
	return nil
}

// touch lets deliveries of other streams inherit the due day of what waits for them, and says how far the read has come.
func (w *page) touch(ctx context.Context, tx *Tx) error {
	for _, id := range sortedKeys(w.Touched) {
		due := w.Touched[id]
		_, err := tx.exec(ctx, "UPDATE deliveries SET due = ? WHERE id = ? AND state = 'waiting' AND (due = 0 OR due > ?)", due, id, due)
		if err != nil {
			return fmt.Errorf("hand on a due day: %w", err)
		}
	}
	if w.Read == 0 {
		return nil
	}
	_, err := tx.exec(ctx, "UPDATE reads SET row_count = ?, excluded = excluded + ? WHERE id = ?", w.Rows, w.Excluded, w.Read)
	if err != nil {
		return fmt.Errorf("note the read's progress: %w", err)
	}
	return nil
}
