package platform

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"creditsync/connector"
)

// parseRate reads "20/s", "200/60s" or "5/m" as calls a second.
func parseRate(s string) (float64, bool) {
	count, per, ok := strings.Cut(s, "/")
	n, err := strconv.ParseFloat(strings.TrimSpace(count), 64)
	if !ok || err != nil || n <= 0 || math.IsInf(n, 0) {
		return 0, false
	}
	per = strings.TrimSpace(per)
	if per != "" && !unicode.IsDigit(rune(per[0])) {
		per = "1" + per
	}
	d, err := time.ParseDuration(per)
	if err != nil || d <= 0 {
		return 0, false
	}
	return n / d.Seconds(), true
}

// parseBytes reads "33554432", "512KiB" or "32MiB".
func parseBytes(s string) (int64, bool) {
	unit := int64(1)
	for suffix, factor := range map[string]int64{"KiB": 1 << 10, "MiB": 1 << 20} {
		if rest, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = rest, factor
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return n * unit, err == nil && n > 0 && n <= math.MaxInt64/unit
}

// parseWindow reads one quiet time; one that crosses midnight becomes two windows.
func parseWindow(q Quiet) ([]connector.Window, string) {
	days, ok := parseDays(q.Days)
	if !ok {
		return nil, "days"
	}
	from, ok := parseClock(q.From)
	if !ok {
		return nil, "from"
	}
	to, ok := parseClock(q.To)
	if !ok || to == from {
		return nil, "to"
	}
	if from < to {
		return []connector.Window{{Days: days, From: from, To: to}}, ""
	}
	windows := []connector.Window{{Days: days, From: from, To: 24 * time.Hour}}
	if to > 0 {
		windows = append(windows, connector.Window{Days: following(days), To: to})
	}
	return windows, ""
}

func following(days [7]bool) (next [7]bool) {
	for d, on := range days {
		next[(d+1)%7] = on
	}
	return next
}

// parseClock reads "07:00" to "24:00".
func parseClock(s string) (time.Duration, bool) {
	h, m, ok := strings.Cut(strings.ReplaceAll(s, "：", ":"), ":")
	hours, err := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(m)
	if !ok || err != nil || err2 != nil || len(m) != 2 || hours < 0 || minutes < 0 || minutes > 59 {
		return 0, false
	}
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	return d, d <= 24*time.Hour
}

// parseDays reads weekdays in English or Chinese: "mon-fri", "sat,sun", "周一-周五", "周一至周五、周日", "daily", "每天".
func parseDays(s string) (days [7]bool, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "daily" || s == "每天" {
		return [7]bool{true, true, true, true, true, true, true}, true
	}
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",，、 ", r) }) {
		first, last, ranged := strings.Cut(strings.NewReplacer("至", "-", "到", "-", "—", "-", "~", "-").Replace(part), "-")
		from, known := weekday(first)
		to := from
		if ranged && known {
			to, known = weekday(last)
		}
		if !known {
			return days, false
		}
		for d := from; ; d = (d + 1) % 7 {
			days[d] = true
			if d == to {
				break
			}
		}
	}
	return days, days != [7]bool{}
}

func weekday(s string) (int, bool) {
	for d, names := range [7][]string{
		{"sun", "sunday", "周日", "周天", "星期日", "星期天"}, {"mon", "monday", "周一", "星期一"}, {"tue", "tuesday", "周二", "星期二"},
		{"wed", "wednesday", "周三", "星期三"}, {"thu", "thursday", "周四", "星期四"}, {"fri", "friday", "周五", "星期五"},
		{"sat", "saturday", "周六", "星期六"},
	} {
		for _, n := range names {
			if s == n {
				return d, true
			}
		}
	}
	return 0, false
}
