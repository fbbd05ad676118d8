package platform

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"creditsync/connector"
)

// canned answers every request with one body, without a network.
func canned(t testing.TB, body []byte) *Client {
	return clientOf(t, "http://platform", transportFunc(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(body))), Request: r}, nil
	}))
}

// What goes into an envelope comes out of it, whatever the ids and values are.
func TestEnvelopesRoundTrip(t *testing.T) {
	plan := canned(t, nil).plan.resources["object"].push
	text := rapid.StringN(0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 6).Draw(t, "records")
		records, want := make([]connector.Outgoing, n), []map[string]string{}
		for i := range records {
			fields := rapid.MapOf(text.Filter(func(s string) bool { return s != "rowId" && s != "op" }), text).Draw(t, "fields")
			id := text.Draw(t, "id")
			payload, _ := json.Marshal(fields)
			records[i] = connector.Outgoing{ID: id, Op: connector.Update, Payload: payload}
			fields["rowId"], fields["op"] = id, "U"
			want = append(want, fields)
		}
		body, err := plan.envelope(records)
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Records []map[string]string }
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if d := cmp.Diff(want, got.Records); d != "" {
			t.Fatal(d)
		}
	})
}

// Whatever an answer holds, a receipt is given at most once for each record sent and for no other, and a failure is
// always a reason.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"code":"0","data":{"receipts":[{"rowId":"JG-1","status":"ok"}]}}`, `{"code":0,"data":{"receipts":null}}`,
		`<html>`, ``, `[`, `{"\u0063ode":"0","data":{"receipts":[{},[],{"rowId":"JG-1"},{"rowId":"JG-1","status":"x"}]}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c := canned(t, body)
		answer, err := c.Push(t.Context(), twoResults())
		if err != nil {
			reasonOf(t, err)
		}
		seen := map[string]bool{"JG-1": false, `结果"2`: false}
		for _, r := range answer.Receipts {
			if done, sent := seen[r.ID]; done || !sent {
				t.Fatalf("%q: receipt of %q", body, r.ID)
			}
			seen[r.ID] = true
		}
		sights, err := c.Look(t.Context(), "result", twoResults().Records)
		if err != nil {
			reasonOf(t, err)
		} else if len(sights) != 2 {
			t.Fatalf("%d sights", len(sights))
		}
		if _, err := c.Pull(t.Context(), "task", connector.PageQuery{Size: 2}); err != nil {
			reasonOf(t, err)
		}
	})
}

// BenchmarkPush is the whole client's work on a batch of 1000 records of 600 bytes: envelope, signature, HTTP request,
// receipts.
func BenchmarkPush(b *testing.B) {
	var receipts, fields strings.Builder
	for i := range 14 {
		fmt.Fprintf(&fields, `,"field%d":"抽查检查结果数据 %d"`, i, i)
	}
	batch := connector.Batch{Resource: "result"}
	for i := range 1000 {
		payload := fmt.Sprintf(`{"uniscid":"91350100M000100Y43","n":%d%s}`, i, fields.String())
		batch.Records = append(batch.Records, connector.Outgoing{ID: fmt.Sprintf("JG-2026-%06d", i), Op: connector.Insert, Payload: []byte(payload)})
		fmt.Fprintf(&receipts, `,{"rowId":"JG-2026-%06d","status":"ok","receiptNo":"R%012d","errorCode":"","field":"","message":""}`, i, i)
	}
	c := canned(b, []byte(`{"code":"0","message":"","data":{"receipts":[`+receipts.String()[1:]+`]}}`))
	b.ReportMetric(float64(len(batch.Records[0].Payload)), "bytes/record")
	b.ReportAllocs()
	for b.Loop() {
		if a, err := c.Push(b.Context(), batch); err != nil || len(a.Receipts) != 1000 {
			b.Fatal(err, len(a.Receipts))
		}
	}
}

// BenchmarkLook compares 200 records with what the platform holds.
func BenchmarkLook(b *testing.B) {
	var rows strings.Builder
	var records []connector.Outgoing
	for i := range 200 {
		payload := fmt.Sprintf(`{"uniscid":"91350100M000100Y43","insDate":"2026-12-21","insRes":["R1"],"n":%d,"address":"河南省平顶山市宝丰县"}`, i)
		records = append(records, connector.Outgoing{ID: fmt.Sprint(i), Payload: []byte(payload)})
		fmt.Fprintf(&rows, `,{"rowId":"%d","published":true,"publishedAt":"2026-12-21",%s`, i, payload[1:])
	}
	c := canned(b, []byte(`{"code":"0","data":{"records":[`+rows.String()[1:]+`]}}`))
	b.ReportAllocs()
	for b.Loop() {
		if s, err := c.Look(b.Context(), "result", records); err != nil || !s[199].Same {
			b.Fatal(err)
		}
	}
}
