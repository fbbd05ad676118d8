package simulation

import (
	"container/heap"
	"iter"
	"time"
)

// clock is the only time there is. It moves to the next event, and events of one instant come in the order they were set.
type clock struct {
	now    time.Time
	events events
	serial uint64
}

type event struct {
	at     time.Time
	serial uint64
	do     func()
}

type events []*event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	if !e[i].at.Equal(e[j].at) {
		return e[i].at.Before(e[j].at)
	}
	return e[i].serial < e[j].serial
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }

// Push implements heap.Interface.
func (e *events) Push(x any) { *e = append(*e, x.(*event)) }

// Pop implements heap.Interface.
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// after sets f to happen d from now; a canceled event does nothing.
func (c *clock) after(d time.Duration, f func()) (cancel func()) {
	c.serial++
	e := &event{at: c.now.Add(max(d, 0)), serial: c.serial, do: f}
	heap.Push(&c.events, e)
	return func() { e.do = nil }
}

// step lets the next event happen, unless it lies after until.
func (c *clock) step(until time.Time) bool {
	if len(c.events) == 0 || c.events[0].at.After(until) {
		return false
	}
	e := heap.Pop(&c.events).(*event)
	c.now = e.at
	if e.do != nil {
		e.do()
	}
	return true
}

// task is one run of a job as a coroutine: it gives way only where no transaction is open.
type task struct {
	node    *node
	work    work
	run     int
	next    func() (time.Duration, bool)
	yield   func(time.Duration) bool
	ended   bool
	again   bool // the same work arrived while it ran
	err     error
	skew    time.Duration      // of the wall clock when it began: within a run time is monotonic
	queued  []work             // handed to the engine in a transaction that is open
	claimed time.Time          // when the intent of the attempt under way was committed
	recent  map[string][]*view // what was known when that was committed
	reads   map[string]*view   // what this run has read of each stream
}

// newTask prepares f to run as a coroutine.
func newTask(n *node, w work, f func(t *task) error) *task {
	t := &task{node: n, work: w, reads: map[string]*view{}}
	t.next, _ = iter.Pull(func(yield func(time.Duration) bool) {
		t.yield = yield
		t.err = unwound(func() error { return f(t) })
	})
	return t
}

// unwound runs f and takes the panic of a crash for its end. Any other panic is a fault of this package.
func unwound(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			if _, ok := v.(crash); !ok {
				panic(v)
			}
		}
	}()
	return f()
}

// crash is the panic that ends a process.
type crash struct{}
