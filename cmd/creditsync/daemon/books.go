package daemon

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"creditsync/connector/registry"
)

// books writes the workbooks of pulled streams into one folder, a file each, whole or not at all.
type books struct{ dir string }

// Write writes the workbook of one stream, named by its title.
func (b books) Write(_ context.Context, stream, title string, columns []string, rows iter.Seq2[[]string, error]) error {
	if title == "" {
		title = stream
	}
	if err := os.MkdirAll(b.dir, 0o750); err != nil {
		return fmt.Errorf("make workbook folder: %w", err)
	}
	if err := registry.WriteWorkbook(filepath.Join(b.dir, title+".xlsx"), title, columns, rows); err != nil {
		return fmt.Errorf("write workbook of %s: %w", stream, err)
	}
	return nil
}
