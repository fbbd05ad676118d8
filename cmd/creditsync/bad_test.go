package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"creditsync/cmd/creditsync/texts"
	"creditsync/config"
	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/google/go-cmp/cmp"
)

var updateBad = flag.Bool("update-bad", false, "write what is said of the files of testdata/bad beside them")

// saidOf is what an administrator reads of a mapping file in place of the shipped one.
func saidOf(t *testing.T, name string) string {
	t.Helper()
	shipped, err := readRules(config.Files)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, faults := jobs.BuildRules(replaced(shipped, store.RuleFile{Name: "mappings/inspection_results.yaml", Content: b}))
	if len(faults) == 0 {
		return ""
	}
	return texts.New("zh").Error(faults) + "\n"
}

// TestBadMappings: a file for each rule, named for it, with the sentences that stand beside it; and the same file after a
// person did what the sentence says, of which nothing is said any more.
func TestBadMappings(t *testing.T) {
	all, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range all {
		if strings.HasSuffix(name, ".mended.yaml") {
			continue
		}
		n++
		base := strings.TrimSuffix(name, ".yaml")
		t.Run(filepath.Base(base), func(t *testing.T) {
			got := saidOf(t, name)
			if got == "" {
				t.Fatal("nothing is said of it")
			}
			if *updateBad {
				if err := os.WriteFile(base+".says", []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(base + ".says")
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("wanted (-), said (+):\n%s", d)
			}
			if after := saidOf(t, base+".mended.yaml"); after != "" {
				t.Errorf("after the advice was followed: %s", after)
			}
		})
	}
	if n < 40 {
		t.Errorf("only %d bad files", n)
	}
}
