package platform

import (
	"bytes"
	"context"
	"errors"
	"io"

	"creditsync/connector"
)

// answerShape is how one kind of answer is read.
type answerShape struct {
	shape *shape
	slots envelopeSlots
	rows  string // where the rows stand, as the profile says it
}

// envelopeSlots are the fields of every answer.
type envelopeSlots struct{ code, message int }

// get is a field of the envelope, absent if the profile does not name it.
func (envelopeSlots) get(r *reading, slot int) field { return at(r.envelope, slot) }

func at(fields []field, slot int) field {
	if slot == noSlot {
		return field{}
	}
	return fields[slot]
}

// ask sends the call and reads its answer row by row. Every error is a *connector.Reason; rows may have been given to
// each before it, and mean nothing then.
func (c *call) ask(ctx context.Context, a answerShape, each func(raw []byte, row []field)) (*response, *reading, error) {
	res, err := c.exchange(ctx)
	if err != nil {
		return nil, nil, err
	}
	read, parse := a.shape.read(bytes.TrimPrefix(res.body, []byte("\ufeff")), each)
	if reason := c.judge(res, read, a.slots, parse); reason != nil {
		return nil, nil, reason
	}
	if read.badRows {
		return nil, nil, c.reason(connector.WrongShape, connector.MaybeSent, a.rows)
	}
	return res, read, nil
}

// unreadable tells an answer that was cut off from one that is no JSON.
func (c *call) unreadable(res *response, parse error) *connector.Reason {
	if errors.Is(parse, io.ErrUnexpectedEOF) {
		r := c.reason(connector.Interrupted, connector.MaybeSent, c.host())
		r.Err = parse
		return r
	}
	r := c.reason(connector.NotJSON, connector.MaybeSent, res.header.Get("Content-Type"))
	r.Err = parse
	return r
}
