package platform

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"creditsync/connector"
)

func TestSights(t *testing.T) {
	held := `{"rowId":"JG-1","published":true,"publishedAt":"2026-12-21","penAm":"0.2","uniscid":"91350100M000100Y43"}`
	other := strings.Replace(held, `"0.2"`, "0.3", 1)
	hidden := strings.Replace(held, "true", "false", 1)
	tests := []struct {
		name, rows string
		want       connector.Sight
	}{
		{"published", held, connector.Sight{Found: true, Copies: 1, Same: true, Published: true, Held: []byte(held)}},
		{"accepted", hidden, connector.Sight{Found: true, Copies: 1, Same: true, Held: []byte(hidden)}},
		{"another version", other, connector.Sight{Found: true, Copies: 1, Published: true, Differing: "penAm", Held: []byte(other)}},
		{"absent", "", connector.Sight{}},
		{"doubled", other + " , " + held + "," + hidden, connector.Sight{Found: true, Copies: 3, Same: true, Published: true, Held: []byte(held)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := connect(t, answer(200, `{"data":{"records":[`+tt.rows+`]},"code":"0","message":""}`))
			got, err := c.Look(t.Context(), "result", twoResults().Records)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.ID = "JG-1"
			if d := cmp.Diff([]connector.Sight{tt.want, {ID: `结果"2`}}, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A value that was cleared is left out of the payload: the platform that still holds it holds the older version.
func TestAClearedFieldIsAnotherVersion(t *testing.T) {
	for held, want := range map[string]string{
		`{"rowId":"JG-1","op":"I","published":true,"publishedAt":"x","uniscid":"91350100M000100Y43","penAm":0.2,"problem":""}`: "",
		`{"rowId":"JG-1","uniscid":"91350100M000100Y43","penAm":0.2,"problem":"old"}`:                                          "problem",
	} {
		c := connect(t, answer(200, `{"code":"0","data":{"records":[`+held+`]}}`))
		got, err := c.Look(t.Context(), "result", twoResults().Records)
		if err != nil || got[0].Differing != want || got[0].Same != (want == "") {
			t.Errorf("%+v %v", got[0], err)
		}
	}
}

func TestWithoutAFlagWhatIsFoundIsPublic(t *testing.T) {
	c := connect(t, answer(200, `{"code":"0","data":{"records":[{"rowId":"JG-1"}]}}`), func(p *Profile) {
		r := p.Resources["result"]
		look := *r.Lookup
		look.Published, look.Compare = nil, []string{"insDate"}
		r.Lookup = &look
		p.Resources["result"] = r
	})
	got, err := c.Look(t.Context(), "result", twoResults().Records)
	if err != nil || !got[0].Published || !got[0].Same || got[1].Published {
		t.Error(got, err)
	}
	if r, _ := c.Resource("result"); !r.SeesPublished {
		t.Error("the jobs do not know")
	}
}

func TestLooksGoInPortions(t *testing.T) {
	var sizes []int
	c := connect(t, func(w http.ResponseWriter, r *http.Request) {
		var body struct{ IDs []string }
		_ = json.NewDecoder(r.Body).Decode(&body)
		sizes = append(sizes, len(body.IDs))
		answer(200, fmt.Sprintf(`{"code":"0","data":{"records":[{"rowId":%q,"published":true}]}}`, body.IDs[0]))(w, r)
	})
	records := make([]connector.Outgoing, 450)
	for i := range records {
		records[i] = connector.Outgoing{ID: fmt.Sprint(i), Payload: []byte("{}")}
	}
	got, err := c.Look(t.Context(), "result", records)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for i, s := range got {
		if s.ID != records[i].ID {
			t.Fatalf("sight %d is of %s", i, s.ID)
		}
		if s.Found {
			found = append(found, s.ID)
		}
	}
	if d := cmp.Diff([]int{200, 200, 50}, sizes) + cmp.Diff([]string{"0", "200", "400"}, found); d != "" {
		t.Error(d)
	}
}

// A look-up that ignores the ids and serves what it likes would make every record look absent, and absent is sent again.
func TestALookUpThatAnswersSomethingElseProvesNothing(t *testing.T) {
	tests := []struct{ body, what string }{
		{`{"code":"0","data":{"records":[{"rowId":"X-1"},{"rowId":"X-2"}]}}`, connector.CountMismatch},
		{`{"code":"0","data":{}}`, connector.WrongShape},
		{`{"code":"0","data":{"records":{}}}`, connector.WrongShape},
		{`{"code":"429001"}`, connector.Throttled},
		{`<html>`, connector.NotJSON},
	}
	for _, tt := range tests {
		got, err := connect(t, answer(200, tt.body)).Look(t.Context(), "result", twoResults().Records)
		if r := reasonOf(t, err); r.What != tt.what || got != nil {
			t.Errorf("%s: %v %v", tt.body, r, got)
		}
	}
}

func TestSameVersion(t *testing.T) {
	tests := []struct {
		name, sent, held, differing string
		compare                     []string
	}{
		{"equal", `{"a":"1"}`, `{"a":"1","more":1}`, "", nil},
		{"text and number", `{"a":"1","b":2,"c":0.20}`, `{"a":1,"b":"2","c":"0.2"}`, "", nil},
		{"a code is no number", `{"a":"007"}`, `{"a":7}`, "a", nil},
		{"two texts are no numbers", `{"a":"1.0"}`, `{"a":"1"}`, "a", nil},
		{"large numbers", `{"a":12345678901234567890.1}`, `{"a":12345678901234567890.2}`, "a", nil},
		{"nothing", `{"a":"","b":null,"c":[]}`, `{"b":" "}`, "", nil},
		{"lost", `{"a":"","b":"x"}`, `{"a":"y"}`, "a", nil},
		{"gone", `{"b":"x"}`, `{}`, "b", nil},
		{"dates", `{"a":"2026-12-21","b":"20261221","c":"2026-12-21"}`, `{"a":"20261221","b":"2026-12-21 00:00:00","c":"2026-12-21T00:00:00+08:00"}`, "", nil},
		{"another day", `{"a":"2026-12-21"}`, `{"a":"2026-12-22 00:00:00"}`, "a", nil},
		{"a time is more than a day", `{"a":"2026-12-21"}`, `{"a":"2026-12-21 10:00:00"}`, "a", nil},
		{"lists in any order", `{"a":["R1","R2"]}`, `{"a":["R2","R1"]}`, "", nil},
		{"lists in any order, the other way", `{"a":["R2","R1"]}`, `{"a":["R1","R2"]}`, "", nil},
		{"a joined list", `{"a":["R1","R2"]}`, `{"a":"R2,R1"}`, "", nil},
		{"another list", `{"a":["R1","R1"]}`, `{"a":["R1","R2"]}`, "a", nil},
		{"a shorter list", `{"a":["R1","R2"]}`, `{"a":["R1"]}`, "a", nil},
		{"rows", `{"a":[{"x":"1"},{"x":"2"}]}`, `{"a":[{"x":1,"id":7},{"x":2,"id":8}]}`, "", nil},
		{"rows changed", `{"a":[{"x":"1"},{"x":"2"}]}`, `{"a":[{"x":1},{"x":3}]}`, "a", nil},
		{"truth", `{"a":true}`, `{"a":"true"}`, "", nil},
		{"blanks", `{"a":" x"}`, `{"a":"x "}`, "", nil},
		{"escapes", `{"a":"\u5b9d"}`, `{"a":"宝"}`, "", nil},
		{"an object", `{"a":{"b":1}}`, `{"a":"b"}`, "a", nil},
		{"only what counts", `{"a":"1","b":"2"}`, `{"a":"1","b":"3"}`, "", []string{"a"}},
		{"what counts differs", `{"a":"1","b":"2"}`, `{"a":"1","b":"3"}`, "b", []string{"a", "b"}},
		{"held is broken", `{"a":"1"}`, `{"a":"1"`, "a", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := differing([]byte(tt.sent), []byte(tt.held), tt.compare); got != tt.differing {
				t.Errorf("differing in %q", got)
			}
		})
	}
}
