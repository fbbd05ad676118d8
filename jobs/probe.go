package jobs

import (
	"context"
	"errors"

	"creditsync/connector"
	"creditsync/mapping"
)

// errEnough ends a probing read after its first page.
var errEnough = errors.New("enough")

// Probe reads one row of a stream as collect would, and so finds a registry that is down, a table or a column that is
// gone. It changes nothing; every error is a *connector.Reason or a *Failure.
func Probe(ctx context.Context, registries map[string]connector.Registry, rules *Rules, stream string) error {
	plan, registry, err := Deps{Registries: registries}.pushed(rules, stream)
	if err != nil {
		return err
	}
	spec := plan.Spec()
	_, err = registry.Read(ctx, connector.Query{Source: spec.Registry, Columns: plan.Columns(), Items: spec.Items,
		ItemColumns: plan.ItemColumns(), PageRows: 1}, func([]mapping.Row) error { return errEnough })
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
