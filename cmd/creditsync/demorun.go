package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"

	"golang.org/x/sync/errgroup"
)

// demoOnce drives the jobs directly and ends by itself: first what results rest on, then what the platform draws from it,
// then results, then the lists.
func (c *cli) demoOnce(ctx context.Context, o daemon.Options) (err error) {
	began := c.now()
	h, err := daemon.Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	watch := c.watch(h)
	defer watch.stop()
	base, results := basis(h.Deps())
	for _, step := range []func() error{
		func() error { return each(ctx, h, jobs.JobCollect, base) },
		func() error { return settle(ctx, h) },
		func() error { return each(ctx, h, jobs.JobPull, h.Targets(jobs.JobPull)) },
		func() error { return each(ctx, h, jobs.JobCollect, results) },
		func() error { return settle(ctx, h) },
		func() error { return each(ctx, h, jobs.JobCompare, h.Targets(jobs.JobCompare)) },
		func() error { return settle(ctx, h) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	watch.stop()
	return c.demoVerdict(ctx, h, began)
}

// basis parts the pushed streams into those that others come after, and the others.
func basis(d jobs.Deps) (base, rest []string) {
	rules := d.Rules()
	for _, s := range rules.Streams(mapping.Push) {
		plan, _ := rules.Plan(s)
		if len(plan.Spec().After) == 0 {
			base = append(base, s)
		} else {
			rest = append(rest, s)
		}
	}
	return base, rest
}

// each runs a job for each target in turn.
func each(ctx context.Context, h *daemon.House, job string, targets []string) error {
	for _, t := range targets {
		if err := daemon.Jobs()[job](ctx, h.Deps(), t); err != nil {
			return err
		}
	}
	return nil
}

// settleWithin bounds how long the demo waits for the far side.
const settleWithin = 3 * time.Minute

// settle delivers and looks until nothing is on its way in any channel.
func settle(ctx context.Context, h *daemon.House) error {
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	for _, channel := range h.Targets(jobs.JobDeliver) {
		g.Go(func() error { return settleChannel(ctx, h, channel) })
	}
	return g.Wait()
}

func settleChannel(ctx context.Context, h *daemon.House, channel string) error {
	for {
		next, err := h.Deps().Store.Deliveries.NextDue(ctx, channel)
		if err != nil || next.IsZero() {
			return err
		}
		if err := pause(ctx, next.Sub(h.Deps().Now())); err != nil {
			return fmt.Errorf("wait for %s: %w", channel, err)
		}
		if err := errors.Join(jobs.Deliver(ctx, h.Deps(), channel), jobs.Prove(ctx, h.Deps(), channel)); err != nil {
			return err
		}
	}
}

// pause waits for d, at least a tenth of a second.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(max(d, 100*time.Millisecond))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// demoVerdict prints what happened and succeeds only if every row is accounted for and nothing publishable is unproven.
func (c *cli) demoVerdict(ctx context.Context, h *daemon.House, began time.Time) error {
	s, err := jobs.StatusOf(ctx, h.Deps())
	if err != nil {
		return err
	}
	if err := c.show(s, func(w io.Writer) error { return c.printStatus(w, s) }); err != nil {
		return err
	}
	undone, err := c.undone(ctx, h, s)
	if err != nil {
		return err
	}
	if len(undone) > 0 {
		for _, line := range undone {
			fmt.Fprintln(c.err, c.say.Say("cmd.demo.undone", line))
		}
		return exit{status: exitFailed}
	}
	fmt.Fprintln(c.err, c.say.Say("cmd.demo.done", strconv.FormatFloat(c.now().Sub(began).Seconds(), 'f', 1, 64)+" s"))
	return nil
}

// undone is what keeps the demo from success: books that do not balance, and whatever is still on its way. A record that
// waits for one that was refused is accounted for, with its reason.
func (c *cli) undone(ctx context.Context, h *daemon.House, s jobs.Status) ([]string, error) {
	var lines []string
	for _, st := range s.Streams {
		if st.Difference != 0 || st.Unread != 0 || st.ReadAt == "" {
			lines = append(lines, fmt.Sprintf("%s: %s %d, %s %d", st.Title, c.say.Say("word.difference"), st.Difference, c.say.Say("word.unread"), st.Unread))
		}
		for _, state := range []store.State{store.Sending, store.Unknown, store.Acknowledged} {
			if n := st.States[string(state)]; n > 0 {
				lines = append(lines, fmt.Sprintf("%s: %s %d", st.Title, c.say.Say("state."+string(state)), n))
			}
		}
	}
	waiting, err := h.Deps().Store.Deliveries.List(ctx, store.Filter{State: store.Waiting, Limit: 1})
	if err != nil {
		return nil, err
	}
	for _, d := range waiting {
		lines = append(lines, fmt.Sprintf("%s: %s #%d", d.Stream, c.say.Say("state.waiting"), d.ID))
	}
	for _, l := range s.Pulled {
		if l.Version == 0 {
			lines = append(lines, l.Title+": "+c.say.Say("word.never"))
		}
	}
	return lines, nil
}

// demoServe runs the daemon, shows how far it is, prints the table when nothing is on its way any more, and goes on
// serving until it is told to end.
func (c *cli) demoServe(ctx context.Context, o daemon.Options) error {
	return c.serve(ctx, o, func(d *daemon.Daemon) {
		fmt.Fprintln(c.err, c.say.Say("cmd.demo.serving", d.Addr()))
		watch := c.watch(d.House)
		settled := watch.settled(ctx)
		watch.stop()
		if !settled {
			return
		}
		s, err := jobs.StatusOf(ctx, d.Deps())
		if err != nil {
			fmt.Fprintln(c.err, c.say.Error(err))
			return
		}
		_ = c.show(s, func(w io.Writer) error { return c.printStatus(w, s) })
		fmt.Fprintln(c.err, c.say.Say("cmd.demo.serving", d.Addr()))
	})
}
