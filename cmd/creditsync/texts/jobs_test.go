package texts

import (
	"strings"
	"testing"

	"creditsync/jobs"
)

// TestEveryReasonOfAJobHasASentence holds the one enumeration of reasons to the catalogue, and the catalogue to it.
func TestEveryReasonOfAJobHasASentence(t *testing.T) {
	zh, en := New("zh"), New("en")
	named := map[string]bool{}
	for _, code := range jobs.Reasons() {
		named[code] = true
		if !zh.Has(code) || !en.Has(code) {
			t.Errorf("%s has no sentence", code)
		}
	}
	for _, text := range jobsTexts() {
		if !named[text.code] {
			t.Errorf("%s is no reason of a job", text.code)
		}
		if strings.Count(text.zh, "%[") != strings.Count(text.en, "%[") {
			t.Errorf("%s takes other arguments in one language than in the other", text.code)
		}
	}
}
