package simulation

import "math/rand/v2"

// dice are the draws of one seed. What a draw gives depends on what it decides and how often that was drawn, not on the
// draws of others: leaving a fault out does not change what comes after it more than it must.
type dice struct {
	seed  uint64
	drawn map[string]uint64
}

func newDice(seed uint64) *dice { return &dice{seed: seed, drawn: map[string]uint64{}} }

// below is a number from 0 to n-1.
func (d *dice) below(what string, n int) int {
	if n <= 1 {
		return 0
	}
	serial := d.drawn[what]
	d.drawn[what] = serial + 1
	h := d.seed ^ 0x9E3779B97F4A7C15
	for i := range len(what) {
		h = mix(h ^ uint64(what[i]))
	}
	return int(mix(h^serial) % uint64(n))
}

// mix is the finaliser of splitmix64.
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// planner draws what a seed stands for before anything runs.
func planner(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0xC0FFEE)) }

// one of several, each as likely.
func one[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }
