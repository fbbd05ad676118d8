package draft

import (
	"fmt"
	"strconv"
	"strings"

	"creditsync/mapping"
)

// writer writes the YAML of a draft, each suggestion with its reasons behind it.
type writer struct {
	strings.Builder
	d   *Draft
	say func(code string, args ...any) string
}

// YAML is the draft as a mapping file: head is the comment above it, say gives the sentences of reasons. What nothing was
// found for stands as 待填 where the far side requires it, and as a comment where it does not.
func (d *Draft) YAML(head []string, say func(code string, args ...any) string) string {
	w := &writer{d: d, say: say}
	for _, line := range head {
		w.comment("# ", line)
		w.WriteByte('\n')
	}
	s := d.sample
	w.line("stream: " + scalar(s.Stream))
	w.line("title: " + scalar(s.Title))
	w.line("direction: " + string(s.Direction))
	w.line("resource: " + scalar(s.Resource))
	w.registry()
	w.conditions()
	w.line("fields:")
	for i, f := range s.Fields {
		p, found := d.fields[i]
		w.field("  ", d.from.Survey, f, p, found)
	}
	w.items()
	return w.String()
}

func (w *writer) line(text string, reasons ...Reason) {
	w.WriteString(text)
	var said []string
	for _, r := range reasons {
		args := make([]any, len(r.Args))
		for i, a := range r.Args {
			args[i] = a
		}
		said = append(said, w.say(r.What, args...))
	}
	if said != nil {
		w.comment("   # ", strings.Join(said, "；"))
	}
	w.WriteByte('\n')
}

// comment keeps what it says on one line: names and values of a registry may hold line breaks, and what stands behind one
// would be read as mapping.
func (w *writer) comment(mark, text string) {
	w.WriteString(mark + strings.Join(strings.Fields(text), " "))
}

func (w *writer) registry() {
	s, from := w.d.sample, w.d.from.Source
	w.line("registry:")
	if s.Direction == mapping.Push {
		for _, kv := range [][2]string{{"database", from.Database}, {"table", from.Table}, {"file", from.File}, {"sheet", from.Sheet}} {
			if kv[1] != "" {
				w.line("  " + kv[0] + ": " + scalar(kv[1]))
			}
		}
	}
	key, ok := w.d.extra["key"]
	switch {
	case ok:
		w.line("  key: "+sequence(key.Columns), key.Reasons...)
	default:
		w.line("  key: ["+Blank+"]", Reason{NoKey, nil})
	}
	if p, ok := w.d.extra[partChanged]; ok {
		w.line("  changed: {column: "+scalar(p.Columns[0])+", overlap: 15m}", p.Reasons...)
	}
	if p, ok := w.d.extra[partWhere]; ok {
		w.line("  where: "+single(name(p.Columns[0])+" != "+strconv.Quote(deletedValue(w.d.from.Survey, p))), p.Reasons...)
	}
	if s.Registry.Where != "" {
		w.line("  # where:", Reason{SampleSays, []string{s.Registry.Where}})
	}
}

// conditions are the parts between registry and fields.
func (w *writer) conditions() {
	s := w.d.sample
	if s.Ready != "" {
		w.ready()
	}
	w.after()
	if s.Deadline != nil {
		w.deadline()
	}
	if p, ok := w.d.extra[partOwner]; ok {
		w.line("owner: "+scalar(p.Columns[0]), p.Reasons...)
	} else if s.Owner != "" {
		w.line("# owner: "+Blank, Reason{SampleSays, []string{s.Owner}})
	}
	for _, r := range s.Route {
		w.line("# route:", Reason{SampleSays, []string{r.When + " → " + r.To}})
	}
	for _, h := range s.Withhold {
		w.line("# withhold:", Reason{SampleSays, []string{h.When + "，" + h.Ground + "，" + h.Approval}})
	}
}

func (w *writer) ready() {
	p, ok := w.d.extra[partReady]
	if !ok {
		w.line("ready: "+single(Blank+` == "`+Blank+`"`), Reason{SampleSays, []string{w.d.sample.Ready}})
		return
	}
	values := w.d.approved
	if len(values) == 0 {
		values = []string{Blank}
	}
	w.line("ready: "+single(in(p.Columns[0], values)), p.Reasons...)
}

func (w *writer) after() {
	for _, a := range w.d.sample.After {
		if p, ok := w.d.extra[partAfter]; ok {
			w.line("after:", p.Reasons...)
			w.line("  - {stream: " + scalar(a.Stream) + ", by: " + sequence(p.Columns) + "}")
		} else {
			w.line("# after:", Reason{SampleSays, []string{a.Stream + "，" + strings.Join(a.By, "、")}})
		}
	}
	if a := w.d.sample.Answers; a != nil {
		if p, ok := w.d.extra[partAnswers]; ok {
			w.line("answers: {stream: "+scalar(a.Stream)+", by: "+sequence(p.Columns)+"}", p.Reasons...)
		} else {
			w.line("# answers:", Reason{SampleSays, []string{a.Stream + "，" + strings.Join(a.By, "、")}})
		}
	}
}

func (w *writer) deadline() {
	s := w.d.sample.Deadline
	function, _, _ := strings.Cut(s.Starts, "(")
	columns, reasons := []string{Blank}, []Reason{{SampleSays, []string{s.Starts}}}
	if p, ok := w.d.extra[partDeadline]; ok {
		columns, reasons = names(p.Columns), nil
	}
	w.line("deadline:")
	w.line("  starts: "+single(function+"("+strings.Join(columns, ", ")+")"), reasons...)
	w.line("  working_days: " + strconv.Itoa(s.WorkingDays))
	w.line("  basis: " + scalar(s.Basis))
}

// field writes one field; what was not found is a comment unless the far side requires it.
func (w *writer) field(indent string, survey *Survey, f mapping.Field, p Pair, found bool) {
	reasons := p.Reasons
	var first string
	switch {
	case w.d.sample.Direction == mapping.Pull:
		first = "from: " + scalar(f.From)
		if found {
			f.To = p.Columns[0]
		}
	case !found:
		first, reasons = "from: "+Blank, []Reason{{NoColumn, nil}}
	case len(p.Columns) > 1:
		first = "expr: " + single(strings.Join(names(p.Columns), ` + "、" + `))
	default:
		first = "from: " + scalar(p.Columns[0])
	}
	text := indent + "- {" + first + ", to: " + scalar(f.To) + options(f)
	if f.Is == mapping.Money && w.d.sample.Direction == mapping.Push {
		unit := unitOf(survey, p)
		text += ", unit: " + unit
		if unit == Blank {
			reasons = append(reasons, Reason{UnitUnknown, nil})
		}
	}
	text += "}"
	if !found && !f.Required && w.d.sample.Direction == mapping.Push {
		text = strings.Replace(text, "- {", "# - {", 1)
	}
	w.line(text, reasons...)
}

// options are the keys of a field that the sample's stay.
func options(f mapping.Field) string {
	var out strings.Builder
	for _, kv := range [][2]string{{"is", string(f.Is)}, {"as", f.As}, {"codes", f.Codes}, {"split", f.Split}, {"join", f.Join},
		{"default", f.Default}, {"send_unit", f.SendUnit}, {"format", f.Format}} {
		if kv[1] != "" {
			out.WriteString(", " + kv[0] + ": " + scalar(kv[1]))
		}
	}
	if f.Required {
		out.WriteString(", required: true")
	}
	if f.Max > 0 {
		fmt.Fprintf(&out, ", max: %d", f.Max)
	}
	return out.String()
}

// unitOf is the unit of a column of amounts, by its name; a wrong guess is wrong by ten thousand, so there is none.
func unitOf(s *Survey, p Pair) string {
	for _, c := range p.Columns {
		switch {
		case strings.Contains(c, "万元"):
			return "万元"
		case strings.Contains(c, "元"), s.column(c).units > 0:
			return "元"
		}
	}
	return Blank
}

func (w *writer) items() {
	if w.d.sample.Items == nil || w.d.sample.Direction == mapping.Pull {
		return
	}
	if w.d.child == nil {
		w.line("# items:", Reason{SampleSays, []string{w.d.sample.Items.Table + w.d.sample.Items.File}})
		return
	}
	c := w.d.child
	w.line("items:", Reason{ChildTable, []string{c.Table, c.Parent}})
	w.line("  table: " + scalar(c.Table))
	w.line("  parent: " + scalar(c.Parent))
	if p := c.deleted; p.Columns != nil {
		w.line("  where: "+single(name(p.Columns[0])+" != "+strconv.Quote(deletedValue(c.Survey, p))), p.Reasons...)
	}
	w.line("  to: " + scalar(w.d.sample.Items.To))
	w.line("  fields:")
	for i, f := range w.d.sample.Items.Fields {
		p, found := w.d.items[i]
		w.field("    ", c.Survey, f, p, found)
	}
}
