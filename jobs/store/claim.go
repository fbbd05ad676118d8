package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Claim hands out the most urgent delivery and commits the intent to send it. With settle not nil, the outcome of the
// lane's last attempt is settled in the same transaction first.
//
// The order: what can still be in time, by due day; then what is overdue, by due day; then what has none. The gates stand
// in the channel's control row, whose lock makes them hold for all daemons together.
func (d *Deliveries) Claim(ctx context.Context, settle *Outcome, c ClaimRequest) (Claimed, error) {
	var o outcome
	var err error
	if settle != nil {
		if o, err = d.prepare(ctx, *settle); err != nil {
			return Claimed{}, fmt.Errorf("claim for %s: %w", c.Channel, err)
		}
	}
	var got claim
	err = d.db.transact(ctx, "claim", func(tx *Tx) error {
		if settle != nil {
			if err := o.settle(ctx, tx); err != nil {
				return fmt.Errorf("settle delivery %d: %w", o.Delivery, err)
			}
		}
		got = claim{ClaimRequest: c}
		return got.run(ctx, tx)
	})
	if err != nil {
		claimed, err := d.goneBack(ctx, err)
		if err != nil {
			return Claimed{}, fmt.Errorf("claim for %s: %w", c.Channel, err)
		}
		return claimed, nil
	}
	d.db.memory.note(got.gate.epoch, map[string]int64{c.Channel: got.gate.claims}, 0)
	if got.picked.id == 0 {
		return got.claimed, nil
	}
	return d.handOut(ctx, got)
}

// handOut reads what was claimed once the channel's row is free for other lanes. Should it fail, the intent stands, and
// what may have been sent by it is looked up in time.
func (d *Deliveries) handOut(ctx context.Context, c claim) (Claimed, error) {
	del, err := d.Get(ctx, c.picked.id)
	if err != nil {
		return Claimed{}, err
	}
	var body []byte
	if err := d.db.get(ctx, &body, "SELECT body FROM delivery_bodies WHERE delivery = ?", del.ID); err != nil {
		return Claimed{}, fmt.Errorf("body of delivery %d: %w", del.ID, err)
	}
	lines, err := unpack(body, del.BodyHash, del.Rows, without(c.dropped))
	return Claimed{Delivery: &del, Lines: lines}, err
}

// claim is one request on its way through the gates.
type claim struct {
	ClaimRequest
	gate    gate
	claimed Claimed // a refusal
	picked  picked
	dropped []string
}

// picked is the delivery to be handed out; id is 0 if there is none.
type picked struct {
	id      int64
	waited  bool // for another one
	dropped bool // some of its lines are
}

// gate is the part of the control row that decides.
type gate struct {
	stopped    bool
	breakUntil int64
	arrival    int64 // microseconds
	day, used  int64
	epoch      int64
	claims     int64 // handed out so far
	blocked    string
}

func (c *claim) run(ctx context.Context, tx *Tx) error {
	err := tx.row(ctx, `SELECT stopped, break_until, arrival, quota_day, quota_used, epoch, claims, blocked
		FROM channels WHERE name = ?`+tx.db.d.lock, c.Channel).Scan(&c.gate.stopped, &c.gate.breakUntil, &c.gate.arrival, &c.gate.day,
		&c.gate.used, &c.gate.epoch, &c.gate.claims, &c.gate.blocked)
	if none(err) {
		return fmt.Errorf("control row: %w", ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("control row: %w", err)
	}
	if err := c.remembered(tx); err != nil {
		return err
	}
	if err := c.check(ctx, tx); err != nil || c.claimed.Reason != "" {
		return err
	}
	if err := c.take(ctx, tx); err != nil || c.claimed.Reason != "" {
		return err
	}
	return c.charge(ctx, tx)
}

// remembered keeps a store that went back in time from handing out again what it handed out before.
func (c *claim) remembered(tx *Tx) error {
	if cause := tx.db.memory.judge(c.gate.epoch, tx.now); cause != "" {
		return errBack{cause}
	}
	if !tx.db.memory.counted(c.gate.epoch, c.Channel, c.gate.claims) {
		return errBack{CauseRolledBack}
	}
	return nil
}

func (c *claim) refuse(reason string, until int64) {
	c.claimed = Claimed{Reason: reason, Until: at(until)}
}

// check passes the gates one after another.
func (c *claim) check(ctx context.Context, tx *Tx) error {
	switch {
	case c.gate.blocked != "":
		c.refuse(Blocked, 0)
	case c.gate.stopped:
		c.refuse(Stopped, 0)
	case c.Quiet:
		c.refuse(QuietHours, 0)
	case c.gate.breakUntil > tx.now:
		c.refuse(Breaker, c.gate.breakUntil)
	case c.Daily > 0 && c.gate.day == int64(c.Today) && c.gate.used >= int64(c.Daily):
		c.refuse(DailyQuota, nextDay(c.Today))
	case c.early(tx.now) > 0:
		c.refuse(RateLimit, tx.now+c.early(tx.now))
	default:
		return c.flying(ctx, tx)
	}
	return nil
}

// burst is how far ahead of an even pace messages may go, so that a late lane loses no turn.
const burst = 100 * time.Millisecond

// early says how many milliseconds a message would come before the rate allows it (generic cell rate algorithm).
func (c *claim) early(now int64) int64 {
	if c.PerSecond <= 0 {
		return 0
	}
	return max(0, (c.gate.arrival-now*1000-burst.Microseconds()+999)/1000)
}

// flying counts what is under way. After a break one message goes ahead, until an answer closes the breaker.
func (c *claim) flying(ctx context.Context, tx *Tx) error {
	allowed := c.InFlight
	if c.gate.breakUntil > 0 {
		allowed = 1
	}
	if allowed <= 0 {
		return nil
	}
	var n, until int64
	err := tx.row(ctx, "SELECT COUNT(*), COALESCE(MIN(send_until), 0) FROM deliveries WHERE channel = ? AND state = 'sending' AND send_until > ?",
		c.Channel, tx.now).Scan(&n, &until)
	if err != nil {
		return fmt.Errorf("count what is under way: %w", err)
	}
	if n >= int64(allowed) {
		c.refuse(InFlight, until)
	}
	return nil
}

// take picks the most urgent delivery and commits the intent. One of which no line is left is concluded on the way.
func (c *claim) take(ctx context.Context, tx *Tx) error {
	for {
		p, err := c.pick(ctx, tx)
		if err != nil {
			return err
		}
		if p.id == 0 {
			return c.nothing(ctx, tx)
		}
		if c.dropped = nil; p.dropped {
			void, err := c.emptied(ctx, tx, p.id)
			if err != nil {
				return err
			}
			if void {
				continue
			}
		}
		return c.intend(ctx, tx, p)
	}
}

// emptied reads the dropped lines of a delivery and concludes it if there are no others.
func (c *claim) emptied(ctx context.Context, tx *Tx, id int64) (bool, error) {
	rows, err := tx.query(ctx, "SELECT key FROM dropped WHERE delivery = ?", id)
	if c.dropped, err = collect(rows, err, func(rows *sql.Rows, key *string) error { return rows.Scan(key) }); err != nil {
		return false, fmt.Errorf("read dropped lines: %w", err)
	}
	void, err := tx.exec(ctx, `UPDATE deliveries SET state = 'void', settled_at = ?, last_reason = ?
		WHERE id = ? AND lines <= ? AND `+Emptied.from(), tx.now, ReasonVoid, id, len(c.dropped))
	if err != nil {
		return false, fmt.Errorf("conclude an empty delivery: %w", err)
	}
	return void > 0, nil
}

// pick asks for the windows of due days in the order of urgency.
func (c *claim) pick(ctx context.Context, tx *Tx) (p picked, err error) {
	today := int64(c.Today)
	for _, window := range [][2]int64{{max(today, 1), 1 << 30}, {1, today - 1}, {0, 0}} {
		err := tx.row(ctx, `SELECT d.id, EXISTS (SELECT 1 FROM needs w WHERE w.delivery = d.id), EXISTS (SELECT 1 FROM dropped x WHERE x.delivery = d.id)
			FROM deliveries d
			WHERE d.channel = ? AND d.state = 'waiting' AND d.due BETWEEN ? AND ? AND d.retry_at <= ?
				AND d.stream NOT IN (SELECT id FROM streams WHERE doubt > 0) AND NOT EXISTS (
				SELECT 1 FROM needs n JOIN deliveries o ON o.id = n.needs
				WHERE n.delivery = d.id AND o.state IN ('sending', 'unknown'))
			ORDER BY d.due, d.id LIMIT 1`+tx.db.d.skip, c.Channel, window[0], window[1], tx.now).Scan(&p.id, &p.waited, &p.dropped)
		if err == nil {
			return p, nil
		}
		if !none(err) {
			return picked{}, fmt.Errorf("pick a delivery: %w", err)
		}
	}
	return picked{}, nil
}

func (c *claim) intend(ctx context.Context, tx *Tx, p picked) error {
	n, err := tx.exec(ctx, `UPDATE deliveries SET state = 'sending', attempt = attempt + 1, sent_at = ?, send_until = ?,
		settled_at = 0, next_look = 0, first_absent = 0, retry_at = 0, doubt = FALSE WHERE id = ? AND `+Intended.from(), tx.now, tx.now+c.Timeout.Milliseconds(), p.id)
	if err == nil && n == 0 {
		err = ErrStale
	}
	if err != nil {
		return fmt.Errorf("note the intent: %w", err)
	}
	c.picked = p
	if p.waited {
		return tx.firsts(ctx, p.id)
	}
	return nil
}

// nothing says when asking again makes sense.
func (c *claim) nothing(ctx context.Context, tx *Tx) error {
	var until int64
	err := tx.get(ctx, &until, "SELECT COALESCE(MIN(retry_at), 0) FROM deliveries WHERE channel = ? AND state = 'waiting' AND retry_at > ?",
		c.Channel, tx.now)
	if err != nil {
		return fmt.Errorf("look ahead: %w", err)
	}
	c.refuse(NothingDue, until)
	return nil
}

// charge takes the message off the rate and the quota.
func (c *claim) charge(ctx context.Context, tx *Tx) error {
	arrival, used := c.gate.arrival, int64(1)
	if c.PerSecond > 0 {
		arrival = max(arrival, tx.now*1000) + int64(1e6/c.PerSecond)
	}
	if c.gate.day == int64(c.Today) {
		used = c.gate.used + 1
	}
	_, err := tx.exec(ctx, "UPDATE channels SET arrival = ?, quota_day = ?, quota_used = ?, claims = claims + 1 WHERE name = ?", arrival, c.Today, used,
		c.Channel)
	if err != nil {
		return fmt.Errorf("charge the channel: %w", err)
	}
	c.gate.claims++
	return nil
}

// NextDue says when a claim or a look of the channel makes sense again; zero: not before something new is collected.
func (d *Deliveries) NextDue(ctx context.Context, channel string) (time.Time, error) {
	now, err := d.db.clock(ctx, d.db.read)
	if err != nil {
		return time.Time{}, err
	}
	var next int64
	err = d.db.get(ctx, &next, `SELECT COALESCE(MIN(t), -1) FROM (
		SELECT MIN(CASE WHEN d.retry_at > c.break_until THEN d.retry_at ELSE c.break_until END) AS t
			FROM deliveries d JOIN channels c ON c.name = d.channel
			WHERE d.channel = ? AND d.state = 'waiting' AND NOT c.stopped AND c.blocked = ''
				AND d.stream NOT IN (SELECT id FROM streams WHERE doubt > 0) AND NOT EXISTS (
				SELECT 1 FROM needs n JOIN deliveries o ON o.id = n.needs WHERE n.delivery = d.id AND o.state IN ('sending', 'unknown'))
		UNION ALL SELECT MIN(next_look) FROM deliveries WHERE channel = ? AND next_look > 0
		UNION ALL SELECT MIN(send_until) FROM deliveries WHERE channel = ? AND state = 'sending') times`, channel, channel, channel)
	if err != nil {
		return time.Time{}, fmt.Errorf("look ahead on %s: %w", channel, err)
	}
	if next < 0 {
		return time.Time{}, nil
	}
	return at(max(next, now)), nil
}
