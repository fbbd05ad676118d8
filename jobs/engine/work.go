package engine

import (
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Work is one job to be done: the name of a handler and what it is about. Slot says which time of the schedule, or which
// predecessor, it stands for; it is for people and does not make work unique.
type Work struct {
	Job    string `json:"job" river:"unique"`
	Target string `json:"target" river:"unique"`
	Slot   string `json:"slot,omitempty"`
}

// Kind is River's name for all our jobs.
func (Work) Kind() string { return "work" }

// plan is the job that puts on its way what is due.
const plan = "plan"

// The queues. Bulk work has its own, so that it starves no lane; the plan has its own, so that nothing starves it.
const (
	laneQueue = "lanes"
	bulkQueue = "bulk"
	planQueue = "plan"
)

func queueOf(job string) string {
	switch job {
	case "deliver", "prove":
		return laneQueue
	case plan:
		return planQueue
	default:
		return bulkQueue
	}
}

// How long a job may run. A lane ends by itself after about 10 s, and may then wait out one send timeout. River takes a job
// for lost once it has run for longer than its timeout and rescueAfter, which must exceed the shortest ones.
const (
	planTimeout = 2 * time.Minute
	laneTimeout = 5 * time.Minute
	bulkTimeout = 6 * time.Hour
	rescueAfter = laneTimeout + 30*time.Second
)

func timeoutOf(job string) time.Duration {
	switch queueOf(job) {
	case laneQueue:
		return laneTimeout
	case planQueue:
		return planTimeout
	default:
		return bulkTimeout
	}
}

// attempts are few: what keeps failing is enqueued again by the plan when its time comes, and its failure stands in the
// sync log meanwhile. The plan itself comes every minute.
func attempts(job string) int {
	if job == plan {
		return 1
	}
	return 3
}

// options make work unique by job and target while any of it waits or runs. River holds that with a unique index, so two
// daemons cannot start the same job at once: the guard against overlap needs no clock.
func options(w Work) *river.InsertOpts {
	return &river.InsertOpts{
		MaxAttempts: attempts(w.Job),
		Queue:       queueOf(w.Job),
		UniqueOpts: river.UniqueOpts{
			ByArgs: true,
			ByState: []rivertype.JobState{
				rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
				rivertype.JobStateRetryable, rivertype.JobStateScheduled,
			},
		},
	}
}
