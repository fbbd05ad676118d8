package texts

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every reason of platform and site, and every fault of a profile, has its sentence in both languages, and every sentence
// of theirs has its code.
func TestPlatformAndSiteSayEveryCode(t *testing.T) {
	codes := map[string]bool{}
	for _, file := range []string{"connector/reason.go", "connector/platform/faults.go", "connector/site/channel.go"} {
		b, err := os.ReadFile("../../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`= "((?:platform|profile|site)\.[a-z_]+)"`).FindAllStringSubmatch(string(b), -1) {
			codes[m[1]] = true
		}
	}
	if len(codes) < 40 {
		t.Fatalf("only %d codes found", len(codes))
	}
	for code := range codes {
		if !New("zh").Has(code) || !New("en").Has(code) {
			t.Errorf("no sentence: %s", code)
		}
	}
	for _, s := range append(platformTexts(), siteTexts()...) {
		if !codes[s.code] {
			t.Errorf("no such code: %s", s.code)
		}
		if strings.Count(s.zh, "%[2]s") > 0 != (strings.Count(s.en, "%[2]s") > 0) {
			t.Errorf("the languages differ in what they tell: %s", s.code)
		}
	}
}
