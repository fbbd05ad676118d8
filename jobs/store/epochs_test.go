package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"creditsync/fixtures/testdb"
	"creditsync/jobs/store"
)

func reopen(t testing.TB, dsn string, clock *time.Time) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: func() time.Time { return *clock }})
	if err == nil {
		err = db.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func shut(t testing.TB, db *store.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func join(t testing.TB, db *store.DB, j store.Joining) (store.Epoch, bool) {
	t.Helper()
	now, begun, err := db.Epochs.Join(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	return now, begun
}

// TestStartsInItsOwnPlace: a restart is no epoch, a longer silence is one, and a verb that does one job is never held up.
func TestStartsInItsOwnPlace(t *testing.T) {
	testdb.Each(t, func(t *testing.T, dsn string) {
		clock := start
		for _, tt := range []struct {
			name  string
			pause time.Duration
			brief bool
			cause string
		}{
			{"first start", 0, false, ""}, {"restart", 20 * time.Second, false, ""}, {"verb", 9 * time.Hour, true, ""},
			{"after the night", time.Second, false, store.CauseSilent}, {"restart after it", 20 * time.Second, false, ""},
			{"clock set back", -time.Hour, false, store.CauseSilent},
		} {
			clock = clock.Add(tt.pause)
			db := reopen(t, dsn, &clock)
			now, begun := join(t, db, store.Joining{Machine: "a", Brief: tt.brief})
			if begun != (tt.cause != "") || begun && now.Cause != tt.cause {
				t.Errorf("%s: epoch %+v begun %v, want %q", tt.name, now, begun, tt.cause)
			}
			shut(t, db)
		}
	})
}

// TestTimeThatIsMissing: a running process that has not lived through what the store's clock says was a snapshot.
func TestTimeThatIsMissing(t *testing.T) {
	each(t, func(w *world) {
		steady := start
		join(w.TB, w.DB, store.Joining{Machine: "a", Steady: func() time.Time { return steady }})
		w.clock, steady = w.clock.Add(time.Hour), steady.Add(time.Hour)
		if _, begun, err := w.Epochs.Beat(w.ctx); err != nil || begun {
			w.Errorf("an hour that was lived through began an epoch: %v %v", begun, err)
		}
		w.clock = w.clock.Add(time.Minute)
		c, err := w.DB.Deliveries.Claim(w.ctx, nil, store.ClaimRequest{Channel: "henan", Timeout: time.Minute, Today: today})
		w.ok(err)
		if c.Reason != store.NewEpoch {
			w.Errorf("the claim says %s", c.Reason)
		}
		if now, err := w.Epochs.Current(w.ctx); err != nil || now.Cause != store.CauseClock {
			w.Errorf("epoch %+v: %v", now, err)
		}
	})
}

// TestCopyIsBlocked: a copy elsewhere sends nothing, however often it is started, until a person confirms.
func TestCopyIsBlocked(t *testing.T) {
	testdb.Each(t, func(t *testing.T, dsn string) {
		clock := start
		db := reopen(t, dsn, &clock)
		if _, err := db.Channels.Ensure(t.Context(), "henan", "http://platform", false); err != nil {
			t.Fatal(err)
		}
		join(t, db, store.Joining{Machine: "a"})
		shut(t, db)
		dsn = copied(t, dsn)
		for range 2 {
			db = reopen(t, dsn, &clock)
			if now, begun := join(t, db, store.Joining{Machine: "b"}); !begun || now.Cause != store.CauseCopied {
				t.Errorf("a copy was taken for %+v", now)
			}
			if got := claimed(t, db); got != store.Blocked {
				t.Errorf("a copy's claim says %s", got)
			}
			shut(t, db)
		}
		db = reopen(t, dsn, &clock)
		if _, err := db.Epochs.Confirm(t.Context(), store.Joining{Machine: "b"}); err != nil {
			t.Fatal(err)
		}
		if got := claimed(t, db); got != store.NothingDue {
			t.Errorf("confirmed, the claim says %s", got)
		}
		shut(t, db)
		db = reopen(t, dsn, &clock)
		if _, begun := join(t, db, store.Joining{Machine: "b"}); begun {
			t.Error("confirmed, and doubted again")
		}
		shut(t, db)
	})
}

func claimed(t testing.TB, db *store.DB) string {
	t.Helper()
	c, err := db.Deliveries.Claim(t.Context(), nil, store.ClaimRequest{Channel: "henan", Timeout: time.Minute, Today: today})
	if err != nil {
		t.Fatal(err)
	}
	return c.Reason
}

// copied copies a closed store: the file into another folder, or the database into another one of the same cluster.
func copied(t testing.TB, dsn string) string {
	t.Helper()
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		other := filepath.Join(t.TempDir(), "copy.db")
		if err := os.WriteFile(other, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return "sqlite:" + other
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	u.Path = "/postgres"
	admin, err := sql.Open("postgres", u.String())
	if err != nil {
		t.Fatal(err)
	}
	_, err = admin.ExecContext(t.Context(), "CREATE DATABASE "+name+"_copy TEMPLATE "+name)
	if err := errors.Join(err, admin.Close()); err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name + "_copy"
	return u.String()
}

// TestTwoCopiesOnOneMachine: while one lives, the other does not start.
func TestTwoCopiesOnOneMachine(t *testing.T) {
	clock := start
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "a.db")
	db := reopen(t, dsn, &clock)
	shut(t, db)
	other := copied(t, dsn)
	db = reopen(t, dsn, &clock)
	join(t, db, store.Joining{Machine: "a"})
	twin := reopen(t, other, &clock)
	_, _, err := twin.Epochs.Join(t.Context(), store.Joining{Machine: "a"})
	var f interface{ Code() string }
	if !errors.As(err, &f) || f.Code() != store.CodeTwin {
		t.Errorf("two copies are at work: %v", err)
	}
	shut(t, db)
	join(t, twin, store.Joining{Machine: "a"})
	shut(t, twin)
}

// TestBackupGoesIntoEitherDatabase: a store is the same after two moves, its counts and what it says of its records.
func TestBackupGoesIntoEitherDatabase(t *testing.T) {
	testdb.Each(t, func(t *testing.T, dsn string) {
		w := open(t, dsn)
		w.first(120)
		path := filepath.Join(t.TempDir(), "1.backup")
		m, err := w.Backup(w.ctx, path, nil)
		w.ok(err)
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 || info.Size() != m.Length {
			t.Errorf("the file is %v, %v", info, err)
		}
		testdb.Each(t, func(t *testing.T, other string) {
			o := store.Options{DSN: other, Now: func() time.Time { return w.clock }}
			r, err := store.Restore(w.ctx, o, path, nil)
			if err != nil || r.Aside != "" || r.Rows != m.Rows {
				t.Fatalf("restored %+v: %v", r, err)
			}
			db := reopen(t, other, &w.clock)
			defer shut(t, db)
			second := filepath.Join(t.TempDir(), "2.backup")
			again, err := db.Backup(w.ctx, second, nil)
			if err != nil {
				t.Fatal(err)
			}
			for i, part := range m.Parts {
				got := again.Parts[i]
				switch part.Table {
				case "epochs", "events":
					part.Rows++
				}
				if got.Table != part.Table || got.Rows != part.Rows {
					t.Errorf("%s has %d rows, not %d", got.Table, got.Rows, part.Rows)
				}
			}
			c, err := db.Records.Balance(w.ctx, stream)
			if err != nil || c.States[store.Unknown] != 120 {
				t.Errorf("balance %v: %v", c.States, err)
			}
		})
	})
}

// TestDamagedBackups: a file that was cut anywhere, or in which a byte was changed, is refused, and what is there stays.
func TestDamagedBackups(t *testing.T) {
	w := open(t, "sqlite:"+filepath.Join(t.TempDir(), "a.db"))
	w.first(50)
	dir := t.TempDir()
	path := filepath.Join(dir, "whole")
	_, err := w.Backup(w.ctx, path, nil)
	w.ok(err)
	whole, err := os.ReadFile(path)
	w.ok(err)
	if _, err := store.VerifyBackup(w.ctx, path); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, at int, b []byte) {
		t.Helper()
		bad := filepath.Join(dir, "bad")
		w.ok(os.WriteFile(bad, b, 0o600))
		_, err := store.VerifyBackup(w.ctx, bad)
		var f interface{ Code() string }
		if !errors.As(err, &f) || f.Code() != store.CodeDamagedBackup {
			t.Errorf("%s at %d of %d: %v", what, at, len(whole), err)
		}
	}
	for at := 0; at < len(whole); at += 1 + len(whole)/200 {
		refused("cut", at, whole[:at])
	}
	manifest := strings.Index(string(whole), `"format"`)
	for at := 100; at < manifest; at += 1 + manifest/200 {
		b := []byte(string(whole))
		if b[at] ^= 0x40; inContent(b, whole, at) {
			refused("changed", at, b)
		}
	}
}

// inContent leaves out the bytes between the parts, which say again what the directory at the end says.
func inContent(_, whole []byte, at int) bool {
	near := string(whole[max(0, at-80):min(len(whole), at+80)])
	return !strings.Contains(near, "tables/") && !strings.Contains(near, "PK")
}

// TestRestoreWhileADaemonLives is refused, and nothing is changed.
func TestRestoreWhileADaemonLives(t *testing.T) {
	testdb.Each(t, func(t *testing.T, dsn string) {
		w := open(t, dsn)
		join(t, w.DB, store.Joining{Machine: "a"})
		path := filepath.Join(t.TempDir(), "b")
		_, err := w.Backup(w.ctx, path, nil)
		w.ok(err)
		want := store.CodeLocked
		if w.Dialect() == "postgres" {
			want = store.CodeAlive
		}
		_, err = store.Restore(context.Background(), store.Options{DSN: dsn, Now: func() time.Time { return w.clock }}, path, nil)
		var f interface{ Code() string }
		if !errors.As(err, &f) || f.Code() != want {
			t.Errorf("restored under a daemon: %v", err)
		}
	})
}

// first collects n records.
func (w *world) first(n int) {
	w.Helper()
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("K%04d", i)
	}
	w.collect(keys...)
}
