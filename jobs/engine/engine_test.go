package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"creditsync/fixtures/testdb"
	"creditsync/jobs/store"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// patience is how long a test waits for an event before it fails.
const patience = 30 * time.Second

// bench is a store with the engine's tables.
type bench struct {
	t   *testing.T
	db  *store.DB
	dsn string
}

func each(t *testing.T, suite func(b *bench)) {
	t.Helper()
	testdb.Each(t, func(t *testing.T, dsn string) {
		t.Parallel()
		b := &bench{t: t, dsn: dsn}
		b.db = b.open()
		if err := b.db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := Migrate(t.Context(), b.db); err != nil {
			t.Fatal(err)
		}
		suite(b)
	})
}

func (b *bench) open() *store.DB {
	b.t.Helper()
	db, err := store.Open(b.t.Context(), store.Options{DSN: b.dsn})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.t.Errorf("close: %v", err)
		}
	})
	return db
}

type handler = func(ctx context.Context, w Work) error

// build makes an engine that is stopped with the test.
func (b *bench) build(o Options) *Engine {
	b.t.Helper()
	if o.Store == nil {
		o.Store = b.db
	}
	o.Listen, o.hasty = b.dsn, true
	e, err := New(o)
	if err != nil {
		b.t.Fatal(err)
	}
	return e
}

func (b *bench) start(o Options) *Engine {
	b.t.Helper()
	e := b.build(o)
	if err := e.Start(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { b.stop(e) })
	return e
}

func (b *bench) stop(e *Engine) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := e.Stop(ctx); err != nil {
		b.t.Errorf("stop: %v", err)
	}
}

func (b *bench) enqueue(e *Engine, w Work) {
	b.t.Helper()
	if err := e.Enqueue(b.t.Context(), nil, w); err != nil {
		b.t.Fatal(err)
	}
}

// rows counts River's jobs.
func (b *bench) rows() int {
	b.t.Helper()
	var n int
	if err := b.db.SQLX().GetContext(b.t.Context(), &n, "SELECT count(*) FROM river_job"); err != nil {
		b.t.Fatal(err)
	}
	return n
}

// await receives or fails.
func await[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("no %s within %s", what, patience)
		panic("unreachable")
	}
}

// events subscribes before the engine starts.
func events(e *Engine, kinds ...river.EventKind) <-chan *river.Event {
	c, _ := e.client.Subscribe(kinds...)
	return c
}

func TestEnqueueBelongsToItsTransaction(t *testing.T) {
	each(t, func(b *bench) {
		e := b.build(Options{Handlers: map[string]handler{"collect": nothing}})
		abandoned := errors.New("abandoned")
		err := b.db.Tx(b.t.Context(), func(tx *store.Tx) error {
			if err := e.Enqueue(b.t.Context(), tx, Work{Job: "collect", Target: "a"}); err != nil {
				return err
			}
			return abandoned
		})
		if !errors.Is(err, abandoned) {
			b.t.Fatal(err)
		}
		if n := b.rows(); n != 0 {
			b.t.Fatalf("%d jobs are left of a transaction that was rolled back", n)
		}
		err = b.db.Tx(b.t.Context(), func(tx *store.Tx) error {
			return e.Enqueue(b.t.Context(), tx, Work{Job: "collect", Target: "a"})
		})
		if err != nil || b.rows() != 1 {
			b.t.Fatalf("%d jobs of a committed transaction, %v", b.rows(), err)
		}
	})
}

func nothing(context.Context, Work) error { return nil }

func TestWaitingWorkIsNotDoubled(t *testing.T) {
	each(t, func(b *bench) {
		e := b.build(Options{Handlers: map[string]handler{"collect": nothing}})
		for _, w := range []Work{
			{Job: "collect", Target: "a"}, {Job: "collect", Target: "a"}, {Job: "collect", Target: "a", Slot: "10:00"},
			{Job: "collect", Target: "b"}, {Job: "compare", Target: "a"},
		} {
			b.enqueue(e, w)
		}
		if n := b.rows(); n != 3 {
			b.t.Errorf("%d jobs, want collect a, collect b and compare a", n)
		}
	})
}

func TestWorkWhileItRunsRunsOnceMoreAndNeverBeside(t *testing.T) {
	each(t, func(b *bench) {
		var mu sync.Mutex
		beside, runs := 0, 0
		began, finish := make(chan Work), make(chan struct{})
		e := b.start(Options{Handlers: map[string]handler{"deliver": func(ctx context.Context, w Work) error {
			mu.Lock()
			beside, runs = beside+1, runs+1
			if beside > 1 {
				b.t.Error("a job runs beside itself")
			}
			mu.Unlock()
			began <- w
			<-finish
			mu.Lock()
			beside--
			mu.Unlock()
			return nil
		}}})
		w := Work{Job: "deliver", Target: "platform"}
		b.enqueue(e, w)
		await(b.t, began, "run")
		for range 3 { // while it runs: asked for again, three times
			b.enqueue(e, w)
		}
		finish <- struct{}{}
		await(b.t, began, "second run")
		done := events(e, river.EventKindJobCompleted)
		finish <- struct{}{}
		await(b.t, done, "completion")
		if runs != 2 || b.rows() != 1 {
			b.t.Errorf("%d runs of %d rows, want 2 of 1", runs, b.rows())
		}
	})
}

func TestAScheduledTimeDuringARunIsSkipped(t *testing.T) {
	each(t, func(b *bench) {
		began, finish := make(chan Work), make(chan struct{})
		e := b.build(Options{Handlers: map[string]handler{"collect": func(_ context.Context, w Work) error {
			began <- w
			<-finish
			return nil
		}}})
		done := events(e, river.EventKindJobCompleted, river.EventKindJobSnoozed)
		b.startBuilt(e)
		b.enqueue(e, Work{Job: "collect", Target: "a", Slot: "09:00"})
		await(b.t, began, "run")
		b.enqueue(e, Work{Job: "collect", Target: "a", Slot: "10:00"})
		finish <- struct{}{}
		if ev := await(b.t, done, "end"); ev.Kind != river.EventKindJobCompleted || b.rows() != 1 {
			b.t.Errorf("%s, %d rows: the time of the schedule that fell into a run is not skipped", ev.Kind, b.rows())
		}
	})
}

func (b *bench) startBuilt(e *Engine) {
	b.t.Helper()
	if err := e.Start(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { b.stop(e) })
}

func TestARunningJobGoesOnInAnotherRun(t *testing.T) {
	each(t, func(b *bench) {
		runs := make(chan int, 3)
		n := 0 // one run at a time
		var e *Engine
		e = b.build(Options{Handlers: map[string]handler{"deliver": func(ctx context.Context, w Work) error {
			n++
			runs <- n
			if n < 3 {
				return e.Enqueue(context.WithoutCancel(ctx), nil, Work{Job: "deliver", Target: w.Target, Slot: fmt.Sprint("after ", n)})
			}
			return nil
		}}})
		done := events(e, river.EventKindJobCompleted)
		b.startBuilt(e)
		b.enqueue(e, Work{Job: "deliver", Target: "platform"})
		await(b.t, done, "completion")
		if len(runs) != 3 {
			b.t.Errorf("%d runs, want 3", len(runs))
		}
	})
}

func TestPanicsAndErrorsEndNoSchedule(t *testing.T) {
	each(t, func(b *bench) {
		var logged strings.Builder
		runs := make(chan int, 100)
		n := 0 // one plan at a time
		b.start(Options{
			Every:  time.Second,
			Logger: slog.New(slog.NewTextHandler(&locked{w: &logged}, nil)),
			Handlers: map[string]handler{"plan": func(context.Context, Work) error {
				n++
				runs <- n
				switch n {
				case 1:
					panic("the plan breaks")
				case 2:
					return errors.New("the plan fails")
				}
				return nil
			}},
		})
		for want := 1; want <= 3; want++ {
			if got := await(b.t, runs, "plan"); got != want {
				b.t.Fatalf("run %d, want %d", got, want)
			}
		}
	})
}

// locked is a writer for loggers of many goroutines.
type locked struct {
	mu sync.Mutex
	w  *strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func TestAPanickingJobRunsAgainAtItsNextTime(t *testing.T) {
	each(t, func(b *bench) {
		ran := make(chan Work, 10)
		var once sync.Once
		e := b.build(Options{Handlers: map[string]handler{"collect": func(_ context.Context, w Work) error {
			ran <- w
			once.Do(func() { panic("broken") })
			return nil
		}}})
		failed := events(e, river.EventKindJobFailed)
		done := events(e, river.EventKindJobCompleted)
		b.startBuilt(e)
		b.enqueue(e, Work{Job: "collect", Target: "a", Slot: "1"})
		await(b.t, failed, "failure")
		b.enqueue(e, Work{Job: "collect", Target: "a", Slot: "2"})
		if n := b.rows(); n != 1 {
			b.t.Errorf("%d rows: what is still to be retried is doubled", n)
		}
		await(b.t, done, "completion")
		b.enqueue(e, Work{Job: "collect", Target: "a", Slot: "3"})
		await(b.t, done, "completion")
		if len(ran) != 3 {
			b.t.Errorf("%d runs, want the panic, its retry and the next", len(ran))
		}
	})
}

func TestEverythingIsRebuiltFromOurRows(t *testing.T) {
	each(t, func(b *bench) {
		ran := make(chan Work, 10)
		var e *Engine
		handlers := map[string]handler{
			"plan": func(ctx context.Context, _ Work) error { // as jobs.Plan does from the store
				for _, w := range []Work{{Job: "deliver", Target: "platform"}, {Job: "prove", Target: "platform"}, {Job: "collect", Target: "a", Slot: "s"}} {
					if err := e.Enqueue(ctx, nil, w); err != nil {
						return err
					}
				}
				return nil
			},
		}
		for _, job := range []string{"deliver", "prove", "collect"} {
			handlers[job] = func(_ context.Context, w Work) error {
				ran <- w
				return nil
			}
		}
		e = b.build(Options{Handlers: handlers})
		b.enqueue(e, Work{Job: "deliver", Target: "platform"})
		for _, table := range []string{"river_job", "river_leader", "river_queue"} {
			if _, err := b.db.SQLX().ExecContext(b.t.Context(), "DELETE FROM "+table); err != nil {
				b.t.Fatal(err)
			}
		}
		b.startBuilt(e)
		got := map[string]bool{}
		for len(got) < 3 {
			got[await(b.t, ran, "rebuilt job").Job] = true
		}
	})
}

func TestAKilledProcessLeavesNothingBehind(t *testing.T) {
	each(t, func(b *bench) {
		ran := make(chan string, 10)
		job := func(_ context.Context, w Work) error {
			ran <- w.Target
			return nil
		}
		e := b.build(Options{Node: "one", Handlers: map[string]handler{"collect": job}})
		for _, target := range []string{"mine", "other"} {
			b.enqueue(e, Work{Job: "collect", Target: target})
		}
		b.leaveRunning(e, "mine", "one")
		b.leaveRunning(e, "other", "two")
		b.startBuilt(e)
		want := []string{"mine", "other"} // on SQLite there is one process only: all that runs was its own
		if b.db.Dialect() == "postgres" {
			want = []string{"mine", "later"} // what another machine runs is not taken from it
			b.enqueue(e, Work{Job: "collect", Target: "later"})
		}
		got := []string{await(b.t, ran, "run"), await(b.t, ran, "run")}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			b.t.Errorf("%v ran, want %v", got, want)
		}
	})
}

// leaveRunning makes a row look as kill -9 leaves it.
func (b *bench) leaveRunning(e *Engine, target, node string) {
	b.t.Helper()
	by, at := "'[\""+node+"\"]'", "'2026-01-01 00:00:00.000'"
	if b.db.Dialect() == "postgres" {
		by = "ARRAY['" + node + "']"
	}
	r, err := b.db.SQLX().ExecContext(b.t.Context(), fmt.Sprintf("UPDATE river_job SET state = 'running', attempt = 3, attempted_at = %s,"+
		" attempted_by = %s WHERE args ->> 'target' = '%s'", at, by, target))
	if err != nil {
		b.t.Fatal(err)
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		b.t.Fatalf("%d rows, %v", n, err)
	}
}

func TestTwoEnginesShareTheWork(t *testing.T) {
	dsn := testdb.Postgres(t)
	b := &bench{t: t, dsn: dsn}
	b.db = b.open()
	if err := errors.Join(b.db.Migrate(t.Context()), Migrate(t.Context(), b.db)); err != nil {
		t.Fatal(err)
	}
	const jobs = 40
	type ran struct{ node, target string }
	results := make(chan ran, 2*jobs)
	both := make(chan struct{}) // closed when each has begun one
	var mu sync.Mutex
	began := map[string]bool{}
	start := func(node string) *Engine {
		return b.start(Options{Node: node, Store: b.open(), Lanes: 2, Handlers: map[string]handler{"deliver": func(ctx context.Context, w Work) error {
			mu.Lock()
			if began[node] = true; len(began) == 2 && w.Target != "" {
				select {
				case <-both:
				default:
					close(both)
				}
			}
			mu.Unlock()
			select {
			case <-both: // neither may do it all alone
			case <-ctx.Done():
			}
			results <- ran{node, w.Target}
			return nil
		}}})
	}
	one := start("one")
	start("two")
	for i := range jobs {
		b.enqueue(one, Work{Job: "deliver", Target: fmt.Sprint(i)})
	}
	count := map[string]int{}
	for range jobs {
		r := await(t, results, "result")
		count[r.target]++
	}
	for target, n := range count {
		if n != 1 {
			t.Errorf("%s ran %d times", target, n)
		}
	}
}

func TestStopWaitsForWhatRuns(t *testing.T) {
	each(t, func(b *bench) {
		began, finish := make(chan struct{}), make(chan struct{})
		finished := false
		e := b.build(Options{Handlers: map[string]handler{"deliver": func(ctx context.Context, _ Work) error {
			close(began)
			<-finish
			finished = ctx.Err() == nil
			return nil
		}}})
		b.mustStart(e)
		b.enqueue(e, Work{Job: "deliver", Target: "platform"})
		await(b.t, began, "run")
		stopped := make(chan error, 1)
		go func() { stopped <- e.Stop(context.Background()) }()
		close(finish)
		if err := await(b.t, stopped, "stop"); err != nil || !finished {
			b.t.Errorf("stop: %v; the job finished: %t", err, finished)
		}
	})
}

func (b *bench) mustStart(e *Engine) {
	b.t.Helper()
	if err := e.Start(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func TestStopCutsOffAtItsBoundAndTheJobComesBack(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		ctx  func() (context.Context, context.CancelFunc)
	}{
		{"by grace", Options{Grace: time.Millisecond}, func() (context.Context, context.CancelFunc) {
			return context.WithCancel(context.Background())
		}},
		{"by the caller", Options{Grace: time.Hour}, func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), time.Millisecond)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(b *bench) {
				began, again := make(chan struct{}), make(chan struct{})
				o := c.o
				o.Handlers = map[string]handler{"collect": func(ctx context.Context, _ Work) error {
					close(began)
					<-ctx.Done()
					return ctx.Err()
				}}
				e := b.build(o)
				b.mustStart(e)
				b.enqueue(e, Work{Job: "collect", Target: "a"})
				await(b.t, began, "run")
				ctx, cancel := c.ctx()
				defer cancel()
				if err := e.Stop(ctx); err != nil {
					b.t.Fatalf("stop: %v", err)
				}
				b.start(Options{Handlers: map[string]handler{"collect": func(context.Context, Work) error {
					close(again)
					return nil
				}}})
				await(b.t, again, "run after the restart")
			})
		})
	}
}

func TestWorkWithoutAHandlerIsRefused(t *testing.T) {
	each(t, func(b *bench) {
		e := b.build(Options{Handlers: map[string]handler{"collect": nothing}})
		cancelled := events(e, river.EventKindJobCancelled)
		b.startBuilt(e)
		b.enqueue(e, Work{Job: "colect", Target: "a"})
		await(b.t, cancelled, "cancellation")
	})
}
