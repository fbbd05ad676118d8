package jobs

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"creditsync/jobs/deadline"
	"creditsync/jobs/store"
	"creditsync/mapping"
	"creditsync/mapping/source"
)

// Rules are the mappings, code lists and calendars in force, compiled. A Rules value never changes.
type Rules struct {
	// Version is the id of the rules row in the store; 0 before they are in force.
	Version  int64
	Codes    map[string]mapping.CodeList
	Calendar *deadline.Calendar

	plans map[string]*mapping.Plan
	marks map[string]string // by stream: what it is judged by, to see whether a change touches it
}

// BuildRules compiles what people edit: mappings/*.yaml, codes/*.yaml, holidays/*.yaml; other files are not its own. It
// reports all faults at once, each with its place. The version is the caller's to set.
func BuildRules(files []store.RuleFile) (*Rules, mapping.Faults) {
	b := builder{rules: &Rules{Codes: map[string]mapping.CodeList{}, plans: map[string]*mapping.Plan{}}, specs: map[string]string{}}
	for _, f := range files {
		if room(f) == "codes" {
			b.codes(f)
		}
	}
	for _, f := range files {
		switch room(f) {
		case "mappings":
			b.mapping(f)
		case "holidays":
			b.notice(f)
		}
	}
	b.calendar()
	b.links()
	b.circles()
	if len(b.faults) > 0 {
		return nil, b.faults
	}
	b.mark()
	return b.rules, nil
}

// mark notes for each stream what it is judged by: its mapping, the code lists that it names, the calendar.
func (b *builder) mark() {
	b.rules.marks = map[string]string{}
	for stream, text := range b.specs {
		spec := b.rules.plans[stream].Spec()
		fields := spec.Fields
		if spec.Items != nil {
			fields = slices.Concat(fields, spec.Items.Fields)
		}
		for _, f := range fields {
			if f.Codes != "" {
				text += fmt.Sprintf("%+v", b.rules.Codes[f.Codes])
			}
		}
		if spec.Deadline != nil {
			text += b.rules.Calendar.Hash()
		}
		b.rules.marks[stream] = text
	}
}

// Plan is the compiled mapping of a stream.
func (r *Rules) Plan(stream string) (*mapping.Plan, bool) {
	p, ok := r.plans[stream]
	return p, ok
}

// Streams are the names of the streams that flow in a direction, sorted.
func (r *Rules) Streams(dir mapping.Direction) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(r.plans)) {
		if r.plans[name].Spec().Direction == dir {
			names = append(names, name)
		}
	}
	return names
}

// Title is what people call a stream.
func (r *Rules) Title(stream string) string {
	if p, ok := r.plans[stream]; ok && p.Spec().Title != "" {
		return p.Spec().Title
	}
	return stream
}

// due is the last day of a stream's limit, 0 if it has none or its clock has not started.
func (r *Rules) due(limit *mapping.Deadline, starts mapping.Date) mapping.Date {
	if limit == nil || starts == 0 {
		return 0
	}
	return r.Calendar.Due(starts, limit.WorkingDays).Due
}

type builder struct {
	rules    *Rules
	declared map[string]declared // by stream
	unread   bool                // a mapping could not be read: what it declares is not known
	notices  []deadline.Notice
	specs    map[string]string // the readable mappings' text, by stream
	faults   mapping.Faults
}

type declared struct {
	file store.RuleFile
	spec mapping.Spec
}

func room(f store.RuleFile) string {
	dir, _ := path.Split(f.Name)
	return path.Base(strings.TrimSuffix(dir, "/"))
}

func (b *builder) codes(f store.RuleFile) {
	list, faults := source.Codes(f.Name, f.Content)
	b.faults = append(b.faults, faults...)
	if len(faults) > 0 {
		return
	}
	if _, twice := b.rules.Codes[list.List]; twice {
		b.fault(f, "$.list", CodesTwice, list.List)
		return
	}
	b.rules.Codes[list.List] = list
}

func (b *builder) mapping(f store.RuleFile) {
	spec, faults := source.Mapping(f.Name, f.Content)
	b.faults = append(b.faults, faults...)
	if len(faults) > 0 {
		b.unread = true
		b.also(f, spec, faults)
		return
	}
	if _, twice := b.declared[spec.Stream]; twice {
		b.fault(f, "$.stream", StreamTwice, spec.Stream)
		return
	}
	b.declare(f, spec)
	plan, faults := mapping.Compile(spec, b.rules.Codes)
	for _, fault := range faults {
		fault.File = f.Name
		fault.Line, fault.Col = source.Locate(f.Name, f.Content, fault.Field)
		b.faults = append(b.faults, fault)
	}
	if len(faults) > 0 {
		return
	}
	b.rules.plans[spec.Stream] = plan
	b.specs[spec.Stream] = string(f.Content)
}

// also looks for what a mapping means wrong beside what is written wrong, so that both are said in one round. Nothing is
// said of what may be missing only because it could not be read, nor twice of one line.
func (b *builder) also(f store.RuleFile, spec mapping.Spec, read mapping.Faults) {
	said := map[int]bool{}
	for _, fault := range read {
		said[fault.Line] = true
	}
	unsure := []string{mapping.SpecMissing, mapping.SpecSource, mapping.SpecUnknownWay, mapping.SpecUnknownKind, mapping.SpecFromOrExpr,
		mapping.SpecBasis, mapping.SpecDays, mapping.SpecKeyNotAField, mapping.SpecPushOnly, mapping.SpecUnknownName, mapping.SpecAllow,
		mapping.SpecOption}
	_, faults := mapping.Compile(spec, b.rules.Codes)
	for _, fault := range faults {
		fault.File = f.Name
		fault.Line, fault.Col = source.Locate(f.Name, f.Content, fault.Field)
		if fault.Line > 0 && !said[fault.Line] && !slices.Contains(unsure, fault.What) {
			b.faults = append(b.faults, fault)
		}
	}
	slices.SortStableFunc(b.faults, func(x, y mapping.Fault) int {
		return cmp.Or(strings.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Col, y.Col))
	})
}

// circles refuses streams that wait for each other: none of their records would ever go. A stream may wait for records of
// its own.
func (b *builder) circles() {
	for _, name := range slices.Sorted(maps.Keys(b.declared)) {
		for i, a := range b.declared[name].spec.After {
			if a.Stream != name && b.leads(a.Stream, name, map[string]bool{}) {
				b.fault(b.declared[name].file, "$.after["+strconv.Itoa(i)+"].stream", AfterCircle, name, a.Stream)
			}
		}
	}
}

// leads says that from waits for to, at whatever remove.
func (b *builder) leads(from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	for _, a := range b.declared[from].spec.After {
		if b.leads(a.Stream, to, seen) {
			return true
		}
	}
	return false
}

// declare notes a readable mapping, so that others may refer to it even if it has faults of its own.
func (b *builder) declare(f store.RuleFile, spec mapping.Spec) {
	if b.declared == nil {
		b.declared = map[string]declared{}
	}
	b.declared[spec.Stream] = declared{f, spec}
}

func (b *builder) notice(f store.RuleFile) {
	n, faults := deadline.ParseNotice(f.Name, f.Content)
	b.faults = append(b.faults, faults...)
	if len(faults) == 0 {
		b.notices = append(b.notices, n)
	}
}

func (b *builder) calendar() {
	c, err := deadline.NewCalendar(b.notices)
	if err != nil {
		b.faults = append(b.faults, mapping.Fault{What: CalendarFault, Args: []string{err.Error()}, File: "holidays/"})
		return
	}
	b.rules.Calendar = c
}

// links checks what one mapping says about another, which no mapping can check alone.
func (b *builder) links() {
	for _, name := range slices.Sorted(maps.Keys(b.declared)) {
		spec, f := b.declared[name].spec, b.declared[name].file
		for i, a := range spec.After {
			if b.wrong(a.Stream, mapping.Push) {
				b.fault(f, "$.after["+strconv.Itoa(i)+"].stream", AfterUnknown, a.Stream)
			}
		}
		if spec.Answers != nil && b.wrong(spec.Answers.Stream, mapping.Pull) {
			b.fault(f, "$.answers.stream", AnswersUnknown, spec.Answers.Stream)
		}
		b.limit(f, spec)
	}
}

// limit refuses a mapping that gives a stream more time than the law does.
func (b *builder) limit(f store.RuleFile, spec mapping.Spec) {
	if spec.Deadline == nil || b.rules.Calendar == nil {
		return
	}
	_, today := b.rules.Calendar.Covered()
	if loose := deadline.CheckLimit(spec.Stream, spec.Deadline.WorkingDays, today); loose != nil {
		b.fault(f, loose.Field, loose.What, loose.Args...)
	}
}

// wrong says that no stream of that name flows that way. While a mapping is unreadable, an absent stream may be its.
func (b *builder) wrong(stream string, dir mapping.Direction) bool {
	d, ok := b.declared[stream]
	if !ok {
		return !b.unread
	}
	return d.spec.Direction != dir
}

func (b *builder) fault(f store.RuleFile, at, what string, args ...string) {
	line, col := source.Locate(f.Name, f.Content, at)
	b.faults = append(b.faults, mapping.Fault{What: what, Args: args, Field: at, File: f.Name, Line: line, Col: col})
}
