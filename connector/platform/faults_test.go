package platform

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"creditsync/connector"
)

const faulty = `profile: x
base: ftp://platform
sign:
  algorithm: hmac-sm9
  secret: plain-text-secret
  input: [key_id, tiem_ms, signature]
  output: base65
  headers: {X-Key: key_id, X-Secret: secret}
answer:
  ok: {at: code, is: ["0"]}
  message: $.message[0]
  errors: {"4*1": refused, "500": wurst}
limits:
  rate: 20 per second
  in_flight: -1
  daily: -5
  send_timeout: 60
  answer: 32 Gigabyte
  quiet:
    - {days: mon-fry, from: "07:00", to: "09:00"}
    - {days: 周一至周五, from: "25:00", to: "09:00"}
    - {days: daily, from: "07:00", to: "07:00"}
resources:
  a:
    push: {path: results, rows: $.records, max: 0, id: $.rowId, operation: a.b, operations: {X: insert}}
  b:
    push: {path: /b, rows: $.records, max: 5, id: rowId, operation: rowId}
    receipt: {rows: data, id: "row Id", ok: {at: status, is: [ok]}}
    lookup: {path: /b, ids: $.ids, rows: $.rows, by: rowId, sees: accepted, published: {at: p, is: ["1"]}, complete_after: soon}
    values: {sid: x}
  c:
    pull: {path: /c, method: DELETE, rows: $.rows, page: {number: page, offset: from, size: size, max: -1}}
  d: {}
`

func TestEveryFaultOfAProfileIsReportedAtItsPlace(t *testing.T) {
	_, faults := ParseProfile("x.yaml", []byte(faulty))
	var got []string
	for _, f := range faults {
		if f.File != "x.yaml" || f.Line == 0 || f.Col == 0 {
			t.Errorf("no place: %v", f)
		}
		if strings.Contains(f.Error(), "plain-text-secret") {
			t.Errorf("the secret stands in %v", f)
		}
		got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.What, f.Args[0]))
	}
	want := []string{
		"2 profile.bad_base base", "4 profile.not_one_of algorithm", "5 profile.secret_in_file secret",
		"6 profile.unknown_token input[1]", "6 profile.signs_itself input[2]", "7 profile.not_one_of output",
		"8 profile.signature_unset headers", "8 profile.secret_exposed X-Secret",
		"10 profile.bad_place at", "11 profile.bad_place message", "12 profile.bad_pattern 4*1", "12 profile.not_one_of 500",
		"14 profile.bad_rate rate", "15 profile.negative in_flight", "16 profile.negative daily",
		"17 profile.bad_duration send_timeout", "18 profile.bad_size answer",
		"20 profile.bad_quiet days", "21 profile.bad_quiet from", "22 profile.bad_quiet to",
		"25 profile.unpaired push", "25 profile.bad_path path", "25 profile.not_positive max", "25 profile.bad_field id",
		"25 profile.bad_field operation", "25 profile.not_one_of X",
		"27 profile.same_field operation", "28 profile.bad_place rows", "28 profile.bad_field id",
		"29 profile.loose_flag published", "29 profile.bad_duration complete_after", "30 profile.unknown_value sid",
		"32 profile.not_one_of method", "32 profile.paging_style page", "32 profile.not_positive max",
		"33 profile.resource_empty d",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestMissingKeysAreToldOnce(t *testing.T) {
	_, faults := ParseProfile("x.yaml", []byte("profile: x\nbase: http://a\nanswer:\n  ok: {is: [\"0\"]}\nresources:\n  a:\n    push: {path: /a, id: id}\n"))
	seen := map[string]int{}
	for _, f := range faults {
		seen[f.Field+" "+strings.Join(f.Args, " ")]++
		if f.What != missingKey && f.What != faultUnpaired {
			t.Errorf("told twice: %v", f)
		}
	}
	if len(faults) != 4 || len(seen) != 4 {
		t.Errorf("want at, rows, max and receipt, got %v", faults)
	}
}

func TestQuietWindows(t *testing.T) {
	h := time.Hour
	tests := []struct {
		q    Quiet
		want []connector.Window
	}{
		{Quiet{"mon", "07:00", "09:30"}, []connector.Window{{Days: [7]bool{1: true}, From: 7 * h, To: 9*h + h/2}}},
		{Quiet{"周六、周日", "00:00", "24:00"}, []connector.Window{{Days: [7]bool{0: true, 6: true}, To: 24 * h}}},
		{Quiet{"fri-mon", "01：00", "2:00"}, []connector.Window{{Days: [7]bool{0: true, 1: true, 5: true, 6: true}, From: h, To: 2 * h}}},
		{Quiet{"星期六", "23:50", "06:00"}, []connector.Window{
			{Days: [7]bool{6: true}, From: 23*h + 50*time.Minute, To: 24 * h}, {Days: [7]bool{0: true}, To: 6 * h}}},
	}
	for _, tt := range tests {
		got, wrong := parseWindow(tt.q)
		if d := cmp.Diff(tt.want, got); d != "" || wrong != "" {
			t.Errorf("%v: %s %s", tt.q, wrong, d)
		}
	}
}

func TestRatesAndSizes(t *testing.T) {
	for s, want := range map[string]float64{"20/s": 20, "200/60s": 200.0 / 60, "5/m": 5.0 / 60, "0/s": 0, "5": 0, "x/s": 0, "5/0s": 0} {
		if got, ok := parseRate(s); got != want || ok != (want > 0) {
			t.Errorf("%s: %v %v", s, got, ok)
		}
	}
	for s, want := range map[string]int64{"10": 10, "2KiB": 2048, "32MiB": 32 << 20, "-1": 0, "9223372036854775807MiB": 0, "": 0} {
		if got, ok := parseBytes(s); ok != (want > 0) || ok && got != want {
			t.Errorf("%s: %v %v", s, got, ok)
		}
	}
}
