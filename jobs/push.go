package jobs

import (
	"context"
	"errors"
	"strconv"
	"time"

	"creditsync/connector"
)

// mostHalves bounds how often a refused batch is cut in half to find the record that it was refused for.
const mostHalves = 24

// pusher sends one delivery. A far side that refuses a whole batch for one bad record would keep all the others from
// being published in time: so a refused batch is cut in half, and the halves are sent, until the culprit stands alone or
// the bound is reached. The halves have numbers of their own, the same at every attempt over the same records.
type pusher struct {
	channel connector.Channel
	wait    func(ctx context.Context, pause time.Duration) error
	pace    time.Duration
	calls   int
}

// report is what one attempt brought.
type report struct {
	sent      int
	receipts  []connector.Receipt
	strangers int
	raw       []byte
	at        time.Time
	err       *connector.Reason            // of the whole attempt: nothing of it was answered
	apart     map[string]*connector.Reason // of records whose part of a cut batch fared differently from the rest
}

func (p *pusher) push(ctx context.Context, b connector.Batch) report {
	r := report{sent: len(b.Records), apart: map[string]*connector.Reason{}}
	answer, err := p.channel.Push(ctx, b)
	reason := reasonOf(err)
	switch {
	case reason == nil:
		r.take(answer)
	case refusedWhole(reason):
		p.split(ctx, b, reason, &r)
	default:
		r.err = reason
	}
	return r
}

// split sends the halves of a batch that was refused whole for reason.
func (p *pusher) split(ctx context.Context, b connector.Batch, reason *connector.Reason, r *report) {
	if len(b.Records) == 1 || p.calls+2 > mostHalves {
		r.mark(b, reason)
		return
	}
	p.calls += 2
	middle := len(b.Records) / 2
	for i, records := range [][]connector.Outgoing{b.Records[:middle], b.Records[middle:]} {
		half := connector.Batch{Resource: b.Resource, Number: b.Number + "-" + strconv.Itoa(i+1), Records: records}
		if err := p.wait(ctx, p.pace); err != nil {
			r.mark(half, &connector.Reason{What: BatchRefused, Args: []string{reason.What}, Words: reason.Words, Sent: connector.Answered})
			continue
		}
		answer, err := p.channel.Push(ctx, half)
		switch why := reasonOf(err); {
		case why == nil:
			r.take(answer)
		case refusedWhole(why):
			p.split(ctx, half, why, r)
		default:
			r.mark(half, why)
		}
	}
}

func (r *report) take(a connector.Answer) {
	r.receipts = append(r.receipts, a.Receipts...)
	r.strangers += a.Strangers
	if len(r.raw) > 0 {
		r.raw = append(r.raw, '\n')
	}
	r.raw = append(r.raw, a.Raw...)
	r.at = a.At
}

func (r *report) mark(b connector.Batch, reason *connector.Reason) {
	for _, rec := range b.Records {
		r.apart[rec.ID] = reason
	}
}

// refusedWhole says that the far side answered that it takes none of the batch, for what is in it.
func refusedWhole(r *connector.Reason) bool {
	return r.What == connector.Refused && r.Sent == connector.Answered
}

// reasonOf is the connector's reason for an error. An error that is none is a fault of the connector, after which a byte
// may have left.
func reasonOf(err error) *connector.Reason {
	var r *connector.Reason
	switch {
	case err == nil:
		return nil
	case errors.As(err, &r):
		return r
	default:
		return &connector.Reason{What: connector.Interrupted, Sent: connector.MaybeSent, Retry: true, Err: err}
	}
}
