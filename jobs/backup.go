package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"creditsync/jobs/store"
)

// Backups say where the scheduled backups go, and how many of them stay.
type Backups struct {
	Folder string // empty: none are made
	Keep   int    // the newest so many stay; 0: all
}

// Backup writes a backup of the store into its folder, reads it through, and removes those that are too many. An older one
// goes only when the new one was found whole.
func Backup(ctx context.Context, d Deps, _ string) error {
	return run(ctx, d, JobBackup, "", func(ctx context.Context, r *running) error {
		if d.Backups.Folder == "" {
			return nil
		}
		m, err := backUp(ctx, d)
		if err != nil {
			return &Failure{What: BackupFailed, Args: []string{d.Backups.Folder}, Err: err}
		}
		r.count("rows", m.Rows)
		r.count("bytes", m.Length)
		removed, err := thin(d.Backups)
		r.count("removed", int64(removed))
		return err
	})
}

func backUp(ctx context.Context, d Deps) (store.Manifest, error) {
	if err := os.MkdirAll(d.Backups.Folder, 0o700); err != nil {
		return store.Manifest{}, err
	}
	now, err := d.Store.Now(ctx)
	if err != nil {
		return store.Manifest{}, err
	}
	path := filepath.Join(d.Backups.Folder, store.BackupName(now))
	if _, err := d.Store.Backup(ctx, path, func(rows int64) { d.progress(JobBackup, "", rows, -1) }); err != nil {
		return store.Manifest{}, err
	}
	return store.VerifyBackup(ctx, path)
}

// thin removes the oldest backups beyond those that stay. Nothing else in the folder is touched.
func thin(b Backups) (removed int, err error) {
	if b.Keep <= 0 {
		return 0, nil
	}
	names, err := filepath.Glob(filepath.Join(b.Folder, "creditsync-????????T??????Z.backup"))
	if err != nil {
		return 0, fmt.Errorf("list backups: %w", err)
	}
	slices.Sort(names) // by time
	for len(names) > b.Keep {
		if err := os.Remove(names[0]); err != nil && !errors.Is(err, os.ErrNotExist) {
			return removed, &Failure{What: BackupFailed, Args: []string{b.Folder}, Err: err}
		}
		names, removed = names[1:], removed+1
	}
	return removed, nil
}

// BackupStatus is how old the newest scheduled backup is.
type BackupStatus struct {
	At         string `json:"at,omitempty"` // when it was complete; empty: never
	AgeSeconds int64  `json:"age_seconds"`  // -1 for never
	Rows       int64  `json:"rows,omitempty"`
	Bytes      int64  `json:"bytes,omitempty"`
	LastRun    string `json:"last_run,omitempty"` // how the newest run ended

	late bool // older than twice its schedule
}

// backupRuns is how many runs are looked through for the last that was done.
const backupRuns = 50

// backupStatus is nil where no backup is scheduled.
func backupStatus(ctx context.Context, d Deps, now time.Time) (*BackupStatus, error) {
	slot, err := backupSlot(ctx, d)
	if err != nil || slot == nil {
		return nil, err
	}
	runs, err := d.Store.Log.Runs(ctx, store.EventFilter{Job: JobBackup, Limit: backupRuns})
	if err != nil {
		return nil, err
	}
	s := &BackupStatus{AgeSeconds: -1}
	for i, r := range runs {
		if i == 0 {
			s.LastRun = r.Outcome
		}
		if r.Outcome == Done {
			s.At, s.AgeSeconds, s.Rows, s.Bytes = stamp(r.Ended, d), int64(now.Sub(r.Ended).Seconds()), r.Counts["rows"], r.Counts["bytes"]
			next := Next(*slot, r.Ended.In(d.Now().Location()))
			s.late = now.Sub(r.Ended) > 2*Next(*slot, next).Sub(next)
			return s, nil
		}
	}
	s.late = len(runs) > 0 // tried, and never done
	return s, nil
}

func backupSlot(ctx context.Context, d Deps) (*store.Slot, error) {
	slots, err := d.Store.Schedule.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range slots {
		if s.Job == JobBackup {
			return &s, nil
		}
	}
	return nil, nil
}
