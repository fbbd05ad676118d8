package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/cmd/creditsync/texts"
	"creditsync/fixtures/mockplatform"
	"creditsync/fixtures/world"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// startDaemon runs the daemon of a sample bureau against a mock in this process. Nothing is scheduled.
func startDaemon(t *testing.T) (d *daemon.Daemon, dir string) {
	t.Helper()
	dir = t.TempDir()
	if _, err := world.Write(dir, world.Options{Seed: 1, Now: demoInstant(), PlatformURL: "http://mock.invalid"}); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return demoInstant() }
	mock, err := mockplatform.New(mockplatform.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	c := &cli{surroundings: surroundings{err: io.Discard, env: func(string) (string, bool) { return "", false }, now: now},
		say: texts.New("zh"), config: filepath.Join(dir, "creditsync.yaml")}
	o, err := c.options("")
	if err != nil {
		t.Fatal(err)
	}
	o.Store.Now, o.Transport, o.Listen, o.Every = now, mock, "127.0.0.1:0", time.Hour
	o.Schedule = func(string, []string) []store.Slot { return nil }
	if d, err = daemon.New(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return d, dir
}

func fetch(t *testing.T, d *daemon.Daemon, path string) (int, string, http.Header) {
	t.Helper()
	r, err := http.Get("http://" + d.Addr() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b), r.Header
}

func TestDaemonPages(t *testing.T) {
	d, _ := startDaemon(t)
	for path, want := range map[string]string{
		"/healthz": "ok", "/readyz": "ready", "/metrics": `creditsync_status_level{level="unknown"} 1`,
		"/": "模拟平台", "/?lang=en": "mock platform", "/assets/style.css": "@media print",
	} {
		code, body, _ := fetch(t, d, path)
		if code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: status %d, without %q", path, code, want)
		}
	}
	_, page, header := fetch(t, d, "/")
	if !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("the page may load anything")
	}
	for _, never := range []string{"<script", "remind.", "state.", "word.", "console.", "http://", "https://"} {
		if strings.Contains(page, never) {
			t.Errorf("the page contains %q", never)
		}
	}
}

// A file at fault leaves the rules in force, says what is wrong and where, and the next good one takes their place.
func TestReloadKeepsRulesUntilGoodOnesAreWhole(t *testing.T) {
	d, dir := startDaemon(t)
	version := d.Deps().Rules().Version
	file := filepath.Join(dir, "mappings", "inspection_results.yaml")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bad := strings.Replace(string(good), "working_days: 20", "working_days: 25", 1)
	if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	err = d.Reload(t.Context())
	var faults mapping.Faults
	if !errors.As(err, &faults) || faults[0].What != "calendar.limit_too_long" || faults[0].Line == 0 || !strings.HasSuffix(faults[0].File, "inspection_results.yaml") {
		t.Fatalf("a limit looser than the law gave %v", err)
	}
	if got := d.Deps().Rules().Version; got != version {
		t.Errorf("rules version %d is in force, want %d still", got, version)
	}
	better := strings.Replace(string(good), "title: 抽查检查结果", "title: 检查结果", 1)
	if err := os.WriteFile(file, []byte(better), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rules := d.Deps().Rules(); rules.Version <= version || rules.Title("inspection_results") != "检查结果" {
		t.Errorf("version %d with title %q is in force", rules.Version, rules.Title("inspection_results"))
	}
}

// The stop switch holds at once for whoever looks at the same store, and over a restart.
func TestStopSwitch(t *testing.T) {
	d, _ := startDaemon(t)
	ctx, deps := t.Context(), d.Deps()
	if err := jobs.Stop(ctx, deps, deps.Platform, "演练", "张三"); err != nil {
		t.Fatal(err)
	}
	if err := jobs.Collect(ctx, deps, "inspection_items"); err != nil {
		t.Fatal(err)
	}
	if err := jobs.Deliver(ctx, deps, deps.Platform); err != nil {
		t.Fatal(err)
	}
	if b := balanceOf(t, deps, "inspection_items"); b.States["waiting"] != 49 {
		t.Errorf("stopped, but the items stand at %v", b.States)
	}
	if err := jobs.Resume(ctx, deps, deps.Platform, "张三"); err != nil {
		t.Fatal(err)
	}
	if err := jobs.Deliver(ctx, deps, deps.Platform); err != nil {
		t.Fatal(err)
	}
	if b := balanceOf(t, deps, "inspection_items"); b.States["acknowledged"] != 49 {
		t.Errorf("resumed, but the items stand at %v", b.States)
	}
}

func balanceOf(t *testing.T, d jobs.Deps, stream string) jobs.StreamBalance {
	t.Helper()
	all, err := jobs.Balance(t.Context(), d, stream)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}
