package store

import (
	"context"
	"database/sql"
	"fmt"
)

// The operations of a line: a first message of a record, and a later one.
const (
	insertLine = "I"
	updateLine = "U"
)

// A newer version is formed while its older one is on its way, as an update, and waits for it. Should the older one turn out
// never to have arrived, it is not sent any more, and the newer one is the first that the platform hears of: an update would
// be refused.

// unheard notes of records whose line no longer travels with a delivery that did not arrive that the platform holds nothing
// of them, if the line was their first message. It is called before the delivery waits again; of limits it to some keys, nil
// does not.
func (tx *Tx) unheard(ctx context.Context, stream, delivery int64, of []string) error {
	rows, err := tx.query(ctx, `SELECT x.key FROM dropped x JOIN deliveries d ON d.id = x.delivery
		WHERE x.delivery = ? AND x.attempt = d.attempt`, delivery)
	gone, err := collect(rows, err, func(rows *sql.Rows, key *string) error { return rows.Scan(key) })
	if err != nil {
		return fmt.Errorf("read dropped lines: %w", err)
	}
	if len(gone) == 0 {
		return nil
	}
	wanted := func(string) bool { return true }
	if of != nil {
		wanted = only(of)
	}
	lines, err := tx.body(ctx, delivery, only(gone))
	if err != nil {
		return err
	}
	var firsts []string
	for _, l := range lines {
		if l.Op == insertLine && wanted(l.Key) {
			firsts = append(firsts, l.Key)
		}
	}
	_, err = tx.exec(ctx, "UPDATE records SET held = FALSE WHERE stream = ? AND held AND key "+tx.db.d.among, stream, list(tx.db.d, firsts))
	if err != nil {
		return fmt.Errorf("note what the platform does not hold: %w", err)
	}
	return nil
}

// firsts turns the updates of a delivery into first messages, where the platform holds nothing of the record.
func (tx *Tx) firsts(ctx context.Context, delivery int64) error {
	lines, err := tx.body(ctx, delivery, nil)
	if err != nil {
		return err
	}
	var updates []string
	for _, l := range lines {
		if l.Op == updateLine {
			updates = append(updates, l.Key)
		}
	}
	rows, err := tx.query(ctx, `SELECT r.key FROM records r JOIN deliveries d ON d.stream = r.stream
		WHERE d.id = ? AND NOT r.held AND r.key `+tx.db.d.among, delivery, list(tx.db.d, updates))
	keys, err := collect(rows, err, func(rows *sql.Rows, key *string) error { return rows.Scan(key) })
	if err != nil {
		return fmt.Errorf("find first messages: %w", err)
	}
	if len(keys) == 0 {
		return nil
	}
	first := only(keys)
	for i := range lines {
		if lines[i].Op == updateLine && first(lines[i].Key) {
			lines[i].Op = insertLine
		}
	}
	return tx.rewrite(ctx, delivery, tx.db.pack(lines))
}

// rewrite replaces the body of a delivery that was not sent yet.
func (tx *Tx) rewrite(ctx context.Context, delivery int64, body packed) error {
	_, err := tx.exec(ctx, "UPDATE delivery_bodies SET body = ? WHERE delivery = ?", body.bytes, delivery)
	if err == nil {
		_, err = tx.exec(ctx, "UPDATE deliveries SET body_hash = ? WHERE id = ?", body.hash, delivery)
	}
	if err != nil {
		return fmt.Errorf("rewrite the body: %w", err)
	}
	return nil
}

// body reads the lines of a delivery that keep wants; nil keeps all.
func (tx *Tx) body(ctx context.Context, delivery int64, keep func(key string) bool) ([]Line, error) {
	var body []byte
	var rows int32
	var hash string
	err := tx.row(ctx, `SELECT b.body, d.lines, d.body_hash FROM delivery_bodies b JOIN deliveries d ON d.id = b.delivery
		WHERE b.delivery = ?`, delivery).Scan(&body, &rows, &hash)
	if err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	return unpack(body, hash, rows, keep)
}
