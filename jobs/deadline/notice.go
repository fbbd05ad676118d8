package deadline

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"creditsync/mapping"
	"creditsync/mapping/source"
)

// The codes of what can be wrong with a notice or a calendar.
const (
	badYear      = "calendar.bad_year"
	badDate      = "calendar.bad_date"
	outsideYear  = "calendar.outside_year"
	dayTwice     = "calendar.day_twice"
	workOnWeek   = "calendar.work_on_weekday"
	noNumber     = "calendar.no_notice_number"
	noStatutory  = "calendar.missing_statutory"
	yearTwice    = "calendar.year_twice"
	gap          = "calendar.gap"
	noCalendar   = "calendar.empty"
	onlyGuessed  = "calendar.only_provisional"
	uncovered    = "calendar.uncovered"
	limitTooLong = "calendar.limit_too_long"
)

// Notice is one year's 国务院办公厅关于部分节假日安排的通知 as config/holidays/*.yaml writes it down.
type Notice struct {
	Year   int
	Number string // 国办发明电〔2025〕7号
	Issued mapping.Date
	Source string // where the text was read
	// Off are the days the notice names as free, weekends inside a holiday included; Work the weekend days it declares
	// working (调休上班). Both may reach into December of the year before, as 2022-12-31 of the 2023 notice does.
	Off, Work []Special
	// Provisional: the notice is not out yet and only the days fixed by law stand here (全国年节及纪念日放假办法).
	Provisional bool
}

// Special is a day that a notice names.
type Special struct {
	Date mapping.Date
	Name string // 春节
}

// NoticeFile is the shape of the file, as it is read strictly.
type NoticeFile struct {
	Year        int      `yaml:"year"`
	Number      string   `yaml:"notice,omitempty"`
	Date        string   `yaml:"date,omitempty"`
	Source      string   `yaml:"source,omitempty"`
	Provisional bool     `yaml:"provisional,omitempty"`
	Off         []string `yaml:"off"`
	Work        []string `yaml:"work,omitempty"`
}

// ParseNotice reads one file of config/holidays and reports all its faults at once. A day is written "2026-02-17 春节", the
// name may be left out.
func ParseNotice(file string, b []byte) (Notice, mapping.Faults) {
	var f NoticeFile
	if faults := source.Decode(file, b, &f); len(faults) > 0 {
		return Notice{}, faults
	}
	r := reader{file: file, content: b, seen: make(map[mapping.Date]bool)}
	if f.Year < 2000 || f.Year > 2200 {
		r.fault("$.year", badYear, strconv.Itoa(f.Year))
		return Notice{}, r.faults
	}
	n := Notice{Year: f.Year, Number: f.Number, Source: f.Source, Provisional: f.Provisional}
	n.Issued = r.issued(f)
	n.Off = r.days("off", f.Off, f.Year)
	n.Work = r.days("work", f.Work, f.Year)
	r.checkStatutory(n)
	return n, r.faults
}

// reader collects the faults of one file.
type reader struct {
	file    string
	content []byte
	seen    map[mapping.Date]bool
	faults  mapping.Faults
}

func (r *reader) fault(path, code string, args ...string) {
	line, col := source.Locate(r.file, r.content, path)
	r.faults = append(r.faults, mapping.Fault{What: code, Args: args, Field: path, File: r.file, Line: line, Col: col})
}

// issued is the notice's date; a published notice must say its number and date, or nobody can check it.
func (r *reader) issued(f NoticeFile) mapping.Date {
	if f.Provisional && f.Date == "" {
		return 0
	}
	if f.Number == "" && !f.Provisional {
		r.fault("$", noNumber, strconv.Itoa(f.Year))
	}
	d, err := mapping.ParseDate(f.Date)
	if err != nil {
		r.fault("$.date", badDate, f.Date)
	}
	return d
}

func (r *reader) days(key string, lines []string, year int) []Special {
	days := make([]Special, 0, len(lines))
	for i, line := range lines {
		path := fmt.Sprintf("$.%s[%d]", key, i)
		day, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		d, err := mapping.ParseDate(day)
		switch {
		case err != nil:
			r.fault(path, badDate, line)
		case !belongs(d, year):
			r.fault(path, outsideYear, d.String(), strconv.Itoa(year))
		case r.seen[d]:
			r.fault(path, dayTwice, d.String())
		case key == "work" && !weekend(d):
			// a notice never has to declare Monday to Friday working: the day is mistyped
			r.fault(path, workOnWeek, d.String())
		default:
			r.seen[d] = true
			days = append(days, Special{Date: d, Name: strings.TrimSpace(name)})
		}
	}
	return days
}

// belongs: a notice orders its own year and may move days of the December before.
func belongs(d mapping.Date, year int) bool {
	return d >= mapping.NewDate(year-1, time.December, 1) && d <= mapping.NewDate(year, time.December, 31)
}

// checkStatutory finds a file cut short: days that the law itself frees must be there, unless an unreadable line hides them.
func (r *reader) checkStatutory(n Notice) {
	if len(r.faults) > 0 {
		return
	}
	first, last := mapping.NewDate(n.Year, time.January, 1), mapping.NewDate(n.Year, time.December, 31)
	for d := first; d <= last; d++ {
		if _, free := statutory(d); free && !r.seen[d] {
			r.fault("$.off", noStatutory, d.String())
		}
	}
}

func weekend(d mapping.Date) bool {
	w := d.Time().Weekday()
	return w == time.Saturday || w == time.Sunday
}

// statutory names the holidays that fall on the same day of every year: 全国年节及纪念日放假办法 art. 2; the second day of
// 劳动节 only as amended in 2024, in force from 2025-01-01.
func statutory(d mapping.Date) (name string, free bool) {
	switch year, month, day := d.Time().Date(); {
	case month == time.January && day == 1:
		return "元旦", true
	case month == time.May && (day == 1 || day == 2 && year >= 2025):
		return "劳动节", true
	case month == time.October && day <= 3:
		return "国庆节", true
	}
	return "", false
}
