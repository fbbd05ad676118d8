package jobs

import (
	"cmp"
	"context"
	"slices"

	"creditsync/jobs/deadline"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// DueQuery selects what is due.
type DueQuery struct {
	Stream string
	Owner  string
	Within int // working days from today; negative: no limit
	Limit  int // 100 when 0
}

// DueRow is one record, or one drawn object without a result, that is not public yet and has a last day.
type DueRow struct {
	Stream      string `json:"stream"`
	Title       string `json:"title"`
	Key         string `json:"key"`
	State       string `json:"state"` // no_result for a drawn object that nothing answers
	Reason      string `json:"reason,omitempty"`
	Owner       string `json:"owner,omitempty"`
	Since       string `json:"since,omitempty"`
	Due         string `json:"due"`
	Left        int    `json:"left"` // working days; negative: overdue
	Provisional bool   `json:"provisional,omitempty"`

	due mapping.Date
}

// NoResult is the state of a drawn object that no row of the answering stream has answered.
const NoResult = "no_result"

// Due lists what is due, earliest first. more says that the limit cut the list.
func Due(ctx context.Context, d Deps, q DueQuery) (rows []DueRow, more bool, err error) {
	rules := d.Rules()
	if q.Limit <= 0 {
		q.Limit = 100
	}
	f := store.Filter{Owner: q.Owner, Limit: q.Limit + 1}
	if q.Within >= 0 {
		f.Until = horizon(rules.Calendar, d.today(), q.Within)
	}
	for _, stream := range rules.clocked(q.Stream) {
		found, err := dueOf(ctx, d, rules, stream, f)
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, found...)
	}
	slices.SortStableFunc(rows, func(a, b DueRow) int { return cmp.Compare(a.due, b.due) })
	if len(rows) > q.Limit {
		return rows[:q.Limit], true, nil
	}
	return rows, false, nil
}

// clocked are the streams that have a legal clock, or the one asked for.
func (r *Rules) clocked(only string) []string {
	var streams []string
	for _, stream := range slices.Concat(r.Streams(mapping.Push), r.Streams(mapping.Pull)) {
		plan, _ := r.Plan(stream)
		if plan.Spec().Deadline != nil && (only == "" || only == stream) {
			streams = append(streams, stream)
		}
	}
	return streams
}

func dueOf(ctx context.Context, d Deps, rules *Rules, stream string, f store.Filter) ([]DueRow, error) {
	plan, _ := rules.Plan(stream)
	if plan.Spec().Direction == mapping.Pull {
		return unanswered(ctx, d, rules, stream, f)
	}
	f.Stream = stream
	dues, err := d.Store.Records.Dues(ctx, f)
	if err != nil {
		return nil, err
	}
	rows := make([]DueRow, 0, len(dues))
	for _, e := range dues {
		r := rules.dueRow(d.today(), stream, e.Key, e.Due)
		r.State, r.Reason, r.Owner, r.Since = string(e.State), e.Reason, e.Owner, stamp(e.Since, d)
		rows = append(rows, r)
	}
	return rows, nil
}

// unanswered are drawn objects without a result: they have a clock too. Nobody owns them until somebody enters a result.
func unanswered(ctx context.Context, d Deps, rules *Rules, stream string, f store.Filter) ([]DueRow, error) {
	if f.Owner != "" {
		return nil, nil
	}
	entries, err := d.Store.Lists.Unanswered(ctx, stream, store.Filter{Until: f.Until, Limit: f.Limit})
	if err != nil {
		return nil, err
	}
	var rows []DueRow
	for _, e := range entries {
		if e.Due == 0 {
			continue
		}
		r := rules.dueRow(d.today(), stream, e.Key, e.Due)
		r.State = NoResult
		rows = append(rows, r)
	}
	return rows, nil
}

func (r *Rules) dueRow(today mapping.Date, stream, key string, due mapping.Date) DueRow {
	_, certain := r.Calendar.Covered()
	return DueRow{Stream: stream, Title: r.Title(stream), Key: show(key), Due: due.String(), Left: r.Calendar.Left(today, due),
		Provisional: due > certain, due: due}
}

// horizon is the last day that is at most n working days after today.
func horizon(c *deadline.Calendar, today mapping.Date, n int) mapping.Date {
	day := today
	for c.Left(today, day+1) <= n {
		day++
	}
	return day
}

// Recheck counts every open deadline again by the calendar in force, after a notice was loaded, and says by stream how
// many changed.
func Recheck(ctx context.Context, d Deps) (map[string]int64, error) {
	rules := d.Rules()
	changed := map[string]int64{}
	for _, stream := range rules.clocked("") {
		plan, _ := rules.Plan(stream)
		limit := plan.Spec().Deadline
		if plan.Spec().Direction == mapping.Pull {
			continue // the next pull counts them again
		}
		n, err := d.Store.Records.Redue(ctx, stream, func(starts mapping.Date) mapping.Date { return rules.due(limit, starts) })
		if err != nil {
			return changed, err
		}
		changed[stream] = n
	}
	return changed, nil
}
