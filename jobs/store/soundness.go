package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"creditsync/mapping"
)

// A store at fault is refused and left as it is: what it still holds is worth more than a start, and a new one in its place
// would send everything again.

var errShort = errors.New("the file is shorter than its header says")

// headerLength is that of an SQLite file (https://www.sqlite.org/fileformat2.html, 1.3).
const headerLength = 100

// checkFile refuses a file that is no SQLite database, or that was cut off. With a log beside it, the file alone may be
// shorter than its header says; quickCheck tells then.
func checkFile(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil // it is made
	}
	if err != nil {
		return unreachable(err)
	}
	defer func() { _ = f.Close() }() // it was only read
	header := make([]byte, headerLength)
	if _, err := io.ReadFull(f, header); err != nil {
		return broken(path, fmt.Errorf("no header: %w", err))
	}
	if !bytes.HasPrefix(header, []byte("SQLite format 3\x00")) {
		return broken(path, errors.New("no SQLite database"))
	}
	info, err := f.Stat()
	if err != nil {
		return unreachable(err)
	}
	size := int64(binary.BigEndian.Uint16(header[16:]))
	if size == 1 {
		size = 65536
	}
	wal, err := os.Stat(path + "-wal")
	logged := err == nil && wal.Size() > 0
	if pages := int64(binary.BigEndian.Uint32(header[28:])); !logged && info.Size() < pages*size {
		return broken(path, fmt.Errorf("%w: %d of %d bytes", errShort, info.Size(), pages*size))
	}
	return nil
}

// quickCheck reads every page's structure.
func (db *DB) quickCheck(ctx context.Context, path string) error {
	var found string
	err := db.write.GetContext(ctx, &found, "PRAGMA quick_check(1)")
	if err == nil && found != "ok" {
		err = errors.New(found)
	}
	if err != nil {
		return broken(path, err)
	}
	return nil
}

func broken(path string, err error) error {
	return trouble{mapping.Fault{What: CodeBroken, Args: []string{path}}, err}
}

// checkTables refuses a store whose tables are not those of its version: half of a dump that was loaded, or a migration that
// was ended by hand. Our own migrations are whole or not at all.
func (db *DB) checkTables(ctx context.Context, version int64) error {
	want, err := tablesOf(db.d.name, version)
	if err != nil {
		return err
	}
	newest, err := newestSchema()
	if err != nil {
		return err
	}
	all, err := tablesOf(db.d.name, newest)
	if err != nil {
		return err
	}
	rows, err := db.write.QueryContext(ctx, db.d.tables)
	there, err := collect(rows, err, func(rows *sql.Rows, name *string) error { return rows.Scan(name) })
	if err != nil {
		return fmt.Errorf("list tables: %w", err)
	}
	var odd []string
	for _, t := range all {
		if slices.Contains(want, t) != slices.Contains(there, t) {
			odd = append(odd, t)
		}
	}
	if len(odd) > 0 {
		return fault(CodeHalf, strconv.FormatInt(version, 10), strings.Join(odd, ", "))
	}
	return nil
}
