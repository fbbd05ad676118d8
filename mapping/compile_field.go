package mapping

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"creditsync/mapping/schema"

	"github.com/go-json-experiment/json/jsontext"
)

func compareText(a, b string) int { return strings.Compare(a, b) }

func (c *compiler) head() {
	if c.spec.Stream == "" {
		c.missing("$", "stream")
	}
	if c.spec.Resource == "" {
		c.missing("$", "resource")
	}
	if !slices.Contains(Direction("").Values(), string(c.spec.Direction)) {
		c.fault("$.direction", SpecUnknownWay, string(c.spec.Direction))
	}
}

func (c *compiler) source() {
	r := c.spec.Registry
	if len(r.Key) == 0 {
		c.missing("$.registry", "key")
	}
	given := 0
	for _, s := range []string{r.Table, r.Query, r.File} {
		if s != "" {
			given++
		}
	}
	if given > 1 || given == 0 && c.spec.Direction == Push {
		c.fault("$.registry", SpecSource)
	}
	if r.Changed == nil {
		return
	}
	if r.Changed.Column == "" {
		c.missing("$.registry.changed", "column")
	}
	if o := r.Changed.Overlap; o != "" {
		if d, err := time.ParseDuration(o); err != nil || d < 0 {
			c.fault("$.registry.changed.overlap", SpecDuration, o)
		}
	}
}

// field compiles what a field does to a value, in either direction.
func (c *compiler) field(s Field, path string) field {
	if s.Is == "" {
		s.Is = Text
	}
	f := field{Field: s, path: path, name: jsonName(s.To), column: -1}
	if s.To == "" {
		c.missing(path, "to")
	}
	if !slices.Contains(Kind("").Values(), string(s.Is)) {
		c.fault(path+".is", SpecUnknownKind, string(s.Is), strings.Join(Kind("").Values(), ", "))
	}
	if s.Max < 0 {
		c.fault(path+".max", SpecMax, strconv.Itoa(s.Max))
	}
	if s.Join != "" && s.Split == "" {
		c.fault(path+".join", SpecJoinWithoutList)
	}
	c.unit(&f)
	c.format(&f)
	c.codes(&f)
	c.as(&f)
	c.preset(&f)
	return f
}

func (c *compiler) unit(f *field) {
	for _, u := range []struct{ key, unit string }{{"unit", f.Unit}, {"send_unit", f.SendUnit}} {
		if _, ok := unitPlaces(u.unit); !ok {
			c.fault(f.path+"."+u.key, SpecUnknownUnit, u.unit)
		}
		if u.unit != "" && f.Is != Money {
			c.fault(f.path+"."+u.key, SpecOption, u.key, string(f.Is), string(Money))
		}
	}
	f.from, _ = unitPlaces(f.Unit)
	f.into, _ = unitPlaces(f.SendUnit)
	if c.spec.Direction == Pull { // data flows the other way: the platform's unit comes in
		f.from, f.into = f.into, f.from
	}
}

func (c *compiler) format(f *field) {
	if f.Format == "" {
		return
	}
	if f.Is != DateKind {
		c.fault(f.path+".format", SpecOption, "format", string(f.Is), string(DateKind))
		return
	}
	format, ok := parseFormat(f.Format)
	if !ok {
		c.fault(f.path+".format", SpecFormat, f.Format)
	}
	if c.spec.Direction == Push { // a pulled date is read in any format and kept as ISO 8601
		f.format = format
	}
}

func (c *compiler) codes(f *field) {
	if f.Codes == "" {
		return
	}
	if f.Is != Text {
		c.fault(f.path+".codes", SpecOption, "codes", string(f.Is), string(Text))
	}
	if t := c.tables[f.Codes]; t != nil {
		f.codes = t
		return
	}
	list, ok := c.lists[f.Codes]
	if !ok {
		c.fault(f.path+".codes", SpecUnknownCodes, f.Codes)
		return
	}
	table, ambiguous := newCodeTable(list)
	for _, word := range ambiguous {
		c.fault(f.path+".codes", SpecAmbiguousCode, f.Codes, word)
	}
	c.tables[f.Codes], f.codes = table, table
}

// as holds a field to the names of its stream's family.
func (c *compiler) as(f *field) {
	if f.As == "" {
		return
	}
	family, ok := schema.Of(c.spec.Stream)
	known, found := family.Field(f.As)
	switch {
	case !ok || !found:
		c.fault(f.path+".as", SpecUnknownName, f.As, strings.Join(family.Names(), ", "))
	case !suits(f.Is, known.Kind):
		c.fault(f.path+".as", SpecNameKind, f.As, string(known.Kind), string(f.Is))
	}
}

// suits: text of any sort may stand for text of any other; days, amounts and counts have to be read as what they are.
func suits(is Kind, want schema.Kind) bool {
	if schema.Kind(is) == want {
		return true
	}
	words := []schema.Kind{schema.Text, schema.ID, schema.CreditCode}
	return slices.Contains(words, schema.Kind(is)) && slices.Contains(words, want) || is == Integer && want == schema.Decimal
}

// preset makes sure that a default is a value the field would take from a row.
func (c *compiler) preset(f *field) {
	if f.Default == "" || f.codes == nil && f.Codes != "" {
		return
	}
	values := []string{clean(f.Default)}
	if f.Split != "" {
		values = separate(nil, f.Default, f.Split)
	}
	for _, v := range values {
		var fault *Fault
		if f.codes != nil {
			if _, ok := f.codes.find(v); !ok {
				fault = wrong(UnknownCode, v)
			}
		} else {
			_, fault = f.convert(v)
		}
		if fault != nil {
			c.fault(f.path+".default", SpecDefault, f.Default, fault.What)
		}
	}
}

// sensitive refuses to let a column out that looks like coordinates, geometry, citizen ids or phone numbers, unless a
// person has allowed it with ground, approval and name (自然资发〔2020〕95号; 个人信息保护法 art. 6, 28, 34).
func (c *compiler) sensitive(f *field) {
	columns := []string{f.From}
	if f.expr != nil {
		columns = f.expr.columns
	}
	allowed := false
	for _, column := range columns {
		if column == "" {
			continue
		}
		if c.allowed(column) {
			allowed = true
			continue
		}
		if code := sensitiveColumn(column); code != "" {
			c.fault(f.path, code, column)
		}
	}
	f.watch = f.Is == Text && f.codes == nil && !allowed
}

func (c *compiler) allowed(column string) bool {
	return c.spec.Allow != nil && slices.Contains(c.spec.Allow.Columns, column)
}

// allow is worth nothing without who, on what ground and by which document.
func (c *compiler) allow() {
	a := c.spec.Allow
	if a == nil {
		return
	}
	if len(a.Columns) == 0 {
		c.fault("$.allow", SpecAllow, "columns")
	}
	for _, part := range [][2]string{{"ground", a.Ground}, {"approval", a.Approval}, {"by", a.By}} {
		if clean(part[1]) == "" {
			c.fault("$.allow", SpecAllow, part[0])
		}
	}
}

// jsonName is a member's name with the colon behind it.
func jsonName(name string) []byte {
	b, err := jsontext.AppendQuote(nil, name)
	if err != nil { // strict reading of the file has refused invalid UTF-8 before
		b, _ = jsontext.AppendQuote(nil, string([]rune(name)))
	}
	return append(b, ':')
}
