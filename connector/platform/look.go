package platform

import (
	"context"
	"slices"
	"strconv"

	"creditsync/connector"
)

// lookPlan is a look-up, ready for use.
type lookPlan struct {
	path, method    string
	frame           frame
	answer          answerShape
	by, publishedAt int
	published       condition
	compare         []string
	added           []string // what may stand in a held record without having been sent; nil: anything
}

// Look asks for records by id, in portions of the profile's size, and gives one sight per record in the order asked. An
// answer that holds records nobody asked for is no answer: its silence about the others would prove nothing.
func (c *Client) Look(ctx context.Context, resource string, records []connector.Outgoing) ([]connector.Sight, error) {
	r, ok := c.plan.resources[resource]
	if !ok || r.look == nil {
		return nil, noSuchResource(resource)
	}
	sights := make([]connector.Sight, 0, len(records))
	for portion := range slices.Chunk(records, r.contract.LookRows) {
		seen, err := c.lookPortion(ctx, r, portion)
		if err != nil {
			return nil, err
		}
		sights = append(sights, seen...)
	}
	return sights, nil
}

func (c *Client) lookPortion(ctx context.Context, r *resource, records []connector.Outgoing) ([]connector.Sight, error) {
	call := &call{client: c, resource: r, method: r.look.method, path: r.look.path}
	var err error
	if call.body, err = r.look.frame.ids(records); err != nil {
		reason := call.reason(connector.WrongShape, connector.NotSent, "")
		reason.Err, reason.Retry = err, false
		return nil, reason
	}
	view := newViewer(r, records)
	_, read, err := call.ask(ctx, r.look.answer, view.take)
	if err != nil {
		return nil, err
	}
	if !read.sawRows {
		return nil, call.reason(connector.WrongShape, connector.Answered, r.look.answer.rows)
	}
	if view.strangers > 0 {
		return nil, call.reason(connector.CountMismatch, connector.Answered, strconv.Itoa(len(records)), strconv.Itoa(view.rows))
	}
	return view.sights, nil
}

// viewer makes sights of the rows of a look-up.
type viewer struct {
	plan            *lookPlan
	seesPublished   bool
	records         []connector.Outgoing
	asked           map[string]int
	sights          []connector.Sight
	rows, strangers int
}

func newViewer(r *resource, records []connector.Outgoing) *viewer {
	v := &viewer{plan: r.look, seesPublished: r.contract.SeesPublished, records: records,
		asked: make(map[string]int, len(records)), sights: make([]connector.Sight, len(records))}
	for i, rec := range records {
		v.asked[rec.ID] = i
		v.sights[i].ID = rec.ID
	}
	return v
}

func (v *viewer) take(raw []byte, row []field) {
	v.rows++
	i, ok := v.asked[string(at(row, v.plan.by).text())]
	if !ok {
		v.strangers++
		return
	}
	s := connector.Sight{ID: v.records[i].ID, Found: true, Held: raw}
	s.Differing = v.plan.differing(v.records[i].Payload, raw)
	s.Same = s.Differing == ""
	s.Published = v.seesPublished || v.plan.published.holds(at(row, v.plan.publishedAt))
	copies := v.sights[i].Copies + 1
	if rank(s) > rank(v.sights[i]) {
		v.sights[i] = s
	}
	v.sights[i].Copies = copies
}

// rank orders several copies of one record: the one that proves most is shown.
func rank(s connector.Sight) int {
	switch {
	case !s.Found:
		return 0
	case !s.Same:
		return 1
	case !s.Published:
		return 2
	}
	return 3
}
