package deadline

import (
	"strconv"
	"time"

	"creditsync/mapping"
)

// Limit is one legal limit: config may be stricter, never looser.
type Limit struct {
	Stream      string // by its name in mapping/schema
	WorkingDays int
	Basis       string       // the law or notice, with its article
	From, Until mapping.Date // in force from and up to; Until 0: still in force
}

// Limits are the legal limits that creditsync watches over, oldest first.
func Limits() []Limit {
	return []Limit{
		// 检查结果产生之日起 20 个工作日内公示: the bureau's own notice of 2022-01-26. 企业信息公示暂行条例 art. 6 sets the same 20
		// working days, but binds the registration authority alone.
		{
			Stream: "inspection_results", WorkingDays: 20, From: mapping.NewDate(2022, time.January, 26),
			Basis: "全面推行“双随机一公开”监管工作实施方案 四（八）",
		},
	}
}

// LimitOf is the limit of a stream in force on a day; ok is false if the law sets none.
func LimitOf(stream string, on mapping.Date) (l Limit, ok bool) {
	for _, l := range Limits() {
		if l.Stream == stream && on >= l.From && (l.Until == 0 || on <= l.Until) {
			return l, true
		}
	}
	return Limit{}, false
}

// CheckLimit is a fault (calendar.limit_too_long) if workingDays of a mapping gives a stream more time than the law does
// on that day, or nil.
func CheckLimit(stream string, workingDays int, on mapping.Date) *mapping.Fault {
	l, ok := LimitOf(stream, on)
	if !ok || workingDays <= l.WorkingDays {
		return nil
	}
	return &mapping.Fault{
		What: limitTooLong, Field: "$.deadline.working_days",
		Args: []string{strconv.Itoa(workingDays), strconv.Itoa(l.WorkingDays), l.Basis},
	}
}
