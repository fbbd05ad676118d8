package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"creditsync/config"
)

// command runs one command line in this process.
func command(t *testing.T, env map[string]string, args ...string) (status int, said string) {
	t.Helper()
	var out bytes.Buffer
	status = run(t.Context(), surroundings{args: args, out: &out, err: &out, now: time.Now,
		env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }})
	return status, out.String()
}

// What a person writes wrong is said in the person's words, with the status that scripts tell it by.
func TestWrongCommandLines(t *testing.T) {
	conf := filepath.Join(t.TempDir(), "conf")
	if _, err := config.Init(conf); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(conf, "creditsync.yaml")
	for _, tt := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"nonsense"}, exitUsage, "命令写法有误"},
		{[]string{"status", "--flagg"}, exitUsage, "命令写法有误"},
		{[]string{"due", "--within", "x"}, exitUsage, "命令写法有误"},
		{[]string{"stop", "--by", "张三"}, exitUsage, "命令写法有误"},
		{[]string{"calendar", "foo"}, exitUsage, "命令写法有误"},
		{[]string{"calendar", "due"}, exitUsage, "命令写法有误"},
		{[]string{"calendar", "due", "2026-13-01"}, exitUsage, "日期 2026-13-01"},
		{[]string{"once", "nonsense", "-c", settings}, exitUsage, "没有名为 nonsense 的作业"},
		{[]string{"mock-platform", "--listen", "0.0.0.0:0"}, exitUsage, "只许监听本机"},
		{[]string{"mock-platform", "--faults", "{x"}, exitUsage, "不是故障设定的 JSON"},
		{[]string{"mock-platform", "--secret-file", "no flag arg(s)"}, exitFailed, "读不了文件"},
		{[]string{"calendar", "load", "nowhere.yaml", "-c", settings}, exitUsage, "读不了文件 nowhere.yaml"},
		{[]string{"check", "-c", "nowhere.yaml"}, exitUsage, "读不到设置文件"},
		{[]string{"init", conf}, exitFailed, "已经存在"},
	} {
		status, said := command(t, nil, tt.args...)
		if status != tt.status || !strings.Contains(said, tt.want) || strings.Contains(said, "没有预料到") {
			t.Errorf("%q: status %d, want %d; said %q, want %q in it", tt.args, status, tt.status, said, tt.want)
		}
	}
}

// An error of a library may repeat what it was given; a password of the settings does not come out with it.
func TestErrorsHideSecrets(t *testing.T) {
	conf := filepath.Join(t.TempDir(), "conf")
	if _, err := config.Init(conf); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"CREDITSYNC_STORE_DSN": "postgres://u:s3cr3t-planted@/x?host=/nowhere/s3cr3t-planted"}
	status, said := command(t, env, "migrate", "-c", filepath.Join(conf, "creditsync.yaml"))
	if status != exitFailed || !strings.Contains(said, "打不开 creditsync 自己的数据库") || !strings.Contains(said, "/nowhere/") ||
		strings.Contains(said, "s3cr3t-planted") {
		t.Errorf("status %d, said %q", status, said)
	}
}

// A year's notice takes the place of the provisional one, and deadlines that crossed into the year are certain.
func TestCalendarLoad(t *testing.T) {
	conf := filepath.Join(t.TempDir(), "conf")
	if _, err := config.Init(conf); err != nil {
		t.Fatal(err)
	}
	settings, notice := filepath.Join(conf, "creditsync.yaml"), filepath.Join(t.TempDir(), "made-up.yaml")
	made := "year: 2027\nnotice: 测试〔2026〕1号\ndate: 2026-11-20\nsource: 测试用，不是真实通知\noff: [2027-01-01 元旦, 2027-01-02 元旦, 2027-01-03 元旦, 2027-05-01, 2027-05-02, 2027-10-01, 2027-10-02, 2027-10-03]\nwork: [2027-01-09 元旦]\n"
	if err := os.WriteFile(notice, []byte(made), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, said := command(t, nil, "calendar", "due", "2026-12-15", "-c", settings); !strings.Contains(said, "暂定为 2027-01-13") {
		t.Fatalf("before: %s", said)
	}
	if status, said := command(t, nil, "calendar", "load", notice, "-c", settings); status != exitOK || !strings.Contains(said, "已载入 2027 年通知") {
		t.Fatalf("status %d: %s", status, said)
	}
	if _, said := command(t, nil, "calendar", "due", "2026-12-15", "-c", settings); strings.Contains(said, "暂定为") || !strings.Contains(said, "是 2027-01-12") {
		t.Errorf("after: %s", said)
	}
}
