package jobs

import (
	"context"
	"strings"

	"creditsync/connector"
	"creditsync/mapping"
)

// SampleQuery says which rows of a stream are looked at, and how many are shown.
type SampleQuery struct {
	Stream string
	Key    string // only the row with this key
	Where  string // only rows for which this expression holds, written as in a mapping
	Limit  int    // rows shown; all rows count
	Faulty bool   // show rows with faults only
	// Tell gets every row that fits, in order; nil: only those within Limit are kept.
	Tell func(SampleRow) error
}

// Sample is what a mapping makes of the live rows of its stream.
type Sample struct {
	Stream   string      `json:"stream"`
	Title    string      `json:"title"`
	Rows     int64       `json:"rows"`
	Valid    int64       `json:"valid"`
	Invalid  int64       `json:"invalid"`
	Excluded int64       `json:"excluded"`
	NotReady int64       `json:"not_ready"`
	Withheld int64       `json:"withheld"`
	Causes   []Cause     `json:"causes,omitempty"`
	Shown    []SampleRow `json:"shown,omitempty"`
	// Findings are what the registry says about its source.
	Findings []FaultView `json:"findings,omitempty"`
}

// SampleRow is one row with every step of the mapping.
type SampleRow struct {
	Key   string `json:"key"`
	Place string `json:"place,omitempty"`
	Steps []Step `json:"steps"`
}

// Look runs a mapping over the live rows of its stream and changes nothing. The rules need not be in force. Memory does not
// grow with the rows, but for the keys' filter.
func Look(ctx context.Context, d Deps, rules *Rules, q SampleQuery) (Sample, error) {
	plan, registry, err := d.pushed(rules, q.Stream)
	if err != nil {
		return Sample{}, err
	}
	l, err := newLooking(ctx, registry, rules, plan, q)
	if err != nil {
		return Sample{}, err
	}
	spec := plan.Spec()
	ask := connector.Query{Source: spec.Registry, Columns: plan.Columns(), Items: spec.Items, ItemColumns: plan.ItemColumns(), PageRows: pageRows}
	if q.Key != "" {
		ask.Keys = []string{keyText(q.Key)}
	}
	reader := newReader(registry, plan, rules)
	reader.raw = true
	sum, err := reader.pages(ctx, ask, func(p *page) error {
		d.progress(JobCollect, q.Stream, l.out.Rows+int64(len(p.rows)), l.total)
		return l.page(p)
	})
	if err != nil {
		return l.out, err
	}
	if err := l.twins(ctx, reader, ask); err != nil {
		return l.out, err
	}
	l.out.Causes = l.causes.list()
	for _, f := range sum.Findings {
		l.out.Findings = append(l.out.Findings, FaultView{Code: f.What, Arguments: f.Args, Column: f.Column})
	}
	return l.out, nil
}

type looking struct {
	out    Sample
	q      SampleQuery
	plan   *mapping.Plan
	where  *mapping.Filter
	causes causes
	keys   *sieve
	total  int64
	doubt  []string // keys that may have come twice
}

func newLooking(ctx context.Context, registry connector.Registry, rules *Rules, plan *mapping.Plan, q SampleQuery) (*looking, error) {
	n, err := registry.Count(ctx, plan.Spec().Registry)
	if err != nil {
		return nil, err
	}
	l := &looking{out: Sample{Stream: q.Stream, Title: rules.Title(q.Stream)}, q: q, plan: plan, causes: causes{}, keys: newSieve(n), total: n}
	if q.Where != "" {
		filter, fault := plan.Filter(q.Where)
		if fault != nil {
			return nil, mapping.Faults{*fault}
		}
		l.where = filter
	}
	return l, nil
}

func (l *looking) page(p *page) error {
	for i := range p.rows {
		r := &p.rows[i]
		if l.where != nil && !l.where.Holds(p.raw[i]) {
			continue
		}
		l.count(r)
		if err := l.show(p.raw[i], r); err != nil {
			return err
		}
	}
	return nil
}

func (l *looking) count(r *row) {
	l.out.Rows++
	switch {
	case r.Excluded:
		l.out.Excluded++
		return
	case len(r.Faults) > 0:
		l.out.Invalid++
	default:
		l.out.Valid++
		if r.Withheld != nil {
			l.out.Withheld++
		} else if !r.Ready {
			l.out.NotReady++
		}
	}
	l.causes.add(r)
	if r.Key != "" && l.keys.add(r.Key) && len(l.doubt) <= mostTwinKeys {
		l.doubt = append(l.doubt, r.Key)
	}
}

func (l *looking) show(raw mapping.Row, r *row) error {
	if r.Excluded || l.q.Faulty && len(r.Faults) == 0 {
		return nil
	}
	if l.q.Tell == nil && len(l.out.Shown) >= l.q.Limit {
		return nil
	}
	out := SampleRow{Key: mapping.Shown(show(r.Key)), Place: r.place}
	for _, s := range l.plan.Explain(raw) {
		step := Step{Column: s.Column, Rule: s.Rule, Field: s.Field, Local: s.Local, Value: s.Value}
		if s.Fault != nil {
			step.Fault, step.Args = s.Fault.What, s.Fault.Args
		}
		out.Steps = append(out.Steps, step)
	}
	if len(l.out.Shown) < l.q.Limit {
		l.out.Shown = append(l.out.Shown, out)
	}
	if l.q.Tell != nil {
		return l.q.Tell(out)
	}
	return nil
}

// twins reads the rows again whose key may have come twice: none of them can be sent.
func (l *looking) twins(ctx context.Context, reader *reader, ask connector.Query) error {
	if l.q.Key != "" || len(l.doubt) == 0 {
		return nil
	}
	ask.Keys = l.doubt[:min(len(l.doubt), keysAtOnce)]
	met := map[string][]row{}
	_, err := reader.pages(ctx, ask, func(p *page) error {
		for i := range p.rows {
			if r := p.rows[i]; !r.Excluded {
				met[r.Key] = append(met[r.Key], row{Record: mapping.Record{Key: r.Key}, place: r.place, at: len(r.Faults)})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for key, rows := range met {
		for i := range rows {
			if len(rows) < 2 {
				break
			}
			l.causes.twin(key, &rows[i])
			if rows[i].at == 0 {
				l.out.Valid--
				l.out.Invalid++
			}
		}
	}
	return nil
}

// keyText is a key as the store has it, of one as people write it: the parts of a composite key set apart by " + ".
func keyText(shown string) string { return strings.ReplaceAll(shown, " + ", mapping.KeySeparator) }
