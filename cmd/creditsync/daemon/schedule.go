package daemon

import (
	"context"
	"fmt"
	"time"

	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// writeSchedule persists when each slot runs next, so that no tick is lost while nobody leads.
func (h *House) writeSchedule(ctx context.Context) error {
	var slots []store.Slot
	for job := range Jobs() {
		slots = append(slots, h.options.Schedule(job, h.Targets(job))...)
	}
	now := h.options.Now()
	if err := h.store.Schedule.Set(ctx, slots, func(s store.Slot) time.Time { return jobs.Next(s, now) }); err != nil {
		return fmt.Errorf("write schedule: %w", err)
	}
	return nil
}

// Targets are the targets a job has: streams, channels, or the one empty target.
func (h *House) Targets(job string) []string {
	rules := h.furniture.Load().rules
	switch job {
	case jobs.JobCollect, jobs.JobCompare:
		return rules.Streams(mapping.Push)
	case jobs.JobPull:
		return rules.Streams(mapping.Pull)
	case jobs.JobDeliver, jobs.JobProve:
		targets := []string{h.options.Profile}
		if h.site != nil {
			targets = append(targets, SiteChannel)
		}
		return targets
	default:
		return []string{""}
	}
}
