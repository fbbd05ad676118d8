package mapping

import (
	"strconv"
	"strings"
	"time"
)

// moment is a civil day with the time of day that stood behind it.
type moment struct {
	year, month, day     int
	hour, minute, second int
}

// The years a date may fall in: before, a year is mistyped; later, too.
const (
	firstYear = 1900
	lastYear  = 2200
)

// openEnded are the ways in which registries write "no end": the registration system's sentinel, its kin, and the word
// that stands on licences. They mean that there is no date.
func openEnded(s string) bool {
	return strings.HasPrefix(s, "9999-09-09") || strings.HasPrefix(s, "9999-12-31") || s == "99990909" ||
		s == "99991231" || s == "长期" || s == "长期有效"
}

func (m moment) date() Date { return NewDate(m.year, time.Month(m.month), m.day) }

// parseMoment reads a day in the ways clerks and systems write it: 2026-12-21, 2026/12/21, 2026.8.3, 2026年12月21日,
// 2026。8。3 (a full stop typed by a Chinese input method), 20261221, with a time of day and a zone behind or not, full-width or half-width. A moment with a zone is brought to
// Asia/Shanghai. It reports the code of the fault, "" if there is none. An open-ended date is to be asked for before.
func parseMoment(s string) (m moment, code string) {
	if len(s) >= 10 {
		if m, ok := isoDay(s[:10]); ok && (len(s) == 10 || s[10] == ' ' || s[10] == 'T') {
			return m.withTime(s[10:])
		}
	}
	s = clean(halfWidth(s))
	if m, rest, ok := compactDay(s); ok {
		return m.withTime(rest)
	}
	m, rest, code := separatedDay(s)
	if code != "" {
		return m, code
	}
	return m.withTime(rest)
}

func isoDay(s string) (m moment, ok bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' || !allDigits(s[:4]) || !allDigits(s[5:7]) || !allDigits(s[8:]) {
		return m, false
	}
	return moment{year: digitsOf(s[:4]), month: digitsOf(s[5:7]), day: digitsOf(s[8:])}, true
}

// compactDay reads 20261221 and 20261221103000.
func compactDay(s string) (m moment, rest string, ok bool) {
	n := leadingDigits(s)
	if n != 8 && n != 14 {
		return m, "", false
	}
	m = moment{year: digitsOf(s[:4]), month: digitsOf(s[4:6]), day: digitsOf(s[6:8])}
	if n == 14 {
		m.hour, m.minute, m.second = digitsOf(s[8:10]), digitsOf(s[10:12]), digitsOf(s[12:14])
	}
	return m, s[n:], true
}

// separatedDay reads year, month and day with the same sign twice between them, or 年, 月 and 日.
func separatedDay(s string) (m moment, rest, code string) {
	year, sign, s := leading(s)
	if code := yearFault(year, sign); code != "" {
		return m, "", code
	}
	month, second, s := leading(s)
	if month == "" || len(month) > 2 {
		return m, "", NotADate
	}
	if s == "" || second == "" {
		return m, "", DateWithoutDay
	}
	n := leadingDigits(s)
	day, rest := s[:n], s[n:]
	if n == 0 || n > 2 || second != sign && !(sign == "年" && second == "月") {
		return m, "", NotADate
	}
	if sign == "年" {
		rest = clean(rest)
		rest = strings.TrimPrefix(strings.TrimPrefix(rest, "日"), "号")
	}
	if len(year) == 2 {
		return m, "", TwoDigitYear
	}
	return moment{year: digitsOf(year), month: digitsOf(month), day: digitsOf(day)}, rest, ""
}

func yearFault(year, sign string) string {
	switch {
	case len(year) == 5 && sign == "":
		return ExcelSerial
	case sign == "" || len(year) != 4 && len(year) != 2:
		return NotADate
	}
	return ""
}

// leading takes digits and the separator behind them.
func leading(s string) (digits, sign, rest string) {
	n := leadingDigits(s)
	digits, rest = s[:n], s[n:]
	for _, sign := range [...]string{"-", "/", ".", "。", "年", "月"} {
		if after, ok := strings.CutPrefix(clean(rest), sign); ok {
			return digits, sign, clean(after)
		}
	}
	return digits, "", rest
}

// withTime reads what may stand behind a day: a time of day and a zone.
func (m moment) withTime(rest string) (moment, string) {
	if code := m.check(); code != "" {
		return m, code
	}
	if rest == "" {
		return m, ""
	}
	if len(rest) == 9 && m.plainClock(rest[1:]) {
		return m, ""
	}
	if rest = clean(strings.TrimPrefix(rest, "T")); rest == "" {
		return m, ""
	}
	clock, zone := cutZone(halfWidth(rest))
	if clock != "" && !m.setClock(clock) {
		return m, NotADate
	}
	return m.inShanghai(zone)
}

// plainClock reads 15:04:05, the commonest way.
func (m *moment) plainClock(s string) bool {
	return s[2] == ':' && s[5] == ':' && m.setClock(s)
}

// setClock reads hours and minutes, and seconds where there are any; fractions of a second are not kept.
func (m *moment) setClock(s string) bool {
	hour, s, ok := strings.Cut(s, ":")
	minute, second, seconds := strings.Cut(s, ":")
	second, _, _ = strings.Cut(second, ".")
	if !ok || !oneOrTwoDigits(hour) || !oneOrTwoDigits(minute) || seconds && !oneOrTwoDigits(second) {
		return false
	}
	m.hour, m.minute, m.second = digitsOf(hour), digitsOf(minute), digitsOf(second)
	return m.hour < 24 && m.minute < 60 && m.second < 60
}

func oneOrTwoDigits(s string) bool { return len(s) <= 2 && allDigits(s) }

// cutZone splits "10:00:00+08" into clock and zone; the zone of "10:00:00" is empty.
func cutZone(s string) (clock, zone string) {
	if strings.HasSuffix(s, "Z") {
		return clean(s[:len(s)-1]), "+00"
	}
	for i := len(s) - 1; i > 0; i-- {
		if s[i] == '+' || s[i] == '-' {
			return clean(s[:i]), s[i:]
		}
	}
	return s, ""
}

// inShanghai moves a moment that names its zone to UTC+8, the zone the law counts in.
func (m moment) inShanghai(zone string) (moment, string) {
	if zone == "" || zone == "+08" || zone == "+08:00" || zone == "+0800" {
		return m, ""
	}
	digits := strings.ReplaceAll(zone[1:], ":", "")
	if !allDigits(digits) || len(digits) != 2 && len(digits) != 4 {
		return m, NotADate
	}
	offset := digitsOf(digits[:2]) * 60
	if len(digits) == 4 {
		offset += digitsOf(digits[2:])
	}
	if zone[0] == '-' {
		offset = -offset
	}
	t := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute+480-offset, m.second, 0, time.UTC)
	return momentOf(t), ""
}

func momentOf(t time.Time) moment {
	y, mo, d := t.Date()
	h, mi, s := t.Clock()
	return moment{y, int(mo), d, h, mi, s}
}

// check says whether the day exists.
func (m moment) check() string {
	if m.year < firstYear || m.year > lastYear || m.month < 1 || m.month > 12 || m.day < 1 || m.day > daysIn(m.year, m.month) ||
		m.hour > 23 || m.minute > 59 || m.second > 59 {
		return ImpossibleDate
	}
	return ""
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func digitsOf(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// dateFormat is how the platform wants a date: pieces of text and of yyyy, MM, dd, HH, mm, ss.
type dateFormat []string

// parseFormat cuts a format into its pieces; ok is false if a letter in it means nothing, or if it names no year.
func parseFormat(s string) (f dateFormat, ok bool) {
	for s != "" {
		n := 1
		for n < len(s) && s[n] == s[0] {
			n++
		}
		switch piece := s[:n]; piece {
		case "yyyy", "MM", "dd", "HH", "mm", "ss":
			ok = ok || piece == "yyyy"
		default:
			if c := s[0] | 0x20; c >= 'a' && c <= 'z' && s[0] != 'T' {
				return nil, false
			}
		}
		f, s = append(f, s[:n]), s[n:]
	}
	return f, ok
}

func (f dateFormat) text(m moment) string {
	b := make([]byte, 0, 32)
	for _, piece := range f {
		switch piece {
		case "yyyy":
			b = pad(b, m.year, 4)
		case "MM":
			b = pad(b, m.month, 2)
		case "dd":
			b = pad(b, m.day, 2)
		case "HH":
			b = pad(b, m.hour, 2)
		case "mm":
			b = pad(b, m.minute, 2)
		case "ss":
			b = pad(b, m.second, 2)
		default:
			b = append(b, piece...)
		}
	}
	return string(b)
}

func pad(b []byte, n, width int) []byte {
	for limit := 10; width > 1; width, limit = width-1, limit*10 {
		if n < limit {
			b = append(b, '0')
		}
	}
	return strconv.AppendInt(b, int64(n), 10)
}
