package platform

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"creditsync/connector"
)

// signed is what a profile's sign section makes of one pull at the vectors' time.
func signed(t *testing.T, sign, secret string, o func(*Options)) *http.Request {
	t.Helper()
	text := `profile: vectors
base: ${URL}
sign: ` + sign + `
answer: {ok: {at: $.code, is: ["0"]}}
resources:
  list:
    pull: {path: "/sysapi/list?v=2", rows: $.rows, page: {number: page, size: size, max: 10}}
`
	p, faults := ParseProfile("vectors.yaml", []byte(text))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var got *http.Request
	opts := Options{Variables: map[string]string{"URL": "http://platform/api", "SECRET": secret},
		Now: func() time.Time { return time.UnixMilli(1795410000000) }, Nonce: func() string { return "n" },
		Transport: transportFunc(func(r *http.Request) (*http.Response, error) {
			got = r
			return nil, fmt.Errorf("seen")
		})}
	if o != nil {
		o(&opts)
	}
	c, err := New(p, opts)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Pull(t.Context(), "list", connector.PageQuery{})
	_ = reasonOf(t, err)
	return got
}

// The worked vectors of real schemes: the national exchange signs in headers, a provincial gateway in the query.
func TestWorkedSignatureVectors(t *testing.T) {
	exchange := signed(t, `{algorithm: hmac-sha256, secret: "${SECRET}", values: {sid: s_410421000000_0001, rid: rid-baofeng-demo},
  input: [sid, rid, time_ms], output: base64, headers: {gjgxjhpt_rid: rid, gjgxjhpt_sid: sid, gjgxjhpt_rtime: time_ms, gjgxjhpt_sign: signature}}`,
		"demo-appsecret", nil)
	for name, want := range map[string]string{"gjgxjhpt_sign": "VugaBX0kYrh5KLEIMW311Jm6KyVEjXTVvs8dSjGQJHA=",
		"gjgxjhpt_rid": "rid-baofeng-demo", "gjgxjhpt_sid": "s_410421000000_0001", "gjgxjhpt_rtime": "1795410000000"} {
		if got := exchange.Header.Get(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	gateway := signed(t, `{algorithm: md5, key_id: demoKey, secret: "${SECRET}", input: [key_id, secret, time_ms], output: hex,
  query: {appKey: key_id, sign: signature, requestTime: time_ms}}`, "demoSecret", nil)
	want := "http://platform/api/sysapi/list?v=2&page=0&size=10&appKey=demoKey&requestTime=1795410000000&sign=e35f948ec2bd0550c84ff8faf690d472"
	if got := gateway.URL.String(); got != want {
		t.Error(got)
	}
}

func TestEveryTokenAndOutput(t *testing.T) {
	sign := func(input, output string) string {
		return `{algorithm: sha256, key_id: k, secret: "${SECRET}", input: [` + input + `], output: ` + output + `, headers: {S: signature}}`
	}
	tests := []struct{ input, output, want string }{
		// sha256 of: 1795410000|n|GET|/api/sysapi/list?v=2&page=0&size=10|e3b0…b855|lit|k|s, by sha256sum
		{`time_s, "|", nonce, "|", method, "|", path, "|", body_sha256, "|", "'lit'", "|", key_id, "|", secret, body`, "hex", "38faaf26a1d224f3180f8ae7efc9e569173bd577eea548ccec9ffaa8da111efe"},
		{`secret`, "HEX", "043A718774C572BD8A25ADBEB1BFCD5C0256AE11CECF9F9C3F925D0E52BEAF89"},
	}
	for _, tt := range tests {
		if got := signed(t, sign(tt.input, tt.output), "s", nil).Header.Get("S"); got != tt.want {
			t.Errorf("%s: %s", tt.input, got)
		}
	}
}

func TestAlgorithms(t *testing.T) {
	// Of the key "k" over the text "abc", by openssl dgst.
	want := map[string]string{
		"hmac-sha256": "342e519ce0ad6c03a36b98eeb3f1d130db4813b9df4d1160eda488d712dc78ee", "hmac-sha512": "bb9ec7701f7de8a362d775b9bfcb61a474bf8bf69d5dbee0689a4b284bc59a54ffd1cfdc05151759afd97ffd1a255b3849ce775ea4be799a65e6a19ac97e2ade", "hmac-sha1": "f9bef091fe00d9f5128593836dba99e193f08174", "hmac-md5": "75972c9c6569f2f407752ddb02ac79de",
	}
	for name, a := range algorithms() {
		if !a.keyed {
			continue
		}
		got := outputs()["hex"](a.sum([]byte("k"), writeText("abc")))
		if d := cmp.Diff(want[name], got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestAResourcesOwnValuesAreSigned(t *testing.T) {
	values := map[string]string{"sid": "general"}
	p, _ := parsePart("sid", values)
	if got := p(&message{values: map[string]string{"sid": "own"}}) + p(&message{}); got != "owngeneral" {
		t.Error(got)
	}
}

func writeText(s string) func(io.Writer) {
	return func(w io.Writer) { _, _ = io.WriteString(w, s) }
}
