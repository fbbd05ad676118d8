package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"creditsync/config"
	"creditsync/jobs/store"
)

// TestVerifyLog: the verb says that a log is sound, prints its root, and says by its status when it is not.
func TestVerifyLog(t *testing.T) {
	conf := filepath.Join(t.TempDir(), "conf")
	if _, err := config.Init(conf); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(conf, "creditsync.yaml")
	if status, said := command(t, nil, "migrate", "-c", settings); status != 0 {
		t.Fatal(said)
	}
	clock := time.Date(2026, 12, 21, 2, 0, 0, 0, time.UTC)
	files, err := filepath.Glob(filepath.Join(conf, "data", "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatalf("stores %v, %v", files, err)
	}
	db, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + files[0], Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := db.Log.Add(t.Context(), store.Event{Kind: "decision", Reason: "prove.published", Key: fmt.Sprint("R", i)}); err != nil {
			t.Fatal(err)
		}
	}
	clock = clock.Add(time.Hour)
	if n, err := db.Log.Seal(t.Context()); n == 0 || err != nil {
		t.Fatal(n, err)
	}
	blocks, root, err := db.Log.Root(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	paper := fmt.Sprintf("%d:%s", blocks, root)
	verify := func(want int, says string, more ...string) {
		t.Helper()
		status, said := command(t, nil, append([]string{"verify", "--log", "-c", settings}, more...)...)
		if status != want || !strings.Contains(said, says) {
			t.Errorf("%v: status %d, %s", more, status, said)
		}
	}
	verify(0, paper)
	verify(0, "完好", "--root", paper, "--from", "2026-12-21", "--to", "2026-12-21")
	verify(0, `"faults": []`, "--json")
	verify(exitFailed, "打印件上有 9 块", "--root", "9:"+root)
	verify(exitUsage, "不是打印件上的根", "--root", "1:abc")
	verify(exitUsage, "不是日期", "--from", "昨天")
	if _, err := db.SQLX().ExecContext(t.Context(), "UPDATE events SET key = 'R9' WHERE key = 'R1'"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	verify(exitFailed, "内容被改动")
	verify(0, "完好", "--to", "2026-12-20")
}
