package simulation

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// memory is a directory in memory where there is one.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "simulation")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func newTestKit(t *testing.T) *kit {
	t.Helper()
	k, err := newKit(t.Context(), memory(t))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The same seed is the same world, in another process directory and after other seeds.
func TestSeedDecidesEverything(t *testing.T) {
	a, b := newTestKit(t), newTestKit(t)
	for seed := range uint64(10) {
		x, err := a.run(t.Context(), PlanOf(seed), true)
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.run(t.Context(), PlanOf(seed), true)
		if err != nil {
			t.Fatal(err)
		}
		if x.Hash != y.Hash {
			t.Fatalf("seed %d (-first +second):\n%s", seed, cmp.Diff(x.Trace, y.Trace))
		}
		if seed == 0 && len(x.Trace) < 100 {
			t.Errorf("a trace of %d lines", len(x.Trace))
		}
	}
}

// freshSeeds is how many seeds one run of the tests plays.
const freshSeeds = 60

func TestSeeds(t *testing.T) {
	o := Options{Dir: memory(t), From: 0, Count: freshSeeds, Workers: 2, Now: time.Now}
	got, err := Seeds(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got.Report != nil {
		t.Fatalf("seed %d: %+v\n%+v", got.Report.Seed, got.Report.Findings, got.Report.Plan)
	}
	if got.Seeds != freshSeeds || got.Steps < 100*freshSeeds || got.Faults < freshSeeds {
		t.Errorf("%+v", got)
	}
	t.Logf("%d seeds, %d steps, %d faults, %s", got.Seeds, got.Steps, got.Faults, got.Took)
}

// TestSeedsThatFoundSomething plays the worlds in which mended bugs of the program were found once.
func TestSeedsThatFoundSomething(t *testing.T) {
	k := newTestKit(t)
	for seed, what := range map[uint64]string{
		71:     "an update of what never arrived was refused",
		235:    "a row edited while it was kept back counted as published",
		362:    "a record kept back while its delivery was unknown was looked for without end",
		101337: "a row that had become invalid while its outcome was open was sent again",
	} {
		report, err := k.run(t.Context(), PlanOf(seed), false)
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Findings) > 0 {
			t.Errorf("seed %d, %s: %+v", seed, what, report.Findings)
		}
	}
}

func TestWithoutDropsAPart(t *testing.T) {
	if got := without([]int{1, 2, 3, 4}, 1, 3); !slices.Equal(got, []int{1, 4}) {
		t.Error(got)
	}
}
