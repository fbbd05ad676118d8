package jobs_test

import (
	"fmt"
	"strings"
	"testing"

	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// built compiles mappings without putting them in force.
func (w *world) built(mappings ...string) (*jobs.Rules, []store.RuleFile) {
	w.Helper()
	files := holidays(w)
	for i, m := range mappings {
		files = append(files, store.RuleFile{Name: fmt.Sprintf("mappings/%d.yaml", i), Content: []byte(m)})
	}
	rules, faults := jobs.BuildRules(files)
	if len(faults) > 0 {
		w.Fatal(faults)
	}
	return rules, files
}

// enforce puts rules in force through a proposal and its confirmation.
func (w *world) enforce(files []store.RuleFile, resend bool) {
	w.Helper()
	v, err := w.db.Rules.Suggest(w.ctx, store.Rules{Files: files, Author: "张三", Reason: "试验"})
	w.ok(err)
	if v.InForce.IsZero() {
		v, err = w.db.Rules.Confirm(w.ctx, v.ID, "李四", true, resend)
		w.ok(err)
	}
	rules, faults := jobs.BuildRules(files)
	if len(faults) > 0 {
		w.Fatal(faults)
	}
	rules.Version = v.ID
	w.rules = rules
}

// drawnMapping is the mapping of results with changes as an administrator makes them.
func drawnMapping(t *rapid.T) string {
	m := resultsYAML
	swap := func(name, old, next string) {
		if rapid.Bool().Draw(t, name) {
			m = strings.ReplaceAll(m, old, next)
		}
	}
	swap("where", `where: 年度 == "2026"`, `where: 年度 >= 2026`)
	swap("ready", `ready: 状态 == "已审核"`, `ready: 状态 != "草稿"`)
	swap("days", "working_days: 20", "working_days: 10")
	swap("route", `对象类别 == "其他"`, `对象类别 == "个体"`)
	swap("max", "to: insRes, required: true", "to: insRes, required: true, max: 6")
	swap("loose", "to: insDate, is: date, required: true", "to: insDate, is: date")
	swap("column", "  - {from: 检查结果", "  - {from: 责任单位, to: insUnit, max: 4}\n  - {from: 检查结果")
	swap("expr", "{from: 检查结果, to: insRes", "{expr: 检查结果 + 对象类别, to: insRes")
	return m
}

func drawnRows(t *rapid.T) [][]string {
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	rows := make([][]string, rapid.IntRange(0, 18).Draw(t, "rows"))
	for i := range rows {
		r := resultRow(rapid.IntRange(0, 25).Draw(t, "key"))
		r[1] = pick("year", "2026", "2026", "2026", "2025", "2027")
		r[2] = pick("state", "已审核", "已审核", "草稿", "已提交")
		r[4] = pick("date", "2026-12-01", "2026-12-02", "", "2026-13-01")
		r[5] = pick("unit", "利用股", "执法监察大队")
		r[6] = pick("kind", "企业", "其他", "个体")
		r[7] = pick("secret", "", "", "是")
		r[9] = pick("result", "未发现问题", "发现问题待后续处理", "")
		if rapid.IntRange(0, 15).Draw(t, "nokey") == 0 {
			r[0] = ""
		}
		rows[i] = r
	}
	return rows
}

// TestWhatIsSaidIsWhatHappens: a rehearsal is held to the collect that follows it, from whatever state the walk has come to.
func TestWhatIsSaidIsWhatHappens(t *testing.T) {
	each(t, func(w *world) {
		var objectRows [][]string
		for i := range 12 {
			objectRows = append(objectRows, objectRow(i))
		}
		w.bureau.set("检查对象", objectColumns(), objectRows...)
		w.bureau.set("检查结果", resultColumns())
		w.ok(w.loop(2))
		rapid.Check(t, func(t *rapid.T) {
			if rapid.Bool().Draw(t, "other rows") {
				w.bureau.set("检查结果", resultColumns(), drawnRows(t)...)
				if rapid.Bool().Draw(t, "settled first") {
					w.ok(w.loop(rapid.IntRange(1, 2).Draw(t, "rounds")))
				}
			}
			if rapid.IntRange(0, 2).Draw(t, "a change that was never read by") == 0 {
				_, between := w.built(drawnMapping(t), objectsYAML, listYAML)
				w.enforce(between, rapid.Bool().Draw(t, "resend that too"))
			}
			next, files := w.built(drawnMapping(t), objectsYAML, listYAML)
			resend := rapid.Bool().Draw(t, "resend")
			said, err := jobs.Preview(w.ctx, w.deps(), w.rules, next, jobs.ImpactQuery{Stream: results, Resend: resend})
			w.ok(err)
			before := w.lines(results)
			w.enforce(files, resend)
			w.ok(jobs.Collect(w.ctx, w.deps(), results))
			if w.lastRun(jobs.JobCollect).Outcome != jobs.Done {
				t.Fatalf("held: %v", w.lastRun(jobs.JobCollect))
			}
			got := w.states(results)
			for s, n := range got {
				if n == 0 {
					delete(got, s)
				}
			}
			if d := cmp.Diff(said.Streams[0].States, got); d != "" {
				t.Fatalf("said (-), happened (+):\n%s", d)
			}
			if n := w.lines(results) - before; n != said.Streams[0].Sent+said.Streams[0].Again {
				t.Fatalf("%d records go out, said were %+v", n, said.Streams[0])
			}
			if rapid.Bool().Draw(t, "deliver") {
				w.ok(w.loop(1))
			}
		})
	})
}

// lines is how many records have ever been cut into deliveries.
func (w *world) lines(stream string) (n int64) {
	w.Helper()
	runs, err := w.db.Log.Runs(w.ctx, store.EventFilter{Job: jobs.JobCollect, Limit: 100_000})
	w.ok(err)
	for _, r := range runs {
		if r.Target == stream {
			n += r.Counts["outgoing"]
		}
	}
	return n
}

// TestNewColumnResendsNothing: a mapping that reads one more column reads every row otherwise, and what is published stays
// until a person says that it goes again, or the registry changes the row.
func TestNewColumnResendsNothing(t *testing.T) {
	wider := strings.ReplaceAll(resultsYAML, "  - {from: 检查结果", "  - {from: 责任单位, to: insUnit}\n  - {from: 检查结果")
	for name, resend := range map[string]bool{"kept": false, "resent": true} {
		t.Run(name, func(t *testing.T) {
			each(t, func(w *world) {
				w.fill(60)
				w.ok(w.loop(3))
				if n := w.states(results)[store.Proven]; n != 60 {
					w.Fatalf("%d proven", n)
				}
				_, files := w.built(wider, objectsYAML, listYAML)
				w.enforce(files, resend)
				w.ok(jobs.Collect(w.ctx, w.deps(), results))
				want := map[bool]int64{false: 0, true: 60}[resend]
				if run := w.lastRun(jobs.JobCollect); run.Outcome != jobs.Done || run.Counts["outgoing"] != want {
					w.Fatalf("collect after the change: %s %s %v", run.Outcome, run.Reason, run.Counts)
				}
				w.ok(jobs.Collect(w.ctx, w.deps(), results))
				if run := w.lastRun(jobs.JobCollect); run.Counts["outgoing"] != 0 {
					w.Errorf("the collect after that: %v", run.Counts)
				}
				row := resultRow(7)
				row[5] = "执法监察大队"
				w.bureau.tables["检查结果"].rows[7] = row
				w.ok(jobs.Collect(w.ctx, w.deps(), results))
				if run := w.lastRun(jobs.JobCollect); run.Counts["outgoing"] != 1 {
					w.Errorf("a changed row: %v", run.Counts)
				}
			})
		})
	}
}
