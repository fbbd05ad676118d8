package daemon

import (
	"creditsync/connector/site"
	"creditsync/jobs"
	"creditsync/mapping"
	"creditsync/mapping/schema"
)

// describe gives the words under which the county site shows a resource's fields: the local column names of the mapping
// in force, and the names of coded values.
func (h *House) describe(resource string) []site.Column {
	f := h.furniture.Load()
	if f == nil {
		return nil
	}
	for _, stream := range f.rules.Streams(mapping.Push) {
		plan, _ := f.rules.Plan(stream)
		if spec := plan.Spec(); spec.Resource == resource {
			return describeSpec(spec, f.rules)
		}
	}
	return nil
}

func describeSpec(spec mapping.Spec, rules *jobs.Rules) []site.Column {
	columns := describeFields(spec.Stream, spec.Fields, rules)
	if spec.Items != nil {
		columns = append(columns, site.Column{Field: spec.Items.To, Label: itemsLabel, Columns: describeFields(spec.Stream, spec.Items.Fields, rules)})
	}
	return columns
}

// itemsLabel heads the child rows of a record on the county site, which is Chinese.
const itemsLabel = "明细"

// standardTerm is what the standard calls a field, "" if the mapping does not say which it is.
func standardTerm(stream, as string) string {
	family, ok := schema.Of(stream)
	if !ok {
		return ""
	}
	f, _ := family.Field(as)
	return f.Title
}

func describeFields(stream string, fields []mapping.Field, rules *jobs.Rules) []site.Column {
	columns := make([]site.Column, 0, len(fields))
	for _, f := range fields {
		c := site.Column{Field: f.To, Label: f.From, Heading: f.As == "entname", Codes: map[string]string{}}
		if c.Label == "" { // an expression has no column of its own
			c.Label = standardTerm(stream, f.As)
		}
		for _, code := range rules.Codes[f.Codes].Codes {
			c.Codes[code.Code] = code.Name
		}
		columns = append(columns, c)
	}
	return columns
}
