package deadline_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"creditsync/jobs/deadline"
	"creditsync/mapping"
)

// reference is testdata/holidays.json: the five notices as transcribed and compared by program with two data sets.
type reference struct {
	Years map[string]struct {
		Number string            `json:"notice_number"`
		Date   string            `json:"notice_date"`
		Off    []string          `json:"days_off"`
		Work   []string          `json:"makeup_workdays"`
		Floor  []string          `json:"statutory_floor_days_off"`
		Names  map[string]string `json:"names"`
	} `json:"years"`
	Vectors []struct {
		Start       string `json:"result_date"`
		Due         string `json:"due"`
		Note        string `json:"note"`
		Provisional bool   `json:"provisional"`
		Naive       string `json:"naive_mon_fri_due"`
	} `json:"deadline_vectors_20_working_days"`
	PerYear map[string]int `json:"workdays_per_year"`
}

func readReference(t *testing.T) reference {
	t.Helper()
	b, err := os.ReadFile("testdata/holidays.json")
	if err != nil {
		t.Fatal(err)
	}
	var r reference
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func day(t *testing.T, s string) mapping.Date {
	t.Helper()
	d, err := mapping.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// shipped are the notices as config/holidays ships them.
func shipped(t *testing.T) []deadline.Notice {
	t.Helper()
	files, err := filepath.Glob("../../config/holidays/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("config/holidays: %d files, %v", len(files), err)
	}
	var notices []deadline.Notice
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n, faults := deadline.ParseNotice(f, b)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		notices = append(notices, n)
	}
	return notices
}

func calendar(t *testing.T, notices ...deadline.Notice) *deadline.Calendar {
	t.Helper()
	c, err := deadline.NewCalendar(notices)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestShippedCalendarsSayWhatTheNoticesSay(t *testing.T) {
	ref := readReference(t)
	for _, n := range shipped(t) {
		want := ref.Years[strconv.Itoa(n.Year)]
		if n.Number != want.Number || n.Issued.String() != want.Date {
			t.Errorf("%d: notice %s of %s, want %s of %s", n.Year, n.Number, n.Issued, want.Number, want.Date)
		}
		if n.Provisional != (want.Number == "") {
			t.Errorf("%d: provisional %t", n.Year, n.Provisional)
		}
		if diff := cmp.Diff(append(want.Off, want.Floor...), dates(n.Off)); diff != "" {
			t.Errorf("%d off (-want +got):\n%s", n.Year, diff)
		}
		if diff := cmp.Diff(append([]string{}, want.Work...), dates(n.Work)); diff != "" {
			t.Errorf("%d work (-want +got):\n%s", n.Year, diff)
		}
		for _, s := range n.Off {
			if name, given := want.Names[s.Date.String()]; given && s.Name != name {
				t.Errorf("%s is called %q, want %q", s.Date, s.Name, name)
			}
		}
	}
}

func dates(list []deadline.Special) []string {
	days := make([]string, len(list))
	for i, s := range list {
		days[i] = s.Date.String()
	}
	return days
}

func TestVectors(t *testing.T) {
	c := calendar(t, shipped(t)...)
	ref := readReference(t)
	if len(ref.Vectors) < 6 {
		t.Fatalf("only %d vectors", len(ref.Vectors))
	}
	for _, v := range ref.Vectors {
		t.Run(v.Start, func(t *testing.T) {
			got, days := c.Count(day(t, v.Start), 20)
			if got.Due.String() != v.Due || got.Provisional != v.Provisional || got.Fault != nil {
				t.Errorf("got %s provisional %t fault %v, want %s provisional %t (%s; Monday to Friday alone gives %s)",
					got.Due, got.Provisional, got.Fault, v.Due, v.Provisional, v.Note, v.Naive)
			}
			if last := days[len(days)-1]; last.N != 20 || last.Date != got.Due || !last.Working {
				t.Errorf("the count ends with %+v", last)
			}
		})
	}
}

func TestWorkingDaysPerYear(t *testing.T) {
	c := calendar(t, shipped(t)...)
	for year, want := range readReference(t).PerYear {
		y, got := day(t, year+"-01-01"), 0
		for d := y; d.Time().Year() == y.Time().Year(); d++ {
			if working, _ := c.Working(d); working {
				got++
			}
		}
		if got != want {
			t.Errorf("%s: %d working days, want %d", year, got, want)
		}
	}
}

func TestLastDaysOfTheLastYearAreSoft(t *testing.T) {
	all := shipped(t)
	published := slices.DeleteFunc(slices.Clone(all), func(n deadline.Notice) bool { return n.Provisional })
	next := deadline.Notice{Year: 2027, Number: "国办发明电〔2026〕0号", Off: []deadline.Special{{Date: day(t, "2026-12-31"), Name: "元旦"}, {Date: day(t, "2027-01-01"), Name: "元旦"}}}
	for _, v := range []struct {
		name, start, due string
		notices          []deadline.Notice
		provisional      bool
	}{
		{"due on 25 December is firm", "2026-11-27", "2026-12-25", all, false},
		{"due on 28 December may move", "2026-11-30", "2026-12-28", all, true},
		{"the last one due this year", "2026-12-03", "2026-12-31", all, true},
		{"no file at all: the law's fixed days still count", "2026-12-04", "2027-01-04", published, true},
		{"far beyond every file", "2030-04-30", "2030-05-30", published, true},
		{"the next notice moves the day before its year", "2026-12-03", "2027-01-04", append(slices.Clone(all), next), false},
		{"and makes the soft days firm", "2026-11-30", "2026-12-28", append(slices.Clone(all), next), false},
	} {
		t.Run(v.name, func(t *testing.T) {
			got := calendar(t, v.notices...).Due(day(t, v.start), 20)
			if got.Due.String() != v.due || got.Provisional != v.provisional {
				t.Errorf("got %s provisional %t, want %s provisional %t", got.Due, got.Provisional, v.due, v.provisional)
			}
		})
	}
}

func TestStartBeforeTheFirstNoticeIsAFault(t *testing.T) {
	c := calendar(t, shipped(t)...)
	got := c.Due(day(t, "2021-12-31"), 20)
	want := &mapping.Fault{What: "calendar.uncovered", Args: []string{"2021-12-31", "2022-01-01"}}
	if diff := cmp.Diff(want, got.Fault); diff != "" {
		t.Errorf("fault (-want +got):\n%s", diff)
	}
	if f := c.Due(day(t, "2022-01-01"), 20).Fault; f != nil {
		t.Errorf("the first covered day: %v", f)
	}
}

func TestCountNamesItsDays(t *testing.T) {
	_, got := calendar(t, shipped(t)...).Count(day(t, "2026-09-18"), 3)
	want := []deadline.Day{
		{Date: day(t, "2026-09-19"), Known: true},
		{Date: day(t, "2026-09-20"), Known: true, Working: true, Name: "国庆节调休", N: 1},
		{Date: day(t, "2026-09-21"), Known: true, Working: true, N: 2},
		{Date: day(t, "2026-09-22"), Known: true, Working: true, N: 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
}

func TestLeft(t *testing.T) {
	c := calendar(t, shipped(t)...)
	for _, v := range []struct {
		today, due string
		want       int
	}{
		{"2026-12-21", "2026-12-21", 0},
		{"2026-12-18", "2026-12-21", 1},
		{"2026-12-19", "2026-12-21", 1}, // Saturday: Monday is still to come
		{"2026-12-19", "2026-12-20", 0}, // only free days left
		{"2026-09-30", "2026-10-08", 1},
		{"2026-12-19", "2026-12-18", -1}, // a weekend does not heal what is overdue
		{"2026-12-21", "2026-12-18", -1},
		{"2026-12-22", "2026-12-18", -2},
	} {
		if got := c.Left(day(t, v.today), day(t, v.due)); got != v.want {
			t.Errorf("on %s, due %s: %d, want %d", v.today, v.due, got, v.want)
		}
	}
}

func TestNewCalendarRefuses(t *testing.T) {
	n := func(year int, provisional bool) deadline.Notice {
		return deadline.Notice{Year: year, Number: strconv.Itoa(year), Provisional: provisional}
	}
	for _, v := range []struct {
		name    string
		notices []deadline.Notice
		want    []string
	}{
		{"nothing", nil, []string{"calendar.empty"}},
		{"guesses alone", []deadline.Notice{n(2027, true)}, []string{"calendar.only_provisional 2027"}},
		{"a year twice", []deadline.Notice{n(2025, false), n(2025, false)}, []string{"calendar.year_twice 2025 2025 2025"}},
		{"a year left out", []deadline.Notice{n(2026, false), n(2024, false)}, []string{"calendar.gap 2025 2026"}},
		{"a guess between two notices", []deadline.Notice{n(2024, false), n(2025, true), n(2026, false)}, []string{"calendar.gap 2025 2026"}},
		{"both at once", []deadline.Notice{n(2022, false), n(2022, false), n(2024, false)}, []string{"calendar.year_twice 2022 2022 2022", "calendar.gap 2023 2024"}},
		{"a notice beside the guess it replaces", []deadline.Notice{n(2026, false), n(2027, true), n(2027, false)}, nil},
	} {
		t.Run(v.name, func(t *testing.T) {
			_, err := deadline.NewCalendar(v.notices)
			var faults mapping.Faults
			errors.As(err, &faults)
			if diff := cmp.Diff(v.want, listing(faults)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func listing(faults mapping.Faults) []string {
	var lines []string
	for _, f := range faults {
		line := f.What
		if f.Line > 0 {
			line = strconv.Itoa(f.Line) + ":" + strconv.Itoa(f.Col) + " " + line
		}
		for _, a := range f.Args {
			line += " " + a
		}
		lines = append(lines, line)
	}
	return lines
}

func TestParseNoticeReportsEveryFault(t *testing.T) {
	const head = "year: 2026\nnotice: 国办发明电〔2025〕7号\ndate: 2025-11-04\n"
	const statutory = "  - 2026-01-01 元旦\n  - 2026-05-01 劳动节\n  - 2026-05-02\n  - 2026-10-01\n  - 2026-10-02\n  - 2026-10-03\n"
	for _, v := range []struct {
		name, text string
		want       []string
	}{
		{"good", head + "off:\n" + statutory, nil},
		{"no number", "year: 2026\ndate: 2025-11-04\noff:\n" + statutory, []string{"1:1 calendar.no_notice_number 2026"}},
		{"no date", "year: 2026\nnotice: x\noff:\n" + statutory, []string{"1:1 calendar.bad_date "}},
		{"not a year", "year: 26\noff: [a]\n", []string{"1:7 calendar.bad_year 26"}},
		{"unknown key", head + "of: []\noff:\n" + statutory, []string{"4:1 file.unknown_key of off year notice date source provisional off work"}},
		{
			"every bad line", head + "off:\n  - 2026-02-30 春节\n  - 2027-01-01 元旦\n  - 2025-11-30\n  - 2026-03-07\n  - 2026-03-07\nwork:\n  - 2026-03-07\n  - 2026-03-09\n",
			[]string{
				"5:5 calendar.bad_date 2026-02-30 春节", "6:5 calendar.outside_year 2027-01-01 2026", "7:5 calendar.outside_year 2025-11-30 2026",
				"9:5 calendar.day_twice 2026-03-07", "11:5 calendar.day_twice 2026-03-07", "12:5 calendar.work_on_weekday 2026-03-09",
			},
		},
		{
			"cut short", head + "off:\n  - 2026-01-01 元旦\n  - 2026-05-01\n  - 2026-05-02\n  - 2026-10-01\n  - 2026-10-02\n",
			[]string{"5:3 calendar.missing_statutory 2026-10-03"},
		},
		{"a guess needs neither number nor date", "year: 2026\nprovisional: true\noff:\n" + statutory, nil},
		{"December before", head + "off:\n  - 2025-12-31 元旦\n" + statutory, nil},
	} {
		t.Run(v.name, func(t *testing.T) {
			_, faults := deadline.ParseNotice("2026.yaml", []byte(v.text))
			if diff := cmp.Diff(v.want, listing(faults)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHashIsOfTheMeaning(t *testing.T) {
	all := shipped(t)
	reversed := slices.Clone(all)
	slices.Reverse(reversed)
	want := calendar(t, all...).Hash()
	if got := calendar(t, reversed...).Hash(); got != want {
		t.Error("the order of the files changes the hash")
	}
	changed := slices.Clone(all)
	changed[0].Off = changed[0].Off[1:]
	if got := calendar(t, changed...).Hash(); got == want {
		t.Error("a day taken away does not change the hash")
	}
}

func TestLimits(t *testing.T) {
	on := mapping.NewDate(2026, time.December, 21)
	if f := deadline.CheckLimit("inspection_results", 20, on); f != nil {
		t.Errorf("the legal limit itself: %v", f)
	}
	f := deadline.CheckLimit("inspection_results", 21, on)
	if f == nil || f.What != "calendar.limit_too_long" || f.Args[2] != "全面推行“双随机一公开”监管工作实施方案 四（八）" {
		t.Errorf("looser than the law: %v", f)
	}
	if f := deadline.CheckLimit("inspectors", 99, on); f != nil {
		t.Errorf("a stream without a legal limit: %v", f)
	}
	if f := deadline.CheckLimit("inspection_results", 99, mapping.NewDate(2021, time.May, 1)); f != nil {
		t.Errorf("before the rule was in force: %v", f)
	}
}
