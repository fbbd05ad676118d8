package registry

import (
	"testing"
	"time"

	"creditsync/mapping"

	"pgregory.net/rapid"
)

// moments are written as databases and clerks write them, a few of them wrong.
func moments() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`202[5-7]-(0[1-9]|1[0-4])-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{0,6})?`),
		rapid.StringMatching(`202[5-7]/[1-9]/[12][0-9] [1-9]:[0-5][0-9]`),
		rapid.StringMatching(`202[5-7]0[1-9][12][0-9]([01][0-9][0-5][0-9][0-5][0-9])?`),
		rapid.SampledFrom([]string{"", "昨天", "2027-01-01 00:00:00 +08", "2027-01-01T00:00:00Z"}),
	)
}

// The short way for moments that are known as older finds the same newest one as reading them all.
func TestWatermarkFindsTheNewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(moments()).Draw(t, "texts")
		w := newWatermark(&mapping.Changed{Column: "更新时间"}, "")
		var newest time.Time
		for _, s := range texts {
			w.see(s)
			if at, ok := parseTime(s); ok && at.After(newest) {
				newest = at
			}
		}
		if !w.max.Equal(newest) {
			t.Errorf("newest of %q is %v, want %v", texts, w.max, newest)
		}
	})
}
