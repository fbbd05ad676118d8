package jobs

import (
	"context"
	"fmt"

	"creditsync/jobs/store"
)

// remembered is how many alarms back Remind looks for what it has said already.
const remembered = 2000

// Remind tells the people what needs one of them: what is overdue or will be in 10, 5, 3 or 1 working days, broken books,
// stale lists, a stopped channel, a missing calendar, proofs too old. Each cause is told once, again when it grows more
// urgent, and once more when it is over.
func Remind(ctx context.Context, d Deps, _ string) error {
	return run(ctx, d, JobRemind, "", func(ctx context.Context, r *running) error {
		s, err := StatusOf(ctx, d)
		if err != nil {
			return err
		}
		past, err := d.Store.Log.Events(ctx, store.EventFilter{Kind: KindAlarm, Job: JobRemind, Limit: remembered})
		if err != nil {
			return fmt.Errorf("log: %w", err)
		}
		news := news(s.Reasons, past)
		for _, e := range news {
			r.count(e.Reason, 1)
		}
		return r.say(ctx, news...)
	})
}

// news are the events that tell what changed since the alarms of the past, newest first, were told. It is pure.
func news(reasons []StatusReason, past []store.Event) []store.Event {
	told := map[string]store.Event{}
	for _, e := range past {
		if _, newer := told[e.Key]; !newer && e.Key != "" {
			told[e.Key] = e
		}
	}
	var events []store.Event
	for _, r := range reasons {
		before, known := told[r.cause]
		delete(told, r.cause)
		if known && before.Reason == r.Code && fmt.Sprint(before.Detail["level"]) == r.level {
			continue
		}
		events = append(events, store.Event{Kind: KindAlarm, Stream: r.Stream, Reason: r.Code, Key: r.cause,
			Detail: map[string]any{"arguments": r.Args, "level": r.level, "severity": string(r.Severity)}})
	}
	for _, e := range past {
		if old, open := told[e.Key]; open && old.ID == e.ID && e.Reason != Recovered {
			events = append(events, store.Event{Kind: KindAlarm, Stream: e.Stream, Reason: Recovered, Key: e.Key,
				Detail: map[string]any{"of": e.Reason, "arguments": e.Detail["arguments"]}})
		}
	}
	return events
}
