package jobs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"creditsync/jobs"
	"creditsync/jobs/store"
)

// TestScheduledBackup: each run leaves a whole backup, the oldest go, others' files stay, and the status tells its age.
func TestScheduledBackup(t *testing.T) {
	each(t, func(w *world) {
		w.fill(20)
		w.ok(w.loop(3))
		folder := filepath.Join(w.TempDir(), "b")
		d := w.deps()
		d.Backups = jobs.Backups{Folder: folder, Keep: 3}
		w.ok(w.db.Schedule.Set(w.ctx, []store.Slot{{Job: jobs.JobBackup, Spec: "40 0 * * *"}}, func(s store.Slot) time.Time { return w.clock }))
		w.ok(os.MkdirAll(folder, 0o700))
		w.ok(os.WriteFile(filepath.Join(folder, "a letter.txt"), nil, 0o600))
		for range 5 {
			w.pass(24 * time.Hour)
			w.ok(jobs.Backup(w.ctx, d, ""))
		}
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		w.ok(err)
		if len(files) != 4 {
			w.Errorf("the folder holds %q", files)
		}
		for _, f := range files {
			if strings.HasSuffix(f, ".backup") {
				_, err := store.VerifyBackup(w.ctx, f)
				w.ok(err)
			}
		}
		w.backupIs(d, false)
		w.pass(49 * time.Hour)
		w.backupIs(d, true)
	})
}

// backupIs says whether the status finds the backup too old.
func (w *world) backupIs(d jobs.Deps, late bool) {
	w.Helper()
	s, err := jobs.StatusOf(w.ctx, d)
	w.ok(err)
	told := false
	for _, r := range s.Reasons {
		told = told || r.Code == jobs.RemindBackup && r.Severity == jobs.Risk
	}
	if s.Backup == nil || s.Backup.At == "" || told != late {
		w.Errorf("the status says %+v, told of it: %v", s.Backup, told)
	}
}

// TestBackupThatFails leaves the earlier ones, and the status tells that none succeeded.
func TestBackupThatFails(t *testing.T) {
	each(t, func(w *world) {
		file := filepath.Join(w.TempDir(), "no folder")
		w.ok(os.WriteFile(file, nil, 0o600))
		d := w.deps()
		d.Backups = jobs.Backups{Folder: file, Keep: 3}
		w.ok(w.db.Schedule.Set(w.ctx, []store.Slot{{Job: jobs.JobBackup, Spec: "40 0 * * *"}}, func(s store.Slot) time.Time { return w.clock }))
		if err := jobs.Backup(w.ctx, d, ""); jobs.Code(err) != jobs.BackupFailed {
			w.Errorf("backup into a file: %v", err)
		}
		s, err := jobs.StatusOf(w.ctx, d)
		w.ok(err)
		told := false
		for _, r := range s.Reasons {
			told = told || r.Code == jobs.RemindNoBackup
		}
		if !told {
			w.Errorf("the status says %+v", s.Backup)
		}
	})
}
