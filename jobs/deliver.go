package jobs

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"creditsync/connector"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// laneTime is how long one run of a lane lasts, so that a newly urgent delivery, a stop or a change of rules is seen soon.
const laneTime = 10 * time.Second

// Deliver runs one lane of a channel: it claims the most urgent delivery, pushes it and settles it while it claims the
// next, until nothing is due or the lane's time is over. Failures of the far side are recorded with the deliveries and are
// no errors of the job. target is a channel, or channel#n for its nth lane.
func Deliver(ctx context.Context, d Deps, target string) error {
	return run(ctx, d, JobDeliver, target, func(ctx context.Context, r *running) error {
		l, err := newDelivering(d, r, target)
		if err != nil {
			return err
		}
		err = l.drive(ctx)
		return errors.Join(err, l.leave(ctx))
	})
}

// delivering is one lane while it runs.
type delivering struct {
	d       Deps
	run     *running
	target  string
	name    string // of the channel
	channel connector.Channel
	limits  connector.Limits
	timeout time.Duration
	began   time.Time
	failed  int  // attempts in a row that no answer came to
	settled int  // attempts whose outcome stands
	more    bool // the lane ended by its time, not because there was nothing to do
	contact time.Time
}

func newDelivering(d Deps, r *running, target string) (*delivering, error) {
	name := channelOf(target)
	ch, ok := d.Channels[name]
	if !ok {
		return nil, &Failure{What: NoSuchChannel, Args: []string{"", name}}
	}
	return &delivering{d: d, run: r, target: target, name: name, channel: ch, limits: ch.Limits(),
		timeout: timeout(ch, d.Rules()), began: d.Now()}, nil
}

// drive is the lane: claim, push, settle with the next claim.
func (l *delivering) drive(ctx context.Context) error {
	var last *store.Outcome
	for {
		if l.over(ctx) {
			l.more = true
			return l.settle(ctx, last)
		}
		began := l.d.Now()
		claimed, err := l.claim(ctx, last, began)
		if err != nil {
			return err
		}
		last = nil
		if claimed.Delivery == nil {
			if again, err := l.pause(ctx, claimed); !again || err != nil {
				return err
			}
			continue
		}
		o, err := l.attempt(ctx, claimed, began)
		if err != nil {
			return err
		}
		last = &o
	}
}

func (l *delivering) over(ctx context.Context) bool {
	return ctx.Err() != nil || l.d.Now().Sub(l.began) >= laneTime
}

// claim settles the last attempt and takes the next delivery, in one transaction. If the last attempt has been moved by
// another meanwhile, its outcome is void and the delivery is claimed alone.
func (l *delivering) claim(ctx context.Context, last *store.Outcome, now time.Time) (store.Claimed, error) {
	quiet, until := quiet(l.limits.Quiet, now)
	req := store.ClaimRequest{Channel: l.name, PerSecond: l.limits.PerSecond, InFlight: l.limits.InFlight, Daily: l.limits.Daily,
		Quiet: quiet, Timeout: l.timeout, Today: mapping.DateOf(now)}
	claimed, err := l.d.Store.Deliveries.Claim(ctx, last, req)
	if errors.Is(err, store.ErrStale) && last != nil {
		if err := l.stale(ctx, last); err != nil {
			return claimed, err
		}
		last = nil
		claimed, err = l.d.Store.Deliveries.Claim(ctx, nil, req)
	}
	if err != nil {
		return claimed, err
	}
	if last != nil {
		l.settled++
	}
	if claimed.Reason == store.QuietHours {
		claimed.Until = until
	}
	return claimed, nil
}

// defaultTimeout is how long an attempt may last when the profile does not say.
const defaultTimeout = time.Minute

// timeout is how long one attempt of any of the channel's resources may last: the intent is committed before the lane
// knows what it is handed.
func timeout(ch connector.Channel, rules *Rules) time.Duration {
	var longest time.Duration
	for _, stream := range rules.Streams(mapping.Push) {
		plan, _ := rules.Plan(stream)
		if res, ok := ch.Resource(plan.Spec().Resource); ok {
			longest = max(longest, res.SendTimeout)
		}
	}
	if longest <= 0 {
		return defaultTimeout
	}
	return longest
}

// longestPause is how long a lane waits for its turn before it ends instead.
const longestPause = 2 * time.Second

// pause decides what an empty claim means: the rate's turn is waited for, everything else ends the lane.
func (l *delivering) pause(ctx context.Context, c store.Claimed) (again bool, err error) {
	l.run.run.Reason = c.Reason
	if c.Reason != store.RateLimit || c.Until.IsZero() {
		return false, nil
	}
	now, err := l.d.Store.Now(ctx)
	if err != nil {
		return false, err
	}
	pause := min(max(c.Until.Sub(now), time.Millisecond), longestPause)
	if err := l.d.wait(ctx, pause); err != nil {
		return false, err
	}
	return true, nil
}

// attempt pushes one delivery. No byte may leave after the time that was committed with the intent: the context ends that
// long after the claim began.
func (l *delivering) attempt(ctx context.Context, c store.Claimed, began time.Time) (store.Outcome, error) {
	del := *c.Delivery
	left := l.timeout - l.d.Now().Sub(began)
	if res, ok := l.channel.Resource(del.Resource); ok && res.SendTimeout > 0 {
		left = min(left, res.SendTimeout)
	}
	l.run.count("attempts", 1)
	if left <= 0 {
		return l.conclude(ctx, del, c.Lines, report{err: &connector.Reason{What: ClaimedTooLate, Sent: connector.NotSent, Retry: true}})
	}
	push, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	p := pusher{channel: l.channel, wait: l.d.wait, pace: pace(l.limits)}
	return l.conclude(ctx, del, c.Lines, p.push(push, batch(del, c.Lines)))
}

func batch(del store.Delivery, lines []store.Line) connector.Batch {
	b := connector.Batch{Resource: del.Resource, Number: del.Number, Records: make([]connector.Outgoing, len(lines))}
	for i, line := range lines {
		b.Records[i] = connector.Outgoing{ID: line.Key, Op: connector.Operation(line.Op), Payload: line.Payload}
	}
	return b
}

// conclude turns what came back into the outcome, and says in the log what is worth it.
func (l *delivering) conclude(ctx context.Context, del store.Delivery, lines []store.Line, rep report) (store.Outcome, error) {
	res, _ := l.channel.Resource(del.Resource)
	now, err := l.d.Store.Now(context.WithoutCancel(ctx))
	if err != nil {
		return store.Outcome{}, err
	}
	if rep.err == nil {
		l.failed, l.contact = 0, now
	} else {
		l.failed++
	}
	o := settle(del, lines, rep, res, now, l.failed)
	l.tally(o, len(lines))
	o.Events = l.run.own(attempted(del, o, rep))
	return o, nil
}

func (l *delivering) tally(o store.Outcome, lines int) {
	switch {
	case o.NotSent:
		l.run.count("not_sent", int64(lines))
		return
	case o.Unknown:
		l.run.count("unknown", int64(lines))
		return
	}
	l.run.count("acknowledged", int64(lines-len(o.Exceptions)))
	for _, e := range o.Exceptions {
		l.run.count(string(e.State), 1)
	}
}

// attempted are the log's lines of one attempt: one if all went well, more where a person should look.
func attempted(del store.Delivery, o store.Outcome, rep report) []store.Event {
	e := store.Event{Kind: KindAttempt, Stream: del.Stream, Delivery: del.ID, Attempt: del.Attempt, Reason: o.Reason,
		Detail: map[string]any{"records": rep.sent, "accepted": o.Count, "excepted": len(o.Exceptions)}}
	if o.Words != "" {
		e.Detail["words"] = o.Words
	}
	events := []store.Event{e}
	if rep.strangers > 0 {
		events = append(events, store.Event{Kind: KindDecision, Stream: del.Stream, Delivery: del.ID, Attempt: del.Attempt,
			Reason: Strangers, Detail: map[string]any{"receipts": rep.strangers}})
	}
	if !o.BreakUntil.IsZero() {
		events = append(events, store.Event{Kind: KindDecision, Stream: del.Stream, Delivery: del.ID, Attempt: del.Attempt,
			Reason: ChannelBreaking, Detail: map[string]any{"until": o.BreakUntil.UTC().Format(time.RFC3339), "cause": o.Reason}})
	}
	return events
}

func (l *delivering) settle(ctx context.Context, o *store.Outcome) error {
	if o == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	switch err := l.d.Store.Deliveries.Settle(ctx, *o); {
	case errors.Is(err, store.ErrStale):
		return l.stale(ctx, o)
	case err != nil:
		return err
	default:
		l.settled++
	}
	return nil
}

// stale is an attempt whose outcome came too late: it expired, and is looked for. The log says what came all the same.
func (l *delivering) stale(ctx context.Context, o *store.Outcome) error {
	l.run.count("stale", 1)
	return l.run.say(context.WithoutCancel(ctx), o.Events...)
}

// leave ends the lane: what was settled is to be proven, and a lane that ended by its time goes on in another run.
func (l *delivering) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	if !l.contact.IsZero() {
		if err := l.d.Store.Channels.Contact(ctx, l.name, l.contact, offset(l.channel)); err != nil {
			return fmt.Errorf("contact with %s: %w", l.name, err)
		}
	}
	if l.settled > 0 {
		if err := l.d.enqueue(ctx, nil, Work{Job: JobProve, Target: l.name}); err != nil {
			return err
		}
	}
	if l.more {
		return l.d.enqueue(ctx, nil, Work{Job: JobDeliver, Target: l.target, Slot: "after " + strconv.FormatInt(l.run.run.ID, 10)})
	}
	return nil
}

// offset is how far the far side's clock is ahead of ours, where the channel measures it.
func offset(ch connector.Channel) time.Duration {
	if c, ok := ch.(interface{ Offset() (time.Duration, bool) }); ok {
		off, _ := c.Offset()
		return off
	}
	return 0
}

// pace is the shortest time between two calls.
func pace(l connector.Limits) time.Duration {
	if l.PerSecond <= 0 {
		return 0
	}
	return time.Duration(float64(time.Second) / l.PerSecond)
}

// quiet says whether now, in its own location, lies in a window when nothing is sent, and when that ends. A window whose
// end is not after its beginning runs past midnight and belongs to the day it begins on.
func quiet(windows []connector.Window, now time.Time) (is bool, until time.Time) {
	y, m, day := now.Date()
	for _, w := range windows {
		for _, back := range []int{0, 1} {
			midnight := time.Date(y, m, day-back, 0, 0, 0, 0, now.Location())
			from, to := midnight.Add(w.From), midnight.Add(w.To)
			if w.To <= w.From {
				to = to.AddDate(0, 0, 1)
			}
			if w.Days[midnight.Weekday()] && !now.Before(from) && now.Before(to) && to.After(until) {
				is, until = true, to
			}
		}
	}
	return is, until
}
