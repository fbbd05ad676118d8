package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

func (r *Records) exceptions(ctx context.Context, where string, args ...any) ([]Exception, error) {
	rows, err := r.db.query(ctx, `SELECT s.name, e.key, e.state, e.reason, e.detail, e.since, e.due, COALESCE(u.name, ''), e.delivery,
			e.waits_stream, e.waits_key
		FROM exceptions e JOIN streams s ON s.id = e.stream LEFT JOIN units u ON u.id = e.owner `+where, args...)
	all, err := collect(rows, err, scanException)
	if err != nil {
		return nil, fmt.Errorf("list exceptions: %w", err)
	}
	return all, nil
}

func scanException(rows *sql.Rows, e *Exception) error {
	var detail []byte
	err := rows.Scan(&e.Stream, &e.Key, &e.State, &e.Reason, &detail, instant{&e.Since}, &e.Due, &e.Owner, &e.Delivery,
		&e.WaitsStream, &e.WaitsKey)
	if err != nil {
		return err
	}
	return json.Unmarshal(detail, &e.Detail)
}

// Exceptions pages through exceptions: stream and state may be empty for all; in order of due day, none last, then stream,
// then key.
func (r *Records) Exceptions(ctx context.Context, f Filter) ([]Exception, error) {
	w := f.where("e", "e.state")
	w.page(f, "e", "exceptions")
	return r.exceptions(ctx, w.String()+" ORDER BY (e.due = 0), e.due, s.name, e.key LIMIT ?", append(w.args, f.limit())...)
}

// Dues pages through records that are not proven, earliest due first: deadlines of what waits, is not ready, is unknown ...
// Missing and excluded records have no clock.
func (r *Records) Dues(ctx context.Context, f Filter) ([]Exception, error) {
	const state = "COALESCE(e.state, d.state)"
	w := f.where("r", state)
	w.add(true, "r.due > 0")
	w.add(true, state+" NOT IN ('proven', 'missing', 'excluded')")
	w.page(f, "r", "records")
	rows, err := r.db.query(ctx, `SELECT s.name, r.key, `+state+`, COALESCE(e.reason, d.last_reason, ''), COALESCE(e.detail, '{}'),
			COALESCE(e.since, CASE WHEN d.sent_at > 0 THEN d.sent_at ELSE d.formed END), r.due, COALESCE(u.name, ''), r.delivery,
			COALESCE(e.waits_stream, ''), COALESCE(e.waits_key, '')
		FROM records r JOIN streams s ON s.id = r.stream LEFT JOIN deliveries d ON d.id = r.delivery
		LEFT JOIN exceptions e ON e.stream = r.stream AND e.key = r.key LEFT JOIN units u ON u.id = r.owner `+
		w.String()+" ORDER BY (r.due = 0), r.due, s.name, r.key LIMIT ?", append(w.args, f.limit())...)
	all, err := collect(rows, err, scanException)
	if err != nil {
		return nil, fmt.Errorf("list due records: %w", err)
	}
	return all, nil
}

// where selects rows of the table with that alias.
func (f Filter) where(alias, state string) where {
	var w where
	w.add(f.Stream != "", "s.name = ?", f.Stream)
	w.add(f.State != "", state+" = ?", string(f.State))
	w.add(f.Owner != "", "u.name = ?", f.Owner)
	w.add(f.Key != "", alias+".key = ?", f.Key)
	w.add(f.Until != 0, alias+".due > 0 AND "+alias+".due <= ?", int64(f.Until))
	return w
}

// page goes on behind the row of f.After, which is looked up for its due day.
func (w *where) page(f Filter, alias, table string) {
	if f.After == "" {
		return
	}
	stream := f.Stream
	if stream == "" {
		stream = f.AfterStream
	}
	row := "(SELECT %s FROM " + table + " p JOIN streams ps ON ps.id = p.stream WHERE ps.name = ? AND p.key = ?)"
	due := fmt.Sprintf(row, "CASE WHEN p.due = 0 THEN 2147483647 ELSE p.due END")
	w.add(true, fmt.Sprintf("(CASE WHEN %[1]s.due = 0 THEN 2147483647 ELSE %[1]s.due END, s.name, %[1]s.key) > (%[2]s, ?, ?)", alias, due),
		stream, f.After, stream, f.After)
}
