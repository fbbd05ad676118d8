package registry

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"creditsync/connector"
	"creditsync/mapping"
)

// children fetches the child rows of a page's parents, one statement a page.
type children struct {
	s        *SQL
	tx       *sqlx.Tx
	from     *relation
	columns  []column // the parent column first
	order    string
	parentAt int // index of the parent's column that the child names
	page     *page
}

func (s *SQL) children(ctx context.Context, tx *sqlx.Tx, q connector.Query) (*children, error) {
	c := &children{s: s, tx: tx, page: newPage(q.ItemColumns), parentAt: parentIndex(q)}
	var err error
	if c.from, err = s.relation(ctx, tx, mapping.Source{Table: q.Items.Table}); err != nil {
		return nil, err
	}
	if c.columns, err = c.from.pick(q.ItemColumns); err != nil {
		return nil, err
	}
	if c.order, err = s.d.order(ctx, tx, c.from); err != nil {
		return nil, err
	}
	if c.order == "" {
		c.order = keyOrder(c.columns)
	}
	return c, nil
}

// parentIndex: the child's parent column holds the parent's key; of a composite key it is the column of the same name,
// else the first.
func parentIndex(q connector.Query) int {
	if len(q.Source.Key) > 1 {
		if i := slices.Index(q.Columns, q.Items.Parent); i >= 0 {
			return i
		}
	}
	return max(0, slices.Index(q.Columns, q.Source.Key[0]))
}

// attach gives each row its items, in the child's own order.
func (c *children) attach(ctx context.Context, rows []mapping.Row) error {
	c.page.reset()
	parents := make(map[string][]int, len(rows))
	var keys [][]string
	for i, row := range rows {
		k := row.Cells[c.parentAt]
		if k != "" && parents[k] == nil {
			keys = append(keys, []string{k})
		}
		parents[k] = append(parents[k], i)
	}
	for portion := range slices.Chunk(keys, defaultPageRows) {
		condition, args := c.s.d.among(c.columns[:1], portion, false)
		if err := c.fetch(ctx, condition, args); err != nil {
			return err
		}
	}
	c.group(rows, parents)
	return nil
}

func (c *children) fetch(ctx context.Context, condition string, args []any) error {
	rows, err := c.tx.QueryxContext(ctx, selectFrom(texts(c.s.d, c.columns), c.from.from, condition, c.order), args...)
	if err != nil {
		return c.s.d.reason(err, c.from.place)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(c.page.targets...); err != nil {
			return c.s.d.reason(err, c.from.place)
		}
	}
	if err := rows.Err(); err != nil {
		return c.s.d.reason(err, c.from.place)
	}
	return nil
}

func (c *children) group(rows []mapping.Row, parents map[string][]int) {
	items := c.page.build(len(c.page.columns))
	byParent := make(map[string][]mapping.Row, len(parents))
	for _, item := range items {
		byParent[item.Cells[0]] = append(byParent[item.Cells[0]], item)
	}
	for k, at := range parents {
		for _, i := range at {
			rows[i].Items = byParent[k]
		}
	}
}
