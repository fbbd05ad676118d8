package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"creditsync/jobs/store"
)

// Options build an engine.
type Options struct {
	// Store is opened and migrated.
	Store *store.DB
	// Handlers are the jobs by name. Work without a handler fails.
	Handlers map[string]func(ctx context.Context, w Work) error
	// Listen is the store's URL on PostgreSQL, for the one connection that waits for notifications. Empty: new work is seen
	// within a second instead of at once. Unused on SQLite.
	Listen string
	// Node names this process among the daemons of one database and stays the same over its restarts: jobs that a killed
	// process of the same node left running are taken up at once. Empty: a random name; they wait for their timeout. On
	// SQLite there is one process only and all that was left is its own.
	Node string
	// Lanes is how many lanes run here at once, 12 when 0; Bulk how many reads, compares and pulls, 2 when 0.
	Lanes, Bulk int
	// Grace is how long Stop lets running jobs finish before it cancels their contexts, 15 s when 0.
	Grace time.Duration
	// Every is how often the plan runs, a minute when 0; at least a second.
	Every  time.Duration
	Logger *slog.Logger

	hasty bool // tests: no jitter before the leader's services start
}

func (o Options) withDefaults() Options {
	if o.Lanes <= 0 {
		o.Lanes = 12
	}
	if o.Bulk <= 0 {
		o.Bulk = 2
	}
	if o.Grace <= 0 {
		o.Grace = 15 * time.Second
	}
	if o.Every <= 0 {
		o.Every = time.Minute
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Engine runs jobs. One value serves many goroutines, and is started and stopped once.
type Engine struct {
	o        Options
	driver   riverdriver.Driver[*sql.Tx]
	listener *pgxpool.Pool // nil without one
	client   *river.Client[*sql.Tx]
	active   active
	cease    context.CancelFunc // ends tend; nil before the start
	tending  sync.WaitGroup
}

// New builds an engine that does nothing yet. River's tables must be there (Migrate) before Enqueue or Start.
func New(o Options) (*Engine, error) {
	o = o.withDefaults()
	e := &Engine{o: o, active: newActive()}
	if err := e.connect(); err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &worker{e: e}); err != nil {
		e.close()
		return nil, fmt.Errorf("build engine: %w", err)
	}
	client, err := river.NewClient(e.driver, e.config(workers))
	if err != nil {
		e.close()
		return nil, fmt.Errorf("build engine: %w", err)
	}
	e.client = client
	return e, nil
}

func (e *Engine) config(workers *river.Workers) *river.Config {
	return &river.Config{
		ErrorHandler: failures{e.o.Logger},
		ID:           e.o.Node,
		JobTimeout:   laneTimeout,
		Logger:       slog.New(quiet{e.o.Logger.Handler()}),
		MaxAttempts:  attempts(""),
		PeriodicJobs: e.periodic(),
		Queues: map[string]river.QueueConfig{
			laneQueue: {MaxWorkers: e.o.Lanes, FetchPollInterval: handover}, bulkQueue: {MaxWorkers: e.o.Bulk}, planQueue: {MaxWorkers: 1},
		},
		RescueStuckJobsAfter: rescueAfter,
		SoftStopTimeout:      e.o.Grace,
		TestOnly:             e.o.hasty,
		Workers:              workers,
	}
}

// handover is how long a lane that goes on in another run may lie still: River notifies of new rows only.
const handover = 200 * time.Millisecond

// periodic is the one job that River itself repeats. Its ticks are missed while there is no leader, so everything else is
// persisted in the store's schedule, and the plan catches up.
func (e *Engine) periodic() []*river.PeriodicJob {
	if _, ok := e.o.Handlers[plan]; !ok {
		return nil
	}
	work := Work{Job: plan}
	return []*river.PeriodicJob{river.NewPeriodicJob(
		river.PeriodicInterval(e.o.Every),
		func() (river.JobArgs, *river.InsertOpts) { return work, options(work) },
		&river.PeriodicJobOpts{RunOnStart: true},
	)}
}

// Migrate brings River's own tables to this program's version.
func Migrate(ctx context.Context, db *store.DB) error {
	m, err := rivermigrate.New(driverOf(db, nil), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return &Fault{What: NotMigrated, Err: err}
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return &Fault{What: NotMigrated, Err: err}
	}
	return nil
}

// Enqueue puts work on its way, with tx if it is not nil: a transaction that is rolled back takes the work with it. Work
// that waits or runs already is not doubled. It runs once more after its present run, though, when a running job enqueues itself, and when work without a
// slot arrives while the same work runs in this process: what a lane has just missed is not left lying.
func (e *Engine) Enqueue(ctx context.Context, tx *store.Tx, w Work) error {
	if e.active.repeat(ctx, w) {
		return nil
	}
	var result *rivertype.JobInsertResult
	var err error
	if tx == nil {
		result, err = e.client.Insert(ctx, w, options(w))
	} else {
		result, err = e.client.InsertTx(ctx, tx.SQLX().Tx, w, options(w))
	}
	if err != nil {
		return &Fault{What: NotEnqueued, Args: []string{w.Job, w.Target}, Err: err}
	}
	if result.UniqueSkippedAsDuplicate && w.Slot == "" {
		e.active.again(w)
	}
	return nil
}

// Start begins to work; it returns once the database answered. Only Stop ends it, not the end of ctx. What a killed process
// of this node left running is taken up, its lead ends, and the plan runs at once.
func (e *Engine) Start(ctx context.Context) error {
	if err := errors.Join(e.adopt(ctx), e.dethrone(ctx)); err != nil {
		return err
	}
	if err := e.client.Start(context.WithoutCancel(ctx)); err != nil {
		return &Fault{What: NotStarted, Err: err}
	}
	tending, cease := context.WithCancel(context.WithoutCancel(ctx))
	e.cease = cease
	e.tending.Go(func() { e.tend(tending) })
	if _, ok := e.o.Handlers[plan]; !ok {
		return nil
	}
	return e.Enqueue(ctx, nil, Work{Job: plan, Slot: "start"})
}

// last is how long jobs have to notice that their context has ended.
const last = 5 * time.Second

// Stop takes up nothing new, lets running jobs finish for the grace period and then cancels their contexts; when ctx ends
// sooner, so do they. A job that was cut off is available again and runs at the next start, anywhere. The error says that
// some job did not even then return; its row is rescued later.
func (e *Engine) Stop(ctx context.Context) error {
	defer e.close()
	if e.cease != nil {
		e.cease()
		e.tending.Wait()
	}
	err := e.client.Stop(ctx)
	if err != nil {
		bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), last)
		defer cancel()
		err = e.client.StopAndCancel(bound)
	}
	if err != nil {
		return &Fault{What: NotEnded, Err: err}
	}
	return nil
}
