//go:build unix

package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"creditsync/fixtures/testdb"
)

// PostgreSQL crashes under load, twice. The daemon stays, says what is wrong, goes on by itself when it is back, and loses
// and doubles nothing.
func TestPostgresCrashesUnderLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole program")
	}
	cluster := testdb.Own(t)
	o := newOffice(stand{t, buildProgram(t), t.TempDir(), cluster.URL})
	o.firstLoad()
	p := o.daemon()
	page := p.page()
	for range 2 {
		o.enter(200)
		size := o.booksSize()
		if !p.until(func() bool { return o.booksSize() > size }, time.Minute) {
			t.Fatalf("nothing is sent\n%s", p.err.text())
		}
		o.ok(cluster.Crash())
		o.enter(50)
		if !p.until(func() bool { code, _ := o.get(page + "/readyz"); return code == http.StatusServiceUnavailable }, time.Minute) {
			t.Errorf("/readyz is content without a database")
		}
		if code, said := o.get(page + "/"); code != http.StatusServiceUnavailable || !strings.Contains(said, "数据库") {
			t.Errorf("the status page without a database: %d\n%s", code, said)
		}
		cmd := o.verb("status")
		if said, err := cmd.CombinedOutput(); err == nil || cmd.ProcessState.ExitCode() != exitFailed || !strings.Contains(string(said), "打不开 creditsync 自己的数据库") {
			t.Errorf("status without a database: %v\n%s", err, said)
		}
		began := time.Now()
		o.ok(cluster.Start())
		if !p.until(func() bool { code, _ := o.get(page + "/readyz"); return code == http.StatusOK }, time.Minute) {
			t.Fatalf("/readyz does not recover\n%s", p.err.text())
		}
		size = o.booksSize()
		if !p.until(func() bool { return o.booksSize() > size }, time.Minute) {
			t.Fatalf("nothing is sent after the crash\n%s", p.err.text())
		}
		t.Logf("sending again %.1f s after PostgreSQL was started", time.Since(began).Seconds())
	}
	o.atRest(p, 4*time.Minute)
	p.interrupt()
	if said := p.err.text(); !strings.Contains(said, "打不开 creditsync 自己的数据库") || strings.Contains(said, "没有预料到的情况：claim") {
		t.Errorf("the log does not say that the database was away\n%s", p.err.text())
	}
}

// get fetches a page of the daemon.
func (o *office) get(url string) (status int, body string) {
	o.Helper()
	r, err := http.Get(url)
	o.ok(err)
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	o.ok(err)
	return r.StatusCode, string(b)
}
