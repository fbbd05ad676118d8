package jobs

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"creditsync/jobs/store"
	"creditsync/mapping"
	"creditsync/mapping/identity"
	"creditsync/mapping/screening"
)

// Verdict is what screening says.
type Verdict string

// The verdicts of screening.
const (
	Hit       Verdict = "hit"       // a list in force names the subject
	Candidate Verdict = "candidate" // a list names somebody who may be the subject: a person has to look
	Clear     Verdict = "clear"     // no list does, and all lists are fresh enough to say so
	Stale     Verdict = "stale"     // no list does, but one is too old, or was never pulled: no answer
)

// listAge is how old a list may be to clear anybody. Lists of executed persons must drop an entry within three working days
// (法释〔2017〕7号), repaired entries at once (国家发展改革委令第36号).
const listAge = 24 * time.Hour

func (d Deps) listAge() time.Duration {
	if d.ListAge <= 0 {
		return listAge
	}
	return d.ListAge
}

// Question is whom screening is asked about.
type Question struct {
	Code   string   // credit code, organisation code, or registration number; "" if only the name is known
	Name   string   // "" if only a code is known
	Former []string // names that the subject is known to have borne
	Person bool     // a natural person
	// AsOf asks what was known then; zero: now.
	AsOf time.Time
}

// Screening is the answer to: may we deal with this subject, as of when, on what evidence? It states facts of the lists;
// what follows from them is for a person to decide.
type Screening struct {
	Query      string       `json:"query"`
	Verdict    Verdict      `json:"verdict"`
	At         string       `json:"at"`
	AsOf       string       `json:"as_of,omitempty"` // the instant that was asked about, if not now
	Note       string       `json:"note,omitempty"`  // code of a doubt about the query itself
	Mock       bool         `json:"mock,omitempty"`
	Hits       []HitRow     `json:"hits"`
	Candidates []HitRow     `json:"candidates"`
	More       bool         `json:"more,omitempty"` // more entries resemble the subject than were looked at
	Lists      []ListStatus `json:"lists"`
}

// HitRow is one entry in force that names the subject, or may.
type HitRow struct {
	List       string             `json:"list"`
	Title      string             `json:"title"`
	Key        string             `json:"key"`
	Grade      screening.Grade    `json:"grade"`
	Score      int                `json:"score"` // 0 to 100
	Reasons    []screening.Reason `json:"reasons"`
	CreditCode string             `json:"credit_code,omitempty"`
	Name       string             `json:"name"`
	Decision   string             `json:"decision,omitempty"` // document number
	Organ      string             `json:"organ,omitempty"`
	Reason     string             `json:"reason,omitempty"`
	Listed     string             `json:"listed,omitempty"` // day
	Version    int64              `json:"version"`
	AgeSeconds int64              `json:"age_seconds"`
	Stale      bool               `json:"stale,omitempty"`
}

// ListStatus is one credit list as it stands.
type ListStatus struct {
	Stream     string `json:"stream"`
	Title      string `json:"title"`
	Version    int64  `json:"version"` // 0: never pulled
	Rows       int64  `json:"rows"`
	PulledAt   string `json:"pulled_at,omitempty"`
	AgeSeconds int64  `json:"age_seconds"`
	Stale      bool   `json:"stale"`
	Held       *Held  `json:"held,omitempty"`
}

// mostCompared bounds how many entries of a list are compared with one subject.
const mostCompared = 500

// Ask takes texts as people give them, each a number or a name.
func Ask(texts ...string) (q Question) {
	for _, text := range texts {
		if n := identity.Normalize(text); len(n) >= 9 && strings.Trim(n, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
			q.Code = text
		} else {
			q.Name = text
		}
	}
	return q
}

// Screen asks every credit list for a subject: by its numbers, its exact name and the names that resemble it, graded by
// mapping/screening. What was said stays in the log.
func Screen(ctx context.Context, d Deps, q Question) (Screening, error) {
	now, err := d.Store.Now(ctx)
	if err != nil {
		return Screening{}, err
	}
	s := &asking{d: d, rules: d.Rules(), now: now, at: now}
	s.answer = Screening{Query: strings.TrimSpace(masked(q.Code) + " " + masked(q.Name)), At: stamp(now, d), Hits: []HitRow{},
		Candidates: []HitRow{}, Lists: []ListStatus{}, Mock: d.mock()}
	if s.answer.Query == "" {
		return s.answer, &Failure{What: NobodyAsked}
	}
	if !q.AsOf.IsZero() {
		s.at, s.answer.AsOf = q.AsOf, stamp(q.AsOf, d)
	}
	if number := (screening.Party{CreditCode: q.Code}).Marks(); q.Code != "" && !number.Sure() && !citizen(q.Code) {
		s.answer.Note = DoubtfulCode
	}
	s.subject = screening.Party{CreditCode: q.Code, Name: q.Name, Former: q.Former, Person: q.Person}.Marks()
	for _, stream := range s.rules.Streams(mapping.Pull) {
		if !IsList(stream) {
			continue
		}
		if err := s.ask(ctx, stream); err != nil {
			return s.answer, err
		}
	}
	s.conclude()
	return s.answer, d.Store.Log.Add(ctx, s.event())
}

// asking is one question on its way through the lists.
type asking struct {
	d       Deps
	rules   *Rules
	now, at time.Time
	subject screening.Marks
	answer  Screening
}

func (s *asking) ask(ctx context.Context, stream string) error {
	version, status, err := s.list(ctx, stream)
	if err != nil {
		return err
	}
	s.answer.Lists = append(s.answer.Lists, status)
	found, err := s.d.Store.Lists.ByMarks(ctx, version, marksOf(&s.subject), mostCompared+1)
	if err != nil {
		return err
	}
	if len(found) > mostCompared {
		found, s.answer.More = found[:mostCompared], true
	}
	for _, e := range found {
		p, err := readEntry(e)
		if err != nil {
			return err
		}
		s.weigh(p, status)
	}
	return nil
}

func (s *asking) weigh(p pulled, list ListStatus) {
	if lifted(p.Known, mapping.DateOf(s.at.In(s.d.Now().Location()))) {
		return
	}
	entry := listedParty(p.Known).Marks()
	m := screening.Compare(&s.subject, &entry)
	switch row := hitRow(p, list, m); {
	case m.Grade.Hit():
		s.answer.Hits = append(s.answer.Hits, row)
	case m.Grade == screening.Candidate:
		s.answer.Candidates = append(s.answer.Candidates, row)
	}
}

func hitRow(p pulled, list ListStatus, m screening.Match) HitRow {
	return HitRow{List: list.Stream, Title: list.Title, Key: p.Key, Grade: m.Grade, Score: m.Score, Reasons: m.Reasons,
		CreditCode: p.Known["uniscid"], Name: p.Known["entname"], Decision: p.Known["in_decision_no"], Organ: p.Known["in_org"],
		Reason: p.Known["in_reason"], Listed: p.Known["in_date"], Version: list.Version, AgeSeconds: list.AgeSeconds, Stale: list.Stale}
}

// lifted says that an entry still stands in a list but counts no more: removed, annulled, repaired or expired. After repair
// an entry may not be published, shared or used (国家发展改革委令第36号).
func lifted(known map[string]string, today mapping.Date) bool {
	for _, name := range []string{"out_date", "annulled_on", "repaired_on"} {
		if day, err := mapping.ParseDate(known[name]); err == nil && day <= today {
			return true
		}
	}
	for _, name := range []string{"expires_on", "publish_max"} {
		if day, err := mapping.ParseDate(known[name]); err == nil && day < today {
			return true
		}
	}
	for _, word := range []string{"移出", "撤销", "修复", "届满", "失效", "removed", "annulled", "repaired", "expired"} {
		if strings.Contains(strings.ToLower(known["state"]), word) && !strings.Contains(known["state"], "未"+word) {
			return true
		}
	}
	return false
}

// conclude: a hit is a hit on an old list too; a list that is too old clears nobody, and neither does a number that is none.
func (s *asking) conclude() {
	a := &s.answer
	slices.SortStableFunc(a.Candidates, func(x, y HitRow) int { return cmp.Compare(y.Score, x.Score) })
	stale := len(a.Lists) == 0 || slices.ContainsFunc(a.Lists, func(l ListStatus) bool { return l.Stale })
	switch {
	case len(a.Hits) > 0:
		a.Verdict = Hit
	case len(a.Candidates) > 0:
		a.Verdict = Candidate
	case stale:
		a.Verdict = Stale
	case a.Note != "":
		a.Verdict = Candidate
	default:
		a.Verdict = Clear
	}
}

// event is what stays in the log: what was asked, what was said, by which versions. A citizen number is masked.
func (s *asking) event() store.Event {
	versions := map[string]int64{}
	for _, l := range s.answer.Lists {
		versions[l.Stream] = l.Version
	}
	reason := map[Verdict]string{Hit: ScreenedHit, Candidate: ScreenedCandidate, Clear: ScreenedClear, Stale: ScreenedStale}[s.answer.Verdict]
	return store.Event{Kind: KindDecision, Reason: reason, Key: s.answer.Query,
		Detail: map[string]any{"hits": len(s.answer.Hits), "candidates": len(s.answer.Candidates), "versions": versions}}
}

func citizen(text string) bool {
	id := identity.Of(text)
	return id.Kind == identity.CitizenID && id.Valid
}

// masked hides a citizen number, whether it is well formed or mistyped.
func masked(text string) string {
	if identity.Of(text).Kind == identity.CitizenID {
		return identity.Mask(text)
	}
	return strings.TrimSpace(text)
}

// list is the version that the question is about, and how old that was at the instant asked about.
func (s *asking) list(ctx context.Context, stream string) (store.Version, ListStatus, error) {
	if s.answer.AsOf == "" {
		return listVersion(ctx, s.d, s.rules, stream, s.now)
	}
	v, ok, err := s.d.Store.Lists.InForce(ctx, stream, s.at)
	return v, aged(s.d, s.rules, stream, v, ok, s.at), err
}

func listStatus(ctx context.Context, d Deps, rules *Rules, stream string, now time.Time) (ListStatus, error) {
	_, l, err := listVersion(ctx, d, rules, stream, now)
	return l, err
}

func listVersion(ctx context.Context, d Deps, rules *Rules, stream string, now time.Time) (store.Version, ListStatus, error) {
	v, ok, err := d.Store.Lists.Current(ctx, stream)
	if err != nil {
		return v, ListStatus{}, err
	}
	l := aged(d, rules, stream, v, ok, now)
	l.Held, err = heldVersion(ctx, d, rules, stream)
	return v, l, err
}

// aged is how a version stood at an instant. A list is as old as the moment its pull began, not as its switch.
func aged(d Deps, rules *Rules, stream string, v store.Version, ok bool, at time.Time) ListStatus {
	l := ListStatus{Stream: stream, Title: rules.Title(stream), Stale: true}
	if ok {
		age := at.Sub(v.Started)
		l.Version, l.Rows, l.PulledAt, l.AgeSeconds, l.Stale = v.Number, v.Rows, stamp(v.Started, d), int64(age.Seconds()), age > d.listAge()
	}
	return l
}

// mock says whether any far side is a mock: then nothing that is said here counts.
func (d Deps) mock() bool {
	for _, ch := range d.Channels {
		if m, ok := ch.(interface{ IsMock() bool }); ok && m.IsMock() {
			return true
		}
	}
	return false
}
