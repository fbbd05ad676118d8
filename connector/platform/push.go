package platform

import (
	"context"

	"creditsync/connector"
)

// pushPlan is a push and its receipt, ready for use.
type pushPlan struct {
	path, method  string
	frame         frame
	id, operation string
	words         map[connector.Operation]string
	answer        answerShape
	receipt       receiptSlots
}

// receiptSlots are the fields of one receipt.
type receiptSlots struct {
	id, number, okAt, code, field, message int
	ok                                     condition
}

// Push sends one batch. The platform's receipts are matched by id; ids that were not sent are counted as strangers, and
// of an id with two verdicts that differ there is no receipt.
func (c *Client) Push(ctx context.Context, b connector.Batch) (connector.Answer, error) {
	r, ok := c.plan.resources[b.Resource]
	if !ok || r.push == nil {
		return connector.Answer{}, noSuchResource(b.Resource)
	}
	call := &call{client: c, resource: r, method: r.push.method, path: r.push.path}
	var err error
	if call.body, err = r.push.envelope(b.Records); err != nil {
		reason := call.reason(connector.WrongShape, connector.NotSent, r.push.id)
		reason.Err, reason.Retry = err, false
		return connector.Answer{}, reason
	}
	receipts := collector{call: call, slots: r.push.receipt, sent: map[string]int{}}
	for i, rec := range b.Records {
		receipts.sent[rec.ID] = i
	}
	receipts.begin(b.Records)
	res, read, err := call.ask(ctx, r.push.answer, receipts.take)
	if err != nil {
		return connector.Answer{}, err
	}
	if !read.sawRows {
		return connector.Answer{}, call.reason(connector.WrongShape, connector.MaybeSent, r.push.answer.rows)
	}
	return connector.Answer{Receipts: receipts.settled(), Strangers: receipts.strangers, Raw: res.body, At: res.at}, nil
}

// noSuchResource is our own mistake, not the platform's: nothing was sent.
func noSuchResource(name string) *connector.Reason {
	return &connector.Reason{What: connector.Refused, Args: []string{name, ""}, Sent: connector.NotSent, Place: name}
}

// collector gathers receipts as they are read.
type collector struct {
	call      *call
	slots     receiptSlots
	records   []connector.Outgoing
	sent      map[string]int // by id: the record
	seen      []int          // by record: its receipt, from 1
	broken    []bool         // by receipt: another one contradicts it
	receipts  []connector.Receipt
	strangers int
}

func (c *collector) begin(records []connector.Outgoing) {
	c.records = records
	c.seen = make([]int, len(records))
	c.receipts = make([]connector.Receipt, 0, len(records))
	c.broken = make([]bool, 0, len(records))
}

func (c *collector) take(_ []byte, row []field) {
	i, known := c.sent[string(at(row, c.slots.id).text())]
	if !known {
		c.strangers++
		return
	}
	r := c.receipt(c.records[i].ID, row)
	if first := c.seen[i]; first > 0 {
		c.broken[first-1] = c.broken[first-1] || c.receipts[first-1] != r
		return
	}
	c.receipts, c.broken = append(c.receipts, r), append(c.broken, at(row, c.slots.okAt).absent())
	c.seen[i] = len(c.receipts)
}

func (c *collector) receipt(id string, row []field) connector.Receipt {
	r := connector.Receipt{ID: id, OK: c.slots.ok.holds(at(row, c.slots.okAt)), Number: at(row, c.slots.number).String()}
	if !r.OK {
		r.Code = c.call.clean(at(row, c.slots.code).String())
		r.Field = c.call.clean(at(row, c.slots.field).String())
		r.Message = c.call.clean(at(row, c.slots.message).String())
	}
	return r
}

// settled leaves out the receipts that are no verdict: contradicted, or without the field that holds the verdict.
func (c *collector) settled() []connector.Receipt {
	kept := c.receipts[:0]
	for i, r := range c.receipts {
		if !c.broken[i] {
			kept = append(kept, r)
		}
	}
	return kept
}
