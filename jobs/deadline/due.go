package deadline

import "creditsync/mapping"

// Result is one counted limit.
type Result struct {
	// Due is the last day of the limit; it ends at 24:00, Asia/Shanghai.
	Due mapping.Date
	// Provisional: the count touches days whose notice is not out; loading the notice may move Due.
	Provisional bool
	// Fault is not nil when the count starts before the first notice (code calendar.uncovered). Due is then counted by
	// weekends alone and is no answer that may stand.
	Fault *mapping.Fault
}

// Day is one day of a count.
type Day struct {
	Date    mapping.Date
	Working bool
	Name    string // of the holiday, or of the one that is worked off; empty for an ordinary day
	N       int    // which working day of the limit it is, from 1; 0 for a free day
	Known   bool   // a notice in force says so
}

// Due is the last day of a limit of workingDays: the day it starts is not counted (民法典 art. 201), free days are not
// counted, so the last day is always a working day. workingDays below 1 gives starts itself.
func (c *Calendar) Due(starts mapping.Date, workingDays int) Result {
	d := starts
	for left := workingDays; left > 0; {
		d++
		if working, _ := c.day(d); working {
			left--
		}
	}
	return c.result(starts, d)
}

func (c *Calendar) result(starts, due mapping.Date) Result {
	r := Result{Due: due, Provisional: due > c.certain}
	if starts < c.first {
		r.Fault = &mapping.Fault{What: uncovered, Args: []string{starts.String(), c.first.String()}}
	}
	return r
}

// Count is the same day by day, from the day after starts to the due day: what is shown to whoever doubts the date.
func (c *Calendar) Count(starts mapping.Date, workingDays int) (Result, []Day) {
	r := c.Due(starts, workingDays)
	days := make([]Day, 0, int(r.Due-starts))
	n := 0
	for d := starts + 1; d <= r.Due; d++ {
		working, name := c.day(d)
		day := Day{Date: d, Working: working, Name: name, Known: d >= c.first && d <= c.certain}
		if working {
			n++
			day.N = n
		}
		days = append(days, day)
	}
	return r, days
}

// Left is the slack: how many working days remain after today until due. 0 means due today, or that only free days lie
// between; once due has passed it is negative, -1 on the first day after.
func (c *Calendar) Left(today, due mapping.Date) int {
	if today <= due {
		return c.between(today, due)
	}
	return -max(1, c.between(due, today))
}

// between counts the working days after from, up to and including to.
func (c *Calendar) between(from, to mapping.Date) int {
	n := 0
	for d := from + 1; d <= to; d++ {
		if working, _ := c.day(d); working {
			n++
		}
	}
	return n
}
