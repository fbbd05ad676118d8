package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Cause is why a delivery changes its state.
type Cause string

// The causes of transitions.
const (
	Formed        Cause = "formed"         // collect, or a look that moves absent lines, formed it
	Emptied       Cause = "emptied"        // no line of it is to go any more
	Intended      Cause = "intended"       // Claim committed the intent to send it
	NotSentAtAll  Cause = "not_sent"       // no byte of the attempt has left
	Unclear       Cause = "unclear"        // bytes may have left, and no answer says what became of them
	ExpiredIntent Cause = "expired"        // send_until has passed without an outcome
	AnswerCame    Cause = "answered"       // the far side answered; what it refused or passed over are exceptions
	SeenAccepted  Cause = "seen_accepted"  // a look found most of it, not yet published
	SeenPublished Cause = "seen_published" // a look found it published with this content
	AbsentTwice   Cause = "absent_twice"   // two looks missed it, the later after everything must be visible
	RepeatedBlind Cause = "repeated"       // sent again without a look, where the profile says that this is harmless
	Concluded     Cause = "concluded"      // no line of it is open: every one has fared differently, or goes no more
	Doubted       Cause = "epoch"          // an epoch began: it may have been sent without our knowing
	BaseChanged   Cause = "base_changed"   // the proof was taken at another address of the far side
)

// Transition is one arrow of the drawing in the package's doc. From is "" for the state that a delivery is born in.
type Transition struct {
	From  State
	Cause Cause
	To    State
}

// Transitions are all that a delivery may do: what is not here does not commit, whoever tries. One more is one line here
// and one in the package's doc; the table in the database follows by itself at the next Migrate. To take one away takes a
// migration that deletes its row, too.
func Transitions() []Transition {
	return []Transition{
		{"", Formed, Waiting},
		{"", Doubted, Unknown},
		{Waiting, Intended, Sending},
		{Waiting, Emptied, Void},
		{Waiting, Doubted, Unknown},
		{Sending, NotSentAtAll, Waiting},
		{Sending, Unclear, Unknown},
		{Sending, ExpiredIntent, Unknown},
		{Sending, AnswerCame, Acknowledged},
		{Sending, Doubted, Unknown},
		{Unknown, SeenAccepted, Acknowledged},
		{Unknown, SeenPublished, Proven},
		{Unknown, AbsentTwice, Waiting},
		{Unknown, RepeatedBlind, Waiting},
		{Unknown, Concluded, Proven},
		{Unknown, Concluded, Rejected},
		{Unknown, Concluded, Void},
		{Acknowledged, SeenPublished, Proven},
		{Acknowledged, AbsentTwice, Waiting},
		{Acknowledged, Concluded, Proven},
		{Acknowledged, Concluded, Rejected},
		{Acknowledged, Concluded, Void},
		{Proven, BaseChanged, Acknowledged},
	}
}

// from is the condition that a delivery is in a state which the cause leads away from.
func (c Cause) from() string {
	var states []string
	for _, t := range Transitions() {
		if state := "'" + string(t.From) + "'"; t.Cause == c && !slices.Contains(states, state) {
			states = append(states, state)
		}
	}
	if len(states) == 1 {
		return "state = " + states[0] // for the partial indexes
	}
	return "state IN (" + strings.Join(states, ", ") + ")"
}

// draw brings the database's table of transitions, which its triggers obey, up to ours. It takes nothing away: beside us a
// daemon of a newer version may be at work already.
func (db *DB) draw(ctx context.Context) error {
	return db.transact(ctx, "migrate", func(tx *Tx) error {
		for _, t := range Transitions() {
			_, err := tx.exec(ctx, "INSERT INTO transitions (from_state, cause, to_state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
				string(t.From), string(t.Cause), string(t.To))
			if err != nil {
				return fmt.Errorf("draw the transitions: %w", err)
			}
		}
		return nil
	})
}
