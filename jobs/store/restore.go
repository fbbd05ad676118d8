package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Restored says what a restore did.
type Restored struct {
	Manifest
	Epoch Epoch
	Aside string // where the store that was there before is kept, "" if there was none
}

// Restore puts a backup in the place of the store that o names. The backup is read through first; the new store is made
// beside the old one, and takes its place in one step when it is whole. The old one is moved aside, never overwritten, and
// need not be readable. A new epoch begins in the restored store. Nothing happens while a daemon is at work on the old one.
func Restore(ctx context.Context, o Options, path string, progress func(done, total int64)) (Restored, error) {
	b, err := openBackup(path)
	if err != nil {
		return Restored{}, err
	}
	defer func() { _ = b.zip.Close() }()
	if err := b.verify(ctx); err != nil {
		return Restored{}, err
	}
	r := restoring{Options: o, from: b, progress: progress}
	if file, ok := strings.CutPrefix(o.DSN, "sqlite:"); ok {
		return r.file(ctx, file)
	}
	return r.schema(ctx)
}

// restoring is one restore while it lasts.
type restoring struct {
	Options
	from     *opened
	progress func(done, total int64)
	done     int64
	epoch    Epoch
}

// file restores into an SQLite file.
func (r *restoring) file(ctx context.Context, path string) (Restored, error) {
	holder := &DB{}
	if err := holder.takeLock(path); err != nil {
		return Restored{}, err
	}
	defer func() { _ = holder.lock.Close() }()
	made := path + ".restoring"
	if err := removeFiles(made); err != nil { // of a restore that was broken off
		return Restored{}, err
	}
	if err := r.fill(ctx, "sqlite:"+made); err != nil {
		return Restored{}, errors.Join(err, removeFiles(made))
	}
	aside, err := moveAside(path, r.epoch.Began)
	if err != nil {
		return Restored{}, err
	}
	if err := os.Rename(made, path); err != nil {
		return Restored{}, fmt.Errorf("put the restored store in place: %w", err)
	}
	_ = os.Remove(made + ".lock") // nobody holds it
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return Restored{}, fmt.Errorf("put the restored store in place: %w", err)
	}
	return Restored{r.from.m, r.epoch, aside}, nil
}

// fileEndings are those of the files of one SQLite database. The log goes with its database: neither is whole alone.
func fileEndings() []string { return []string{"", "-wal", "-shm"} }

func removeFiles(path string) error {
	for _, end := range fileEndings() {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("clear what a restore began: %w", err)
		}
	}
	_ = os.Remove(path + ".lock") // the lock file of the store being made
	return nil
}

func moveAside(path string, now time.Time) (string, error) {
	aside := path + ".before-" + now.UTC().Format("20060102T150405.000")
	moved := ""
	for _, end := range fileEndings() {
		err := os.Rename(path+end, aside+end)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("move the old store aside: %w", err)
		}
		if err == nil {
			moved = aside
		}
	}
	return moved, nil
}

// fill makes a store of the backup at dsn: tables as they were when it was taken, its rows, then this version's tables.
func (r *restoring) fill(ctx context.Context, dsn string) error {
	o := r.Options
	o.DSN = dsn
	db, err := Open(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(r.into(ctx, db), db.Close())
}

func (r *restoring) into(ctx context.Context, db *DB) error {
	if err := db.migrateTo(ctx, r.from.m.Schema); err != nil {
		return err
	}
	for i := range r.from.m.Parts {
		if err := r.table(ctx, db, &r.from.m.Parts[i]); err != nil {
			return fmt.Errorf("restore table %s: %w", r.from.m.Parts[i].Table, err)
		}
	}
	if err := db.restart(ctx); err != nil {
		return err
	}
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	return r.begin(ctx, db)
}

func (r *restoring) table(ctx context.Context, db *DB, part *BackupPart) error {
	columns := make([]string, len(part.Columns))
	for i, c := range part.Columns {
		columns[i] = c.Name
	}
	first := true
	return r.from.rows(ctx, part, func(rows [][]any) error {
		err := db.transact(ctx, "restore", func(tx *Tx) error {
			if first { // what the migrations put in
				if _, err := tx.exec(ctx, "DELETE FROM "+part.Table); err != nil {
					return err
				}
			}
			return tx.bulk(ctx, part.Table, columns, len(rows), func(i int, args []any) { copy(args, rows[i]) })
		})
		first = false
		r.done += int64(len(rows))
		if r.progress != nil {
			r.progress(r.done, r.from.m.Rows)
		}
		return err
	})
}

// begin starts the epoch. The place is forgotten: the store lives where it is opened next.
func (r *restoring) begin(ctx context.Context, db *DB) error {
	err := db.transact(ctx, "epoch", func(tx *Tx) (err error) {
		if r.epoch, err = tx.beginEpoch(ctx, CauseRestored); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, "UPDATE life SET place = '', beat = ?, beats = beats + 1", tx.now); err != nil {
			return err
		}
		return tx.block(ctx, "")
	})
	if err != nil {
		return fmt.Errorf("begin the restored store's epoch: %w", err)
	}
	return nil
}
