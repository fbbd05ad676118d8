package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs/deadline"
	"creditsync/mapping"
	"creditsync/mapping/source"

	"github.com/spf13/cobra"
)

// schemaFile is one kind of file that people edit.
type schemaFile struct {
	name, title string
	shape       reflect.Type
	words       func() map[string]string
}

func schemaFiles() []schemaFile {
	return []schemaFile{
		{"mapping", "映射：本地哪一列对平台哪个字段", reflect.TypeFor[mapping.Spec](), mappingWords},
		{"codes", "代码表：台账里的说法对平台的代码", reflect.TypeFor[mapping.CodeList](), codesWords},
		{"profile", "平台档案：接口怎么调用", daemon.ProfileShape(), profileWords},
		{"calendar", "放假通知：一年一个文件", reflect.TypeFor[deadline.NoticeFile](), calendarWords},
	}
}

// schemas are the published files by name.
func schemas() (map[string][]byte, error) {
	all := map[string][]byte{}
	for _, f := range schemaFiles() {
		words := f.words()
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(source.Schema(f.shape, f.title, func(path string) string { return words[path] })); err != nil {
			return nil, fmt.Errorf("write schema of %s: %w", f.name, err)
		}
		all[f.name+".schema.json"] = b.Bytes()
	}
	return all, nil
}

func (c *cli) mappingSchema() *cobra.Command {
	return &cobra.Command{Use: "schema DIR", Short: c.say.Say("cmd.mapping.schema.short"), Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			all, err := schemas()
			if err != nil {
				return err
			}
			if err := os.MkdirAll(args[0], 0o750); err != nil {
				return fmt.Errorf("make %s: %w", args[0], err)
			}
			for _, name := range slices.Sorted(maps.Keys(all)) {
				if err := writeWhole(filepath.Join(args[0], name), all[name]); err != nil {
					return err
				}
			}
			_, err = fmt.Fprintln(c.out, c.say.Say("cmd.mapping.schema.done", len(all), args[0]))
			return err
		}}
}
