package store

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/klauspost/compress/zstd"
)

// A backup is one zip file: a part for each of our tables, compressed by zstd, and last a manifest with the number of rows
// and the SHA-256 of each part. It is the same whatever database it was taken from, and goes into either. The engine's own
// tables are not in it: nothing rests on them. It holds what the registries hold and what the platform answered, but no
// password and no key: those are in the settings, which are not in the store.

// backupFormat is the version of the format.
const backupFormat = 1

const manifestName = "manifest.json"

// BackupName is the name of a backup taken now: names sort by time.
func BackupName(now time.Time) string {
	return "creditsync-" + now.UTC().Format("20060102T150405Z") + ".backup"
}

// Manifest says what a backup holds.
type Manifest struct {
	Format  int          `json:"format"`
	Schema  int64        `json:"schema"`   // version of the tables
	From    string       `json:"database"` // sqlite or postgres
	Store   string       `json:"store"`    // name of the store
	Epoch   int64        `json:"epoch"`
	At      time.Time    `json:"at"` // when it was as the backup has it
	Parts   []BackupPart `json:"parts"`
	Rows    int64        `json:"rows"`
	Length  int64        `json:"-"` // bytes of the whole file
	Checked bool         `json:"-"` // every row was read back
}

// BackupPart is one table.
type BackupPart struct {
	Table   string         `json:"table"`
	Columns []BackupColumn `json:"columns"`
	Rows    int64          `json:"rows"`
	Bytes   int64          `json:"bytes"`
	SHA256  string         `json:"sha256"` // of the part as it is kept, compressed
}

// BackupColumn is one column of a table. Kind is integer, boolean, text or bytes.
type BackupColumn struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

func (p *BackupPart) file() string { return "tables/" + p.Table + ".zst" }

// Backup writes the whole store, as it is at one instant, into a file that appears when it is complete and that nobody else
// may read. Nothing waits for it: it reads one snapshot while the daemon works. progress, if not nil, is told of rows.
func (db *DB) Backup(ctx context.Context, path string, progress func(rows int64)) (Manifest, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".creditsync-*.partial") // mode 0600
	if err != nil {
		return Manifest{}, fmt.Errorf("begin a backup: %w", err)
	}
	m, err := db.backupTo(ctx, f, progress)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what was begun is of no use to anybody
		return Manifest{}, fmt.Errorf("write backup %s: %w", path, err)
	}
	return m, nil
}

func (db *DB) backupTo(ctx context.Context, f *os.File, progress func(int64)) (m Manifest, err error) {
	tx, err := db.read.BeginTxx(ctx, &sql.TxOptions{Isolation: db.d.snapshot, ReadOnly: true})
	if err != nil {
		return m, err
	}
	defer func() { _ = tx.Rollback() }() // it changed nothing
	if db.d.scans != "" {
		if _, err := tx.ExecContext(ctx, db.d.scans); err != nil {
			return m, err
		}
	}
	m = Manifest{Format: backupFormat, From: db.d.name}
	if err := tx.GetContext(ctx, &m.Schema, "SELECT MAX(version_id) FROM store_version"); err != nil {
		return m, err
	}
	err = tx.QueryRowxContext(ctx, `SELECT (SELECT value FROM meta WHERE name = 'instance'), MAX(number) FROM epochs`).Scan(&m.Store, &m.Epoch)
	if err != nil {
		return m, err
	}
	now, err := db.clock(ctx, tx)
	if err != nil {
		return m, err
	}
	m.At = at(now)
	b := backup{tx: tx, zip: zip.NewWriter(f), m: &m, progress: progress}
	if err := b.tables(ctx); err != nil {
		return m, err
	}
	info, err := f.Stat()
	if err == nil {
		m.Length = info.Size()
	}
	return m, err
}

// backup is one while it is written.
type backup struct {
	tx       *sqlx.Tx
	zip      *zip.Writer
	m        *Manifest
	progress func(int64)
}

func (b *backup) tables(ctx context.Context) error {
	names, err := tablesOf(b.m.From, b.m.Schema)
	if err != nil {
		return err
	}
	for _, name := range names {
		part := BackupPart{Table: name}
		if err := b.part(ctx, &part); err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
		b.m.Parts = append(b.m.Parts, part)
		b.m.Rows += part.Rows
	}
	w, err := b.zip.Create(manifestName)
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(b.m); err != nil {
		return err
	}
	return b.zip.Close()
}

func (b *backup) part(ctx context.Context, part *BackupPart) error {
	w, err := b.zip.CreateHeader(&zip.FileHeader{Name: part.file(), Method: zip.Store})
	if err != nil {
		return err
	}
	sum := sha256.New()
	out := &counting{w: io.MultiWriter(w, sum)}
	packer, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(packer, 1<<16)
	if err := b.rows(ctx, part, buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if err := packer.Close(); err != nil {
		return err
	}
	part.Bytes, part.SHA256 = out.n, hex.EncodeToString(sum.Sum(nil))
	return nil
}

func (b *backup) rows(ctx context.Context, part *BackupPart, w io.Writer) error {
	rows, err := b.tx.QueryContext(ctx, "SELECT * FROM "+part.Table)
	if err != nil {
		return err
	}
	defer rows.Close()
	if part.Columns, err = columnsOf(rows); err != nil {
		return err
	}
	cells := newCells(part.Columns)
	var line []byte
	for rows.Next() {
		if err := rows.Scan(cells.targets...); err != nil {
			return err
		}
		line = cells.append(line[:0])
		if _, err := w.Write(line); err != nil {
			return err
		}
		if part.Rows++; b.progress != nil && part.Rows%portion == 0 {
			b.progress(b.m.Rows + part.Rows)
		}
	}
	return rows.Err()
}

// counting counts what it passes on.
type counting struct {
	w io.Writer
	n int64
}

func (c *counting) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// syncFolder makes a rename last. Systems that cannot sync a folder keep renames by themselves.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = f.Sync()
	return f.Close()
}
