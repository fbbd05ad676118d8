package draft

import (
	"slices"

	"creditsync/mapping"
	"creditsync/mapping/schema"
)

// Blank stands in a draft wherever a person has to decide.
const Blank = "待填"

// Source is the table that a draft is made from.
type Source struct {
	Source   mapping.Source
	Survey   *Survey
	Primary  []string // the database's primary key
	Children []Child  // tables that may hold the child rows
}

// Child is a table that names the parent's key.
type Child struct {
	Table  string
	Parent string // its column that holds the parent's key
	Survey *Survey

	deleted Pair // its column that marks deleted rows
}

// Draft is a mapping to be: the sample's, with the columns of a table in place of the sample's own where they were found.
type Draft struct {
	Stream string `json:"stream"`
	Pairs  []Pair `json:"pairs"`
	sample mapping.Spec
	from   Source
	fields map[int]Pair      // of the sample's fields, by their place
	local  map[string]string // the sample's own columns by what they became
	extra  map[string]Pair   // of other parts of the mapping, by their name
	keys   []Key
	child  *Child
	items  map[int]Pair
	approvedValues
}

// Make suggests. sample is the mapping whose fields are wanted, lists are the code lists that exist.
func Make(t *Terms, sample mapping.Spec, lists map[string]mapping.CodeList, from Source) *Draft {
	d := &Draft{Stream: sample.Stream, sample: sample, from: from, local: map[string]string{}, extra: map[string]Pair{}, keys: from.Survey.Keys()}
	m := maker{t, lists, matcher{from.Survey, lists}, d}
	m.fields()
	m.parts()
	m.instead()
	m.key()
	m.clock()
	m.state()
	m.links()
	m.deleted()
	m.items()
	d.list()
	return d
}

// maker fills a draft.
type maker struct {
	terms *Terms
	lists map[string]mapping.CodeList
	matcher
	d *Draft
}

func (m maker) family() schema.Family {
	f, _ := schema.Of(m.d.sample.Stream)
	return f
}

// localName is the sample's own column of a field.
func localName(s mapping.Spec, f mapping.Field) string {
	if s.Direction == mapping.Pull {
		return f.To
	}
	return f.From
}

// want makes a thing of a field; its pair is named by the platform's field.
func (m maker) want(f mapping.Field) want {
	s := m.d.sample
	w := want{field: f}
	title := ""
	if own, ok := m.family().Field(f.As); ok {
		title = own.Title
	}
	name := localName(s, f)
	if s.Direction == mapping.Pull {
		w.field.To = f.From
	}
	w.words = slices.DeleteFunc([]string{name, title, f.As, w.field.To}, func(word string) bool { return word == "" })
	w.group = m.terms.of(m.family(), name, title, f.As)
	return w
}

// wanted is a thing that is no field: a column that another part of the mapping names.
func (m maker) wanted(part, column string, is mapping.Kind) want {
	return want{field: mapping.Field{To: part, Is: is}, words: []string{column}, group: m.terms.of(m.family(), column)}
}

func (m maker) fields() {
	var wants []want
	for _, f := range m.d.sample.Fields {
		wants = append(wants, m.want(f))
	}
	m.d.fields = m.assign(wants)
	for i, p := range m.d.fields {
		if name := localName(m.d.sample, m.d.sample.Fields[i]); name != "" {
			m.d.local[name] = p.Columns[0]
		}
	}
}

// parts: what one column holds in the sample may stand in several here.
func (m maker) parts() {
	for i, f := range m.d.sample.Fields {
		g := m.want(f).group
		if _, has := m.d.fields[i]; has || len(g.Parts) == 0 || m.d.sample.Direction == mapping.Pull {
			continue
		}
		var columns []string
		for _, part := range g.Parts {
			p := m.best(want{field: mapping.Field{To: f.To}, group: group{Is: part[0], Also: part}})
			if p.Columns == nil {
				break
			}
			columns = append(columns, p.Columns[0])
		}
		if len(columns) == len(g.Parts) {
			m.d.fields[i] = Pair{Field: f.To, Columns: columns, Score: sameTerm, Reasons: []Reason{{SeveralParts, columns}}}
		}
	}
}

// instead: a record without a number is known by its name.
func (m maker) instead() {
	for i, f := range m.d.sample.Fields {
		w := m.want(f)
		if _, has := m.d.fields[i]; has || len(w.group.Instead) == 0 {
			continue
		}
		for _, other := range w.group.Instead {
			if column := m.d.local[other]; column != "" {
				m.d.fields[i] = Pair{Field: w.field.To, Columns: []string{column}, Score: accept, Reasons: []Reason{{InsteadOf, []string{w.group.Is, column}}}}
				m.d.local[localName(m.d.sample, f)] = column
			}
		}
	}
}

// Key is the key that is suggested, nil for none.
func (d *Draft) Key() []string { return d.extra["key"].Columns }

// list puts the pairs in the order of the mapping.
func (d *Draft) list() {
	for _, part := range []string{partWhere, partChanged, partReady, partAfter, partAnswers, partDeadline, partOwner} {
		if p, ok := d.extra[part]; ok {
			d.Pairs = append(d.Pairs, p)
		}
	}
	for i := range d.sample.Fields {
		if p, ok := d.fields[i]; ok {
			d.Pairs = append(d.Pairs, p)
		}
	}
	if d.child == nil {
		return
	}
	for i := range d.sample.Items.Fields {
		if p, ok := d.items[i]; ok {
			p.Field = "items." + p.Field
			d.Pairs = append(d.Pairs, p)
		}
	}
}
