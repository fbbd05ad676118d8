package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"creditsync/mapping"

	"github.com/klauspost/compress/s2"
)

const deliveryColumns = `SELECT d.id, s.name, d.channel, d.resource, d.state, d.attempt, d.lines, d.live, d.due, d.rules, d.formed,
	d.sent_at, d.send_until, d.settled_at, d.proven_at, d.next_look, d.first_absent, d.last_reason, d.body_hash, d.receipts,
	ep.name, d.doubt, d.doubt AND d.epoch = s.epoch, s.doubt > 0
	FROM deliveries d JOIN streams s ON s.id = d.stream JOIN epochs ep ON ep.number = d.epoch `

// scan takes a row of deliveryColumns. The number is the name of the epoch that formed it and the id: the same over all
// attempts, and never used by a copy of this store for anything else.
func (d *Delivery) scan(row interface{ Scan(...any) error }) error {
	var epoch string
	err := row.Scan(&d.ID, &d.Stream, &d.Channel, &d.Resource, &d.State, &d.Attempt, &d.Rows, &d.Live, &d.Due, &d.Rules,
		instant{&d.Formed}, instant{&d.SentAt}, instant{&d.SendUntil}, instant{&d.SettledAt}, instant{&d.ProvenAt},
		instant{&d.NextLook}, instant{&d.FirstAbsent}, &d.LastReason, &d.BodyHash, &d.ReceiptCount,
		&epoch, &d.Doubt, &d.Anew, &d.Unread)
	d.Number = epoch + "-" + strconv.FormatInt(d.ID, 10)
	return err
}

func (d *Deliveries) list(ctx context.Context, where string, args ...any) ([]Delivery, error) {
	rows, err := d.db.query(ctx, deliveryColumns+where, args...)
	all, err := collect(rows, err, func(rows *sql.Rows, d *Delivery) error { return d.scan(rows) })
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return all, nil
}

// Get is one delivery; ErrNotFound if there is none.
func (d *Deliveries) Get(ctx context.Context, id int64) (Delivery, error) {
	all, err := d.list(ctx, "WHERE d.id = ?", id)
	if err != nil {
		return Delivery{}, err
	}
	if len(all) == 0 {
		return Delivery{}, fmt.Errorf("delivery %d: %w", id, ErrNotFound)
	}
	return all[0], nil
}

// List pages through deliveries, newest first: Stream, State and Until select, After is the last id seen, in decimal.
func (d *Deliveries) List(ctx context.Context, f Filter) ([]Delivery, error) {
	var w where
	w.add(f.Stream != "", "s.name = ?", f.Stream)
	w.add(f.State != "", "d.state = ?", string(f.State))
	w.add(f.Until != 0, "d.due > 0 AND d.due <= ?", int64(f.Until))
	if f.After != "" {
		id, err := strconv.ParseInt(f.After, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("list deliveries after %q: %w", f.After, err)
		}
		w.add(true, "d.id < ?", id)
	}
	return d.list(ctx, w.String()+" ORDER BY d.id DESC LIMIT ?", append(w.args, f.limit())...)
}

// ToLook gives deliveries of a channel whose next look is due, earliest due first, without their bodies.
func (d *Deliveries) ToLook(ctx context.Context, channel string, limit int) ([]Delivery, error) {
	now, err := d.db.clock(ctx, d.db.read)
	if err != nil {
		return nil, err
	}
	return d.list(ctx, "WHERE d.channel = ? AND d.next_look > 0 AND d.next_look <= ? ORDER BY (d.due = 0), d.due, d.id LIMIT ?",
		channel, now, limit)
}

// Lines gives the whole body as it was formed.
func (d *Deliveries) Lines(ctx context.Context, id int64) ([]Line, error) {
	return d.lines(ctx, id, nil)
}

// Open gives the lines of a delivery that are still unsettled: the body without what did not travel in the last attempt or
// is looked for no more, and without final exceptions.
func (d *Deliveries) Open(ctx context.Context, id int64) ([]Line, error) {
	delivery, err := d.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	query, args, keep := closedLines, []any{id, id}, without
	if delivery.State == Proven {
		query, args, keep = "SELECT key FROM exceptions WHERE delivery = ? AND state IN ('unknown', 'acknowledged')", args[:1], only
	}
	rows, err := d.db.query(ctx, query, args...)
	keys, err := collect(rows, err, func(rows *sql.Rows, key *string) error { return rows.Scan(key) })
	if err != nil {
		return nil, fmt.Errorf("open lines of delivery %d: %w", id, err)
	}
	return d.lines(ctx, id, keep(keys))
}

// closedLines: what did not travel, what was superseded once the outcome is known, and what has fared differently for good.
const closedLines = `SELECT x.key FROM dropped x JOIN deliveries d ON d.id = x.delivery
	WHERE x.delivery = ? AND (x.attempt < d.attempt OR d.state IN ('waiting', 'void') OR d.state NOT IN ('sending', 'unknown')
		AND EXISTS (SELECT 1 FROM records r WHERE r.stream = d.stream AND r.key = x.key AND r.delivery <> x.delivery))
	UNION SELECT e.key FROM exceptions e WHERE e.delivery = ? AND e.state NOT IN ('unknown', 'acknowledged')`

func only(keys []string) func(string) bool {
	set := make(map[string]struct{}, len(keys))
	for _, k := range keys {
		set[k] = struct{}{}
	}
	return func(key string) bool {
		_, found := set[key]
		return found
	}
}

func without(keys []string) func(string) bool {
	gone := only(keys)
	return func(key string) bool { return !gone(key) }
}

func (d *Deliveries) lines(ctx context.Context, id int64, keep func(string) bool) ([]Line, error) {
	var body []byte
	var rows int32
	var hash string
	err := d.db.row(ctx, "SELECT b.body, d.lines, d.body_hash FROM delivery_bodies b JOIN deliveries d ON d.id = b.delivery WHERE b.delivery = ?", id).
		Scan(&body, &rows, &hash)
	if none(err) {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("lines of delivery %d: %w", id, err)
	}
	lines, err := unpack(body, hash, rows, keep)
	if err != nil {
		return nil, fmt.Errorf("lines of delivery %d: %w", id, err)
	}
	return lines, nil
}

// Receipts is what was kept of the answers to a delivery, uncompressed, attempt after attempt; empty if none.
func (d *Deliveries) Receipts(ctx context.Context, id int64) ([]byte, error) {
	rows, err := d.db.query(ctx, "SELECT body FROM delivery_receipts WHERE delivery = ? ORDER BY attempt", id)
	bodies, err := collect(rows, err, func(rows *sql.Rows, b *[]byte) error { return rows.Scan(b) })
	if err != nil {
		return nil, fmt.Errorf("receipts of delivery %d: %w", id, err)
	}
	var all []byte
	for _, b := range bodies {
		answer, err := s2.Decode(nil, b)
		if err != nil {
			return nil, fmt.Errorf("receipts of delivery %d: %w", id, err)
		}
		all = append(all, answer...)
	}
	return all, nil
}

// where gathers the conditions of a listing.
type where struct {
	conditions []string
	args       []any
}

func (w *where) add(yes bool, condition string, args ...any) {
	if yes {
		w.conditions = append(w.conditions, condition)
		w.args = append(w.args, args...)
	}
}

func (w *where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(w.conditions, " AND ")
}

func (f Filter) limit() int { return limit(f.Limit) }

func limit(n int) int {
	if n <= 0 {
		return 100
	}
	return n
}

// nextDay is the first instant after a day in China, which has kept UTC+8 without summer time since 1991.
func nextDay(d mapping.Date) int64 { return (int64(d)+1)*86_400_000 - 8*3_600_000 }
