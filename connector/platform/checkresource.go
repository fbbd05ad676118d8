package platform

import (
	"cmp"

	"creditsync/connector"
)

// resource is one resource of a profile, ready for use.
type resource struct {
	contract connector.Resource
	values   map[string]string
	push     *pushPlan
	look     *lookPlan
	pull     *pullPlan
}

func (c *checker) resource(pl *plan, path string, r Resource) *resource {
	out := &resource{values: r.Values}
	out.contract.SendTimeout = pl.timeout
	if r.Push == nil && r.Pull == nil && r.Lookup == nil {
		c.fault(path, faultEmpty)
	}
	c.paired(path+".push", r.Push != nil, "receipt", r.Receipt != nil)
	c.paired(path+".receipt", r.Receipt != nil, "push", r.Push != nil)
	c.paired(path+".lookup", r.Lookup != nil, "push", r.Push != nil)
	for _, name := range sorted(r.Values) {
		if pl.profile.Sign == nil || !has(pl.profile.Sign.Values, name) {
			c.fault(path+".values."+name, faultValue, name)
		}
	}
	if r.Push != nil {
		out.push = c.push(path+".push", *r.Push)
		out.contract.MaxRows = r.Push.Max
	}
	if r.Push != nil && r.Receipt != nil {
		c.receipts(pl, path+".receipt", *r.Receipt, out.push)
	}
	if r.Lookup != nil {
		out.look = c.lookup(pl, path+".lookup", *r.Lookup)
		c.sighted(&out.contract, path+".lookup", *r.Lookup)
		if r.Lookup.Adds != nil && r.Push != nil {
			out.look.added = append([]string{r.Push.ID, r.Push.Operation, r.Lookup.By}, r.Lookup.Adds...)
		}
	}
	if r.Pull != nil {
		out.pull = c.pull(pl, path+".pull", *r.Pull)
		out.contract.MaxRows = cmp.Or(out.contract.MaxRows, r.Pull.Page.Max)
	}
	return out
}

func has(m map[string]string, name string) bool {
	_, ok := m[name]
	return ok
}

func (c *checker) paired(path string, given bool, other string, otherGiven bool) {
	if given && !otherGiven {
		c.fault(path, faultUnpaired, other)
	}
}

// method reads an HTTP method; the first allowed one is the default.
func (c *checker) method(path, value string, allowed ...string) string {
	method := cmp.Or(value, allowed[0])
	c.oneOf(path, method, allowed...)
	return method
}

// envelope begins the shape of an answer: what every answer of the platform holds.
func (pl *plan) envelope() (*shape, envelopeSlots) {
	s := &shape{}
	return s, envelopeSlots{code: s.want(pl.ok.at), message: s.want(pl.message)}
}

func (c *checker) push(path string, p Push) *pushPlan {
	out := &pushPlan{path: p.Path, method: c.method(path+".method", p.Method, "POST", "PUT")}
	c.urlPath(path+".path", p.Path)
	c.positive(path+".max", p.Max)
	out.frame = newFrame(c.absolute(path+".rows", p.Rows))
	out.id = c.name(path+".id", p.ID)
	if p.Operation != "" {
		out.operation = c.name(path+".operation", p.Operation)
		if p.Operation == p.ID {
			c.fault(path+".operation", faultClash, p.Operation)
		}
	}
	out.words = c.operations(path+".operations", p.Operations)
	return out
}

func (c *checker) receipts(pl *plan, path string, r ReceiptRule, out *pushPlan) {
	s, slots := pl.envelope()
	s.root.follow(c.absolute(path+".rows", r.Rows)).rows = true
	row := &rowShape{}
	out.receipt.id = row.want(c.inRecord(path+".id", r.ID))
	out.receipt.number = row.want(c.maybeInRecord(path+".number", r.Number))
	out.receipt.ok = c.condition(path+".ok", r.OK, (*checker).inRecord)
	out.receipt.okAt = row.want(out.receipt.ok.at)
	out.receipt.code = row.want(c.maybeInRecord(path+".why.code", r.Why.Code))
	out.receipt.field = row.want(c.maybeInRecord(path+".why.field", r.Why.Field))
	out.receipt.message = row.want(c.maybeInRecord(path+".why.message", r.Why.Message))
	s.row = row
	out.answer = answerShape{shape: s, slots: slots, rows: r.Rows}
}

// name reads the name of a field that we add to a record: one name, not a path.
func (c *checker) name(path, value string) string {
	if p := c.inRecord(path, value); len(p) > 1 {
		c.fault(path, faultField, value)
	}
	return value
}

func (c *checker) operations(path string, words map[string]string) map[connector.Operation]string {
	out := map[connector.Operation]string{connector.Insert: "I", connector.Update: "U", connector.Delete: "D"}
	for _, op := range sorted(words) {
		if c.oneOf(path+"."+op, op, "I", "U", "D") && c.given(path+"."+op, words[op]) {
			out[connector.Operation(op)] = words[op]
		}
	}
	return out
}

func (c *checker) lookup(pl *plan, path string, l Lookup) *lookPlan {
	out := &lookPlan{path: l.Path, method: c.method(path+".method", l.Method, "POST", "PUT"), compare: l.Compare}
	c.urlPath(path+".path", l.Path)
	c.notNegative(path+".max", l.Max)
	out.frame = newFrame(c.absolute(path+".ids", l.IDs))
	s, slots := pl.envelope()
	s.root.follow(c.absolute(path+".rows", l.Rows)).rows = true
	row := &rowShape{}
	out.by = row.want(c.inRecord(path+".by", l.By))
	out.publishedAt = noSlot
	if l.Published != nil {
		out.published = c.condition(path+".published", *l.Published, (*checker).inRecord)
		out.publishedAt = row.want(out.published.at)
	}
	s.row = row
	out.answer = answerShape{shape: s, slots: slots, rows: l.Rows}
	return out
}

// sighted fills in what a look-up tells, as the jobs need to know it.
func (c *checker) sighted(r *connector.Resource, path string, l Lookup) {
	r.CanLook = true
	r.LookRows = cmp.Or(l.Max, r.MaxRows)
	r.RepeatIsHarmless = l.RepeatIsHarmless
	if c.given(path+".sees", l.Sees) {
		c.oneOf(path+".sees", l.Sees, "accepted", "published")
	}
	if l.Published != nil && l.Sees == "accepted" {
		c.fault(path+".published", faultLooseFlag)
	}
	r.SeesPublished = l.Sees == "published" && l.Published == nil
	if c.given(path+".complete_after", l.CompleteAfter) {
		r.Complete = c.duration(path+".complete_after", l.CompleteAfter, 0)
	}
}

func (c *checker) pull(pl *plan, path string, p Pull) *pullPlan {
	out := &pullPlan{path: p.Path, method: c.method(path+".method", p.Method, "GET", "POST"), page: p.Page, since: p.Since}
	c.urlPath(path+".path", p.Path)
	if (p.Page.Number == "") == (p.Page.Offset == "") {
		c.fault(path+".page", faultPaging)
	}
	c.given(path+".page.size", p.Page.Size)
	c.positive(path+".page.max", p.Page.Max)
	c.notNegative(path+".page.first", p.Page.First)
	s, slots := pl.envelope()
	s.root.follow(c.absolute(path+".rows", p.Rows)).rows = true
	out.total = s.want(c.optional(path+".total", p.Total))
	s.row = &rowShape{}
	out.answer = answerShape{shape: s, slots: slots, rows: p.Rows}
	return out
}
