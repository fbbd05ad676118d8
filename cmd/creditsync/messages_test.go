package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What stands in the platform's books of the rows that the clerks entered and corrected, message by message.

// message is one accepted record of a result.
type message struct {
	RowID, Op, Problem string
	at                 int64 // when it was accepted, unix ms
}

// messages are the accepted messages of each result, in their order.
func (s stand) messages(books string) map[string][]message {
	s.Helper()
	all := map[string][]message{}
	s.books(books, func(l bookLine) {
		if l.Resource != "result" {
			return
		}
		for _, raw := range l.Raw {
			m := message{at: l.At}
			s.ok(json.Unmarshal(raw, &m))
			all[m.RowID] = append(all[m.RowID], m)
		}
	})
	return all
}

// overtaken says which results do not say at last what the registry says, and which said the same thing twice.
func (o *office) overtaken() string {
	o.Helper()
	var faults []string
	all := o.messages(o.path("mock.books"))
	rows, err := o.books.QueryContext(o.Context(), "SELECT 结果编号, COALESCE(发现问题, '') FROM 检查结果")
	o.ok(err)
	defer rows.Close()
	for rows.Next() {
		var key, problem string
		o.ok(rows.Scan(&key, &problem))
		said := all[key]
		if len(said) == 0 {
			continue // what must be there is the accounts' matter
		}
		if last := said[len(said)-1]; last.Problem != problem {
			faults = append(faults, fmt.Sprintf("%s says %q and the registry %q", key, last.Problem, problem))
		}
		for i := range said[1:] {
			if said[i].Op == said[i+1].Op && said[i].Problem == said[i+1].Problem {
				faults = append(faults, fmt.Sprintf("%s was accepted twice: %v", key, said))
			}
		}
	}
	o.ok(rows.Err())
	slices.Sort(faults)
	return strings.Join(faults, "\n")
}

// late counts the messages that were accepted after the day on which their rows were entered: no deadline that was kept at
// the beginning has passed.
func (s stand) late(books string, day time.Time) (n int) {
	s.Helper()
	midnight := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, day.Location()).UnixMilli()
	for _, said := range s.messages(books) {
		for _, m := range said {
			if m.at >= midnight {
				n++
			}
		}
	}
	return n
}
