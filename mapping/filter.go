package mapping

import "github.com/expr-lang/expr/vm"

// Filter is a condition over the rows of a plan that is no part of it: what a person asks to see.
type Filter struct {
	plan *Plan
	cond *expression
	vm   vm.VM
}

// Filter compiles a condition as a mapping would write it. It may only name columns that the plan reads.
func (p *Plan) Filter(text string) (*Filter, *Fault) {
	e, fault := compileExpression(text, true)
	if fault != nil {
		return nil, fault
	}
	for _, name := range e.columns {
		if p.columns.at(name) < 0 {
			return nil, wrong(SpecNoColumn, text, name)
		}
	}
	return &Filter{plan: p, cond: e}, nil
}

// Holds says whether the condition holds for a row; one for which it fails does not. It is not for several goroutines.
func (f *Filter) Holds(row Row) bool {
	env := make(map[string]any, len(f.cond.columns))
	for _, name := range f.cond.columns {
		at := f.plan.columns.at(name)
		env[name] = ""
		if at < len(row.Cells) {
			env[name] = clean(row.Cells[at])
		}
	}
	out, fault := f.cond.run(&f.vm, env)
	yes, _ := out.(bool)
	return fault == nil && yes
}
