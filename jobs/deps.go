package jobs

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"creditsync/connector"
	"creditsync/jobs/store"
)

// Deps is what a job works with. One value serves all jobs at once.
type Deps struct {
	Store *store.DB
	// Registries are the local systems by database name; "" is the folder of files.
	Registries map[string]connector.Registry
	// Channels are the ways out by name: the profile's, and "site" for the county web site.
	Channels map[string]connector.Channel
	// Platform is the name of the channel that records without a route go to: the profile's.
	Platform string
	Puller   connector.Puller
	// Rules are those in force.
	Rules func() *Rules
	// Now is the wall time, in Asia/Shanghai, by which the law is obeyed. Instants of rows come from the store's clock.
	Now func() time.Time
	// Wait pauses for so long or until ctx ends; nil waits by the real clock.
	Wait    func(ctx context.Context, pause time.Duration) error
	Log     *slog.Logger
	Node    string
	Backups Backups
	Spool   string // directory for temporary files; empty: the system's
	Guard   Guard  // the zero value is DefaultGuard
	// ListAge is how old a credit list may be to clear anybody, 24 h when 0.
	ListAge time.Duration
	// Enqueue hands work to the engine; Progress and Books may be nil.
	Enqueue  Enqueuer
	Progress Progress
	Books    Books
}

// Enqueuer hands work to the engine, inside tx if it is not nil. Work that is already waiting or running is not doubled.
type Enqueuer interface {
	Enqueue(ctx context.Context, tx *store.Tx, w Work) error
}

// Work is one job to be done. It is unique by Job and Target while it waits or runs; Slot says which time of the schedule it
// stands for, and is for people.
type Work struct{ Job, Target, Slot string }

// The names of the jobs.
const (
	JobCollect = "collect"
	JobDeliver = "deliver"
	JobProve   = "prove"
	JobCompare = "compare"
	JobPull    = "pull"
	JobRemind  = "remind"
	JobBackup  = "backup"
	JobPlan    = "plan"
)

// Progress is told how far a job has come. Total is -1 when it is not known.
type Progress interface {
	Progress(job, target string, done, total int64)
}

// Books writes the workbook of a pulled stream, whole or not at all.
type Books interface {
	Write(ctx context.Context, stream, title string, columns []string, rows iter.Seq2[[]string, error]) error
}

func (d Deps) progress(job, target string, done, total int64) {
	if d.Progress != nil {
		d.Progress.Progress(job, target, done, total)
	}
}

func (d Deps) wait(ctx context.Context, pause time.Duration) error {
	if d.Wait != nil {
		return d.Wait(ctx, pause)
	}
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// channel resolves a record's channel: "" is the platform.
func (d Deps) channel(name string) string {
	if name == "" {
		return d.Platform
	}
	return name
}
