package registry

import (
	"context"

	"github.com/jmoiron/sqlx"

	"creditsync/connector"
	"creditsync/mapping"
)

// Tables implements connector.Explorer: from the catalogue alone, no row is read.
func (s *SQL) Tables(ctx context.Context, within string) ([]connector.Table, error) {
	tx, done, err := s.d.begin(ctx, s.db, false)
	if err != nil {
		return nil, s.d.reason(err, within)
	}
	defer done()
	if within != "" {
		r, err := s.relation(ctx, tx, mapping.Source{Table: within})
		if err != nil {
			return nil, err
		}
		t, err := s.table(ctx, tx, within, r.table, r.columns)
		return []connector.Table{t}, err
	}
	var names []string
	if err := tx.SelectContext(ctx, &names, s.d.tables); err != nil {
		return nil, s.d.reason(err, "")
	}
	var all []connector.Table
	for _, name := range names {
		t, err := s.lookUp(ctx, tx, name)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

func (s *SQL) lookUp(ctx context.Context, tx *sqlx.Tx, name string) (connector.Table, error) {
	for _, parts := range identifiers(name) {
		cols, err := s.d.columnsOf(ctx, tx, parts)
		if err != nil {
			return connector.Table{}, s.d.reason(err, name)
		}
		if len(cols) > 0 {
			return s.table(ctx, tx, name, parts, cols)
		}
	}
	return connector.Table{Name: name, Source: mapping.Source{Table: name}}, nil
}

func (s *SQL) table(ctx context.Context, tx *sqlx.Tx, name string, parts []string, cols []column) (connector.Table, error) {
	t := connector.Table{Name: name, Source: mapping.Source{Table: name}}
	pk, err := s.d.primary(ctx, tx, parts)
	if err != nil {
		return t, s.d.reason(err, name)
	}
	keys := map[string]bool{}
	for _, k := range pk {
		keys[k] = true
	}
	for _, c := range cols {
		t.Columns = append(t.Columns, connector.TableColumn{Name: c.Name, Type: c.Type, Key: keys[c.Name]})
	}
	return t, nil
}
