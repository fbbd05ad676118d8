package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

const channelColumns = `SELECT name, base, mock, stopped, stop_reason, stopped_by, break_until, last_contact, last_proof, clock_offset,
	blocked 	FROM channels `

func scanChannel(rows *sql.Rows, c *ChannelState) error {
	return rows.Scan(&c.Channel, &c.Base, &c.Mock, &c.Stopped, &c.StopReason, &c.StoppedBy, instant{&c.BreakUntil},
		instant{&c.LastContact}, instant{&c.LastProof}, &c.ClockOffset, &c.Blocked)
}

// Ensure creates the control row of a channel, or checks it: when base differs, every proof taken against the old base is
// withdrawn (proven goes back to acknowledged, to be looked at again now) and said so, in records. What was seen or missed
// there before does not count either.
func (c *Channels) Ensure(ctx context.Context, channel, base string, mock bool) (withdrawn int64, err error) {
	err = c.db.transact(ctx, "channel", func(tx *Tx) error {
		withdrawn = 0
		created, err := tx.exec(ctx, `INSERT INTO channels (name, base, mock, epoch, blocked) SELECT CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BOOLEAN),
			(SELECT COALESCE(MAX(number), 0) FROM epochs), COALESCE((SELECT MAX(blocked) FROM channels), '') WHERE TRUE
			ON CONFLICT (name) DO NOTHING`, channel, base, mock)
		if err != nil || created > 0 {
			return err
		}
		changed, err := tx.exec(ctx, `UPDATE channels SET base = ?, last_proof = CASE WHEN base = ? THEN last_proof ELSE 0 END, mock = ?
			WHERE name = ? AND (base <> ? OR mock <> ?)`, base, base, mock, channel, base, mock)
		if err != nil || changed == 0 {
			return err
		}
		withdrawn, err = tx.withdraw(ctx, channel)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("control row of %s: %w", channel, err)
	}
	return withdrawn, nil
}

// withdraw takes back the proofs of a channel, delivery by delivery and exception by exception.
func (tx *Tx) withdraw(ctx context.Context, channel string) (records int64, err error) {
	err = tx.get(ctx, &records, "SELECT COALESCE(SUM(live), 0) FROM deliveries WHERE channel = ? AND state = 'proven'", channel)
	if err != nil {
		return 0, fmt.Errorf("count proofs: %w", err)
	}
	excepted, err := tx.exec(ctx, `UPDATE exceptions SET state = 'acknowledged', reason = ? WHERE state = 'proven'
		AND delivery IN (SELECT id FROM deliveries WHERE channel = ?)`, ReasonBaseChanged, channel)
	if err != nil {
		return 0, fmt.Errorf("withdraw proofs: %w", err)
	}
	_, err = tx.exec(ctx, `UPDATE deliveries SET state = CASE WHEN state = 'proven' THEN 'acknowledged' ELSE state END, proven_at = 0,
		first_absent = 0, next_look = ?, last_reason = ? WHERE channel = ? AND state IN ('proven', 'acknowledged', 'unknown')`,
		tx.now, ReasonBaseChanged, channel)
	if err != nil {
		return 0, fmt.Errorf("withdraw proofs: %w", err)
	}
	return records + excepted, nil
}

// Get is the control row; ErrNotFound before Ensure.
func (c *Channels) Get(ctx context.Context, channel string) (ChannelState, error) {
	rows, err := c.db.query(ctx, channelColumns+"WHERE name = ?", channel)
	all, err := collect(rows, err, scanChannel)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return ChannelState{}, fmt.Errorf("control row of %s: %w", channel, err)
	}
	return all[0], nil
}

// List is all control rows.
func (c *Channels) List(ctx context.Context) ([]ChannelState, error) {
	rows, err := c.db.query(ctx, channelColumns+"ORDER BY name")
	all, err := collect(rows, err, scanChannel)
	if err != nil {
		return nil, fmt.Errorf("list control rows: %w", err)
	}
	return all, nil
}

// Stop sets the stop switch: at once, for all daemons, until Resume.
func (c *Channels) Stop(ctx context.Context, channel, reason, by string) error {
	return c.set(ctx, channel, "UPDATE channels SET stopped = TRUE, stop_reason = ?, stopped_by = ? WHERE name = ?", reason, by, channel)
}

// Resume clears the stop switch and the breaker. Who did it stays beside it.
func (c *Channels) Resume(ctx context.Context, channel, by string) error {
	return c.set(ctx, channel, "UPDATE channels SET stopped = FALSE, stop_reason = '', stopped_by = ?, break_until = 0 WHERE name = ?", by, channel)
}

// Contact records that the far side answered, and how far its clock is off.
func (c *Channels) Contact(ctx context.Context, channel string, at time.Time, offset time.Duration) error {
	return c.set(ctx, channel, "UPDATE channels SET last_contact = ?, clock_offset = ? WHERE name = ?", ms(at), int64(offset), channel)
}

func (c *Channels) set(ctx context.Context, channel, query string, args ...any) error {
	err := c.db.transact(ctx, "channel", func(tx *Tx) error {
		n, err := tx.exec(ctx, query, args...)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("control row of %s: %w", channel, err)
	}
	return nil
}
