package texts

import (
	"testing"

	"creditsync/mapping/draft"
)

// Every reason of a draft has its sentence, and every sentence its reason.
func TestEveryReasonOfADraftHasASentence(t *testing.T) {
	codes := map[string]bool{"draft.head": true, "draft.head_what": true, "draft.head_next": true}
	for _, code := range draft.Reasons() {
		codes[code] = true
		if !New("zh").Has(code) || !New("en").Has(code) {
			t.Errorf("%s has no sentence", code)
		}
	}
	for _, s := range draftReasons() {
		if !codes[s.code] {
			t.Errorf("%s is no reason of a draft", s.code)
		}
	}
}
