package jobs

import (
	"context"
	"errors"

	"creditsync/connector"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// StreamBalance is where every row of one pushed stream stands, against the last completed read.
type StreamBalance struct {
	Stream     string           `json:"stream"`
	Title      string           `json:"title"`
	ReadAt     string           `json:"read_at"` // end of the last completed read, "" if there was none
	Source     int64            `json:"source"`  // rows the source had then
	States     map[string]int64 `json:"states"`
	Since      int64            `json:"since"`      // records that came since the read, less those that went
	Difference int64            `json:"difference"` // 0: the books balance
	// Unread is how many rows the source has now beyond those read; negative: fewer. UnreadReason says why it could not be
	// counted, and Unread is then no answer.
	Unread       int64  `json:"unread"`
	UnreadReason string `json:"unread_reason,omitempty"`
}

// States are the states of the balance in the order they are shown.
func States() []store.State {
	return []store.State{store.Excluded, store.NotReady, store.Withheld, store.Invalid, store.Waiting, store.Sending, store.Unknown,
		store.Rejected, store.Acknowledged, store.Proven, store.Missing}
}

// Balance is the balance of a stream, or of every pushed stream if it is empty.
func Balance(ctx context.Context, d Deps, stream string) ([]StreamBalance, error) {
	rules := d.Rules()
	streams := rules.Streams(mapping.Push)
	if stream != "" {
		streams = []string{stream}
	}
	all := make([]StreamBalance, 0, len(streams))
	for _, s := range streams {
		b, _, err := balance(ctx, d, rules, s)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

func balance(ctx context.Context, d Deps, rules *Rules, stream string) (StreamBalance, store.Counts, error) {
	plan, registry, err := d.pushed(rules, stream)
	if err != nil {
		return StreamBalance{}, store.Counts{}, err
	}
	c, err := d.Store.Records.Balance(ctx, stream)
	if err != nil {
		return StreamBalance{}, c, err
	}
	b := StreamBalance{Stream: stream, Title: rules.Title(stream), ReadAt: stamp(c.ReadAt, d), Source: c.Source, Since: c.Since,
		Difference: c.Difference(), States: map[string]int64{}}
	for state, n := range c.States {
		b.States[string(state)] = n
	}
	now, err := registry.Count(ctx, plan.Spec().Registry)
	var unread *connector.Reason
	switch {
	case errors.As(err, &unread):
		b.UnreadReason = unread.What
	case err != nil:
		return b, c, err
	default:
		b.Unread = now - c.Source
	}
	return b, c, nil
}
