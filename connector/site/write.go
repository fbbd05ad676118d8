package site

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"creditsync/connector"
)

// lay writes the package under a temporary name and renames it, so that it is there whole or not at all.
func (c *Channel) lay(ctx context.Context, b connector.Batch, data []byte) error {
	page, err := c.page(b)
	if err != nil {
		return c.refused(OutboxFailed, c.o.Outbox, err)
	}
	files := map[string][]byte{pageFile: page, dataFile: data}
	files[sumsFile] = sumsOf(files)
	c.sweep(b.Number)
	temporary, err := os.MkdirTemp(c.o.Outbox, "."+b.Number+".")
	if err != nil {
		return c.refused(OutboxFailed, c.o.Outbox, err)
	}
	defer os.RemoveAll(temporary)
	for name, content := range files {
		if err := writeFile(join(temporary, name), content); err != nil {
			return c.refused(OutboxFailed, c.o.Outbox, err)
		}
	}
	if err := os.Chmod(temporary, 0o755); err != nil {
		return c.refused(OutboxFailed, c.o.Outbox, err)
	}
	if err := ctx.Err(); err != nil {
		return c.refused(Stopped, c.o.Outbox, err)
	}
	if err := c.replace(temporary, join(c.o.Outbox, b.Number)); err != nil {
		return c.refused(OutboxFailed, join(c.o.Outbox, b.Number), err)
	}
	return nil
}

// replace puts the new package in the place of a damaged one of the same records, if there is one.
func (c *Channel) replace(temporary, target string) error {
	if _, err := os.Stat(target); err == nil {
		damaged := temporary + ".damaged"
		if err := os.Rename(target, damaged); err != nil {
			return err
		}
		defer os.RemoveAll(damaged)
	}
	if err := os.Rename(temporary, target); err != nil {
		return err
	}
	return syncFolder(c.o.Outbox)
}

// sweep removes what an earlier attempt at this package left behind when it was killed.
func (c *Channel) sweep(number string) {
	entries, err := os.ReadDir(c.o.Outbox)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "."+number+".") {
			os.RemoveAll(filepath.Join(c.o.Outbox, e.Name()))
		}
	}
}

// writeFile writes through to the disk: a package that was answered survives a power failure.
func writeFile(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(content); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}
