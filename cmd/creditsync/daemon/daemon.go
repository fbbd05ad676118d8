package daemon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"creditsync/jobs"
	"creditsync/jobs/engine"
	"creditsync/jobs/store"
)

// Daemon is a house whose jobs run by themselves.
type Daemon struct {
	*House
	engine   *engine.Engine
	server   *http.Server
	listener net.Listener
	served   chan error
}

// New opens the house and builds the engine; nothing runs yet.
func New(ctx context.Context, o Options) (*Daemon, error) {
	h, err := Open(ctx, o)
	if err != nil {
		return nil, err
	}
	d := &Daemon{House: h, served: make(chan error, 1)}
	d.engine, err = engine.New(engine.Options{Store: h.store, Handlers: d.handlers(), Listen: listenURL(o.Store.DSN), Node: o.Node, Lanes: o.Lanes, Every: o.Every, Logger: o.Log})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("build engine: %w", err), h.Close())
	}
	h.enqueue = enqueuer{d.engine}
	if err := h.writeSchedule(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return d, nil
}

// listenURL is the PostgreSQL URL among DSNs, empty for SQLite.
func listenURL(dsn string) string {
	if strings.HasPrefix(dsn, "postgres") {
		return dsn
	}
	return ""
}

// Start begins to listen and to work; it returns at once.
func (d *Daemon) Start(ctx context.Context) error {
	if err := d.listen(); err != nil {
		return err
	}
	if err := d.engine.Start(ctx); err != nil {
		return fmt.Errorf("start engine: %w", err)
	}
	return nil
}

// Stop ends the work, the page and the house, in that order. ctx bounds how long jobs may take to finish; what is cut off
// then is abandoned safely.
func (d *Daemon) Stop(ctx context.Context) error {
	var all []error
	if err := d.engine.Stop(ctx); err != nil {
		all = append(all, fmt.Errorf("stop engine: %w", err))
	}
	if d.server != nil {
		all = append(all, d.server.Close(), <-d.served)
	}
	return errors.Join(append(all, d.Close())...)
}

// Addr is where the status page is; empty when there is none.
func (d *Daemon) Addr() string {
	if d.listener == nil {
		return ""
	}
	return d.listener.Addr().String()
}

func (d *Daemon) listen() (err error) {
	if d.options.Listen == "" {
		return nil
	}
	if d.listener, err = net.Listen("tcp", d.options.Listen); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	d.server = &http.Server{Handler: d.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	go func() {
		err := d.server.Serve(d.listener)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		d.served <- err
	}()
	return nil
}

// handlers are the jobs under their names, each with the furniture of the moment it starts.
func (d *Daemon) handlers() map[string]func(context.Context, engine.Work) error {
	all := map[string]func(context.Context, engine.Work) error{}
	for name, job := range Jobs() {
		all[name] = func(ctx context.Context, w engine.Work) error { return job(ctx, d.Deps(), w.Target) }
	}
	all[jobs.JobPlan] = func(ctx context.Context, _ engine.Work) error { return d.plan(ctx) }
	return all
}

// plan takes up changed rules before it inserts what is due. Rules at fault are an alarm in the log, and nothing stops.
func (d *Daemon) plan(ctx context.Context) error {
	if err := d.Reload(ctx); err != nil {
		d.options.Log.Error("rules at fault; those in force stay", "error", err)
		if err := d.alarm(ctx, err); err != nil {
			return err
		}
	}
	return jobs.Plan(ctx, d.Deps(), "")
}

// ReloadFailed: files that people edit are at fault; the rules in force stay.
const ReloadFailed = "daemon.reload_failed"

// alarm writes one event for each distinct failure of a reload.
func (h *House) alarm(ctx context.Context, cause error) error {
	last, err := h.store.Log.Events(ctx, store.EventFilter{Kind: jobs.KindAlarm, Reason: ReloadFailed, Limit: 1})
	if err != nil {
		return fmt.Errorf("read log: %w", err)
	}
	if len(last) > 0 && last[0].Detail["error"] == cause.Error() {
		return nil
	}
	e := store.Event{Kind: jobs.KindAlarm, Reason: ReloadFailed, Detail: map[string]any{"error": cause.Error()}}
	if err := h.store.Log.Add(ctx, e); err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	return nil
}

// Jobs are the jobs that can be run by name.
func Jobs() map[string]func(context.Context, jobs.Deps, string) error {
	return map[string]func(context.Context, jobs.Deps, string) error{
		jobs.JobCollect: jobs.Collect, jobs.JobDeliver: jobs.Deliver, jobs.JobProve: jobs.Prove,
		jobs.JobCompare: jobs.Compare, jobs.JobPull: jobs.Pull, jobs.JobRemind: jobs.Remind,
		jobs.JobBackup: jobs.Backup,
	}
}

// enqueuer adapts the engine to what jobs asks for.
type enqueuer struct{ engine *engine.Engine }

// Enqueue hands work to the engine.
func (e enqueuer) Enqueue(ctx context.Context, tx *store.Tx, w jobs.Work) error {
	return e.engine.Enqueue(ctx, tx, engine.Work{Job: w.Job, Target: w.Target, Slot: w.Slot})
}
