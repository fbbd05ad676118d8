package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"creditsync/fixtures/testdb"
	"creditsync/jobs/store"
)

func refusedAs(t testing.TB, what, code string, err error) {
	t.Helper()
	var f interface{ Code() string }
	if !errors.As(err, &f) || f.Code() != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// openWhole opens and migrates, as every start does.
func openWhole(ctx context.Context, dsn string) error {
	db, err := store.Open(ctx, store.Options{DSN: dsn})
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx), db.Close())
}

// TestTruncatedFile: cut anywhere, the file is refused and left as it was.
func TestTruncatedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	w := open(t, "sqlite:"+path)
	w.first(300)
	shut(t, w.DB)
	whole, err := os.ReadFile(path)
	w.ok(err)
	for at := 0; at < len(whole); at += 1 + len(whole)/150 {
		bad := filepath.Join(t.TempDir(), "bad.db")
		w.ok(os.WriteFile(bad, whole[:at], 0o600))
		refusedAs(t, "cut", store.CodeBroken, openWhole(t.Context(), "sqlite:"+bad))
		if info, err := os.Stat(bad); err != nil || info.Size() != int64(at) {
			t.Errorf("cut at %d, the file was changed: %v %v", at, info, err)
		}
	}
	if err := openWhole(t.Context(), "sqlite:"+path); err != nil {
		t.Errorf("the whole file: %v", err)
	}
}

// TestHalfLoadedStore: tables without their version, a version without its tables, a version from the future.
func TestHalfLoadedStore(t *testing.T) {
	for _, tt := range []struct{ name, damage, code string }{
		{"a table is missing", "DROP TABLE needs", store.CodeHalf},
		{"the version is older than the tables", "DELETE FROM store_version WHERE version_id > 1", store.CodeHalf},
		{"the version is missing", "DROP TABLE store_version", store.CodeHalf},
		{"written by a newer program", "INSERT INTO store_version (version_id, is_applied) VALUES (9999, TRUE)", store.CodeNewer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			testdb.Each(t, func(t *testing.T, dsn string) {
				db, err := store.Open(t.Context(), store.Options{DSN: dsn})
				if err == nil {
					err = db.Migrate(t.Context())
				}
				if err == nil {
					_, err = db.SQLX().ExecContext(t.Context(), tt.damage)
				}
				if err != nil {
					t.Fatal(err)
				}
				shut(t, db)
				for range 2 {
					refusedAs(t, tt.name, tt.code, openWhole(t.Context(), dsn))
				}
			})
		})
	}
}

// TestMigrationBrokenOff: a migration that is ended at any moment leaves the old tables or the new ones, and the next start
// goes on.
func TestMigrationBrokenOff(t *testing.T) {
	testdb.Each(t, func(t *testing.T, dsn string) {
		for left := time.Millisecond; ; left += left/4 + time.Millisecond {
			ctx, cancel := context.WithTimeout(t.Context(), left)
			err := openWhole(ctx, dsn)
			cancel()
			var f interface{ Code() string }
			if errors.As(err, &f) && f.Code() == store.CodeHalf {
				t.Fatalf("broken off after %s: %v", left, err)
			}
			if err == nil {
				break
			}
		}
		if err := openWhole(t.Context(), dsn); err != nil {
			t.Error(err)
		}
	})
}
