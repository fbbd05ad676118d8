package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"creditsync/jobs"
	"creditsync/jobs/store"
)

// readRules reads every rule file of a folder that has a sub-folder for each room. A room that is not there is empty.
func readRules(dir fs.FS) ([]store.RuleFile, error) {
	var all []store.RuleFile
	for _, room := range []string{"codes", "holidays", "mappings", "platforms"} {
		files, err := readRoom(dir, room, room)
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	return all, nil
}

// readRoom reads the rule files of one folder, named as the store keeps them: room/file.yaml.
func readRoom(dir fs.FS, room, at string) ([]store.RuleFile, error) {
	names, err := fs.Glob(dir, path.Join(at, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", room, err)
	}
	var all []store.RuleFile
	for _, name := range names {
		content, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("read rule file: %w", err)
		}
		all = append(all, store.RuleFile{Name: room + "/" + path.Base(name), Content: content})
	}
	return all, nil
}

// exists says whether a file is there.
func exists(name string) bool {
	_, err := os.Stat(name)
	return !errors.Is(err, fs.ErrNotExist)
}

// unreadableFile: a file that the command line names cannot be read.
const unreadableFile = "cmd.unreadable_file"

// writeWhole writes a file that appears whole or not at all.
func writeWhole(name string, content []byte) error {
	if err := os.WriteFile(name+".new", content, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		return fmt.Errorf("put %s in place: %w", name, err)
	}
	return nil
}

// writeNew writes a file whole, and never over one that is there.
func writeNew(name string, content []byte) error {
	if exists(name) {
		return exit{exitUsage, &jobs.Failure{What: fileThere, Args: []string{name}}}
	}
	return writeWhole(name, content)
}

// writeJSON writes v as JSON, whole or not at all.
func writeJSON(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	return writeWhole(name, b)
}

// trimLine is the text of a one-line file.
func trimLine(content []byte) string { return strings.TrimSpace(string(content)) }
