package jobs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"creditsync/connector"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping/identity"
	"creditsync/mapping/screening"

	"github.com/google/go-cmp/cmp"
)

func code(i int) string { return identity.NewCreditCode("9", "1", "410421", uint64(i)) }

func listRow(i int, more string) []byte {
	return fmt.Appendf(nil, `{"id":"L%05d","code":"%s","name":"示例（宝丰）%d号矿业有限公司","no":"宝市监异〔2026〕%d号"%s}`, i, code(i), i, i, more)
}

func (w *world) list(n int) {
	rows := make([][]byte, n)
	for i := range rows {
		rows[i] = listRow(i, "")
	}
	w.pages.rows[abnormal] = rows
}

func (w *world) screen(query string) jobs.Screening {
	w.Helper()
	s, err := jobs.Screen(w.ctx, w.deps(), jobs.Ask(query))
	w.ok(err)
	return s
}

func TestPullAndScreen(t *testing.T) {
	each(t, func(w *world) {
		if s := w.screen(code(7)); s.Verdict != jobs.Stale {
			w.Errorf("a list that was never pulled says %s", s.Verdict)
		}
		w.list(2500)
		w.ok(jobs.Pull(w.ctx, w.deps(), abnormal))
		s := w.screen(code(7))
		if s.Verdict != jobs.Hit || len(s.Hits) != 1 || s.Hits[0].Decision != "宝市监异〔2026〕7号" || s.Hits[0].Version != 1 {
			w.Errorf("screening: %+v", s)
		}
		if s := w.screen(" 示例(宝丰)８号矿业有限公司"); s.Verdict != jobs.Hit || s.Hits[0].Grade != screening.Name {
			w.Errorf("by a name written otherwise: %+v", s)
		}
		if s := w.screen(code(9999)); s.Verdict != jobs.Clear {
			w.Errorf("nobody: %s", s.Verdict)
		}
		for _, mistyped := range []string{code(7)[:17] + "X", code(7)[:17], "000000000000000000", "41042110000000"} {
			if s := w.screen(mistyped); s.Note != jobs.DoubtfulCode || s.Verdict == jobs.Clear {
				w.Errorf("a mistyped code is not doubted: %+v", s)
			}
		}
		w.pages.rows[abnormal][7] = listRow(7, `,"out":"2026-12-20"`)
		w.pages.rows[abnormal] = slices.Delete(w.pages.rows[abnormal], 8, 9)
		w.ok(jobs.Pull(w.ctx, w.deps(), abnormal))
		for _, i := range []int{7, 8} {
			if s := w.screen(code(i)); s.Verdict != jobs.Clear {
				w.Errorf("removed entry %d: %s", i, s.Verdict)
			}
		}
		if c := w.lastRun(jobs.JobPull).Counts; c["changed"] != 1 || c["removed"] != 1 || c["added"] != 0 {
			w.Errorf("counts %v", c)
		}
		w.pass(25 * time.Hour)
		if s := w.screen(code(9999)); s.Verdict != jobs.Stale {
			w.Errorf("an old list cleared somebody: %s", s.Verdict)
		}
		if s := w.screen(code(9)); s.Verdict != jobs.Hit || !s.Hits[0].Stale {
			w.Errorf("an old hit: %+v", s)
		}
		if n := len(w.events(jobs.KindDecision, jobs.ScreenedHit)); n != 3 {
			w.Errorf("%d hits stand in the log", n)
		}
	})
}

// TestScreeningGrades: what is asked reaches the list by number, by name and by resemblance, and says by which.
func TestScreeningGrades(t *testing.T) {
	each(t, func(w *world) {
		for _, name := range []string{"宝丰县恒基矿业有限公司", "老王烧烤店", "河南鑫源建材有限公司"} {
			i := len(w.pages.rows[abnormal])
			w.pages.rows[abnormal] = append(w.pages.rows[abnormal], fmt.Appendf(nil, `{"id":"L%05d","code":"%s","name":"%s"}`,
				i, []string{code(1), "", ""}[i], name))
		}
		w.ok(jobs.Pull(w.ctx, w.deps(), abnormal))
		before := w.clock
		for _, tt := range []struct {
			asked   []string
			verdict jobs.Verdict
			grade   screening.Grade
		}{
			{[]string{code(1)}, jobs.Hit, screening.CreditCode},
			{[]string{code(1)[8:17]}, jobs.Hit, screening.Organisation},
			{[]string{code(1), "宝丰县改名矿业有限公司"}, jobs.Hit, screening.CreditCode},
			{[]string{"宝丰县恒基矿业有限公司"}, jobs.Hit, screening.Name},
			{[]string{code(2), "宝丰县恒基矿业有限公司"}, jobs.Clear, ""},
			{[]string{"宝丰县恒吉矿业有限公司"}, jobs.Candidate, screening.Candidate},
			{[]string{"宝丰县恒基矿业有限责任公司"}, jobs.Candidate, screening.Candidate},
			{[]string{"河南鑫源建材有限公司宝丰分公司"}, jobs.Candidate, screening.Candidate},
			{[]string{"老王烧烤店"}, jobs.Candidate, screening.Candidate},
			{[]string{"000000000"}, jobs.Candidate, ""},
			{[]string{"郏县恒基矿业有限公司"}, jobs.Clear, ""},
		} {
			s, err := jobs.Screen(w.ctx, w.deps(), jobs.Ask(tt.asked...))
			w.ok(err)
			rows := append(s.Hits, s.Candidates...)
			if s.Verdict != tt.verdict || tt.grade != "" && (len(rows) != 1 || rows[0].Grade != tt.grade || len(rows[0].Reasons) == 0) {
				w.Errorf("%v: %s %+v, want %s %s", tt.asked, s.Verdict, rows, tt.verdict, tt.grade)
			}
		}
		w.pass(time.Hour)
		w.pages.rows[abnormal] = w.pages.rows[abnormal][1:]
		w.ok(jobs.Pull(w.ctx, w.deps(), abnormal))
		if s := w.screen(code(1)); s.Verdict != jobs.Clear {
			w.Errorf("after the removal: %s", s.Verdict)
		}
		then := jobs.Ask(code(1))
		for at, want := range map[time.Time]jobs.Verdict{before.Add(time.Minute): jobs.Hit, before.Add(-time.Hour): jobs.Stale, w.clock: jobs.Clear} {
			then.AsOf = at
			s, err := jobs.Screen(w.ctx, w.deps(), then)
			w.ok(err)
			if s.Verdict != want {
				w.Errorf("as of %s: %s, want %s", at, s.Verdict, want)
			}
		}
		if _, err := jobs.Screen(w.ctx, w.deps(), jobs.Ask(" ")); jobs.Code(err) != jobs.NobodyAsked {
			w.Errorf("nobody: %v", err)
		}
	})
}

func TestShrinkingPullIsHeld(t *testing.T) {
	each(t, func(w *world) {
		w.list(2000)
		w.ok(jobs.Pull(w.ctx, w.deps(), abnormal))
		for _, tt := range []struct {
			rows   int
			reason string
		}{{1500, jobs.PullShrunk}, {0, jobs.PullEmpty}} {
			w.list(tt.rows)
			w.ok(jobs.Pull(w.ctx, w.deps(), abnormal))
			h := w.held(abnormal)
			if h == nil || h.Reason != tt.reason {
				w.Fatalf("held: %+v", h)
			}
			if s := w.screen(code(1900)); s.Verdict != jobs.Hit {
				w.Errorf("a held pull changed the answers: %s", s.Verdict)
			}
		}
		w.list(1500)
		w.ok(jobs.Pull(w.ctx, w.deps(), abnormal))
		w.ok(jobs.Release(w.ctx, w.deps(), abnormal, w.held(abnormal).Guard, "张某"))
		if s := w.screen(code(1900)); s.Verdict != jobs.Clear {
			w.Errorf("after the release: %s", s.Verdict)
		}
		if w.held(abnormal) != nil {
			w.Error("still held")
		}
	})
}

func TestShiftingPages(t *testing.T) {
	each(t, func(w *world) {
		w.list(2500)
		pulls := 0
		w.pages.total = func(number int, total int64) int64 {
			if pulls++; pulls <= 3 {
				return total + int64(number) // the total moves while the first pull runs
			}
			return total
		}
		w.ok(jobs.Pull(w.ctx, w.deps(), abnormal))
		v, ok, err := w.db.Lists.Current(w.ctx, abnormal)
		w.ok(err)
		if !ok || v.Rows != 2500 || w.lastRun(jobs.JobPull).Counts["shifted"] != 1 {
			w.Errorf("%+v", v)
		}
		w.pages.total = func(_ int, total int64) int64 { return total + 1 }
		if err := jobs.Pull(w.ctx, w.deps(), abnormal); jobs.Code(err) != jobs.PullTotalMismatch {
			w.Errorf("a wrong total: %v", err)
		}
	})
}

func (w *world) status() jobs.Status {
	w.Helper()
	s, err := jobs.StatusOf(w.ctx, w.deps())
	w.ok(err)
	return s
}

func codes(s jobs.Status) []string {
	var all []string
	for _, r := range s.Reasons {
		all = append(all, r.Code)
	}
	return all
}

func TestStatusAndReminders(t *testing.T) {
	each(t, func(w *world) {
		if s := w.status(); s.Level != jobs.Broken {
			w.Errorf("before the first read: %s %v", s.Level, codes(s))
		}
		w.fill(30)
		w.list(10)
		w.ok(jobs.Pull(w.ctx, w.deps(), abnormal))
		w.ok(w.loop(3))
		s := w.status()
		if s.Level != jobs.ProvenLevel || !s.Summary.Balanced || s.Summary.ProofAgeSeconds < 0 {
			w.Errorf("all is proven: %s %v %+v", s.Level, codes(s), s.Summary)
		}
		w.ok(jobs.Remind(w.ctx, w.deps(), ""))
		rows := w.bureau.tables["检查结果"].rows
		rows[1][9], rows[1][2] = "改", "待审核"
		rows[2][9], rows[2][2], rows[2][4] = "改", "待审核", "2026-11-01"
		rows[1][4] = "2026-11-26"
		w.bureau.tables["检查结果"].rows = append(rows, resultRow(30))
		if s := w.status(); s.Streams[1].Unread != 1 {
			w.Errorf("unread: %+v", s.Streams[1])
		}
		w.collect(results)
		s = w.status()
		if s.Level != jobs.Broken || s.Summary.Overdue != 1 || s.Summary.Soon != 1 || s.Summary.Earliest != "2026-12-24" {
			w.Errorf("%s %v %+v", s.Level, codes(s), s.Summary)
		}
		w.ok(jobs.Remind(w.ctx, w.deps(), ""))
		w.ok(jobs.Remind(w.ctx, w.deps(), ""))
		if n := len(w.events(jobs.KindAlarm, jobs.RemindOverdue)); n != 1 {
			w.Errorf("one cause was told %d times", n)
		}
		w.pass(48 * time.Hour)
		w.ok(jobs.Remind(w.ctx, w.deps(), ""))
		if n := len(w.events(jobs.KindAlarm, jobs.RemindDue)); n != 4 { // two last days, each told again as it came nearer
			w.Errorf("last days were told %d times", n)
		}
		rows[2][2] = "已审核"
		w.ok(w.loop(3))
		w.ok(jobs.Remind(w.ctx, w.deps(), ""))
		if n := len(w.events(jobs.KindAlarm, jobs.Recovered)); n == 0 {
			w.Error("nothing recovered")
		}
	})
}

func TestMockIsUnknown(t *testing.T) {
	w := newWorld(t, "sqlite::memory:")
	_, err := w.db.Channels.Ensure(w.ctx, platform, "https://mock", true)
	w.ok(err)
	if s := w.status(); s.Level != jobs.UnknownLevel || !s.Mock {
		t.Errorf("%s", s.Level)
	}
}

// A count that starts before the first notice is shown with its doubt, never as if the law said so.
func TestWhyDoubtsACountWithoutCalendar(t *testing.T) {
	w := newWorld(t, "sqlite::memory:")
	w.fill(1)
	old := resultRow(0)
	old[4] = "2019-03-01"
	w.bureau.set("检查结果", resultColumns(), old)
	w.ok(w.loop(2))
	all, err := jobs.Why(w.ctx, w.deps(), results, "R00000")
	w.ok(err)
	if d := all[0].Deadline; d == nil || d.Doubt == nil || d.Doubt.Code != "calendar.uncovered" {
		t.Errorf("deadline %+v", d)
	}
}

func TestWhyAndDue(t *testing.T) {
	each(t, func(w *world) {
		w.fill(20)
		w.platform.refuse["R00004"] = "检查日期不得晚于提交日期"
		w.ok(w.loop(3))
		all, err := jobs.Why(w.ctx, w.deps(), "", "R00004")
		w.ok(err)
		if len(all) != 1 {
			w.Fatalf("%d accounts", len(all))
		}
		a := all[0]
		if a.State != string(store.Rejected) || a.Detail.Message != "检查日期不得晚于提交日期" || a.Delivery == nil || len(a.Local) == 0 || len(a.Steps) == 0 {
			w.Errorf("%+v", a)
		}
		if !strings.Contains(a.Receipt, "R00004") || strings.Contains(a.Receipt, "R00005") {
			w.Errorf("receipt %s", a.Receipt)
		}
		if a.Deadline == nil || a.Deadline.Due != "2026-12-29" || a.Deadline.Days[len(a.Deadline.Days)-1].N != 20 || a.Deadline.Doubt != nil {
			w.Errorf("deadline %+v", a.Deadline)
		}
		if a.Payload != a.Sent || !strings.Contains(a.Sent, "未发现问题") {
			w.Errorf("sent %s", a.Sent)
		}
		if a, err := jobs.Why(w.ctx, w.deps(), results, "nobody"); err != nil || a[0].State != jobs.UnknownKey {
			w.Errorf("%v %v", a, err)
		}
		proven, err := jobs.Why(w.ctx, w.deps(), results, "R00003")
		w.ok(err)
		if proven[0].Proof == "" {
			w.Error("no proof is shown")
		}
		due, more, err := jobs.Due(w.ctx, w.deps(), jobs.DueQuery{Within: -1})
		w.ok(err)
		if len(due) != 1 || more || due[0].Key != "R00004" || due[0].Left != 6 {
			w.Errorf("%+v", due)
		}
		if due, _, err := jobs.Due(w.ctx, w.deps(), jobs.DueQuery{Within: 5}); err != nil || len(due) != 0 {
			w.Errorf("%+v %v", due, err)
		}
	})
}

func TestPlanRebuildsWork(t *testing.T) {
	each(t, func(w *world) {
		slots := []store.Slot{{Job: jobs.JobCollect, Target: objects, Spec: "*/10 * * * *"}}
		w.ok(w.db.Schedule.Set(w.ctx, slots, func(s store.Slot) time.Time { return jobs.Next(s, w.clock) }))
		w.fill(30)
		w.collect(objects)
		w.queue = nil
		w.pass(45 * time.Minute) // four times were missed: one is made up for
		w.ok(jobs.Plan(w.ctx, w.deps(), ""))
		count := map[string]int{}
		for _, work := range w.queue {
			count[work.Job+" "+work.Target]++
		}
		want := map[string]int{"collect " + objects: 1, "deliver henan": 1, "deliver henan#1": 1, "deliver henan#2": 1, "deliver henan#3": 1, "prove henan": 1}
		if diff := cmp.Diff(want, count); diff != "" {
			w.Error(diff)
		}
		w.queue = nil
		w.ok(jobs.Plan(w.ctx, w.deps(), ""))
		if slices.ContainsFunc(w.queue, func(x jobs.Work) bool { return x.Job == jobs.JobCollect }) {
			w.Error("a slot was due twice")
		}
	})
}

const drawnYAML = `
stream: drawn_inspectors
title: 抽取的检查人员
direction: pull
resource: drawn_inspector
registry: {key: [抽取记录编号]}
fields:
  - {from: id, to: 抽取记录编号, is: id, as: draw_id}
  - {from: task, to: 任务编号, is: id, as: task_code}
  - {from: object, to: 对象编号, is: id, as: object_id}
  - {from: cert, to: 执法证号, is: id, as: cert_no}
  - {from: drawn, to: 抽取日期, is: date, as: drawn_on}
`

const drawnObjectsYAML = `
stream: drawn_objects
title: 抽取的检查对象
direction: pull
resource: drawn_object
registry: {key: [抽取记录编号]}
fields:
  - {from: id, to: 抽取记录编号, is: id, as: draw_id}
  - {from: task, to: 任务编号, is: id, as: task_code}
  - {from: object, to: 对象编号, is: id, as: object_id}
`

const inspectorsYAML = `
stream: inspectors
title: 执法检查人员
direction: push
resource: inspector
registry: {database: bureau, table: 人员, key: [执法证号]}
fields:
  - {from: 执法证号, to: certNo, is: id, as: cert_no, required: true}
  - {from: 有效期, to: certUntil, is: date, as: cert_until}
`

func TestDrawsAreChecked(t *testing.T) {
	each(t, func(w *world) {
		w.rule(drawnYAML, drawnObjectsYAML, inspectorsYAML)
		w.bureau.set("人员", []string{"执法证号", "有效期"}, []string{"C1", "2027年5月1日"}, []string{"C2", "2026-11-30"}, []string{"C3", "2028-01-01"})
		row := func(id, object, cert string) []byte {
			return fmt.Appendf(nil, `{"id":"%s","task":"T1","object":"%s","cert":"%s","drawn":"2026-12-01"}`, id, object, cert)
		}
		w.pages.rows["drawn_inspector"] = [][]byte{row("1", "O1", "C1"), row("2", "O1", "C2"), row("3", "O2", "C3")}
		w.pages.rows["drawn_object"] = [][]byte{row("1", "O1", ""), row("2", "O2", ""), row("3", "O3", "")}
		w.ok(jobs.Pull(w.ctx, w.deps(), "drawn_inspectors"))
		for range 2 {
			w.ok(jobs.Pull(w.ctx, w.deps(), "drawn_objects"))
		}
		var few []string
		for _, e := range w.events(jobs.KindDecision, jobs.TooFewInspectors) {
			few = append(few, e.Key)
		}
		if want := []string{"3", "2"}; !slices.Equal(few, want) {
			w.Errorf("too few inspectors: %v", few)
		}
		ended := w.events(jobs.KindDecision, jobs.CertificateEnded)
		if len(ended) != 1 || ended[0].Key != "2" || ended[0].Detail["until"] != "2026-11-30" {
			w.Errorf("expired: %+v", ended)
		}
		if book := w.books["drawn_objects"]; len(book) != 4 || book[1][2] != "O1" {
			w.Errorf("workbook: %v", book)
		}
	})
}

func TestSiteChannelIsAnotherWay(t *testing.T) {
	each(t, func(w *world) {
		w.fill(3)
		w.bureau.tables["检查结果"].rows[1][6] = "其他"
		w.site.on = func(int, connector.Batch) error {
			return &connector.Reason{What: connector.Unreachable, Sent: connector.NotSent, Retry: true}
		}
		w.ok(w.loop(4))
		w.expect(results, map[store.State]int64{store.Proven: 2, store.Waiting: 1})
	})
}
