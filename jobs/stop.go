package jobs

import (
	"context"
	"fmt"

	"creditsync/jobs/store"
)

// Stop keeps every daemon from sending to a channel, at once and over restarts, on the word of a person.
func Stop(ctx context.Context, d Deps, channel, reason, by string) error {
	if _, ok := d.Channels[channel]; !ok {
		return &Failure{What: NoSuchChannel, Args: []string{"", channel}}
	}
	if err := d.Store.Channels.Stop(ctx, channel, reason, by); err != nil {
		return fmt.Errorf("stop %s: %w", channel, err)
	}
	return d.Store.Log.Add(ctx, store.Event{Kind: KindPerson, Reason: store.Stopped,
		Detail: map[string]any{"channel": channel, "why": reason, "by": by}})
}

// Resume lets a stopped channel send again.
func Resume(ctx context.Context, d Deps, channel, by string) error {
	if _, ok := d.Channels[channel]; !ok {
		return &Failure{What: NoSuchChannel, Args: []string{"", channel}}
	}
	if err := d.Store.Channels.Resume(ctx, channel, by); err != nil {
		return fmt.Errorf("resume %s: %w", channel, err)
	}
	return d.Store.Log.Add(ctx, store.Event{Kind: KindPerson, Reason: ChannelResumed,
		Detail: map[string]any{"channel": channel, "by": by}})
}

// ChannelResumed: a person let a stopped channel send again.
const ChannelResumed = "deliver.resumed"
