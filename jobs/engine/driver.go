package engine

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"creditsync/jobs/store"
)

// driverOf joins River to the store's own pool, so that work is inserted in the store's transactions. On SQLite that pool
// is one connection: a second one would starve under bulk writes.
func driverOf(db *store.DB, listener *pgxpool.Pool) riverdriver.Driver[*sql.Tx] {
	switch {
	case db.Dialect() == "sqlite":
		return riversqlite.New(db.SQLX().DB)
	case listener != nil:
		return riverdatabasesql.NewWithPgxListener(db.SQLX().DB, listener)
	default:
		return riverdatabasesql.New(db.SQLX().DB)
	}
}

func (e *Engine) connect() error {
	if e.o.Listen != "" && e.o.Store.Dialect() == "postgres" {
		config, err := pgxpool.ParseConfig(e.o.Listen)
		if err != nil {
			return &Fault{What: BadURL} // the error may hold the password
		}
		config.MaxConns = 1
		if e.listener, err = pgxpool.NewWithConfig(context.Background(), config); err != nil {
			return &Fault{What: NotStarted, Err: err}
		}
	}
	e.driver = driverOf(e.o.Store, e.listener)
	return nil
}

func (e *Engine) close() {
	if e.listener != nil {
		e.listener.Close()
	}
}

// adoptAtOnce bounds one portion of what is taken up.
const adoptAtOnce = 1000

// adopt makes available again what a killed process of this node left in state running. River alone would wait for each
// job's timeout, which for a long read is hours, and until then the job could not be enqueued anew.
func (e *Engine) adopt(ctx context.Context) error {
	if e.o.Node == "" && e.o.Store.Dialect() != "sqlite" {
		return nil
	}
	exec := e.driver.GetExecutor()
	for after := int64(0); ; {
		stuck, err := exec.JobGetStuck(ctx, &riverdriver.JobGetStuckParams{AfterID: after, Max: adoptAtOnce, StuckHorizon: forever()})
		if err != nil {
			return &Fault{What: NotAdopted, Err: err}
		}
		if err := e.rescue(ctx, slices.DeleteFunc(slices.Clone(stuck), func(job *rivertype.JobRow) bool { return !e.mine(job) })); err != nil {
			return err
		}
		if len(stuck) < adoptAtOnce {
			return nil
		}
		after = stuck[len(stuck)-1].ID
	}
}

// forever is later than any attempt.
func forever() time.Time { return time.Date(9000, time.January, 1, 0, 0, 0, 0, time.UTC) }

// rescue makes rows available again.
func (e *Engine) rescue(ctx context.Context, stuck []*rivertype.JobRow) error {
	if len(stuck) == 0 {
		return nil
	}
	p, err := release(stuck)
	if err != nil {
		return &Fault{What: NotAdopted, Err: err}
	}
	if _, err := e.driver.GetExecutor().JobRescueMany(ctx, p); err != nil {
		return &Fault{What: NotAdopted, Err: err}
	}
	return nil
}

func release(stuck []*rivertype.JobRow) (*riverdriver.JobRescueManyParams, error) {
	p := &riverdriver.JobRescueManyParams{StuckHorizon: forever()}
	for _, job := range stuck {
		note, err := json.Marshal(rivertype.AttemptError{At: *job.AttemptedAt, Attempt: job.Attempt, Error: "the process ended"})
		if err != nil {
			return nil, err
		}
		p.ID = append(p.ID, job.ID)
		p.Error = append(p.Error, note)
		p.FinalizedAt = append(p.FinalizedAt, nil)
		p.ScheduledAt = append(p.ScheduledAt, job.ScheduledAt)
		p.State = append(p.State, string(rivertype.JobStateAvailable))
	}
	return p, nil
}

// mine says whether the last to attempt a job was an earlier process of ours.
func (e *Engine) mine(job *rivertype.JobRow) bool {
	last := ""
	if n := len(job.AttemptedBy); n > 0 {
		last = job.AttemptedBy[n-1]
	}
	return e.ours(last)
}
