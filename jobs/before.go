package jobs

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"creditsync/connector"
	"creditsync/mapping"
)

// before is the mapping that held until now, run over the same rows as its successor: only so can one tell whether a row
// reads otherwise because the registry changed or because the rules did.
type before struct {
	plan        *mapping.Plan
	columns     []string // what both read, the new plan's first
	itemColumns []string
	own         int   // how many of columns are the new plan's
	ownItems    int   // and of itemColumns
	at, itemsAt []int // where the old plan's columns stand in these
}

// newBefore pairs an old plan with its successor; nil if they read different places, where no row of one is a row of the
// other.
// With wider, the columns follow on those that it reads.
func newBefore(old, next *mapping.Plan, wider *before) *before {
	if !samePlace(old.Spec(), next.Spec()) {
		return nil
	}
	b := &before{plan: old, columns: next.Columns(), itemColumns: next.ItemColumns()}
	b.own, b.ownItems = len(b.columns), len(b.itemColumns)
	if wider != nil {
		b.columns, b.itemColumns = slices.Clone(wider.columns), slices.Clone(wider.itemColumns)
	}
	b.at = join(&b.columns, old.Columns())
	b.itemsAt = join(&b.itemColumns, old.ItemColumns())
	return b
}

// sameReading says that the two read the same columns in the same order, so that their content hashes agree.
func (b *before) sameReading(next *mapping.Plan) bool {
	return slices.Equal(b.plan.Columns(), next.Columns()) && slices.Equal(b.plan.ItemColumns(), next.ItemColumns())
}

// join adds what is missing of more to names, and says where each of more stands.
func join(names *[]string, more []string) []int {
	at := make([]int, len(more))
	for i, name := range more {
		if at[i] = slices.Index(*names, name); at[i] < 0 {
			at[i] = len(*names)
			*names = append(*names, name)
		}
	}
	return at
}

// samePlace: the rows come from the same table, query or files, under the same key.
func samePlace(old, next mapping.Spec) bool {
	a, b := old.Registry, next.Registry
	a.Where, a.Changed, b.Where, b.Changed = "", nil, "", nil
	return reflect.DeepEqual(a, b) && reflect.DeepEqual(itemPlace(old.Items), itemPlace(next.Items))
}

func itemPlace(items *mapping.Items) [4]string {
	if items == nil {
		return [4]string{}
	}
	return [4]string{items.Table, items.File, items.Sheet, items.Parent}
}

// ask widens a query to what both plans read.
func (b *before) ask(q connector.Query) connector.Query {
	q.Columns = b.columns
	if q.Items != nil {
		q.ItemColumns = b.itemColumns
	}
	return q
}

// split gives a row as the new plan and as the old one would have read it.
func (b *before) split(r mapping.Row) (next, old mapping.Row) {
	next, old = r, r
	old.Cells = picked(r.Cells, b.at)
	next.Cells = r.Cells[:min(b.own, len(r.Cells))]
	if len(r.Items) == 0 {
		return next, old
	}
	next.Items, old.Items = make([]mapping.Row, len(r.Items)), make([]mapping.Row, len(r.Items))
	for i, item := range r.Items {
		next.Items[i], old.Items[i] = item, item
		next.Items[i].Cells = item.Cells[:min(b.ownItems, len(item.Cells))]
		old.Items[i].Cells = picked(item.Cells, b.itemsAt)
	}
	return next, old
}

func picked(cells []string, at []int) []string {
	out := make([]string, len(at))
	for i, from := range at {
		if from < len(cells) {
			out[i] = cells[from]
		}
	}
	return out
}

// hash is the row's content hash by the old plan, 0 if that excluded it.
func (b *before) hash(r mapping.Row) int64 {
	var rec mapping.Record
	b.plan.Glance(r, &rec)
	return rec.Source
}

// record is the row's record by the old plan.
func (b *before) record(r mapping.Row) *mapping.Record {
	rec := new(mapping.Record)
	b.plan.Apply(r, rec)
	return rec
}

// readable says that the registry still has every column of both. A column that was renamed there is gone: then nothing
// can be compared, and every row counts as changed.
func (b *before) readable(ctx context.Context, registry connector.Registry, q connector.Query) (bool, error) {
	q = b.ask(q)
	q.PageRows = 1
	_, err := registry.Read(ctx, q, func([]mapping.Row) error { return errEnough })
	var reason *connector.Reason
	if errors.As(err, &reason) && reason.What == connector.ColumnGone {
		return false, nil
	}
	if err != nil && !errors.Is(err, errEnough) {
		return false, fmt.Errorf("look at the columns: %w", err)
	}
	return true, nil
}
