package mapping

import (
	"slices"
	"sync"
)

// Plan is a compiled mapping. It is immutable and may be used by many goroutines at once.
type Plan struct {
	spec     Spec
	columns  columnSet
	key      []int // push: where the key columns stand; pull: which fields
	where    *condition
	ready    *condition
	starts   *condition
	routes   []rule
	withhold []rule
	owner    int
	after    []reference
	answers  *reference
	fields   []field
	items    *itemPlan
	tree     *node // pull: where the fields stand in the platform's object
	rules    int   // how many conditions there are
	pool     sync.Pool
}

// columnSet is an ordered set of column names: what the plan reads of a row.
type columnSet struct {
	names []string
	exprs []int // those that expressions read
}

func (c *columnSet) add(name string) int {
	if i := slices.Index(c.names, name); i >= 0 {
		return i
	}
	c.names = append(c.names, name)
	return len(c.names) - 1
}

func (c *columnSet) at(name string) int { return slices.Index(c.names, name) }

// condition is an expression of the mapping itself, with the key it stands under.
type condition struct {
	*expression
	days []int // columns of a plain earliest or latest
	id   int   // counts the conditions of a plan, for the memory of their last answers
	uses []int // the columns it reads, as places in columnSet.exprs
}

// rule is one entry of route or withhold.
type rule struct {
	when     *condition
	to       string // route
	ground   string // withhold
	approval int    // withhold: the column
}

// reference names another stream's record by columns of this one.
type reference struct {
	stream  string
	columns []int
	kinds   []Kind // as the mapping's own fields read these columns: references are compared normalised
}

type itemPlan struct {
	columns columnSet
	name    []byte
	where   *condition
	fields  []field
}

// Spec is the mapping that the plan was compiled from.
func (p *Plan) Spec() Spec { return p.spec }

// Columns are the local columns that a push plan reads, the key columns first.
func (p *Plan) Columns() []string {
	if p.spec.Direction == Pull {
		return nil
	}
	return slices.Clone(p.columns.names)
}

// ItemColumns are the columns that the plan reads of a child row, the parent's key first; nil without items.
func (p *Plan) ItemColumns() []string {
	if p.items == nil {
		return nil
	}
	return slices.Clone(p.items.columns.names)
}

// LocalColumns are the names of an Entry's cells, in their order, of a pull plan.
func (p *Plan) LocalColumns() []string {
	if p.spec.Direction != Pull {
		return nil
	}
	names := make([]string, len(p.fields))
	for i := range p.fields {
		names[i] = p.fields[i].To
	}
	return names
}
