package store

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"creditsync/mapping"

	"github.com/klauspost/compress/zstd"
)

// opened is a backup that is read.
type opened struct {
	path string
	zip  *zip.ReadCloser
	m    Manifest
}

// damaged is a backup that cannot be trusted; place says where.
func damaged(path, place string, err error) error {
	return trouble{mapping.Fault{What: CodeDamagedBackup, Args: []string{path, place}}, err}
}

var errManifest = errors.New("the manifest is not one")

func openBackup(path string) (*opened, error) {
	z, err := zip.OpenReader(path)
	if errors.Is(err, zip.ErrFormat) {
		return nil, damaged(path, "zip", err)
	}
	if err != nil {
		return nil, fmt.Errorf("open backup: %w", err)
	}
	o := &opened{path: path, zip: z}
	if err := o.manifest(); err != nil {
		_ = z.Close()
		return nil, err
	}
	return o, nil
}

func (o *opened) manifest() error {
	f, err := o.zip.Open(manifestName)
	if err != nil {
		return damaged(o.path, manifestName, err)
	}
	defer func() { _ = f.Close() }()
	if err := json.NewDecoder(f).Decode(&o.m); err != nil {
		return damaged(o.path, manifestName, err)
	}
	if o.m.Format <= 0 || o.m.Schema <= 0 || len(o.m.Parts) == 0 {
		return damaged(o.path, manifestName, errManifest)
	}
	newest, err := newestSchema()
	if err != nil {
		return err
	}
	if o.m.Format > backupFormat || o.m.Schema > newest {
		return fault(CodeNewerBackup, o.path, strconv.FormatInt(o.m.Schema, 10), strconv.FormatInt(newest, 10))
	}
	return nil
}

var errSum = errors.New("the content is not what was written")

// verify reads every byte and compares the hashes.
func (o *opened) verify(ctx context.Context) error {
	for i := range o.m.Parts {
		part := &o.m.Parts[i]
		if err := ctx.Err(); err != nil {
			return err
		}
		f, err := o.zip.Open(part.file())
		if err != nil {
			return damaged(o.path, part.file(), err)
		}
		sum := sha256.New()
		_, err = io.Copy(sum, f)
		_ = f.Close()
		if err == nil && hex.EncodeToString(sum.Sum(nil)) != part.SHA256 {
			err = errSum
		}
		if err != nil {
			return damaged(o.path, part.file(), err)
		}
		o.m.Length += part.Bytes
	}
	return nil
}

// rows hands the rows of a part over, some at a time; the values are valid until use returns.
func (o *opened) rows(ctx context.Context, part *BackupPart, use func(rows [][]any) error) error {
	f, err := o.zip.Open(part.file())
	if err != nil {
		return damaged(o.path, part.file(), err)
	}
	defer func() { _ = f.Close() }()
	opener, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return damaged(o.path, part.file(), err)
	}
	defer opener.Close()
	in := bufio.NewReaderSize(opener, 1<<16)
	n, page := int64(0), make([][]any, 0, portion)
	for end := false; !end; page = page[:0] {
		for len(page) < portion && !end {
			values := make([]any, len(part.Columns))
			switch err := readRow(in, part.Columns, values); {
			case errors.Is(err, io.EOF):
				end = true
			case err != nil:
				return damaged(o.path, part.file(), err)
			default:
				page = append(page, values)
			}
		}
		n += int64(len(page))
		if err := errors.Join(ctx.Err(), use(page)); err != nil {
			return err
		}
	}
	if n != part.Rows {
		return damaged(o.path, part.file(), fmt.Errorf("%d rows, %d were written", n, part.Rows))
	}
	return nil
}

// VerifyBackup reads a backup through: the hash of every part, and every row.
func VerifyBackup(ctx context.Context, path string) (Manifest, error) {
	o, err := openBackup(path)
	if err != nil {
		return Manifest{}, err
	}
	defer func() { _ = o.zip.Close() }()
	if err := o.verify(ctx); err != nil {
		return o.m, err
	}
	for i := range o.m.Parts {
		if err := o.rows(ctx, &o.m.Parts[i], func([][]any) error { return nil }); err != nil {
			return o.m, err
		}
	}
	o.m.Checked = true
	return o.m, nil
}
