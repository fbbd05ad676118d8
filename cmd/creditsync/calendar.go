package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"creditsync/config"
	"creditsync/jobs/deadline"
	"creditsync/jobs/store"
	"creditsync/mapping"

	"github.com/spf13/cobra"
)

func (c *cli) calendarCommand() *cobra.Command {
	v := &cobra.Command{Use: "calendar", Short: c.say.Say("cmd.calendar.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	v.AddCommand(c.calendarShow(), c.calendarDue(), c.calendarLoad(), c.calendarRecheck())
	return v
}

// noticeRow is one year of `calendar show`.
type noticeRow struct {
	Year        int    `json:"year"`
	Notice      string `json:"notice"`
	Issued      string `json:"issued,omitempty"`
	WorkingDays int    `json:"working_days"`
	Provisional bool   `json:"provisional"`
	Source      string `json:"source,omitempty"`
}

func (c *cli) calendarShow() *cobra.Command {
	return &cobra.Command{Use: "show", Short: c.say.Say("cmd.calendar.show.short"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cal, err := c.calendar()
			if err != nil {
				return err
			}
			var rows []noticeRow
			for _, n := range cal.Notices() {
				rows = append(rows, noticeRow{n.Year, n.Number, n.Issued.String(), workingDays(cal, n.Year), n.Provisional, n.Source})
			}
			return c.show(rows, func(w io.Writer) error {
				var cells [][]string
				for _, r := range rows {
					number := r.Notice
					if r.Provisional {
						number = c.say.Say("word.provisional")
					}
					cells = append(cells, []string{strconv.Itoa(r.Year), number, r.Issued, strconv.Itoa(r.WorkingDays)})
				}
				c.grid(w, []column{{title: c.say.Say("word.year")}, {title: c.say.Say("word.notice")},
					{title: c.say.Say("word.issued")}, {title: c.say.Say("word.working_days"), right: true}}, cells)
				return nil
			})
		}}
}

// workingDays counts the working days of a year.
func workingDays(cal *deadline.Calendar, year int) int {
	n := 0
	for d := mapping.NewDate(year, 1, 1); d < mapping.NewDate(year+1, 1, 1); d++ {
		if working, _ := cal.Working(d); working {
			n++
		}
	}
	return n
}

// dueAnswer is what `calendar due` prints as JSON.
type dueAnswer struct {
	Starts      string   `json:"starts"`
	WorkingDays int      `json:"working_days"`
	Due         string   `json:"due"`
	Provisional bool     `json:"provisional"`
	Count       []dayRow `json:"count"`
}

type dayRow struct {
	Date    string `json:"date"`
	Working bool   `json:"working"`
	Name    string `json:"name,omitempty"`
	N       int    `json:"n,omitempty"`
	Known   bool   `json:"known"`
}

func (c *cli) calendarDue() *cobra.Command {
	var days int
	v := &cobra.Command{Use: "due DATE", Short: c.say.Say("cmd.calendar.due.short"), Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			starts, err := mapping.ParseDate(args[0])
			if err != nil || days < 1 {
				return exit{exitUsage, mapping.Fault{What: "cmd.calendar.bad_date", Args: []string{args[0], strconv.Itoa(days)}}}
			}
			cal, err := c.calendar()
			if err != nil {
				return err
			}
			r, count := cal.Count(starts, days)
			if r.Fault != nil {
				return *r.Fault
			}
			a := dueAnswer{Starts: starts.String(), WorkingDays: days, Due: r.Due.String(), Provisional: r.Provisional}
			for _, d := range count {
				a.Count = append(a.Count, dayRow{d.Date.String(), d.Working, d.Name, d.N, d.Known})
			}
			return c.show(a, func(w io.Writer) error { return c.printCount(w, a) })
		}}
	v.Flags().IntVar(&days, "days", deadline.Limits()[0].WorkingDays, c.say.Say("cmd.calendar.due.flag.days"))
	return v
}

// printCount prints a count, a week a line.
func (c *cli) printCount(w io.Writer, a dueAnswer) error {
	key := "cmd.calendar.due.answer"
	if a.Provisional {
		key = "cmd.calendar.due.answer_provisional"
	}
	if _, err := fmt.Fprintln(w, c.say.Say(key, a.Starts, a.WorkingDays, a.Due)); err != nil {
		return err
	}
	var rows [][]string
	for _, d := range a.Count {
		n, note := "", d.Name
		if d.Working {
			n = strconv.Itoa(d.N)
		}
		if !d.Known {
			note = strings.TrimSpace(note + " " + c.say.Say("word.provisional"))
		}
		date, _ := mapping.ParseDate(d.Date)
		rows = append(rows, []string{d.Date, c.say.Say("weekday." + strconv.Itoa(int(date.Time().Weekday()))), n, note})
	}
	c.grid(w, []column{{title: c.say.Say("word.date")}, {title: ""}, {title: c.say.Say("word.nth"), right: true}, {title: ""}}, rows)
	return nil
}

// calendar is that of the configuration, or the one in the box where there is no configuration.
func (c *cli) calendar() (*deadline.Calendar, error) {
	files, err := c.rules()
	if err != nil {
		return nil, err
	}
	return calendarOf(files)
}

// calendarOf builds the calendar from the notices among files.
func calendarOf(files []store.RuleFile) (*deadline.Calendar, error) {
	var notices []deadline.Notice
	var faults mapping.Faults
	for _, f := range files {
		if strings.HasPrefix(f.Name, "holidays/") {
			n, more := deadline.ParseNotice(f.Name, f.Content)
			faults = append(faults, more...)
			notices = append(notices, n)
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return deadline.NewCalendar(notices)
}

// rules are the configuration's rule files, or those in the box where there is no configuration.
func (c *cli) rules() ([]store.RuleFile, error) {
	if !exists(c.config) {
		return readRules(config.Files)
	}
	s, err := c.settings()
	if err != nil {
		return nil, err
	}
	return s.files()
}
