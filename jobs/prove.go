package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"creditsync/connector"
	"creditsync/jobs/store"
)

const (
	// proveTime is how long one run lasts at most; what is left is for the next.
	proveTime = 10 * time.Second
	// looksAtOnce is how many deliveries are taken from the store together.
	looksAtOnce = 50
)

// Prove settles what is open on a channel by looking: it sees what is published, finds what got lost, and lets that go
// again only when it is sure that it did not arrive. It stops the legal clock of what it saw published.
func Prove(ctx context.Context, d Deps, channel string) error {
	return run(ctx, d, JobProve, channel, func(ctx context.Context, r *running) error {
		ch, ok := d.Channels[channel]
		if !ok {
			return &Failure{What: NoSuchChannel, Args: []string{"", channel}}
		}
		expired, err := d.Store.Deliveries.Expire(ctx)
		if err != nil {
			return err
		}
		r.count("expired", expired)
		return (&proving{d: d, run: r, name: channel, channel: ch, began: d.Now()}).drive(ctx)
	})
}

// proving is one run over the open deliveries of a channel.
type proving struct {
	d       Deps
	run     *running
	name    string
	channel connector.Channel
	began   time.Time
	resent  bool
}

func (p *proving) drive(ctx context.Context) error {
	for {
		open, err := p.d.Store.Deliveries.ToLook(ctx, p.name, looksAtOnce)
		if err != nil {
			return err
		}
		if len(open) == 0 {
			return p.leave(ctx, false)
		}
		for _, del := range open {
			if p.d.Now().Sub(p.began) >= proveTime {
				return p.leave(ctx, true)
			}
			if err := p.settle(ctx, del); err != nil {
				return errors.Join(err, p.leave(ctx, false))
			}
		}
	}
}

// leave hands on what this run leads to.
func (p *proving) leave(ctx context.Context, more bool) error {
	if p.resent {
		if err := p.d.lanes(ctx, nil, p.name, 1); err != nil {
			return err
		}
	}
	if more {
		return p.d.enqueue(ctx, nil, Work{Job: JobProve, Target: p.name, Slot: fmt.Sprintf("after %d", p.run.run.ID)})
	}
	return nil
}

// settle looks at one delivery and records what was seen.
func (p *proving) settle(ctx context.Context, del store.Delivery) error {
	res, ok := p.channel.Resource(del.Resource)
	if !ok {
		return &Failure{What: NoSuchResource, Args: []string{del.Stream, del.Resource, p.name}}
	}
	now, err := p.d.Store.Now(ctx)
	if err != nil {
		return err
	}
	if del.State == store.Unknown && res.RepeatIsHarmless && !(del.Doubt && (res.CanLook || del.Unread)) {
		return p.repeat(ctx, del, now)
	}
	lines, err := p.d.Store.Deliveries.Open(ctx, del.ID)
	if err != nil {
		return err
	}
	unknown, err := p.unknown(ctx, del, lines)
	if err != nil {
		return err
	}
	var sights map[string]connector.Sight
	if res.CanLook {
		if sights, err = p.look(ctx, del, lines, res); err != nil {
			return p.postpone(ctx, del, now, err)
		}
	}
	seen := judge(del, lines, unknown, sights, res, now)
	return p.record(ctx, del, seen)
}

// repeat sends the same delivery again where the profile says that the same id twice is one record.
func (p *proving) repeat(ctx context.Context, del store.Delivery, now time.Time) error {
	err := p.d.Store.Deliveries.Repeat(ctx, del.ID, del.Attempt, now.Add(backoff(int(del.Attempt))))
	if errors.Is(err, store.ErrStale) {
		return nil
	}
	if err != nil {
		return err
	}
	p.resent = true
	p.run.count("repeated", int64(del.Rows))
	return p.run.say(ctx, store.Event{Kind: KindDecision, Stream: del.Stream, Delivery: del.ID, Attempt: del.Attempt, Reason: Repeated})
}

// unknown says which of the open records have no receipt: in a delivery of unknown outcome all but those seen accepted, in
// an answered one those that were passed over.
func (p *proving) unknown(ctx context.Context, del store.Delivery, lines []store.Line) (func(key string) bool, error) {
	keys := make([]string, len(lines))
	for i := range lines {
		keys[i] = lines[i].Key
	}
	known, err := p.d.Store.Records.Known(ctx, del.Stream, keys)
	if err != nil {
		return nil, err
	}
	return func(key string) bool {
		k := known[key]
		if k.Delivery != del.ID || !published(k.State) && k.State != store.Rejected { // it moved on, or was kept back meanwhile
			return del.State == store.Unknown
		}
		return k.State == store.Unknown
	}, nil
}

// look asks the far side for the lines, as many at a time as it allows.
func (p *proving) look(ctx context.Context, del store.Delivery, lines []store.Line, res connector.Resource) (map[string]connector.Sight, error) {
	sights := make(map[string]connector.Sight, len(lines))
	most := res.LookRows
	if most <= 0 {
		most = defaultRows
	}
	for len(lines) > 0 {
		n := min(most, len(lines))
		found, err := p.channel.Look(ctx, del.Resource, batch(del, lines[:n]).Records)
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			sights[s.ID] = s
		}
		p.run.count("looks", 1)
		lines = lines[n:]
	}
	return sights, nil
}

// postpone puts a look off that could not be made, so that others of the channel get their turn, and ends the run when the
// far side cannot be reached at all.
func (p *proving) postpone(ctx context.Context, del store.Delivery, now time.Time, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	why := reasonOf(cause)
	l := store.Looked{Delivery: del.ID, Attempt: del.Attempt, Stream: del.Stream, Reason: why.What,
		NextLook: now.Add(max(why.RetryAfter, firstRetry))}
	if err := p.d.Store.Deliveries.Looked(ctx, l); err != nil && !errors.Is(err, store.ErrStale) {
		return err
	}
	return why
}

func (p *proving) record(ctx context.Context, del store.Delivery, s seen) error {
	switch err := p.d.Store.Deliveries.Looked(ctx, s.looked); {
	case errors.Is(err, store.ErrStale): // another run settled it
		return nil
	case err != nil:
		return err
	}
	p.resent = p.resent || s.looked.Resend
	p.run.count("proven", int64(len(s.looked.Proven)))
	p.run.count("held", int64(len(s.looked.Held)))
	p.run.count("absent", int64(len(s.looked.Absent)))
	p.run.count("differing", int64(len(s.looked.Differing)))
	for _, e := range s.events {
		e.Stream, e.Delivery, e.Attempt = del.Stream, del.ID, del.Attempt
		if err := p.run.once(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
