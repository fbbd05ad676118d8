package daemon

import (
	"iter"
	"reflect"

	"creditsync/connector/platform"
	"creditsync/connector/registry"
)

// ProfileShape is what a profile file is read into, for those who describe the file.
func ProfileShape() reflect.Type { return reflect.TypeFor[platform.Profile]() }

// WriteWorkbook writes a workbook of texts, whole or not at all.
func WriteWorkbook(path, sheet string, columns []string, rows iter.Seq2[[]string, error]) error {
	return registry.WriteWorkbook(path, sheet, columns, rows)
}
