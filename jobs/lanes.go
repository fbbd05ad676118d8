package jobs

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"creditsync/jobs/store"
)

// defaultLanes is how many lanes a channel has when its profile does not limit what is in flight.
const defaultLanes = 4

// lanes asks the engine for up to n lanes of a channel, never more than may be in flight.
func (d Deps) lanes(ctx context.Context, tx *store.Tx, channel string, n int) error {
	ch, ok := d.Channels[channel]
	if !ok {
		return &Failure{What: NoSuchChannel, Args: []string{"", channel}}
	}
	most := ch.Limits().InFlight
	if most <= 0 {
		most = defaultLanes
	}
	for i := range min(n, most) {
		if err := d.enqueue(ctx, tx, Work{Job: JobDeliver, Target: lane(channel, i)}); err != nil {
			return err
		}
	}
	return nil
}

func (d Deps) enqueue(ctx context.Context, tx *store.Tx, w Work) error {
	if d.Enqueue == nil {
		return nil
	}
	if err := d.Enqueue.Enqueue(ctx, tx, w); err != nil {
		return fmt.Errorf("enqueue of %s %s: %w", w.Job, w.Target, err)
	}
	return nil
}

// lane is the target of a channel's nth lane.
func lane(channel string, n int) string {
	if n == 0 {
		return channel
	}
	return channel + "#" + strconv.Itoa(n)
}

// channelOf is the channel of a lane.
func channelOf(target string) string {
	channel, _, _ := strings.Cut(target, "#")
	return channel
}
