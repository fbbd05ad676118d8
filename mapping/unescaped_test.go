package mapping

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestUnescaped holds the look at eight bytes together to the look at each.
func TestUnescaped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("\x00\x1f !\"#[\\]\x7f\x80\xff"))), 0, 40).Draw(t, "bytes")
		want := !strings.ContainsFunc(string(latin(b)), func(r rune) bool { return r < ' ' || r == '"' || r == '\\' })
		if got := unescaped(b); got != want {
			t.Fatalf("unescaped(%q) = %v", b, got)
		}
	})
}

// latin reads each byte as a character of its own.
func latin(b []byte) []rune {
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
	}
	return out
}
