package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"creditsync/connector"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// Account is everything there is to say about one record: what stands in the registry, what the rules made of it, by when
// it has to be public, and what became of it.
type Account struct {
	Stream    string     `json:"stream"`
	Title     string     `json:"title"`
	Key       string     `json:"key"`
	State     string     `json:"state"` // "unknown_key" if neither registry nor store know it
	Reason    string     `json:"reason,omitempty"`
	Detail    *Detail    `json:"detail,omitempty"`
	Since     string     `json:"since,omitempty"`
	Owner     string     `json:"owner,omitempty"`
	WaitsFor  string     `json:"waits_for,omitempty"`
	Version   int32      `json:"version"`
	Local     []Cell     `json:"local,omitempty"`
	Place     string     `json:"place,omitempty"`
	LocalNote string     `json:"local_note,omitempty"` // code of why the local row could not be read
	Steps     []Step     `json:"steps,omitempty"`
	Payload   string     `json:"payload,omitempty"` // what the rules in force make of the row now
	Sent      string     `json:"sent,omitempty"`    // what the last delivery carries
	Deadline  *Deadline  `json:"deadline,omitempty"`
	Delivery  *Attempt   `json:"delivery,omitempty"`
	Receipt   string     `json:"receipt,omitempty"`
	Proof     string     `json:"proof,omitempty"` // when it was seen published
	Events    []LogEvent `json:"events,omitempty"`
}

// Cell is one column of the local row.
type Cell struct {
	Column string `json:"column"`
	Value  string `json:"value"`
}

// Step is what one field of the mapping made of its local value.
type Step struct {
	Column string   `json:"column,omitempty"`
	Rule   string   `json:"rule"`
	Field  string   `json:"field"`
	Local  string   `json:"local"`
	Value  string   `json:"value"`
	Fault  string   `json:"fault,omitempty"`
	Args   []string `json:"arguments,omitempty"`
}

// Detail is what a person needs beside the reason.
type Detail struct {
	Faults   []FaultView `json:"faults,omitempty"`
	Code     string      `json:"code,omitempty"`
	Field    string      `json:"field,omitempty"`
	Message  string      `json:"message,omitempty"`
	Ground   string      `json:"ground,omitempty"`
	Approval string      `json:"approval,omitempty"`
	Place    string      `json:"place,omitempty"`
}

// FaultView is one fault of a row.
type FaultView struct {
	Code      string   `json:"code"`
	Arguments []string `json:"arguments,omitempty"`
	Field     string   `json:"field,omitempty"`
	Column    string   `json:"column,omitempty"`
}

// Deadline is the legal limit of one record with its count.
type Deadline struct {
	Starts      string `json:"starts"`
	Due         string `json:"due"`
	Left        int    `json:"left"` // working days; negative: overdue
	Provisional bool   `json:"provisional"`
	WorkingDays int    `json:"working_days"`
	Basis       string `json:"basis"`
	// Doubt is why the count cannot stand: it starts before the first notice that is loaded.
	Doubt *FaultView `json:"doubt,omitempty"`
	Days  []DayRow   `json:"days,omitempty"`
}

// DayRow is one day of a count.
type DayRow struct {
	Date    string `json:"date"`
	Working bool   `json:"working"`
	Name    string `json:"name,omitempty"`
	N       int    `json:"n,omitempty"`
}

// Attempt is the delivery a record travels in.
type Attempt struct {
	ID        int64  `json:"id"`
	Number    string `json:"number"`
	State     string `json:"state"`
	Channel   string `json:"channel"`
	Attempts  int32  `json:"attempts"`
	Formed    string `json:"formed"`
	SentAt    string `json:"sent_at,omitempty"`
	SettledAt string `json:"settled_at,omitempty"`
	NextLook  string `json:"next_look,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Rules     int64  `json:"rules"`
	BodyHash  string `json:"body_sha256"`
}

// LogEvent is one line of the sync log, in the daemon's zone.
type LogEvent struct {
	ID       int64          `json:"id"`
	At       string         `json:"at"`
	Kind     string         `json:"kind"`
	Stream   string         `json:"stream,omitempty"`
	Reason   string         `json:"reason"`
	Delivery int64          `json:"delivery,omitempty"`
	Attempt  int32          `json:"attempt,omitempty"`
	Key      string         `json:"key,omitempty"`
	Run      int64          `json:"run,omitempty"`
	Detail   map[string]any `json:"detail,omitempty"`
}

// Why tells the story of a record. Without a stream, every pushed stream that knows the key, in store or registry, answers.
func Why(ctx context.Context, d Deps, stream, key string) ([]Account, error) {
	rules := d.Rules()
	streams := rules.Streams(mapping.Push)
	if stream != "" {
		if _, _, err := d.pushed(rules, stream); err != nil {
			return nil, err
		}
		streams = []string{stream}
	}
	var all []Account
	for _, s := range streams {
		a, known, err := why(ctx, d, rules, s, key)
		if err != nil {
			return nil, err
		}
		if known || stream != "" {
			all = append(all, a)
		}
	}
	return all, nil
}

// UnknownKey is the state of an account that nobody knows anything of.
const UnknownKey = "unknown_key"

func why(ctx context.Context, d Deps, rules *Rules, stream, key string) (Account, bool, error) {
	a := Account{Stream: stream, Title: rules.Title(stream), Key: show(key), State: UnknownKey}
	k, ex, err := d.Store.Records.Find(ctx, stream, key)
	known := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return a, false, err
	}
	local, err := a.local(ctx, d, rules, stream, key)
	if err != nil {
		return a, false, err
	}
	if !known {
		return a, local, nil
	}
	a.State, a.Reason, a.Version = string(k.State), k.Reason, k.Version
	a.except(ex, d)
	a.deadline(d, rules, stream, k.Starts, k.Due)
	if err := a.delivery(ctx, d, k); err != nil {
		return a, true, err
	}
	return a, true, a.events(ctx, d, k)
}

func (a *Account) except(ex *store.Exception, d Deps) {
	if ex == nil {
		return
	}
	a.Since, a.Owner, a.Detail = stamp(ex.Since, d), ex.Owner, detailOf(ex.Detail)
	if ex.WaitsKey != "" {
		a.WaitsFor = ex.WaitsStream + " " + show(ex.WaitsKey)
	}
}

func detailOf(in store.Detail) *Detail {
	out := &Detail{Code: in.Code, Field: in.Field, Message: in.Message, Ground: in.Ground, Approval: in.Approval, Place: in.Place}
	for _, f := range in.Faults {
		out.Faults = append(out.Faults, FaultView{Code: f.What, Arguments: f.Args, Field: f.Field, Column: f.Column})
	}
	return out
}

// local reads the row as it stands in the registry now and lets the rules in force explain it. A registry that cannot be
// read is a note in the account, not an error: the rest of the story stands.
func (a *Account) local(ctx context.Context, d Deps, rules *Rules, stream, key string) (found bool, err error) {
	plan, registry, err := d.pushed(rules, stream)
	if err != nil {
		return false, err
	}
	if synthetic(key) {
		return false, nil
	}
	spec := plan.Spec()
	q := connector.Query{Source: spec.Registry, Columns: plan.Columns(), Items: spec.Items, Keys: []string{key}}
	if spec.Items != nil {
		q.ItemColumns = plan.ItemColumns()
	}
	_, err = registry.Read(ctx, q, func(rows []mapping.Row) error {
		if len(rows) > 0 && !found {
			found = true
			a.explain(plan, rows[0])
		}
		return nil
	})
	var unread *connector.Reason
	if errors.As(err, &unread) {
		a.LocalNote = unread.What
		return false, nil
	}
	return found, err
}

func (a *Account) explain(plan *mapping.Plan, r mapping.Row) {
	a.Place = r.Place
	for i, column := range plan.Columns() {
		a.Local = append(a.Local, Cell{column, mapping.Shown(r.Cells[i])})
	}
	for _, s := range plan.Explain(r) {
		step := Step{Column: s.Column, Rule: s.Rule, Field: s.Field, Local: s.Local, Value: s.Value}
		if s.Fault != nil {
			step.Fault, step.Args = s.Fault.What, s.Fault.Args
		}
		a.Steps = append(a.Steps, step)
	}
	var rec mapping.Record
	plan.Apply(r, &rec)
	a.Payload, a.Owner = mapping.MaskPersonal(string(rec.Payload)), rec.Owner
}

func (a *Account) deadline(d Deps, rules *Rules, stream string, starts, due mapping.Date) {
	plan, _ := rules.Plan(stream)
	limit := plan.Spec().Deadline
	if limit == nil || starts == 0 {
		return
	}
	result, days := rules.Calendar.Count(starts, limit.WorkingDays)
	a.Deadline = &Deadline{Starts: starts.String(), Due: due.String(), Left: rules.Calendar.Left(d.today(), due),
		Provisional: result.Provisional, WorkingDays: limit.WorkingDays, Basis: limit.Basis}
	if result.Fault != nil {
		a.Deadline.Doubt = &FaultView{Code: result.Fault.What, Arguments: result.Fault.Args}
	}
	for _, day := range days {
		a.Deadline.Days = append(a.Deadline.Days, DayRow{day.Date.String(), day.Working, day.Name, day.N})
	}
}

// delivery tells of the batch the record travels in, what of it was sent, and what was answered.
func (a *Account) delivery(ctx context.Context, d Deps, k store.Known) error {
	if k.Delivery == 0 {
		return nil
	}
	del, err := d.Store.Deliveries.Get(ctx, k.Delivery)
	if err != nil {
		return err
	}
	a.Delivery = &Attempt{ID: del.ID, Number: del.Number, State: string(del.State), Channel: del.Channel, Attempts: del.Attempt,
		Formed: stamp(del.Formed, d), SentAt: stamp(del.SentAt, d), SettledAt: stamp(del.SettledAt, d),
		NextLook: stamp(del.NextLook, d), Reason: del.LastReason, Rules: del.Rules, BodyHash: del.BodyHash}
	if k.State == store.Proven {
		a.Proof = stamp(del.ProvenAt, d)
	}
	lines, err := d.Store.Deliveries.Lines(ctx, del.ID)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if line.Key == k.Key {
			a.Sent = mapping.MaskPersonal(string(line.Payload))
		}
	}
	raw, err := d.Store.Deliveries.Receipts(ctx, del.ID)
	if err != nil {
		return err
	}
	a.Receipt = receiptOf(raw, k.Key)
	return nil
}

// receiptOf finds the smallest JSON object of an answer that names the key: whatever the platform's shape, that is its
// receipt for the record. Empty if there is none.
func receiptOf(raw []byte, key string) string {
	name, err := json.Marshal(key)
	if err != nil {
		return ""
	}
	return enclosing(raw, name)
}

// eventsOfRecord is how many lines of the log an account tells.
const eventsOfRecord = 50

func (a *Account) events(ctx context.Context, d Deps, k store.Known) error {
	named, err := d.Store.Log.Events(ctx, store.EventFilter{Stream: a.Stream, Key: k.Key, Limit: eventsOfRecord})
	if err != nil {
		return fmt.Errorf("log of %s: %w", a.Key, err)
	}
	var travelled []store.Event
	if k.Delivery != 0 {
		if travelled, err = d.Store.Log.Events(ctx, store.EventFilter{Delivery: k.Delivery, Limit: eventsOfRecord}); err != nil {
			return fmt.Errorf("log of delivery %d: %w", k.Delivery, err)
		}
	}
	seen := map[int64]bool{}
	for _, e := range append(travelled, named...) {
		if !seen[e.ID] {
			seen[e.ID] = true
			a.Events = append(a.Events, Line(e, d))
		}
	}
	return nil
}

// Line is a line of the log as verbs and pages show it.
func Line(e store.Event, d Deps) LogEvent {
	return LogEvent{ID: e.ID, At: stamp(e.At, d), Kind: e.Kind, Stream: e.Stream, Reason: e.Reason, Delivery: e.Delivery,
		Attempt: e.Attempt, Key: show(e.Key), Run: e.Run, Detail: e.Detail}
}

func (d Deps) today() mapping.Date { return mapping.DateOf(d.Now()) }

// stamp writes an instant in the daemon's zone, "" for none.
func stamp(t time.Time, d Deps) string {
	if t.IsZero() {
		return ""
	}
	return t.In(d.Now().Location()).Format(time.RFC3339)
}
