package deadline_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"creditsync/jobs/deadline"
	"creditsync/mapping"
)

// inside draws a day and a limit that stay within the shipped notices, or run out of them.
func inside(t *rapid.T) (mapping.Date, int) {
	first, last := mapping.NewDate(2022, time.January, 1), mapping.NewDate(2027, time.December, 31)
	return mapping.Date(rapid.Int32Range(int32(first), int32(last)).Draw(t, "start")), rapid.IntRange(1, 60).Draw(t, "days")
}

func TestDueProperties(t *testing.T) {
	c := calendar(t, shipped(t)...)
	rapid.Check(t, func(t *rapid.T) {
		start, n := inside(t)
		got, days := c.Count(start, n)
		if working, _ := c.Working(got.Due); !working {
			t.Fatalf("%s is no working day", got.Due)
		}
		if left := c.Left(start, got.Due); left != n {
			t.Fatalf("%d working days from %s to %s, want %d", left, start, got.Due, n)
		}
		if overdue := c.Left(got.Due+1, got.Due); overdue != -1 {
			t.Fatalf("the day after %s is %d", got.Due, overdue)
		}
		if c.Due(start+1, n).Due < got.Due || c.Due(start, n+1).Due <= got.Due {
			t.Fatalf("due of %s, %d days is not monotone", start, n)
		}
		unknown := slices.ContainsFunc(days, func(d deadline.Day) bool { return !d.Known })
		if got.Provisional != unknown {
			t.Fatalf("provisional %t, but a day that is not known: %t", got.Provisional, unknown)
		}
	})
}

func TestOneMoreHolidayNeverComesEarlier(t *testing.T) {
	all := shipped(t)
	before := calendar(t, all...)
	rapid.Check(t, func(t *rapid.T) {
		start, n := inside(t)
		d := start + mapping.Date(rapid.IntRange(1, 90).Draw(t, "offset"))
		free, work := slices.Clone(all), slices.Clone(all)
		last := len(all) - 1
		free[last].Work = slices.DeleteFunc(slices.Clone(free[last].Work), func(s deadline.Special) bool { return s.Date == d })
		free[last].Off = append(slices.Clone(free[last].Off), deadline.Special{Date: d})
		work[last].Work = append(slices.Clone(work[last].Work), deadline.Special{Date: d})
		was := before.Due(start, n).Due
		if got := must(t, free).Due(start, n).Due; got < was {
			t.Fatalf("%s made free: due %s comes before %s", d, got, was)
		}
		if got := must(t, work).Due(start, n).Due; got > was {
			t.Fatalf("%s made working: due %s comes after %s", d, got, was)
		}
	})
}

func must(t *rapid.T, notices []deadline.Notice) *deadline.Calendar {
	c, err := deadline.NewCalendar(notices)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func BenchmarkDue(b *testing.B) {
	notices := make([]deadline.Notice, 0, 6)
	for year := 2022; year < 2028; year++ {
		notices = append(notices, deadline.Notice{Year: year})
	}
	c, err := deadline.NewCalendar(notices)
	if err != nil {
		b.Fatal(err)
	}
	start := mapping.NewDate(2026, time.September, 18)
	for b.Loop() {
		c.Due(start, 20)
	}
}
