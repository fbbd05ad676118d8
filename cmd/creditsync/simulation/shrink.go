package simulation

import (
	"context"
	"slices"
)

// mostTrials bounds what making a finding small may cost.
const mostTrials = 400

// shrink leaves out what a finding does not need: faults first, then what people do, half of them at a time, then a
// quarter, down to one by one. A smaller plan counts if the same check finds something.
func (k *kit) shrink(ctx context.Context, p Plan, check string) (Plan, error) {
	s := &shrinking{k: k, ctx: ctx, check: check, best: p}
	for before := -1; before != len(s.best.Faults)+len(s.best.Steps) && s.err == nil; {
		before = len(s.best.Faults) + len(s.best.Steps)
		s.reduce(func(p *Plan) int { return len(p.Faults) }, func(p *Plan, from, to int) { p.Faults = without(p.Faults, from, to) })
		s.reduce(func(p *Plan) int { return len(p.Steps) }, func(p *Plan, from, to int) { p.Steps = without(p.Steps, from, to) })
	}
	s.simpler(func(p *Plan) { p.Nodes = 1 })
	return s.best, s.err
}

func without[T any](all []T, from, to int) []T {
	return slices.Concat(all[:from], all[to:])
}

// shrinking is one plan on its way to a smaller one.
type shrinking struct {
	k      *kit
	ctx    context.Context
	check  string
	best   Plan
	trials int
	err    error
}

// reduce drops ever smaller parts of one list.
func (s *shrinking) reduce(count func(*Plan) int, drop func(p *Plan, from, to int)) {
	for size := max(1, count(&s.best)/2); ; size /= 2 {
		for from := 0; from < count(&s.best); {
			to := min(from+size, count(&s.best))
			if !s.simpler(func(p *Plan) { drop(p, from, to) }) {
				from = to
			}
		}
		if size <= 1 {
			return
		}
	}
}

// simpler keeps a change to the plan if the finding stays.
func (s *shrinking) simpler(change func(p *Plan)) bool {
	if s.err != nil || s.trials >= mostTrials {
		return false
	}
	s.trials++
	p := s.best
	change(&p)
	res, err := s.k.run(s.ctx, p, false)
	if err != nil {
		s.err = err
		return false
	}
	if len(res.Findings) == 0 || res.Findings[0].Check != s.check {
		return false
	}
	s.best = p
	return true
}
