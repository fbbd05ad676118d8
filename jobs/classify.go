package jobs

import (
	"cmp"
	"slices"
	"strings"

	"creditsync/connector"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// action is what becomes of one row.
type action int

const (
	skip    action = iota // nothing changes
	keep                  // what is on its way stays there; only our books of the source change
	except                // an exception stands for the record
	deliver               // this version goes out
)

// published says that the platform holds this version, or may.
func published(s store.State) bool {
	return s == store.Sending || s == store.Unknown || s == store.Acknowledged || s == store.Proven
}

// obstacle is why a row may not be sent, nil if it may. parents are the records it names in After, as they stand.
func obstacle(stream string, r *row, parents map[mapping.Dependency]store.Known) *store.Exception {
	if r.free() { // nearly every row: no exception is laid out for it
		return nil
	}
	e := store.Exception{Stream: stream, Key: r.Key, Due: r.due, Owner: r.Owner, Detail: store.Detail{Place: r.place}}
	switch {
	case synthetic(r.Key):
		e.State, e.Reason, e.Detail.Faults = store.Invalid, NullKey, slices.Clone(r.Faults)
	case len(r.Faults) > 0:
		e.State, e.Reason, e.Detail.Faults = store.Invalid, InvalidRow, slices.Clone(r.Faults)
	case r.Withheld != nil:
		// 政府信息公示 of secrets and privacy needs approval (企业信息公示暂行条例 art. 3): the ground and document go with it.
		e.State, e.Reason = store.Withheld, WithheldRow
		e.Detail.Ground, e.Detail.Approval = r.Withheld.Ground, r.Withheld.Approval
	case !r.Ready:
		e.State, e.Reason = store.NotReady, NotReadyYet
	default:
		return waits(e, r.After, parents)
	}
	return &e
}

// free says that nothing of its own hinders a row, and that it waits for no other.
func (r *row) free() bool {
	return r.Ready && len(r.Faults) == 0 && r.Withheld == nil && len(r.After) == 0 && !synthetic(r.Key)
}

func waits(e store.Exception, after []mapping.Dependency, parents map[mapping.Dependency]store.Known) *store.Exception {
	for _, dep := range after {
		if dep.Key == "" {
			continue
		}
		parent, known := parents[dep]
		if known && (parent.State == store.Acknowledged || parent.State == store.Proven) {
			continue
		}
		e.State, e.Reason, e.WaitsStream, e.WaitsKey = store.Waiting, WaitsFor, dep.Stream, dep.Key
		if !known {
			e.Reason = WaitsForAbsent
		}
		return &e
	}
	return nil
}

// standing is what stands for a read as a whole.
type standing struct {
	sameRules bool // the last completed read was made by the rules in force
	doubt     bool // the store may have forgotten what was sent: what goes out is looked for first
	resend    bool // a person decided, with the change of rules, that what is published goes again where it reads otherwise
}

// classify decides what becomes of a row against what is known of its record. By
// other rules than those of the last completed read, what is not yet published is judged again although its source did not
// change.
func classify(k *store.Known, r *row, ex *store.Exception, by standing) action {
	switch {
	case k == nil && ex != nil:
		return except
	case k == nil:
		return deliver
	case published(k.State) && k.Reason != "" && !(by.doubt && k.Reason != Differs) && !stays(k, ex):
		return skip // its outcome is open; the next full read after it is settled sees the change
	case r.unchanged(k) && published(k.State):
		if by.resend && !by.sameRules && ex == nil && k.Payload != r.Hash {
			return deliver
		}
		return dated(k, r) // a change of rules re-sends nothing that is published
	case ex != nil:
		return hinder(k, r, ex, by.sameRules)
	default:
		return admit(k, r)
	}
}

// stays says that a record whose outcome is open may go no more: should two looks miss it, it must not be sent again.
func stays(k *store.Known, ex *store.Exception) bool {
	return k.State == store.Unknown && ex != nil && ex.State != store.Waiting
}

// unchanged says that the registry holds the row as it was when its record was judged last. Rules that read other columns
// give it another content hash; then the rules before tell.
func (r *row) unchanged(k *store.Known) bool {
	return k.Source == r.Source || r.former != 0 && k.Source == r.former
}

func hinder(k *store.Known, r *row, ex *store.Exception, sameRules bool) action {
	same := k.State == ex.State && k.Reason == ex.Reason && k.Source == r.Source && k.Due == r.due
	if same && sameRules {
		return skip
	}
	return except
}

func admit(k *store.Known, r *row) action {
	samePayload := k.Payload == r.Hash
	switch {
	case samePayload && k.State == store.Rejected && k.Source == r.Source:
		return skip // the platform refused just this; somebody has to change something
	case samePayload && k.State != store.Rejected && carried(k):
		if k.Source == r.Source && k.State == k.Carrier {
			return dated(k, r)
		}
		return keep
	default:
		return deliver
	}
}

// carried says that a delivery carries the known version, on its way or there already.
func carried(k *store.Known) bool {
	return k.Delivery != 0 && !k.Dropped && (k.Carrier == store.Waiting || published(k.Carrier))
}

func dated(k *store.Known, r *row) action {
	if k.Due == r.due && k.Starts == r.Starts && k.Source == r.Source {
		return skip
	}
	return keep
}

// former makes what is committed of a page. It is pure.
type former struct {
	stream, resource, answers string
	read, rules               int64
	standing                  standing
	// route names the channel of a record and how many records a batch may hold there.
	route func(channel string) (name string, rows int)
}

// out is a record of the page that goes out.
type out struct {
	put     int // index into Page.Puts
	row     *row
	channel string
	line    store.Line
	needs   int64
}

// form decides each row and cuts what goes out into deliveries: earliest due first, as full as the page allows. A new
// version whose older one may be on the platform travels apart, because its delivery has to wait for the older one's.
func (f *former) form(rows []*row, known map[string]store.Known, parents map[mapping.Dependency]store.Known) store.Page {
	p := store.Page{Stream: f.stream, Read: f.read, AnswersStream: f.answers, Puts: make([]store.Put, 0, len(rows))}
	if !slices.IsSortedFunc(rows, byKey) {
		slices.SortFunc(rows, byKey)
	}
	outs := make([]out, 0, len(rows))
	for _, r := range rows {
		var k *store.Known
		if found, ok := known[r.Key]; ok {
			k = &found
		}
		ex := obstacle(f.stream, r, parents)
		act := classify(k, r, ex, f.standing)
		if act == skip {
			continue
		}
		f.touch(&p, k, r, ex, act, parents)
		p.Puts = append(p.Puts, put(k, r, ex, act))
		if act == deliver {
			outs = append(outs, f.out(len(p.Puts)-1, k, r))
		}
	}
	f.cut(&p, outs)
	return p
}

func byKey(a, b *row) int { return cmp.Compare(a.Key, b.Key) }

func put(k *store.Known, r *row, ex *store.Exception, act action) store.Put {
	p := store.Put{Key: r.Key, Known: k, Source: r.Source, Payload: r.Hash, Starts: r.Starts, Due: r.due, Owner: r.Owner,
		Batch: -1, Answers: r.Answers}
	if k != nil {
		p.Held = k.Held || published(k.State)
	}
	switch {
	case act == except:
		p.Exception = ex
		if k != nil { // the hash of what a delivery carries: what was said meanwhile did not travel
			p.Payload = k.Payload
		}
	case act == keep:
		p.Payload = k.Payload
	}
	return p
}

// touch passes deadlines on: a delivery that something urgent waits for, or that carries a record whose due day moved
// forward, becomes as urgent.
func (f *former) touch(p *store.Page, k *store.Known, r *row, ex *store.Exception, act action, parents map[mapping.Dependency]store.Known) {
	switch {
	case r.due == 0:
		return
	case act == keep && k.Carrier == store.Waiting:
		touch(p, k.Delivery, r.due)
	case act == except && ex.State == store.Waiting:
		for _, dep := range r.After {
			if parent, ok := parents[dep]; ok && parent.State == store.Waiting {
				touch(p, parent.Delivery, r.due)
			}
		}
	}
}

func touch(p *store.Page, delivery int64, due mapping.Date) {
	if delivery == 0 {
		return
	}
	if p.Touched == nil {
		p.Touched = map[int64]mapping.Date{}
	}
	if old, ok := p.Touched[delivery]; !ok || due < old {
		p.Touched[delivery] = due
	}
}

func (f *former) out(put int, k *store.Known, r *row) out {
	o := out{put: put, row: r, line: store.Line{Key: r.Key, Op: string(connector.Insert), Version: 1, Due: r.due, Payload: r.Payload}}
	o.channel, _ = f.route(r.Channel)
	if k == nil {
		return o
	}
	o.line.Version = k.Version + 1
	if k.Held || published(k.State) {
		o.line.Op = string(connector.Update)
	}
	if k.State == store.Sending || k.State == store.Unknown {
		o.needs = k.Delivery
	}
	return o
}

// cut sorts what goes out by channel and due day and cuts it into batches; lines within a batch are in key order.
func (f *former) cut(p *store.Page, all []out) {
	outs := make([]*out, len(all)) // what is sorted is short
	for i := range all {
		outs[i] = &all[i]
	}
	slices.SortFunc(outs, byUrgency)
	for len(outs) > 0 {
		_, most := f.route(outs[0].row.Channel)
		n := 1
		for n < len(outs) && n < most && outs[n].channel == outs[0].channel && (outs[n].needs == 0) == (outs[0].needs == 0) {
			n++
		}
		p.Deliveries = append(p.Deliveries, f.delivery(p, outs[:n]))
		outs = outs[n:]
	}
}

// byUrgency is a total order, because no two records of a page share a put.
func byUrgency(a, b *out) int {
	if c := strings.Compare(a.channel, b.channel); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(min(a.needs, 1), min(b.needs, 1)), byDue(a.line.Due, b.line.Due), cmp.Compare(a.put, b.put))
}

func (f *former) delivery(p *store.Page, outs []*out) store.NewDelivery {
	d := store.NewDelivery{Stream: f.stream, Channel: outs[0].channel, Resource: f.resource, Rules: f.rules, Due: outs[0].line.Due,
		Lines: make([]store.Line, 0, len(outs))}
	slices.SortFunc(outs, func(a, b *out) int { return cmp.Compare(a.put, b.put) }) // puts are in key order
	for _, o := range outs {
		p.Puts[o.put].Batch = len(p.Deliveries)
		d.Lines = append(d.Lines, o.line)
		if o.needs != 0 && !slices.Contains(d.Needs, o.needs) {
			d.Needs = append(d.Needs, o.needs)
		}
	}
	return d
}

// byDue orders days with the earliest first and no limit last.
func byDue(a, b mapping.Date) int {
	switch {
	case a == b:
		return 0
	case a == 0:
		return 1
	case b == 0:
		return -1
	}
	return cmp.Compare(a, b)
}
