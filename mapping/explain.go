package mapping

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Step is one line of the answer to "why does the platform show this?": what stood in the local column, by which rule it
// was read, what became of it. Personal numbers are masked in all of them. Steps of the mapping itself (where, ready,
// withhold, route, after, deadline) have no Field.
type Step struct {
	Column, Rule, Field, Local, Value string
	Fault                             *Fault
}

// Explain applies the plan to one row and says what happened at each step, in the order of the mapping. A row that does
// not belong to the stream has the steps of its key and of where alone.
func (p *Plan) Explain(row Row) []Step {
	var rec Record
	s := p.open(row, &rec)
	defer p.end(s)
	x := &explanation{p: p, s: s}
	x.keys()
	if p.where != nil {
		x.rule("where: "+p.where.text, p.where, strconv.FormatBool(!rec.Excluded), rec.Faults)
	}
	if rec.Excluded {
		return x.steps
	}
	for i := range p.fields {
		x.field(&p.fields[i])
	}
	if p.items != nil {
		x.items(row.Items)
	}
	x.standing()
	return x.steps
}

type explanation struct {
	p     *Plan
	s     *state
	steps []Step
}

func (x *explanation) keys() {
	for _, at := range x.p.key {
		step := Step{Column: x.p.columns.names[at], Rule: "key", Local: Shown(x.s.cells[at]), Value: Shown(clean(x.s.cells[at]))}
		for i, f := range x.s.rec.Faults {
			if f.Column == step.Column {
				step.Fault = &x.s.rec.Faults[i]
			}
		}
		x.steps = append(x.steps, step)
	}
}

// watch runs f and gives the faults that it reported.
func (x *explanation) watch(f func()) Faults {
	before := len(x.s.rec.Faults)
	f()
	return append(Faults(nil), x.s.rec.Faults[min(before, len(x.s.rec.Faults)):]...)
}

func (x *explanation) field(f *field) {
	var out []byte
	faults := x.watch(func() { out = x.s.appendField(nil, f, x.s.cells, x.s.row.env, "") })
	step := Step{Column: f.From, Rule: f.rule(), Field: f.To, Local: x.localOf(f), Value: shownJSON(out, f.name)}
	x.add(step, faults)
}

func (x *explanation) localOf(f *field) string {
	if f.expr == nil {
		return Shown(x.s.cells[f.column])
	}
	return x.values(f.expr)
}

// values are the columns an expression reads, each with its value.
func (x *explanation) values(e *expression) string {
	parts := make([]string, len(e.columns))
	for i, name := range e.columns {
		parts[i] = name + "=" + Shown(x.s.cells[x.p.columns.at(name)])
	}
	return strings.Join(parts, "; ")
}

func (x *explanation) items(rows []Row) {
	var out []byte
	faults := x.watch(func() { out = x.s.appendItems(nil, x.p, rows) })
	x.add(Step{Rule: "items", Field: x.p.spec.Items.To, Local: strconv.Itoa(len(rows)), Value: shownJSON(out, x.p.items.name)}, faults)
}

// standing explains what surrounds the payload.
func (x *explanation) standing() {
	p, s := x.p, x.s
	if p.ready != nil {
		faults := x.watch(func() { s.ready(p) })
		x.rule("ready: "+p.ready.text, p.ready, strconv.FormatBool(s.rec.Ready), faults)
	}
	for _, r := range p.withhold {
		x.when("withhold: ", r, strings.TrimSpace(r.ground+" "+s.cells[r.approval]))
	}
	for _, r := range p.routes {
		x.when("route: ", r, r.to)
	}
	if p.owner >= 0 {
		x.add(Step{Column: p.columns.names[p.owner], Rule: "owner", Local: s.cells[p.owner], Value: clean(s.cells[p.owner])}, nil)
	}
	for i := range p.after {
		x.reference("after: ", &p.after[i])
	}
	if p.answers != nil {
		x.reference("answers: ", p.answers)
	}
	if p.starts != nil {
		var day Date
		faults := x.watch(func() { day = s.day(p.starts) })
		x.rule("deadline.starts: "+p.starts.text, p.starts, day.String(), faults)
	}
}

func (x *explanation) when(rule string, r rule, value string) {
	var met bool
	faults := x.watch(func() {
		if met = x.s.met(r.when); met && r.ground != "" {
			x.s.approve(x.p, r)
		}
	})
	if !met {
		value = "false"
	}
	x.rule(rule+r.when.text, r.when, value, faults)
}

// reference shows the key of another record, its parts set apart by a slash.
func (x *explanation) reference(rule string, r *reference) {
	key := Shown(strings.ReplaceAll(x.s.reference(r), KeySeparator, " / "))
	x.add(Step{Rule: rule + r.stream, Local: key, Value: key}, nil)
}

func (x *explanation) rule(rule string, c *condition, value string, faults Faults) {
	x.add(Step{Rule: rule, Local: x.values(c.expression), Value: value}, faults)
}

// add notes a step, and further faults of it as steps of their own.
func (x *explanation) add(step Step, faults Faults) {
	if len(faults) > 0 {
		step.Fault = &faults[0]
	}
	x.steps = append(x.steps, step)
	for i := 1; i < len(faults); i++ {
		x.steps = append(x.steps, Step{Column: faults[i].Column, Rule: step.Rule, Field: faults[i].Field, Fault: &faults[i]})
	}
}

// rule is what a field does, in the words of the mapping.
func (f *field) rule() string {
	parts := []string{"is: " + string(f.Is)}
	if f.Expr != "" {
		parts = []string{"expr: " + f.Expr, "is: " + string(f.Is)}
	}
	for _, option := range [][2]string{{"codes", f.Codes}, {"split", f.Split}, {"join", f.Join}, {"unit", f.Unit},
		{"send_unit", f.SendUnit}, {"format", f.Format}, {"default", f.Default}} {
		if option[1] != "" {
			parts = append(parts, option[0]+": "+option[1])
		}
	}
	return strings.Join(parts, ", ")
}

// shownJSON is a member's value as a person reads it: a string without its quotes.
func shownJSON(member, name []byte) string {
	if len(member) <= len(name) {
		return ""
	}
	raw := member[len(name) : len(member)-1]
	if text, err := jsontext.AppendUnquote(nil, raw); err == nil {
		return Shown(string(text))
	}
	return Shown(string(raw))
}
