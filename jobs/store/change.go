package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// putChanged writes the records of a page that were known before.
func (w *page) putChanged(ctx context.Context, tx *Tx) error {
	if len(w.changed) == 0 {
		return nil
	}
	err := tx.stage(ctx, "stage_puts", putColumns, len(w.changed), func(n int, args []any) {
		i := w.changed[n]
		p := &w.Puts[i]
		var e Exception
		if p.Exception != nil {
			e = *p.Exception
		}
		bump := int64(0)
		if p.Batch >= 0 {
			bump = 1
		}
		args[0], args[1], args[2], args[3], args[4], args[5] = p.Key, int64(p.Known.Version), bump, w.delivery(*p), p.Source, p.Payload
		args[6], args[7], args[8], args[9] = p.Held, int64(p.Starts), int64(p.Due), w.owners[i]
		args[10], args[11], args[12], args[13], args[14] = string(e.State), e.Reason, e.Detail.text(), tx.now, e.Delivery
		args[15], args[16], args[17], args[18] = e.WaitsStream, e.WaitsKey, int64(0), ""
	})
	if err != nil {
		return err
	}
	if err := tx.supersede(ctx, w.stream, len(w.changed)); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE records SET source = s.source, payload = s.payload, version = records.version + s.bump,
			delivery = CASE WHEN s.delivery = 0 THEN records.delivery ELSE s.delivery END,
			held = s.held, starts = s.starts, due = s.due, owner = s.owner
		FROM stage_puts s WHERE records.stream = ? AND records.key IN (SELECT key FROM stage_puts) AND records.key = s.key`, w.stream)
	if err != nil {
		return fmt.Errorf("change records: %w", err)
	}
	return nil
}

// step is one of the statements that bring the tables from what stood for records to what is staged for them. Each takes
// the stream's id as often as it says.
type step struct {
	what, query string
	streams     int
}

// outcomes are the states of exceptions that came from the platform. A record that stays where it is keeps them.
const outcomes = "'rejected', 'unknown', 'acknowledged', 'proven'"

// before reads what stands for the staged records. Their deliveries are locked first, in the order of their ids, so that
// no lane claims or settles one meanwhile.
func before(d dialect) []step {
	return []step{
		{"lock deliveries", `SELECT id FROM deliveries WHERE id IN (SELECT r.delivery FROM records r
			WHERE r.stream = ? AND r.key IN (SELECT key FROM stage_puts)) ORDER BY id` + d.lock, 1},
		{"compare records", `UPDATE stage_puts SET old_delivery = r.delivery, old_state = COALESCE((SELECT e.state FROM exceptions e
				WHERE e.stream = r.stream AND e.key = r.key), ''),
				state = CASE WHEN stage_puts.state = '' AND stage_puts.delivery = 0 AND EXISTS (SELECT 1 FROM exceptions e
					WHERE e.stream = r.stream AND e.key = r.key AND e.state IN (` + outcomes + `)) THEN 'kept' ELSE stage_puts.state END
			FROM records r LEFT JOIN deliveries d ON d.id = r.delivery
				LEFT JOIN exceptions e ON e.stream = r.stream AND e.key = r.key
				LEFT JOIN dropped x ON x.delivery = r.delivery AND x.key = r.key
			WHERE r.stream = ? AND r.key IN (SELECT key FROM stage_puts) AND r.key = stage_puts.key AND r.version = stage_puts.known
				AND (stage_puts.delivery = 0 OR stage_puts.held = ` + mayHold + `)`, 1},
	}
}

// after: a line that may still go is dropped when its record moves on or is kept back. One that is acknowledged is dropped
// when its record moves on: it will be looked for no more. One that has fared differently is gone for good.
func after() []step {
	return []step{
		{"doubt what goes out", `UPDATE deliveries SET state = 'unknown', attempt = 1, doubt = TRUE, sent_at = deliveries.formed,
			send_until = ep.until, next_look = deliveries.formed, last_reason = '` + ReasonEpoch + `'
			FROM epochs ep, (SELECT DISTINCT s.delivery, st.epoch FROM stage_puts s JOIN streams st ON st.id = ?
				JOIN exceptions e ON e.stream = st.id AND e.key = s.key
				WHERE s.delivery <> 0 AND e.assured < st.epoch AND e.key IN (SELECT key FROM stage_puts)) out
			WHERE deliveries.id = out.delivery AND deliveries.state = 'waiting' AND ep.number = out.epoch`, 1},
		{"drop lines", `INSERT INTO dropped (delivery, key, attempt)
			SELECT s.old_delivery, s.key, CASE WHEN s.old_state IN (` + outcomes + `) THEN d.attempt - 1 ELSE d.attempt END
			FROM stage_puts s JOIN deliveries d ON d.id = s.old_delivery
			WHERE (s.delivery <> 0 OR s.state NOT IN ('', 'kept', ` + outcomes + `))
				AND (d.state IN ('waiting', 'sending', 'unknown') OR s.old_state IN (` + outcomes + `) OR s.delivery <> 0 AND d.state = 'acknowledged')
			ON CONFLICT (delivery, key) DO NOTHING`, 0},
		{"remember what may be held", `UPDATE records SET held = TRUE WHERE stream = ? AND NOT held AND key IN (
			SELECT key FROM stage_puts WHERE old_state IN ('unknown', 'acknowledged', 'proven'))`, 1},
		{"restore lines", `DELETE FROM dropped WHERE (delivery, key, attempt) IN (
			SELECT x.delivery, x.key, x.attempt FROM stage_puts s JOIN deliveries d ON d.id = s.old_delivery
			JOIN dropped x ON x.delivery = s.old_delivery AND x.key = s.key
			WHERE s.delivery = 0 AND s.state = '' AND s.old_state <> '' AND (d.state = 'waiting' OR d.state <> 'void' AND x.attempt = d.attempt))`, 0},
		{"note needs", `INSERT INTO needs (delivery, needs)
			SELECT DISTINCT s.delivery, d.id FROM stage_puts s JOIN deliveries d ON d.id = s.old_delivery
			WHERE s.delivery <> 0 AND d.state IN ('sending', 'unknown')
			UNION SELECT s.delivery, n.needs FROM stage_puts s JOIN needs n ON n.delivery = s.old_delivery WHERE s.delivery <> 0
			ON CONFLICT (delivery, needs) DO NOTHING`, 0},
		{"count live records", `UPDATE deliveries SET live = live + c.n FROM (
				SELECT delivery, SUM(n) AS n FROM (
					SELECT old_delivery AS delivery, -1 AS n FROM stage_puts WHERE old_state = ''
					UNION ALL SELECT CASE WHEN delivery = 0 THEN old_delivery ELSE delivery END, 1 FROM stage_puts WHERE state = ''
				) moves GROUP BY delivery HAVING SUM(n) <> 0) c
			WHERE deliveries.id = c.delivery`, 0},
		{"end exceptions", `DELETE FROM exceptions WHERE stream = ? AND key IN (
			SELECT key FROM stage_puts WHERE state = '' AND old_state <> '')`, 1},
		{"put exceptions", `INSERT INTO exceptions (stream, key, state, reason, detail, since, due, owner, delivery, waits_stream, waits_key, assured)
			SELECT r.stream, s.key, s.state, s.reason, s.detail, s.since, s.due, s.owner,
				CASE WHEN s.travelled = 0 AND s.state IN (` + outcomes + `) THEN s.old_delivery
					ELSE s.travelled END, s.waits_stream, s.waits_key, ` + assured + `
			FROM stage_puts s JOIN records r ON r.key = s.key
			WHERE r.stream = ? AND r.key IN (SELECT key FROM stage_puts) AND s.state NOT IN ('', 'kept')
			ON CONFLICT (stream, key) DO UPDATE SET state = excluded.state, reason = excluded.reason, detail = excluded.detail,
				since = CASE WHEN exceptions.state = excluded.state AND exceptions.reason = excluded.reason
					THEN exceptions.since ELSE excluded.since END,
				due = excluded.due, owner = excluded.owner, delivery = excluded.delivery,
				waits_stream = excluded.waits_stream, waits_key = excluded.waits_key`, 1},
	}
}

// supersede replaces what stands for the n staged records, their slim rows apart. The stream's lock must be held.
func (tx *Tx) supersede(ctx context.Context, stream int64, n int) error {
	var compared int64
	for _, s := range before(tx.db.d) {
		rows, err := tx.exec(ctx, s.query, stream)
		if err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
		compared = rows
	}
	if compared != int64(n) {
		return fmt.Errorf("%d of %d records: %w", int64(n)-compared, n, ErrStale)
	}
	for _, s := range after() {
		args := []any{stream}[:s.streams]
		if _, err := tx.exec(ctx, s.query, args...); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	return tx.carried(ctx)
}

// carried checks that no staged record counts on a delivery that goes, or went, without its line.
func (tx *Tx) carried(ctx context.Context) error {
	var lost int64
	err := tx.get(ctx, &lost, `SELECT COUNT(*) FROM stage_puts s JOIN deliveries d ON d.id = s.old_delivery
		JOIN dropped x ON x.delivery = d.id AND x.key = s.key WHERE s.delivery = 0 AND s.state = ''`)
	if err != nil {
		return fmt.Errorf("check lines: %w", err)
	}
	if lost != 0 {
		return fmt.Errorf("%d lines do not travel with their delivery: %w", lost, ErrStale)
	}
	return nil
}

// lockStream takes the lock under which records of a stream change.
func (tx *Tx) lockStream(ctx context.Context, stream int64) error {
	if _, err := tx.exec(ctx, "SELECT id FROM streams WHERE id = ?"+tx.db.d.lock, stream); err != nil {
		return fmt.Errorf("lock the stream: %w", err)
	}
	return nil
}
