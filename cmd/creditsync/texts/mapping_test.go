package texts

import (
	"strings"
	"testing"

	"creditsync/mapping"
)

// Every fault of a value or a mapping has a sentence in both languages that uses the same arguments, and no sentence
// stands for a code that there is not.
func TestEveryFaultOfMappingHasASentence(t *testing.T) {
	sentences := map[string]text{}
	for _, s := range mappingTexts() {
		if _, twice := sentences[s.code]; twice {
			t.Errorf("%s stands twice", s.code)
		}
		sentences[s.code] = s
	}
	for _, code := range mapping.FaultCodes() {
		s, ok := sentences[code]
		if !ok || !New("zh").Has(code) {
			t.Errorf("no sentence for %s", code)
		}
		for _, place := range []string{"%[1]s", "%[2]s", "%[3]s"} {
			if strings.Contains(s.zh, place) != strings.Contains(s.en, place) {
				t.Errorf("%s: %s stands in one language only", code, place)
			}
		}
		delete(sentences, code)
	}
	for code := range sentences {
		t.Errorf("%s is no code of a fault", code)
	}
}
