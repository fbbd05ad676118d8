package jobs

import (
	"context"
	"encoding/json"
	"fmt"

	"creditsync/connector"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// The streams of a draw, as mapping/schema names them. The platform draws; we check what was drawn and report it.
const (
	drawnObjects    = "drawn_objects"
	drawnInspectors = "drawn_inspectors"
	inspectors      = "inspectors"
)

// leastInspectors is how many inspectors an inspection takes (行政处罚法 art. 42; 实施方案: 执法检查人员不得少于两人).
const leastInspectors = 2

// mostFindingsOfDraw bounds how many findings of one pull are named one by one; all are counted.
const mostFindingsOfDraw = 100

// checkDraws reports objects with too few inspectors and inspectors whose certificate had expired when they were drawn. It
// runs when either half of a draw was pulled and says nothing until both are there.
func checkDraws(ctx context.Context, r *running, rules *Rules, stream string) error {
	if stream != drawnObjects && stream != drawnInspectors {
		return nil
	}
	if _, ok, err := r.d.Store.Lists.Current(ctx, drawnInspectors); err != nil || !ok {
		return err
	}
	until, err := certificates(ctx, r.d, rules)
	if err != nil {
		return err
	}
	c := drawCheck{run: r, until: until, teams: map[string]map[string]struct{}{}}
	for e, err := range entries(ctx, r.d.Store, drawnInspectors) {
		if err != nil {
			return err
		}
		if err := c.inspector(ctx, e); err != nil {
			return err
		}
	}
	for e, err := range entries(ctx, r.d.Store, drawnObjects) {
		if err != nil {
			return err
		}
		if err := c.object(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// drawCheck is one check. It holds the teams of the draws in force, which a county counts in thousands.
type drawCheck struct {
	run   *running
	until map[string]mapping.Date
	teams map[string]map[string]struct{} // inspectors by object of a task
	found int
}

func team(known map[string]string) string {
	object := known["object_id"]
	if object == "" {
		object = known["uniscid"]
	}
	return known["task_code"] + mapping.KeySeparator + object
}

func (c *drawCheck) inspector(ctx context.Context, e pulled) error {
	id := e.Known["inspector_id"]
	if id == "" {
		id = e.Known["cert_no"]
	}
	t := team(e.Known)
	if c.teams[t] == nil {
		c.teams[t] = map[string]struct{}{}
	}
	c.teams[t][id] = struct{}{}
	drawn, err := mapping.ParseDate(e.Known["drawn_on"])
	if err != nil {
		drawn = mapping.DateOf(c.run.d.Now())
	}
	until := c.until[e.Known["cert_no"]]
	if until == 0 {
		until = c.until[e.Known["inspector_id"]]
	}
	if until == 0 || until >= drawn {
		return nil
	}
	return c.finding(ctx, store.Event{Stream: drawnInspectors, Reason: CertificateEnded, Key: e.Key,
		Detail: map[string]any{"task": e.Known["task_code"], "inspector": e.Known["name"], "until": until.String(), "drawn": drawn.String()}})
}

func (c *drawCheck) object(ctx context.Context, e pulled) error {
	n := len(c.teams[team(e.Known)])
	if n >= leastInspectors {
		return nil
	}
	return c.finding(ctx, store.Event{Stream: drawnObjects, Reason: TooFewInspectors, Key: e.Key,
		Detail: map[string]any{"task": e.Known["task_code"], "object": e.Known["entname"], "inspectors": n, "least": leastInspectors}})
}

func (c *drawCheck) finding(ctx context.Context, e store.Event) error {
	c.run.count(e.Reason, 1)
	if c.found++; c.found > mostFindingsOfDraw {
		return nil
	}
	e.Kind = KindDecision
	return c.run.once(ctx, e)
}

// certificates reads from the local register until when the inspectors' certificates hold, by certificate number and by
// inspector. A bureau without such a register, or without a column for it, has none to check against.
func certificates(ctx context.Context, d Deps, rules *Rules) (map[string]mapping.Date, error) {
	until := map[string]mapping.Date{}
	plan, registry, err := d.pushed(rules, inspectors)
	if err != nil {
		return until, nil
	}
	narrow, ok, err := narrowed(plan.Spec(), "inspector_id", "cert_no", "cert_until")
	if err != nil || !ok {
		return until, err
	}
	reader := newReader(registry, narrow, rules)
	q := connector.Query{Source: narrow.Spec().Registry, Columns: narrow.Columns(), PageRows: pageRows}
	_, err = reader.pages(ctx, q, func(p *page) error {
		for i := range p.rows {
			if err := certificate(until, &p.rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("certificates of the inspectors: %w", err)
	}
	return until, nil
}

func certificate(until map[string]mapping.Date, r *row) error {
	var c struct {
		Inspector string `json:"inspector_id"`
		Number    string `json:"cert_no"`
		Until     string `json:"cert_until"`
	}
	if r.Excluded || len(r.Payload) == 0 {
		return nil
	}
	if err := json.Unmarshal(r.Payload, &c); err != nil {
		return fmt.Errorf("inspector %q: %w", show(r.Key), err)
	}
	day, err := mapping.ParseDate(c.Until)
	if err != nil {
		return nil // no date, or an unreadable one, which makes the inspector's own record invalid
	}
	for _, name := range []string{c.Inspector, c.Number} {
		if name != "" {
			until[name] = day
		}
	}
	return nil
}

// narrowed is a mapping that reads only the fields with these names of ours, each under that name and as plain values. ok
// is false if the last of them is not mapped.
func narrowed(spec mapping.Spec, names ...string) (plan *mapping.Plan, ok bool, err error) {
	narrow := mapping.Spec{Stream: spec.Stream, Title: spec.Title, Direction: mapping.Push, Resource: spec.Resource, Registry: spec.Registry}
	narrow.Registry.Changed = nil
	for _, name := range names {
		ok = false
		for _, f := range spec.Fields {
			if f.As == name && f.From != "" {
				narrow.Fields = append(narrow.Fields, mapping.Field{From: f.From, To: name, Is: f.Is})
				ok = true
			}
		}
	}
	if !ok {
		return nil, false, nil
	}
	plan, faults := mapping.Compile(narrow, nil)
	if len(faults) > 0 {
		return nil, false, faults
	}
	return plan, true, nil
}
