package jobs

import (
	"context"

	"creditsync/jobs/store"
	"creditsync/mapping"
)

// soonDays is how many working days are soon.
const soonDays = 3

// thresholds are the working days before a last day at which a person is told, the nearest first.
func thresholds() []int { return []int{1, 3, 5, 10} }

const (
	countHorizon = 10     // working days ahead that are counted day by day
	countMost    = 20_000 // records that are counted; above it a count is "at least"
	countPage    = 1000
)

// dueCount counts what is due, by last day.
type dueCount struct {
	overdue int64
	byDay   map[mapping.Date]dayCount
	capped  bool // there are more
}

type dayCount struct {
	left    int
	records int64
}

func (c dueCount) within(days int) (n int64) {
	for _, d := range c.byDay {
		if d.left >= 0 && d.left <= days {
			n += d.records
		}
	}
	return n
}

// next is the earliest last day that has not passed, as far as it was counted.
func (c dueCount) next(earliest, today mapping.Date) mapping.Date {
	if earliest >= today {
		return earliest
	}
	var next mapping.Date
	for day := range c.byDay {
		if day >= today && (next == 0 || day < next) {
			next = day
		}
	}
	return next
}

func (c *dueCount) add(rules *Rules, today, due mapping.Date) {
	if due == 0 {
		return
	}
	if due < today {
		c.overdue++
		return
	}
	if c.byDay == nil {
		c.byDay = map[mapping.Date]dayCount{}
	}
	day, ok := c.byDay[due]
	if !ok {
		day.left = rules.Calendar.Left(today, due)
	}
	day.records++
	c.byDay[due] = day
}

// dueCounts counts the records of a stream that are overdue or due within the horizon.
func dueCounts(ctx context.Context, d Deps, rules *Rules, stream string) (c dueCount, err error) {
	return counted(d, rules, func(f store.Filter) (dues []mapping.Date, last string, err error) {
		f.Stream = stream
		page, err := d.Store.Records.Dues(ctx, f)
		for _, e := range page {
			dues, last = append(dues, e.Due), e.Key
		}
		return dues, last, err
	})
}

// counted counts page by page, up to a bound.
func counted(d Deps, rules *Rules, next func(f store.Filter) (dues []mapping.Date, last string, err error)) (c dueCount, err error) {
	f := store.Filter{Until: horizon(rules.Calendar, d.today(), countHorizon), Limit: countPage}
	for n := 0; n < countMost; n += countPage {
		dues, last, err := next(f)
		if err != nil {
			return c, err
		}
		for _, due := range dues {
			c.add(rules, d.today(), due)
		}
		if len(dues) < countPage {
			return c, nil
		}
		f.After = last
	}
	c.capped = true
	return c, nil
}

// dueUnanswered counts drawn objects without a result, by stream.
func dueUnanswered(ctx context.Context, d Deps, rules *Rules) (map[string]dueCount, error) {
	counts := map[string]dueCount{}
	for _, stream := range rules.clocked("") {
		if plan, _ := rules.Plan(stream); plan.Spec().Direction != mapping.Pull {
			continue
		}
		c, err := dueEntries(ctx, d, rules, stream)
		if err != nil {
			return nil, err
		}
		counts[stream] = c
	}
	return counts, nil
}

func dueEntries(ctx context.Context, d Deps, rules *Rules, stream string) (c dueCount, err error) {
	return counted(d, rules, func(f store.Filter) (dues []mapping.Date, last string, err error) {
		page, err := d.Store.Lists.Unanswered(ctx, stream, f)
		for _, e := range page {
			dues, last = append(dues, e.Due), e.Key
		}
		return dues, last, err
	})
}
