package platform

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"creditsync/connector"
)

func rows(n int) string { return strings.TrimSuffix(strings.Repeat(`{"a":1},`, n), ",") }

func TestPages(t *testing.T) {
	noTotal := func(p *Profile) {
		r := p.Resources["task"]
		pull := *r.Pull
		pull.Total = ""
		r.Pull = &pull
		p.Resources["task"] = r
	}
	withTotal := func(*Profile) {}
	tests := []struct {
		name, data string
		number     int
		change     func(*Profile)
		rows       int
		total      int64
		last       bool
		what       string
	}{
		{"first of many", `"total":9,"items":[` + rows(3) + `]`, 0, withTotal, 3, 9, false, ""},
		{"total reached by a full page", `"total":9,"items":[` + rows(3) + `]`, 2, withTotal, 3, 9, true, ""},
		{"total reached by a short page", `"items":[` + rows(1) + `],"total":"7"`, 2, withTotal, 1, 7, true, ""},
		{"nothing", `"total":0,"items":[]`, 0, withTotal, 0, 0, true, ""},
		{"nothing, as null", `"total":0,"items":null`, 0, withTotal, 0, 0, true, ""},
		{"behind the end", `"total":3,"items":[]`, 1, withTotal, 0, 3, true, ""},
		{"short before the total", `"total":9,"items":[` + rows(2) + `]`, 0, withTotal, 0, 0, false, connector.CountMismatch},
		{"empty before the total", `"total":9,"items":[]`, 1, withTotal, 0, 0, false, connector.CountMismatch},
		{"more than the total", `"total":2,"items":[` + rows(3) + `]`, 0, withTotal, 0, 0, false, connector.CountMismatch},
		{"more than asked", `"total":9,"items":[` + rows(4) + `]`, 0, withTotal, 0, 0, false, connector.CountMismatch},
		{"total is a word", `"total":"many","items":[]`, 0, withTotal, 0, 0, false, connector.WrongShape},
		{"no rows", `"total":3`, 0, withTotal, 0, 0, false, connector.WrongShape},
		{"a text in the rows", `"total":1,"items":["x"]`, 0, withTotal, 0, 0, false, connector.WrongShape},
		{"no total, full", `"items":[` + rows(3) + `]`, 4, noTotal, 3, -1, false, ""},
		{"no total, short", `"items":[` + rows(2) + `]`, 4, noTotal, 2, -1, true, ""},
		{"no total, too long", `"items":[` + rows(4) + `]`, 4, noTotal, 0, 0, false, connector.CountMismatch},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := connect(t, answer(200, `{"code":"0","data":{`+tt.data+`}}`), tt.change)
			got, err := c.Pull(t.Context(), "task", connector.PageQuery{Number: tt.number, Size: 3})
			if tt.what != "" {
				if r := reasonOf(t, err); r.What != tt.what || got.Rows != nil {
					t.Error(r, got)
				}
				return
			}
			if err != nil || len(got.Rows) != tt.rows || got.Total != tt.total || got.Last != tt.last {
				t.Errorf("%d rows of %d, last %v: %v", len(got.Rows), got.Total, got.Last, err)
			}
		})
	}
}

func TestRowsAreKeptAsTheyCame(t *testing.T) {
	c := connect(t, answer(200, `{"code":"0","data":{"total":2,"items":[ {"b": 1.0,"a":"\u5b9d"} ,{}]}}`))
	got, err := c.Pull(t.Context(), "task", connector.PageQuery{Size: 10})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][]byte{[]byte(`{"b": 1.0,"a":"\u5b9d"}`), []byte(`{}`)}, got.Rows); d != "" {
		t.Error(d)
	}
}

func TestParametersOfAPage(t *testing.T) {
	paging := func(method string, page Paging) func(*Profile) {
		return func(p *Profile) {
			r := p.Resources["task"]
			pull := *r.Pull
			pull.Method, pull.Page = method, page
			r.Pull = &pull
			p.Resources["task"] = r
		}
	}
	tests := []struct {
		change     func(*Profile)
		q          connector.PageQuery
		query, got string
	}{
		{func(*Profile) {}, connector.PageQuery{Size: 50}, "page=1&size=50", ""},
		{func(*Profile) {}, connector.PageQuery{Number: 1, Size: 99999}, "page=2&size=1000", ""},
		{paging("", Paging{Offset: "from", Size: "n", Max: 100}), connector.PageQuery{Number: 3, Since: "x"}, "from=300&n=100&updatedAfter=x", ""},
		{paging("POST", Paging{Number: "p", Size: "n", Max: 100}), connector.PageQuery{Number: 3, Since: `"`}, "", `{"p":3,"n":100,"updatedAfter":"\""}`},
	}
	for _, tt := range tests {
		c := connect(t, func(w http.ResponseWriter, r *http.Request) {
			body := dump(r)
			body = strings.TrimSpace(body[strings.Index(body, "\n\n"):])
			if r.URL.RawQuery != tt.query || body != tt.got {
				t.Errorf("query %s body %s", r.URL.RawQuery, body)
			}
			answer(200, `{"code":"0","data":{"total":0,"items":[]}}`)(w, r)
		}, tt.change)
		if _, err := c.Pull(t.Context(), "task", tt.q); err != nil && !strings.Contains(err.Error(), connector.CountMismatch) {
			t.Error(err)
		}
	}
}

func TestUnknownResourcesAreRefusedHere(t *testing.T) {
	c := connect(t, func(http.ResponseWriter, *http.Request) { t.Error("a request went out") })
	_, err := c.Pull(t.Context(), "result", connector.PageQuery{})
	_, err2 := c.Look(t.Context(), "task", nil)
	_, err3 := c.Push(t.Context(), connector.Batch{Resource: "nothing"})
	for _, e := range []error{err, err2, err3} {
		if r := reasonOf(t, e); r.Sent != connector.NotSent || r.Retry {
			t.Error(r)
		}
	}
}
