package jobs

import (
	"context"
	"strings"
	"time"

	"creditsync/jobs/store"
	"creditsync/mapping"
	"creditsync/mapping/identity"
)

// Verdict is what screening says.
type Verdict string

// The verdicts of screening.
const (
	Hit   Verdict = "hit"   // a list in force names the subject
	Clear Verdict = "clear" // no list does, and all lists are fresh enough to say so
	Stale Verdict = "stale" // no list does, but one is too old, or was never pulled: no answer
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

// Screening is the answer to: may we deal with this subject, as of when, on what evidence? It states facts of the lists;
// what follows from them is for a person to decide.
type Screening struct {
	Query   string       `json:"query"`
	By      string       `json:"by"` // credit_code or name
	Verdict Verdict      `json:"verdict"`
	At      string       `json:"at"`
	Note    string       `json:"note,omitempty"` // code of a doubt about the query itself
	Mock    bool         `json:"mock,omitempty"`
	Hits    []HitRow     `json:"hits"`
	Lists   []ListStatus `json:"lists"`
}

// HitRow is one entry in force that names the subject.
type HitRow struct {
	List       string `json:"list"`
	Title      string `json:"title"`
	CreditCode string `json:"credit_code,omitempty"`
	Name       string `json:"name"`
	Decision   string `json:"decision,omitempty"` // document number
	Organ      string `json:"organ,omitempty"`
	Reason     string `json:"reason,omitempty"`
	Listed     string `json:"listed,omitempty"` // day
	Version    int64  `json:"version"`
	AgeSeconds int64  `json:"age_seconds"`
	Stale      bool   `json:"stale,omitempty"`
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

// Screen asks every credit list for a subject, by its credit code or by its exact name (compared half-width, upper case
// and without blanks). What was said stays in the log.
func Screen(ctx context.Context, d Deps, query string) (Screening, error) {
	now, err := d.Store.Now(ctx)
	if err != nil {
		return Screening{}, err
	}
	s := Screening{Query: query, By: "name", At: stamp(now, d), Hits: []HitRow{}, Lists: []ListStatus{}, Mock: d.mock()}
	text := identity.Normalize(query)
	switch id := identity.Of(text); {
	case id.Kind == identity.CreditCode && id.Valid:
		s.By = "credit_code"
	case looksLikeCode(text):
		s.By, s.Note = "credit_code", DoubtfulCode
	}
	rules := d.Rules()
	for _, stream := range rules.Streams(mapping.Pull) {
		if !IsList(stream) {
			continue
		}
		if err := s.ask(ctx, d, rules, stream, text, now); err != nil {
			return s, err
		}
	}
	s.conclude()
	return s, d.Store.Log.Add(ctx, s.event(text))
}

// looksLikeCode says that a text was meant as a credit code, although its check digit is wrong.
func looksLikeCode(text string) bool {
	return len(text) == 18 && strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func (s *Screening) ask(ctx context.Context, d Deps, rules *Rules, stream, text string, now time.Time) error {
	status, err := listStatus(ctx, d, rules, stream, now)
	if err != nil {
		return err
	}
	s.Lists = append(s.Lists, status)
	find := d.Store.Lists.ByName
	if s.By == "credit_code" {
		find = d.Store.Lists.ByCode
	}
	found, err := find(ctx, stream, text)
	if err != nil {
		return err
	}
	for _, e := range found {
		p, err := readEntry(e)
		if err != nil {
			return err
		}
		if !lifted(p.Known, mapping.DateOf(d.Now())) {
			s.Hits = append(s.Hits, hitRow(p, status))
		}
	}
	return nil
}

func hitRow(p pulled, list ListStatus) HitRow {
	return HitRow{List: list.Stream, Title: list.Title, CreditCode: p.CreditCode, Name: p.Known["entname"],
		Decision: p.Known["in_decision_no"], Organ: p.Known["in_org"], Reason: p.Known["in_reason"], Listed: p.Known["in_date"],
		Version: list.Version, AgeSeconds: list.AgeSeconds, Stale: list.Stale}
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

func (s *Screening) conclude() {
	s.Verdict = Clear
	if len(s.Lists) == 0 {
		s.Verdict = Stale
	}
	for _, l := range s.Lists {
		if l.Stale {
			s.Verdict = Stale
		}
	}
	if len(s.Hits) > 0 {
		s.Verdict = Hit
	}
}

// event is what stays in the log: what was asked, what was said, by which versions. A citizen number is masked.
func (s *Screening) event(text string) store.Event {
	versions := map[string]int64{}
	for _, l := range s.Lists {
		versions[l.Stream] = l.Version
	}
	reason := map[Verdict]string{Hit: ScreenedHit, Clear: ScreenedClear, Stale: ScreenedStale}[s.Verdict]
	return store.Event{Kind: KindDecision, Reason: reason, Key: masked(text),
		Detail: map[string]any{"by": s.By, "hits": len(s.Hits), "versions": versions}}
}

// masked hides a citizen number, whether it is well formed or mistyped.
func masked(text string) string {
	if identity.Of(text).Kind == identity.CitizenID {
		return identity.Mask(text)
	}
	return text
}

func listStatus(ctx context.Context, d Deps, rules *Rules, stream string, now time.Time) (ListStatus, error) {
	l := ListStatus{Stream: stream, Title: rules.Title(stream), Stale: true}
	v, ok, err := d.Store.Lists.Current(ctx, stream)
	if err != nil {
		return l, err
	}
	if ok {
		age := now.Sub(v.Started) // the list is as old as the moment its pull began, not as the switch
		l.Version, l.Rows, l.PulledAt, l.AgeSeconds, l.Stale = v.Number, v.Rows, stamp(v.Started, d), int64(age.Seconds()), age > d.listAge()
	}
	l.Held, err = heldVersion(ctx, d, rules, stream)
	return l, err
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
