package mapping

import "testing"

func TestDateShape(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-09": "yyyy-MM-dd", "2026/1/9": "yyyy/M/d", "2026.1.9": "yyyy.M.d", "20260109": "yyyyMMdd", "2026年1月9日": "yyyy年M月d日",
		"２０２６.１１.９": "yyyy.MM.d", "2026-10-09 09:45:11": "yyyy-MM-dd HH:mm:ss", "2026-10-09 09:45:11.25": "yyyy-MM-dd HH:mm:ss.f", "长期": "长期",
		"20261009094511": "yyyyMMddHHmmss",
	} {
		if got, ok := DateShape(text); got != want || !ok {
			t.Errorf("DateShape(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "2026", "2026年1月", "2026-02-30", "46031", "1.22", "石昶涛"} {
		if got, ok := DateShape(text); ok {
			t.Errorf("DateShape(%q) = %q", text, got)
		}
	}
}
