package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/spf13/cobra"
)

// edited is what the flags --file and --dir name: rules that are not in force.
type edited struct{ file, dir string }

func (c *cli) editedFlags(v *cobra.Command) *edited {
	e := &edited{}
	v.Flags().StringVar(&e.file, "file", "", c.say.Say("cmd.mapping.flag.file"))
	v.Flags().StringVar(&e.dir, "dir", "", c.say.Say("cmd.mapping.flag.dir"))
	return e
}

// files are the rule files as they would be: those of the folders, with what the flags name in place of theirs.
func (e edited) files(s settings) ([]store.RuleFile, error) {
	files, err := s.files()
	if err != nil {
		return nil, err
	}
	if e.dir != "" {
		more, err := readRules(os.DirFS(e.dir))
		if err != nil {
			return nil, err
		}
		for _, f := range more {
			files = replaced(files, f)
		}
	}
	if e.file == "" {
		return files, nil
	}
	f, err := ruleFile(e.file)
	if err != nil {
		return nil, err
	}
	return replaced(files, f), nil
}

// ruleFile reads one rule file; the name of its folder says what it is, a mapping where that says nothing.
func ruleFile(name string) (store.RuleFile, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return store.RuleFile{}, exit{exitUsage, &jobs.Failure{What: unreadableFile, Args: []string{name}, Err: err}}
	}
	room := "mappings"
	if path, err := filepath.Abs(name); err == nil {
		if dir := filepath.Base(filepath.Dir(path)); slices.Contains([]string{"codes", "holidays", "platforms"}, dir) {
			room = dir
		}
	}
	return store.RuleFile{Name: room + "/" + filepath.Base(name), Content: content}, nil
}

// replaced puts f in the place of the file of its name, or of the mapping of its stream.
func replaced(files []store.RuleFile, f store.RuleFile) []store.RuleFile {
	files = slices.DeleteFunc(files, func(old store.RuleFile) bool { return old.Name == f.Name })
	files = append(files, f)
	slices.SortFunc(files, func(a, b store.RuleFile) int { return strings.Compare(a.Name, b.Name) })
	return files
}

// rulesOf builds the rules of files; what is wrong with them ends the verb with all faults.
func (c *cli) rulesOf(s settings, files []store.RuleFile) (*jobs.Rules, error) {
	built, err := daemon.Check(files, daemon.Options{Profile: s.Platform.Profile, Variables: s.Platform.Values(), Now: c.now})
	if err != nil {
		return nil, c.faulty(err)
	}
	return built.Rules(), nil
}

// onRules opens the house beside a running daemon and hands it to do with the rules of the edited files.
func (c *cli) onRules(cmd *cobra.Command, clock string, e *edited, do func(w workplace) error) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	files, err := e.files(s)
	if err != nil {
		return err
	}
	next, err := c.rulesOf(s, files)
	if err != nil {
		return err
	}
	o, err := c.optionsOf(s, clock)
	if err != nil {
		return err
	}
	o.Look = true
	b := c.bars()
	defer b.stop()
	if b != nil {
		o.Progress = b
	}
	return inHouse(cmd.Context(), o, func(h *daemon.House) error {
		return do(workplace{ctx: cmd.Context(), settings: s, deps: h.Deps(), files: files, next: next})
	})
}
