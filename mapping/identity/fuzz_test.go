package identity

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func seeds(f *testing.F) {
	for _, s := range []string{"", "91350100M000100Y43", "11010519491231002X", "110101199001011234", "７１５２６７２６－Ｘ", "\xff\xfe",
		"330203000030639", "91110000\u200b710925462x", "41042119900101001"} {
		f.Add(s)
	}
}

func FuzzOf(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := Of(s)
		if got.Valid != (got.Reason == Fine) {
			t.Fatalf("Of(%q) = %+v contradicts itself", s, got)
		}
		if again := Of(got.Normalized); again != got {
			t.Fatalf("Of(%q) = %+v, but its normalised text gives %+v", s, got, again)
		}
	})
}

// What is right stays right however it is typed: full-width, in lower case, with blanks.
func FuzzWaysOfTyping(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := Of(s)
		if !got.Valid {
			return
		}
		wide := strings.Map(func(r rune) rune { return r + '！' - '!' }, got.Normalized)
		blank := strings.Join(strings.Split(got.Normalized, ""), "\u3000")
		for _, typed := range []string{wide, blank, strings.ToLower(got.Normalized), "'" + got.Normalized} {
			if again := Of(typed); again != got {
				t.Fatalf("Of(%q) = %+v, but typed as %q it is %+v", s, got, typed, again)
			}
		}
	})
}

// A mask keeps the length and, of a citizen ID, hides the birthday and the order.
func FuzzMask(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		masked := Mask(s)
		if utf8.RuneCountInString(masked) != utf8.RuneCountInString(s) {
			t.Fatalf("Mask(%q) = %q has another length", s, masked)
		}
		if CheckCitizenID(s) == Fine && masked[6:16] != "**********" {
			t.Fatalf("Mask(%q) = %q", s, masked)
		}
	})
}
