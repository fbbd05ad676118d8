package mapping

import "github.com/expr-lang/expr/vm"

// state is what one application of a plan needs besides the record: it is pooled with the plan.
type state struct {
	rec       *Record
	vm        vm.VM
	row       scope
	item      scope
	answers   []answer // of each condition over the row
	list      []string
	cells     []string // the row's cells, cleaned, unusable ones empty
	itemCells []string
	refused   int // how many of rec.Faults spoil a whole cell
	scratch   []byte
	hashed    []byte // what the source's hash covers
}

// scope is the environment of expressions over one kind of row. The last text of each column is kept, boxed, because
// neighbouring rows repeat their states, years and units.
type scope struct {
	env     map[string]any
	last    []string
	turn    uint64   // counts the rows
	changed []uint64 // the turn in which each column had another text than in the one before
}

// answer is what a condition said last, and in which turn. Expressions are pure: while none of its columns changes, the
// answer stays.
type answer struct {
	turn uint64
	yes  bool
}

func (p *Plan) begin(rec *Record) *state {
	s, _ := p.pool.Get().(*state)
	if s == nil {
		s = &state{row: newScope(&p.columns), answers: make([]answer, p.rules)}
		if p.items != nil {
			s.item = newScope(&p.items.columns)
		}
	}
	s.rec, s.refused = rec, 0
	return s
}

func (p *Plan) end(s *state) {
	s.rec = nil
	p.pool.Put(s)
}

func newScope(c *columnSet) scope {
	n := len(c.exprs)
	sc := scope{env: make(map[string]any, n), last: make([]string, n), changed: make([]uint64, n)}
	for _, i := range c.exprs {
		sc.env[c.names[i]] = ""
	}
	return sc
}

// fill makes the cleaned cells of a row visible to expressions.
func (sc *scope) fill(c *columnSet, cells []string) {
	sc.turn++
	for i, at := range c.exprs {
		if v := cells[at]; v != sc.last[i] {
			sc.last[i], sc.changed[i] = v, sc.turn
			sc.env[c.names[at]] = v
		}
	}
}

// holds evaluates a condition over the row.
func (s *state) holds(c *condition) (bool, *Fault) {
	known := &s.answers[c.id]
	if known.turn > 0 && !s.row.since(c.uses, known.turn) {
		return known.yes, nil
	}
	out, fault := c.run(&s.vm, s.row.env)
	if fault != nil {
		known.turn = 0
		return false, fault
	}
	*known = answer{turn: s.row.turn, yes: out.(bool)}
	return known.yes, nil
}

// since tells whether any of these columns has changed after that turn.
func (sc *scope) since(uses []int, turn uint64) bool {
	for _, i := range uses {
		if sc.changed[i] > turn {
			return true
		}
	}
	return false
}

// concatenate builds a plain concatenation from the environment.
func (s *state) concatenate(pieces []piece, env map[string]any) string {
	s.scratch = s.scratch[:0]
	for _, p := range pieces {
		if p.column == "" {
			s.scratch = append(s.scratch, p.text...)
			continue
		}
		s.scratch = append(s.scratch, env[p.column].(string)...)
	}
	return string(s.scratch)
}
