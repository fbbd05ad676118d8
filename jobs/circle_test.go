package jobs_test

import (
	"strings"
	"testing"

	"creditsync/jobs"
	"creditsync/jobs/store"
)

func TestStreamsMayNotWaitForEachOther(t *testing.T) {
	build := func(objects string) []string {
		files := append(holidays(t), store.RuleFile{Name: "mappings/a.yaml", Content: []byte(resultsYAML)},
			store.RuleFile{Name: "mappings/b.yaml", Content: []byte(objects)})
		_, faults := jobs.BuildRules(files)
		var codes []string
		for _, f := range faults {
			codes = append(codes, f.File+" "+f.What)
		}
		return codes
	}
	after := func(stream string) string {
		return objectsYAML + "after: [{stream: " + stream + ", by: 对象编号}]\n"
	}
	if got := build(after(objects)); got != nil {
		t.Errorf("a stream that waits for records of its own: %v", got)
	}
	want := "mappings/b.yaml rules.after_circle,mappings/a.yaml rules.after_circle"
	if got := strings.Join(build(after(results)), ","); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
