package jobs

import (
	"time"

	"creditsync/connector"
	"creditsync/jobs/store"
)

// Pauses after an attempt that came to nothing.
const (
	firstRetry   = 15 * time.Second
	longestRetry = 15 * time.Minute
	breakAfter   = 3 // attempts in a row without an answer open the channel's breaker
	refusedPause = 10 * time.Minute
)

// settle makes the outcome of one attempt. It is pure. failures counts the attempts in a row that brought no answer, this
// one included.
func settle(del store.Delivery, lines []store.Line, rep report, res connector.Resource, now time.Time, failures int) store.Outcome {
	o := store.Outcome{Delivery: del.ID, Attempt: del.Attempt, Stream: del.Stream}
	if rep.err != nil {
		return unclear(o, del, rep.err, now, failures)
	}
	o.Answered, o.Reason, o.Receipts = true, AcceptedByPush, rep.raw
	o.Exceptions = match(del, lines, rep)
	o.Count = int32(len(lines) - len(o.Exceptions))
	switch {
	case res.CanLook:
		o.NextLook = now.Add(firstLook(res))
	case res.RepeatIsHarmless && len(o.Exceptions) > 0:
		o.NextLook = del.SendUntil
	}
	return o
}

// unclear is the outcome of an attempt that the far side did not answer for each record.
func unclear(o store.Outcome, del store.Delivery, why *connector.Reason, now time.Time, failures int) store.Outcome {
	o.Reason, o.Words = why.What, why.Words
	pause := max(backoff(int(del.Attempt)), why.RetryAfter)
	switch {
	case why.Sent == connector.MaybeSent:
		// Only after send_until is it sure that no byte of this attempt can leave any more.
		o.Unknown, o.NextLook = true, del.SendUntil
	case !why.Retry:
		o.NotSent, o.RetryAt, o.BreakUntil = true, now.Add(max(pause, refusedPause)), now.Add(max(pause, refusedPause))
		return o
	default:
		o.NotSent, o.RetryAt = true, now.Add(pause)
	}
	if why.RetryAfter > 0 || why.What == connector.Throttled || failures >= breakAfter {
		o.BreakUntil = now.Add(max(backoff(failures), why.RetryAfter))
	}
	return o
}

// backoff doubles the pause with every attempt.
func backoff(attempt int) time.Duration {
	pause := firstRetry
	for range max(0, attempt-1) {
		if pause *= 2; pause >= longestRetry {
			return longestRetry
		}
	}
	return pause
}

// match compares the receipts with what was sent and makes exceptions of what was refused, contradicted or passed over.
// A record is accepted only by a receipt that says so.
func match(del store.Delivery, lines []store.Line, rep report) []store.Exception {
	if len(rep.apart) == 0 && inOrder(lines, rep.receipts) {
		return nil
	}
	byID := make(map[string]connector.Receipt, len(rep.receipts))
	torn := map[string]bool{}
	for _, r := range rep.receipts {
		if old, twice := byID[r.ID]; twice && old.OK != r.OK {
			torn[r.ID] = true
		}
		byID[r.ID] = r
	}
	var exceptions []store.Exception
	for i := range lines {
		receipt, ok := byID[lines[i].Key]
		e := store.Exception{Stream: del.Stream, Key: lines[i].Key, Due: lines[i].Due, Delivery: del.ID}
		switch {
		case rep.apart[lines[i].Key] != nil:
			e.State, e.Reason, e.Detail = apart(rep.apart[lines[i].Key])
		case torn[lines[i].Key]:
			e.State, e.Reason = store.Unknown, Contradictory
		case !ok:
			e.State, e.Reason = store.Unknown, NoReceipt
		case !receipt.OK:
			e.State, e.Reason = store.Rejected, RejectedRow
			e.Detail = store.Detail{Code: receipt.Code, Field: receipt.Field, Message: receipt.Message}
		default:
			continue
		}
		exceptions = append(exceptions, e)
	}
	return exceptions
}

// apart is what became of a record in a half of its batch: refused with it, or of unknown outcome.
func apart(why *connector.Reason) (store.State, string, store.Detail) {
	detail := store.Detail{Code: why.What, Message: why.Words}
	if refusedWhole(why) || why.What == BatchRefused {
		return store.Rejected, BatchRefused, detail
	}
	return store.Unknown, NoReceipt, detail
}

// inOrder is the usual case: every record accepted, in the order it was sent.
func inOrder(lines []store.Line, receipts []connector.Receipt) bool {
	if len(lines) != len(receipts) {
		return false
	}
	for i := range lines {
		if receipts[i].ID != lines[i].Key || !receipts[i].OK {
			return false
		}
	}
	return true
}

// firstLook is when a first look at an accepted record makes sense.
func firstLook(res connector.Resource) time.Duration {
	return min(max(res.Complete/120, time.Second), 10*time.Second)
}
