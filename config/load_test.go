package config_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"creditsync/config"
)

var update = flag.Bool("update", false, "write what was found beside the files of testdata/bad")

func environment(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func listing(fs config.Faults) string {
	var b strings.Builder
	for _, f := range fs {
		fmt.Fprintf(&b, "%s:%d:%d %s %q\n", filepath.ToSlash(f.File), f.Line, f.Col, f.What, f.Args)
	}
	return b.String()
}

// Every file of testdata/bad has all its faults beside it.
func TestBadSettings(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, faults := config.Load(file, environment("SHORT", "abc", "B", "Geheim56"))
			got := listing(faults)
			golden := strings.TrimSuffix(file, ".yaml") + ".faults"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if strings.Contains(faults.Error(), "Geheim") {
				t.Errorf("a secret shows in %v", faults)
			}
		})
	}
}

func TestMissingFileIsNamed(t *testing.T) {
	_, faults := config.Load("testdata/none.yaml", environment())
	if len(faults) != 1 || faults[0].What != "config.unreadable" {
		t.Error(faults)
	}
}

const least = "platform: {profile: henan-reference}\n"

func parse(t *testing.T, text string, pairs ...string) config.Settings {
	t.Helper()
	s, faults := config.Parse(filepath.Join(t.TempDir(), "creditsync.yaml"), []byte(text), environment(pairs...))
	if faults != nil {
		t.Fatal(faults)
	}
	return s
}

func TestDefaults(t *testing.T) {
	s, faults := config.Parse("/etc/creditsync/creditsync.yaml", []byte(least), environment())
	if faults != nil {
		t.Fatal(faults)
	}
	got := []any{s.Language, s.Data, s.Registry, s.Store.DSN.Text(), s.Listen, s.Folders.Units, s.Guard, s.Lists.StaleAfter, s.Platform.Lanes, s.Platform.Mock}
	want := []any{
		"zh", "/etc/creditsync/data", "/etc/creditsync", "sqlite:/etc/creditsync/data/creditsync.db", "127.0.0.1:8765",
		"/etc/creditsync/units.yaml", config.Guard{ShrinkPercent: 5, ChangePercent: 30, Rows: 20}, 24 * time.Hour, 4, false,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
}

func TestEnvironmentOverrides(t *testing.T) {
	s := parse(t, least+"listen: 127.0.0.1:1\nguard: {rows: 5}\n",
		"CREDITSYNC_LISTEN", "127.0.0.1:2", "CREDITSYNC_GUARD_ROWS", "50", "CREDITSYNC_PLATFORM_MOCK", "true",
		"CREDITSYNC_LISTS_STALE_AFTER", "12h", "CREDITSYNC_STORE_DSN", "postgres://u:Geheim12@h/d", "CREDITSYNC_NODE", "007")
	got := []any{s.Listen, s.Guard.Rows, s.Platform.Mock, s.Lists.StaleAfter, s.Store.DSN.Text(), s.Node}
	want := []any{"127.0.0.1:2", 50, true, 12 * time.Hour, "postgres://u:Geheim12@h/d", "007"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if !s.Store.DSN.Secret() {
		t.Error("an address from the environment is a secret")
	}
}

func TestEnvironmentFaultsNameTheVariable(t *testing.T) {
	_, faults := config.Parse("c.yaml", []byte(least), environment("CREDITSYNC_GUARD_ROWS", "many", "CREDITSYNC_LANGUAGE", "fr"))
	want := "CREDITSYNC_GUARD_ROWS:0:0 config.not_a_number [\"guard.rows\"]\n" +
		"CREDITSYNC_LANGUAGE:0:0 config.not_one_of [\"language\" \"fr\" \"zh en\"]\n"
	if diff := cmp.Diff(want, listing(faults)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestSchedule(t *testing.T) {
	s := parse(t, least+"schedule:\n  - {job: pull, target: list_abnormal, cron: 0 3 * * *}\n  - {job: prove, cron: off}\n  - {job: collect, target: inspectors, cron: off}\n")
	for _, c := range []struct{ job, target, want string }{
		{"pull", "list_abnormal", "0 3 * * *"},
		{"pull", "list_serious", "30 2 * * *"},
		{"pull", "tasks", "5,35 8-18 * * *"},
		{"collect", "inspection_results", "*/10 7-19 * * *"},
		{"remind", "", "30 8 * * *"},
		{"prove", "site", ""},
		{"collect", "inspectors", ""},
		{"dance", "", ""},
	} {
		got, ok := s.Cron(c.job, c.target)
		if !ok {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.job, c.target, got, c.want)
		}
	}
}

// The lines of the schedule that the example shows are the defaults.
func TestExampleShowsTheDefaults(t *testing.T) {
	dir := initialised(t)
	shown, faults := config.Load(filepath.Join(dir, config.SettingsFile), environment())
	if faults != nil {
		t.Fatal(faults)
	}
	plain, faults := config.Parse(filepath.Join(dir, config.SettingsFile), []byte(least), environment())
	if faults != nil {
		t.Fatal(faults)
	}
	if diff := cmp.Diff(plain.Schedule, shown.Schedule); diff != "" {
		t.Errorf("schedule (-default +example):\n%s", diff)
	}
	plain.Schedule, shown.Schedule = nil, nil
	plain.Databases, plain.Platform.Variables, plain.Platform.Mock, plain.Site = shown.Databases, shown.Platform.Variables, shown.Platform.Mock, shown.Site
	if diff := cmp.Diff(plain, shown, cmp.AllowUnexported(config.Value{})); diff != "" {
		t.Errorf("settings (-default +example):\n%s", diff)
	}
}

func initialised(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "new")
	n, err := config.Init(dir)
	if err != nil || n < 25 {
		t.Fatalf("%d files, %v", n, err)
	}
	return dir
}

func TestInitOverwritesNothing(t *testing.T) {
	dir := initialised(t)
	own := []byte("mine")
	units := filepath.Join(dir, "units.yaml")
	if err := os.WriteFile(units, own, 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := config.Init(dir)
	if n != 0 || err == nil || !strings.Contains(err.Error(), "units.yaml") || !strings.Contains(err.Error(), config.SettingsFile) {
		t.Errorf("%d files, %v", n, err)
	}
	if b, err := os.ReadFile(units); err != nil || string(b) != string(own) {
		t.Errorf("%q, %v", b, err)
	}
}
