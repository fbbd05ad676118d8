package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"creditsync/connector"
	"creditsync/fixtures/testdb"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const (
	platform = "henan"
	results  = "inspection_results"
	objects  = "inspection_objects"
	abnormal = "list_abnormal"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// world is a bureau and a platform in memory around a real store, with a clock that a test moves.
type world struct {
	testing.TB
	ctx      context.Context
	dsn      string
	clock    time.Time
	db       *store.DB
	hook     func(point string)
	bureau   *registry
	platform *far
	site     *far
	pages    *pages
	books    map[string][][]string
	rules    *jobs.Rules
	queue    []jobs.Work
}

func each(t *testing.T, suite func(w *world)) {
	testdb.Each(t, func(t *testing.T, dsn string) { suite(newWorld(t, dsn)) })
}

func newWorld(t testing.TB, dsn string) *world {
	t.Helper()
	w := &world{TB: t, ctx: t.Context(), dsn: dsn, clock: time.Date(2026, 12, 21, 10, 0, 0, 0, shanghai), books: map[string][][]string{}}
	w.bureau = &registry{tables: map[string]*table{}}
	w.platform, w.site, w.pages = newFar(w), newFar(w), &pages{rows: map[string][][]byte{}}
	w.open()
	t.Cleanup(func() { w.ok(w.db.Close()) })
	w.ok(w.db.Migrate(w.ctx))
	w.rule(resultsYAML, objectsYAML, listYAML)
	return w
}

// open opens the store, at first and after a crash.
func (w *world) open() {
	w.Helper()
	db, err := store.Open(w.ctx, store.Options{DSN: w.dsn, Now: func() time.Time { return w.clock }, Hook: func(point string) {
		if w.hook != nil {
			w.hook(point)
		}
	}})
	w.ok(err)
	w.db = db
	w.ok(w.db.Migrate(w.ctx))
	for _, ch := range []string{platform, "site"} {
		_, err := w.db.Channels.Ensure(w.ctx, ch, "https://"+ch, false)
		w.ok(err)
	}
}

// rule puts mappings in force.
func (w *world) rule(mappings ...string) {
	w.Helper()
	files := holidays(w)
	for i, m := range mappings {
		files = append(files, store.RuleFile{Name: fmt.Sprintf("mappings/%d.yaml", i), Content: []byte(m)})
	}
	rules, faults := jobs.BuildRules(files)
	if len(faults) > 0 {
		w.Fatal(faults)
	}
	v, err := w.db.Rules.Propose(w.ctx, files)
	w.ok(err)
	rules.Version = v.ID
	w.rules = rules
}

func holidays(t testing.TB) (files []store.RuleFile) {
	t.Helper()
	paths, err := filepath.Glob("../config/holidays/202[56].yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal("no holidays: ", err)
	}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, store.RuleFile{Name: "holidays/" + filepath.Base(p), Content: b})
	}
	return files
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) pass(d time.Duration) { w.clock = w.clock.Add(d) }

func (w *world) deps() jobs.Deps {
	return jobs.Deps{
		Store: w.db, Registries: map[string]connector.Registry{"bureau": w.bureau},
		Channels: map[string]connector.Channel{platform: w.platform, "site": w.site}, Platform: platform,
		Puller: w.pages, Rules: func() *jobs.Rules { return w.rules }, Now: func() time.Time { return w.clock },
		Wait:  func(_ context.Context, pause time.Duration) error { w.pass(pause); return nil },
		Log:   slog.New(slog.NewTextHandler(io.Discard, nil)),
		Spool: w.TempDir(), Enqueue: (*enqueuer)(w), Books: (*books)(w),
	}
}

type enqueuer world

func (e *enqueuer) Enqueue(_ context.Context, _ *store.Tx, work jobs.Work) error {
	e.queue = append(e.queue, work)
	return nil
}

type books world

func (b *books) Write(_ context.Context, stream, _ string, columns []string, rows iter.Seq2[[]string, error]) error {
	b.books[stream] = [][]string{columns}
	for row, err := range rows {
		if err != nil {
			return err
		}
		b.books[stream] = append(b.books[stream], row)
	}
	return nil
}

// loop runs collect of all streams, every lane and every look, and lets time pass, until all is quiet or too long passed.
func (w *world) loop(rounds int) error {
	for range rounds {
		for _, stream := range []string{objects, results} {
			if err := jobs.Collect(w.ctx, w.deps(), stream); err != nil {
				return err
			}
		}
		for _, ch := range []string{platform, "site"} {
			if err := jobs.Deliver(w.ctx, w.deps(), ch); err != nil {
				return err
			}
		}
		w.pass(5 * time.Minute)
		for _, ch := range []string{platform, "site"} {
			if err := jobs.Prove(w.ctx, w.deps(), ch); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *world) states(stream string) map[store.State]int64 {
	w.Helper()
	c, err := w.db.Records.Balance(w.ctx, stream)
	w.ok(err)
	if d := c.Difference(); d != 0 {
		w.Errorf("balance of %s is off by %d: %+v", stream, d, c)
	}
	scan, err := w.db.Records.Recount(w.ctx, stream)
	w.ok(err)
	if fmt.Sprint(scan.States) != fmt.Sprint(c.States) {
		w.Errorf("books of %s say %v, a scan %v", stream, c.States, scan.States)
	}
	return c.States
}

func (w *world) events(kind, reason string) []store.Event {
	w.Helper()
	e, err := w.db.Log.Events(w.ctx, store.EventFilter{Kind: kind, Reason: reason, Limit: 1000})
	w.ok(err)
	return e
}

// lastRun is the newest run of a job.
func (w *world) lastRun(job string) store.Run {
	w.Helper()
	r, err := w.db.Log.Runs(w.ctx, store.EventFilter{Job: job, Limit: 1})
	w.ok(err)
	if len(r) == 0 {
		w.Fatal("no run of ", job)
	}
	return r[0]
}

const resultsYAML = `
stream: inspection_results
title: 抽查检查结果
direction: push
resource: result
registry: {database: bureau, table: 检查结果, key: [结果编号], where: 年度 == "2026"}
ready: 状态 == "已审核"
after:
  - {stream: inspection_objects, by: 对象编号}
deadline:
  starts: earliest(检查日期)
  working_days: 20
  basis: 全面推行“双随机一公开”监管工作实施方案 四（八）
owner: 责任单位
route:
  - {when: 对象类别 == "其他", to: site}
withhold:
  - {when: 涉密 == "是", ground: 国家秘密, approval: 审批文号}
fields:
  - {from: 结果编号, to: resultId, is: id, required: true}
  - {from: 检查日期, to: insDate, is: date, required: true}
  - {from: 检查结果, to: insRes, required: true}
`

const objectsYAML = `
stream: inspection_objects
title: 检查对象
direction: push
resource: object
registry: {database: bureau, table: 检查对象, key: [对象编号]}
fields:
  - {from: 对象编号, to: objectId, is: id, required: true}
  - {from: 名称, to: name, required: true}
`

const listYAML = `
stream: list_abnormal
title: 经营异常名录
direction: pull
resource: list_abnormal
registry: {key: [记录编号]}
fields:
  - {from: id, to: 记录编号, is: id, as: entry_id}
  - {from: code, to: 统一社会信用代码, is: credit_code, as: uniscid}
  - {from: name, to: 名称, as: entname}
  - {from: no, to: 列入决定文号, is: id, as: in_decision_no}
  - {from: out, to: 移出日期, is: date, as: out_date}
`

// table is one table of the bureau; the first column is the key.
type table struct {
	columns []string
	rows    [][]string
	fail    error // after the first page
}

// registry is a bureau's database in memory.
type registry struct {
	tables map[string]*table
	read   func() // called at the end of every read
}

func (r *registry) set(name string, columns []string, rows ...[]string) {
	r.tables[name] = &table{columns: columns, rows: rows}
}

func (r *registry) Close() error { return nil }

func (r *registry) Count(_ context.Context, s mapping.Source) (int64, error) {
	t, ok := r.tables[s.Table]
	if !ok {
		return 0, &connector.Reason{What: connector.TableGone, Place: s.Table}
	}
	return int64(len(t.rows)), nil
}

func (r *registry) Read(_ context.Context, q connector.Query, visit func([]mapping.Row) error) (connector.Summary, error) {
	t, ok := r.tables[q.Source.Table]
	if !ok {
		return connector.Summary{}, &connector.Reason{What: connector.TableGone, Place: q.Source.Table}
	}
	sum := connector.Summary{Source: int64(len(t.rows))}
	var page []mapping.Row
	for i, cells := range t.rows {
		row := mapping.Row{Place: fmt.Sprintf("%s!%d", q.Source.Table, i+2)}
		for _, c := range q.Columns {
			at := slices.Index(t.columns, c)
			if at < 0 {
				return sum, &connector.Reason{What: connector.ColumnGone, Place: q.Source.Table, Args: []string{c}}
			}
			row.Cells = append(row.Cells, cells[at])
		}
		var key []string
		for _, k := range q.Source.Key {
			key = append(key, cells[slices.Index(t.columns, k)])
		}
		if q.Keys != nil && !slices.Contains(q.Keys, strings.Join(key, mapping.KeySeparator)) {
			continue
		}
		if q.Source.Changed != nil {
			at := cells[slices.Index(t.columns, q.Source.Changed.Column)]
			if q.Since != "" && q.Keys == nil && at < q.Since {
				continue
			}
			sum.Cursor = max(sum.Cursor, at)
		}
		if page = append(page, row); len(page) == q.PageRows {
			if err := visit(page); err != nil {
				return sum, err
			}
			sum.Rows += int64(len(page))
			page = page[:0]
			if t.fail != nil {
				return sum, t.fail
			}
		}
	}
	if len(page) > 0 {
		if err := visit(page); err != nil {
			return sum, err
		}
	}
	sum.Rows += int64(len(page))
	if r.read != nil {
		r.read()
	}
	return sum, nil
}

// far is a far side in memory. It does what a test tells it to, and keeps books of what it published how often.
type far struct {
	w     *world
	mu    sync.Mutex
	books map[string]*entry
	calls int

	res     connector.Resource
	limits  connector.Limits
	delay   time.Duration                           // until an accepted record is visible
	on      func(call int, b connector.Batch) error // before anything is kept
	after   func(call int, b connector.Batch) error // after the batch was kept: a lost answer
	receipt func(call int, r *connector.Receipt) bool
	refuse  map[string]string // id to the platform's words
}

type entry struct {
	payload string
	op      connector.Operation
	times   int // how often it was inserted
	written int // how often anything of it was accepted
	visible time.Time
}

func newFar(w *world) *far {
	return &far{w: w, books: map[string]*entry{}, refuse: map[string]string{}, limits: connector.Limits{InFlight: 4},
		res: connector.Resource{MaxRows: 100, CanLook: true, LookRows: 40, Complete: 10 * time.Minute, SeesPublished: true, SendTimeout: time.Minute}}
}

func (f *far) Resource(string) (connector.Resource, bool) { return f.res, true }
func (f *far) Limits() connector.Limits                   { return f.limits }

func (f *far) Push(_ context.Context, b connector.Batch) (connector.Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.on != nil {
		if err := f.on(f.calls, b); err != nil {
			return connector.Answer{}, err
		}
	}
	a := connector.Answer{At: f.w.clock}
	for _, r := range b.Records {
		receipt := connector.Receipt{ID: r.ID, OK: true}
		if why := f.refuse[r.ID]; why != "" {
			receipt.OK, receipt.Message, receipt.Code, receipt.Field = false, why, "E1", "insRes"
		} else {
			f.keep(r)
		}
		if f.receipt == nil || f.receipt(f.calls, &receipt) {
			a.Receipts = append(a.Receipts, receipt)
		}
	}
	a.Raw, _ = json.Marshal(map[string]any{"receipts": a.Receipts})
	if f.after != nil {
		if err := f.after(f.calls, b); err != nil {
			return connector.Answer{}, err
		}
	}
	return a, nil
}

func (f *far) keep(r connector.Outgoing) {
	e := f.books[r.ID]
	if e == nil {
		e = &entry{}
		f.books[r.ID] = e
	}
	if r.Op == connector.Insert {
		e.times++
	}
	e.written++
	e.payload, e.op, e.visible = string(r.Payload), r.Op, f.w.clock.Add(f.delay)
}

func (f *far) Look(_ context.Context, _ string, records []connector.Outgoing) ([]connector.Sight, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var sights []connector.Sight
	for _, r := range records {
		e := f.books[r.ID]
		if e == nil || f.w.clock.Before(e.visible) {
			continue
		}
		sights = append(sights, connector.Sight{ID: r.ID, Found: true, Same: e.payload == string(r.Payload), Differing: "insRes"})
	}
	return sights, nil
}

// once says that every record stands exactly once in the books, inserted once.
func (f *far) once(t testing.TB, want int) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, e := range f.books {
		if e.times != 1 {
			t.Errorf("%s was published %d times", id, e.times)
		}
	}
	if len(f.books) != want {
		t.Errorf("%d records published, want %d", len(f.books), want)
	}
}

// jsonHas says whether a JSON text holds a value.
func jsonHas(text, value string) bool {
	b, _ := json.Marshal(value)
	return strings.Contains(text, string(b))
}

// pages serves pulled resources.
type pages struct {
	rows  map[string][][]byte
	total func(number int, true int64) int64
}

func (p *pages) Pull(_ context.Context, resource string, q connector.PageQuery) (connector.Page, error) {
	rows := p.rows[resource]
	from, to := min(q.Number*q.Size, len(rows)), min((q.Number+1)*q.Size, len(rows))
	total := int64(len(rows))
	if p.total != nil {
		total = p.total(q.Number, total)
	}
	var page [][]byte
	for _, row := range rows[from:to] {
		page = append(page, bytes.Clone(row))
	}
	return connector.Page{Rows: page, Total: total, Last: to == len(rows)}, nil
}

func objectRow(i int) []string {
	return []string{fmt.Sprintf("O%04d", i), fmt.Sprintf("示例企业%d", i)}
}

func objectColumns() []string { return []string{"对象编号", "名称"} }

func resultColumns() []string {
	return []string{"结果编号", "年度", "状态", "对象编号", "检查日期", "责任单位", "对象类别", "涉密", "审批文号", "检查结果"}
}

func resultRow(i int) []string {
	return []string{fmt.Sprintf("R%05d", i), "2026", "已审核", fmt.Sprintf("O%04d", i), "2026-12-01", "利用股", "企业", "", "", "未发现问题"}
}

// fill gives the bureau n objects with a result each.
func (w *world) fill(n int) {
	var o, r [][]string
	for i := range n {
		o, r = append(o, objectRow(i)), append(r, resultRow(i))
	}
	w.bureau.set("检查对象", objectColumns(), o...)
	w.bureau.set("检查结果", resultColumns(), r...)
}
