package mapping

import (
	"fmt"
	"slices"
	"strconv"
)

// Compile checks a mapping against the code lists and turns it into a Plan. Every static fault is reported at once;
// with any, there is no plan. A fault's Field is the YAML path of what is at fault, such as $.fields[3].expr: the caller
// that knows the file adds the place.
func Compile(s Spec, codes map[string]CodeList) (*Plan, Faults) {
	c := &compiler{plan: &Plan{spec: s, owner: -1}, spec: s, lists: codes, tables: map[string]*codeTable{}}
	c.head()
	c.source()
	switch s.Direction {
	case Push:
		c.push()
	case Pull:
		c.pull()
	}
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return c.plan, nil
}

type compiler struct {
	plan   *Plan
	spec   Spec
	lists  map[string]CodeList
	tables map[string]*codeTable
	faults Faults
}

func (c *compiler) fault(path, code string, args ...string) {
	c.faults = append(c.faults, Fault{What: code, Args: args, Field: path})
}

// missing reports a key that must be there, at the place of what it is missing from.
func (c *compiler) missing(path, key string) { c.fault(path, SpecMissing, key) }

// push compiles in the order in which a row is read: the key columns come first.
func (c *compiler) push() {
	p := c.plan
	for _, k := range c.spec.Registry.Key {
		p.key = append(p.key, p.columns.add(k))
	}
	c.allow()
	p.fields = c.fields(c.spec.Fields, "$.fields", &p.columns)
	p.where = c.condition(c.spec.Registry.Where, "$.registry.where", true, &p.columns)
	p.ready = c.condition(c.spec.Ready, "$.ready", true, &p.columns)
	c.deadline(&p.columns)
	if c.spec.Owner != "" {
		p.owner = p.columns.add(c.spec.Owner)
	}
	c.routes()
	c.withholds()
	c.references()
	c.items()
}

func (c *compiler) fields(specs []Field, path string, columns *columnSet) []field {
	if len(specs) == 0 {
		c.missing("$", "fields")
	}
	fields := make([]field, 0, len(specs))
	taken := map[string]bool{}
	for i, s := range specs {
		at := path + "[" + strconv.Itoa(i) + "]"
		f := c.field(s, at)
		c.local(&f, columns)
		c.sensitive(&f)
		if s.To != "" && taken[s.To] {
			c.fault(at+".to", SpecDuplicate, s.To)
		}
		taken[s.To] = true
		fields = append(fields, f)
	}
	return fields
}

// local settles where a field's value comes from.
func (c *compiler) local(f *field, columns *columnSet) {
	f.column = -1
	switch {
	case (f.From == "") == (f.Expr == ""):
		c.fault(f.path, SpecFromOrExpr, f.To)
	case f.From != "":
		f.column = columns.add(f.From)
	default:
		if condition := c.condition(f.Expr, f.path+".expr", false, columns); condition != nil {
			f.expr = condition.expression
		}
	}
}

// condition compiles an expression and notes its columns; it gives nil for an empty text and for a faulty one.
func (c *compiler) condition(text, path string, yesNo bool, columns *columnSet) *condition {
	out := c.expression(text, path, yesNo)
	if out == nil {
		return nil
	}
	for _, name := range out.columns {
		at := columns.add(name)
		if !slices.Contains(columns.exprs, at) {
			columns.exprs = append(columns.exprs, at)
		}
		out.uses = append(out.uses, slices.Index(columns.exprs, at))
	}
	return out
}

func (c *compiler) expression(text, path string, yesNo bool) *condition {
	if text == "" {
		return nil
	}
	e, fault := compileExpression(text, yesNo)
	if fault != nil {
		c.fault(path, fault.What, fault.Args...)
		return nil
	}
	c.plan.rules++
	return &condition{expression: e, id: c.plan.rules - 1}
}

// starts compiles the day a clock starts. A plain earliest(…) reads its columns itself: they need not be made visible to
// the machine.
func (c *compiler) starts(text string, columns *columnSet) *condition {
	const path = "$.deadline.starts"
	if days, _ := plainDays(text); days == nil {
		return c.condition(text, path, false, columns)
	}
	out := c.expression(text, path, false)
	if out == nil {
		return nil
	}
	for _, name := range out.expression.days {
		out.days = append(out.days, columns.add(name))
	}
	return out
}

func (c *compiler) deadline(columns *columnSet) {
	d := c.spec.Deadline
	if d == nil {
		return
	}
	if d.Starts == "" {
		c.missing("$.deadline", "starts")
	}
	if d.Basis == "" {
		c.fault("$.deadline", SpecBasis)
	}
	c.limit(d.WorkingDays)
	c.plan.starts = c.starts(d.Starts, columns)
}

// limit refuses a limit of no days. Whether it is looser than the law's is for jobs/deadline, which knows the law.
func (c *compiler) limit(days int) {
	if days <= 0 {
		c.fault("$.deadline", SpecDays, strconv.Itoa(days))
	}
}

func (c *compiler) routes() {
	for i, r := range c.spec.Route {
		at := fmt.Sprintf("$.route[%d]", i)
		c.both(at, "when", r.When, "to", r.To)
		if when := c.condition(r.When, at+".when", true, &c.plan.columns); when != nil {
			c.plan.routes = append(c.plan.routes, rule{when: when, to: r.To})
		}
	}
}

func (c *compiler) withholds() {
	for i, w := range c.spec.Withhold {
		at := fmt.Sprintf("$.withhold[%d]", i)
		c.both(at, "when", w.When, "ground", w.Ground)
		if w.Approval == "" {
			c.missing(at, "approval")
			continue
		}
		if when := c.condition(w.When, at+".when", true, &c.plan.columns); when != nil {
			c.plan.withhold = append(c.plan.withhold, rule{when: when, ground: w.Ground, approval: c.plan.columns.add(w.Approval)})
		}
	}
}

func (c *compiler) both(at, name, value, other, second string) {
	if value == "" {
		c.missing(at, name)
	}
	if second == "" {
		c.missing(at, other)
	}
}

func (c *compiler) references() {
	for i, a := range c.spec.After {
		c.plan.after = append(c.plan.after, c.reference(a, fmt.Sprintf("$.after[%d]", i)))
	}
	if c.spec.Answers != nil {
		r := c.reference(*c.spec.Answers, "$.answers")
		c.plan.answers = &r
	}
}

func (c *compiler) reference(a After, at string) reference {
	if a.Stream == "" {
		c.missing(at, "stream")
	}
	if len(a.By) == 0 {
		c.missing(at, "by")
	}
	r := reference{stream: a.Stream}
	for _, column := range a.By {
		r.columns = append(r.columns, c.plan.columns.add(column))
		r.kinds = append(r.kinds, c.kindOf(column))
	}
	return r
}

func (c *compiler) kindOf(column string) Kind {
	for _, f := range c.spec.Fields {
		if f.From == column && (f.Is == CreditCode || f.Is == ID) {
			return f.Is
		}
	}
	return Text
}

func (c *compiler) items() {
	items := c.spec.Items
	if items == nil {
		return
	}
	c.both("$.items", "parent", items.Parent, "to", items.To)
	if (items.Table == "") == (items.File == "") {
		c.fault("$.items", SpecSource)
	}
	for _, f := range c.spec.Fields {
		if f.To == items.To && f.To != "" {
			c.fault("$.items.to", SpecDuplicate, f.To)
		}
	}
	p := &itemPlan{name: jsonName(items.To)}
	p.columns.add(items.Parent)
	p.fields = c.fields(items.Fields, "$.items.fields", &p.columns)
	p.where = c.condition(items.Where, "$.items.where", true, &p.columns)
	c.plan.items = p
}

// pull compiles a mapping from the platform's objects to local columns.
func (c *compiler) pull() {
	c.pushOnly()
	p := c.plan
	p.tree = &node{}
	var local columnSet
	for i, s := range c.spec.Fields {
		at := fmt.Sprintf("$.fields[%d]", i)
		f := c.field(s, at)
		if s.From == "" {
			c.missing(at, "from")
		} else if !p.tree.insert(s.From, i) {
			c.fault(at+".from", SpecDuplicate, s.From)
		}
		if s.To != "" && slices.Contains(local.names, s.To) {
			c.fault(at+".to", SpecDuplicate, s.To)
		}
		local.names = append(local.names, s.To)
		p.fields = append(p.fields, f)
	}
	if len(p.fields) == 0 {
		c.missing("$", "fields")
	}
	p.columns = local
	for i, k := range c.spec.Registry.Key {
		at := slices.Index(local.names, k)
		if at < 0 {
			c.fault(fmt.Sprintf("$.registry.key[%d]", i), SpecKeyNotAField, k)
		}
		p.key = append(p.key, at)
	}
	c.deadline(&p.columns)
	for _, name := range p.columns.names[len(p.fields):] {
		c.fault("$.deadline.starts", SpecKeyNotAField, name)
	}
}

// pushOnly refuses what has no meaning for a pulled stream, rather than let it stand without effect.
func (c *compiler) pushOnly() {
	s := c.spec
	for key, set := range map[string]bool{
		"registry.where": s.Registry.Where != "", "ready": s.Ready != "", "after": s.After != nil, "answers": s.Answers != nil,
		"owner": s.Owner != "", "route": s.Route != nil, "withhold": s.Withhold != nil, "items": s.Items != nil, "allow": s.Allow != nil,
	} {
		if set {
			c.fault("$."+key, SpecPushOnly, key)
		}
	}
	for i, f := range s.Fields {
		if f.Expr != "" {
			c.fault(fmt.Sprintf("$.fields[%d].expr", i), SpecPushOnly, "expr")
		}
	}
	slices.SortFunc(c.faults, func(a, b Fault) int { return compareText(a.Field, b.Field) })
}
