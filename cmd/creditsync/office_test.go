package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	"creditsync/fixtures/proxy"
	"creditsync/fixtures/world"
)

// office is a sample bureau whose daemon (run --config) reaches the mock platform over a faulty wire, while its clerks enter
// and correct results. Attempts and looks are hasty, and true of this mock; lists are not pulled.
type office struct {
	stand
	wire   *proxy.Proxy
	mock   *process
	choose atomic.Pointer[func() proxy.Fault] // of the wire; nil: none
	clock  string
	books  *sql.DB // the bureau's own database
	rows   int     // entered by the clerks
	fixes  int     // corrected by them
}

// newOffice sets an office up; the mock runs, the daemon does not.
func newOffice(s stand) *office {
	s.Helper()
	o := &office{stand: s}
	address, err := freeAddress()
	s.ok(err)
	o.wire, err = proxy.Listen(proxy.Options{Network: "tcp", Target: address, Choose: o.fault})
	s.ok(err)
	s.Cleanup(func() { s.ok(o.wire.Close()) })
	o.clock = formatClock(demoInstant(), time.Now())
	summary, err := world.Write(s.dir, world.Options{Seed: 1, Now: demoInstant(), PlatformURL: "http://" + o.wire.Addr()})
	s.ok(err)
	s.ok(writeJSON(s.path("demo.json"), demoStage{Clock: o.clock, Address: address, World: summary}))
	s.ok(writeJSON(s.path(listedFile), summary.Listed))
	o.hasten()
	o.settle(schedule)
	o.mock = s.startMock(address)
	o.books, err = sql.Open("sqlite", "file:"+s.path(world.DatabaseFile)+"?_pragma=busy_timeout(10000)")
	s.ok(err)
	s.Cleanup(func() { s.ok(o.books.Close()) })
	return o
}

// schedule keeps nobody waiting. The workbooks do not change.
const schedule = `
schedule:
  - {job: collect, cron: "@every 10m"}
  - {job: collect, target: inspection_results, cron: "@every 2s"}
  - {job: deliver, cron: "@every 2s"}
  - {job: prove, cron: "@every 2s"}
  - {job: pull, cron: "off"}
  - {job: compare, cron: "@every 1h"}
  - {job: remind, cron: "off"}
`

// settle puts a schedule into the settings, and a status page on a free port.
func (o *office) settle(schedule string) {
	o.Helper()
	name := o.path(world.SettingsFile)
	b, err := os.ReadFile(name)
	o.ok(err)
	kept, _, found := bytes.Cut(b, []byte("\nschedule:"))
	if !found || bytes.Count(kept, []byte("listen: 127.0.0.1:8765")) != 1 {
		o.Fatal("the shipped settings have moved on")
	}
	kept = bytes.Replace(kept, []byte("listen: 127.0.0.1:8765"), []byte("listen: 127.0.0.1:0"), 1)
	o.ok(os.WriteFile(name, append(kept, schedule...), 0o600))
}

// fault is asked for each exchange with the platform.
func (o *office) fault() proxy.Fault {
	if choose := o.choose.Load(); choose != nil {
		return (*choose)()
	}
	return proxy.Fault{}
}

// verb is a command line in this office.
func (o *office) verb(args ...string) *exec.Cmd {
	cmd := exec.Command(o.program, append(args, "--config", o.path(world.SettingsFile), "--clock", o.clock)...)
	cmd.Env = os.Environ()
	if o.postgres != "" {
		cmd.Env = append(cmd.Env, "CREDITSYNC_STORE_DSN="+o.postgres)
	}
	return cmd
}

// daemon starts the daemon.
func (o *office) daemon() *process {
	o.Helper()
	return o.start(o.verb("run", "--pace", "1s"))
}

// page is the address of the daemon's status page, once it listens.
func (p *process) page() string {
	p.Helper()
	p.await("the status page", p.err.heard, time.Minute)
	_, rest, _ := strings.Cut(p.err.text(), "http://")
	address, _, _ := strings.Cut(rest, "\n")
	return "http://" + address
}

// enter adds rows to the registry that are to be published, copies of such rows under numbers of their own.
func (o *office) enter(n int) {
	o.Helper()
	tx, err := o.books.BeginTx(o.Context(), nil)
	o.ok(err)
	for range n {
		o.rows++
		_, err := tx.ExecContext(o.Context(), `INSERT INTO 检查结果 SELECT ?, 年度, 任务编号, 对象编号, 对象名称, 对象类别, 统一社会信用代码, 检查类型,
			检查日期, 录入时间, 审核时间, 状态, 检查结果, 检查机关, 检查人员1, 检查人员2, ?, 后续处理, 罚款金额, 责任单位, 涉密, 保密审批文号, ?
			FROM 检查结果 WHERE `+publishable+` ORDER BY 结果编号 LIMIT 1 OFFSET ?`,
			fmt.Sprintf("XR%06d", o.rows), fmt.Sprintf("录入%d", o.rows), o.now(), o.rows%200)
		o.ok(err)
	}
	o.ok(tx.Commit())
}

// publishable selects rows of the sample that the platform takes, of subjects whose credit code is right.
const publishable = `结果编号 LIKE 'JG%' AND 年度 = 2026 AND 状态 = '已审核' AND 涉密 <> '是' AND 检查人员2 IS NOT NULL
	AND 对象类别 = '市场主体' AND 检查结果 = '未发现问题' AND 检查日期 NOT LIKE '%-11-31' AND 统一社会信用代码 IN
	(SELECT 统一社会信用代码 FROM 检查结果 GROUP BY 统一社会信用代码 HAVING COUNT(*) = 1)`

// correct changes what rows say that are published or on their way.
func (o *office) correct(n int) {
	o.Helper()
	o.fixes += n
	_, err := o.books.ExecContext(o.Context(), `UPDATE 检查结果 SET 发现问题 = '更正' || ?, 更新时间 = ? WHERE 结果编号 IN
		(SELECT 结果编号 FROM 检查结果 WHERE 结果编号 LIKE 'XR%' ORDER BY random() LIMIT ?)`, o.fixes, o.now(), n)
	o.ok(err)
}

// now is the office's clock as the registry writes it.
func (o *office) now() string {
	at, since, err := parseClock(o.clock)
	o.ok(err)
	return shifted(time.Now, at, since)().Format(time.DateTime)
}

// atRest waits until every row is where it belongs, and ends the test with the difference if that does not come about.
func (o *office) atRest(p *process, within time.Duration) {
	o.Helper()
	ctx, cancel := context.WithTimeout(o.Context(), within)
	defer cancel()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	db := o.store()
	for {
		diff := o.differences(o.fates(), db, o.path("mock.books"))
		if diff == "" {
			diff = o.overtaken()
		}
		if diff == "" {
			return
		}
		select {
		case <-tick.C:
		case <-p.ended:
			o.Fatalf("the daemon ended by itself\n%s", p.err.text())
		case <-ctx.Done():
			o.Fatalf("not at rest after %s; the registries (-) and what became of them (+):\n%s", within, diff)
		}
	}
}

// booksSize grows with all that the platform takes.
func (o *office) booksSize() int64 {
	o.Helper()
	info, err := os.Stat(o.path("mock.books"))
	o.ok(err)
	return info.Size()
}
