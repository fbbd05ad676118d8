package simulation

import (
	"fmt"
	"hash"
	"hash/fnv"
	"time"
)

// Line is one line of a trace: what happened, when, counted from the beginning of the world.
type Line struct {
	At   time.Duration `json:"at"`
	What string        `json:"what"`
}

// trace hashes all that happens, so that two runs can be told apart, and keeps it when it is wanted.
type trace struct {
	keep  bool
	lines []Line
	sum   hash.Hash64
	begun time.Time
}

func newTrace(keep bool, begun time.Time) *trace {
	return &trace{keep: keep, sum: fnv.New64a(), begun: begun}
}

func (t *trace) say(now time.Time, what string, args ...any) {
	at := now.Sub(t.begun)
	if len(args) > 0 {
		what = fmt.Sprintf(what, args...)
	}
	fmt.Fprintf(t.sum, "%d %s\n", at, what)
	if t.keep {
		t.lines = append(t.lines, Line{at, what})
	}
}
