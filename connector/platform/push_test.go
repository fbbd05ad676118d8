package platform

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"creditsync/connector"
)

var update = flag.Bool("update", false, "write the golden files")

func dump(r *http.Request) string {
	body, _ := io.ReadAll(r.Body)
	var lines []string
	for name, values := range r.Header {
		lines = append(lines, name+": "+strings.Join(values, ","))
	}
	slices.Sort(lines)
	return fmt.Sprintf("%s %s\n%s\n\n%s\n", r.Method, r.RequestURI, strings.Join(lines, "\n"), body)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s: %s", name, d)
	}
}

func TestRequestsByteForByte(t *testing.T) {
	var got string
	c := connect(t, func(w http.ResponseWriter, r *http.Request) {
		got = dump(r)
		answer(200, `{"code":"0","data":{"receipts":[],"records":[],"items":[],"total":0}}`)(w, r)
	})
	ctx := context.Background()
	if _, err := c.Push(ctx, twoResults()); err != nil {
		t.Fatal(err)
	}
	golden(t, "push.golden", got)
	if _, err := c.Look(ctx, "result", twoResults().Records); err != nil {
		t.Fatal(err)
	}
	golden(t, "look.golden", got)
	if _, err := c.Pull(ctx, "list_abnormal", connector.PageQuery{Number: 2, Size: 100, Since: "2026-12-01 00:00"}); err != nil {
		t.Fatal(err)
	}
	golden(t, "pull.golden", got)
}

func TestReceiptsAreMatchedByID(t *testing.T) {
	ok := func(id string) string { return `{"rowId":"` + id + `","status":"ok","receiptNo":"R"}` }
	refused := `{"message":"日期\n有误 ` + testSecret + `","field":"insDate","errorCode":4220,"status":"rejected","rowId":"JG-1"}`
	tests := []struct {
		name, receipts string
		want           []connector.Receipt
		strangers      int
	}{
		{"in another order", `{"rowId":"结果\"2","status":"ok","receiptNo":7,"more":{"x":[1]}},` + ok("JG-1"),
			[]connector.Receipt{{ID: `结果"2`, OK: true, Number: "7"}, {ID: "JG-1", OK: true, Number: "R"}}, 0},
		{"refused with its words", refused,
			[]connector.Receipt{{ID: "JG-1", Code: "4220", Field: "insDate", Message: "日期 有误 ***"}}, 0},
		{"one missing", ok("JG-1"), []connector.Receipt{{ID: "JG-1", OK: true, Number: "R"}}, 0},
		{"strangers", ok("JG-9") + `,{"status":"ok"},` + ok("JG-1"), []connector.Receipt{{ID: "JG-1", OK: true, Number: "R"}}, 2},
		{"said twice, the same", ok("JG-1") + "," + ok("JG-1"), []connector.Receipt{{ID: "JG-1", OK: true, Number: "R"}}, 0},
		{"said twice, otherwise", ok("JG-1") + "," + refused + "," + ok("JG-1"), nil, 0},
		{"no verdict", `{"rowId":"JG-1"},{"rowId":"结果\"2","status":null}`, nil, 0},
		{"none", ``, nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw := `{"data":{"receipts":[` + tt.receipts + `]},"code":0}`
			got, err := push(t, connect(t, answer(200, raw)))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, slices.Concat([]connector.Receipt(nil), got.Receipts)); d != "" {
				t.Error(d)
			}
			if got.Strangers != tt.strangers || string(got.Raw) != raw || !got.At.Equal(noon()) {
				t.Errorf("strangers %d, at %v, raw %s", got.Strangers, got.At, got.Raw)
			}
		})
	}
}

func TestBadAnswersAreNamed(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		what   string
		sent   connector.Sent
		arg    string
		words  string
	}{
		{"html", 200, "<html><title>系统维护</title>\n</html>", connector.NotJSON, connector.MaybeSent, "application/json", "<html><title>系统维护</title> </html>"},
		{"html not found", 404, "<html></html>", connector.UnknownCode, connector.MaybeSent, "HTTP 404", ""},
		{"empty", 200, "", connector.EmptyAnswer, connector.MaybeSent, "HTTP 200", ""},
		{"blank", 200, " \n", connector.EmptyAnswer, connector.MaybeSent, "HTTP 200", ""},
		{"no content", 204, "", connector.EmptyAnswer, connector.MaybeSent, "HTTP 204", ""},
		{"no code", 200, `{"data":{"receipts":[]}}`, connector.WrongShape, connector.MaybeSent, "$.code", ""},
		{"null", 200, `null`, connector.WrongShape, connector.MaybeSent, "$.code", ""},
		{"list", 200, `[1]`, connector.WrongShape, connector.MaybeSent, "$.code", ""},
		{"rows are a text", 200, `{"code":"0","data":{"receipts":"ok"}}`, connector.WrongShape, connector.MaybeSent, "$.data.receipts", ""},
		{"rows of numbers", 200, `{"code":"0","data":{"receipts":[1,2]}}`, connector.WrongShape, connector.MaybeSent, "$.data.receipts", ""},
		{"rows gone", 200, `{"code":"0","data":[]}`, connector.WrongShape, connector.MaybeSent, "$.data.receipts", ""},
		{"rows null", 200, `{"code":"0","data":{"receipts":null}}`, connector.WrongShape, connector.MaybeSent, "$.data.receipts", ""},
		{"cut off", 200, `{"code":"0","data":{"receipts":[{"rowId":"JG-1","status":"ok"}`, connector.Interrupted, connector.MaybeSent, "", ""},
		{"two values", 200, `{"code":"0","data":{"receipts":[]}}{}`, connector.NotJSON, connector.MaybeSent, "application/json", `{"code":"0","data":{"receipts":[]}}{}`},
		{"invalid UTF-8", 200, "{\"code\":\"0\xff\"}", connector.NotJSON, connector.MaybeSent, "application/json", "{\"code\":\"0?\"}"},
		{"code told twice", 200, `{"code":"0","code":"500"}`, connector.NotJSON, connector.MaybeSent, "application/json", `{"code":"0","code":"500"}`},
		{"unknown code", 200, `{"code":"777","message":"?"}`, connector.UnknownCode, connector.MaybeSent, "777", "?"},
		{"expired", 200, `{"code":"401001","message":"签名过期"}`, connector.Expired, connector.Answered, "401001", "签名过期"},
		{"key refused", 401, `{"code":401003,"message":"bad ` + testSecret + `"}`, connector.Unauthorized, connector.Answered, "401003", "bad ***"},
		{"refused whole", 422, `{"code":"422017","message":"批次有误"}`, connector.Refused, connector.Answered, "422017", "批次有误"},
		{"throttled by status", 429, `slow down`, connector.Throttled, connector.Answered, "HTTP 429", ""},
		{"forbidden by status", 403, ``, connector.Unauthorized, connector.Answered, "HTTP 403", ""},
		{"gateway", 502, "<html>bad gateway</html>", connector.ServerError, connector.MaybeSent, "HTTP 502", ""},
		{"own trouble by code", 200, `{"code":"500","message":"系统繁忙"}`, connector.ServerError, connector.MaybeSent, "500", "系统繁忙"},
		{"ok with a failing status", 500, `{"code":"0","data":{"receipts":[]}}`, connector.ServerError, connector.MaybeSent, "HTTP 500", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := push(t, connect(t, answer(tt.status, tt.body)))
			r := reasonOf(t, err)
			if r.What != tt.what || r.Sent != tt.sent || r.Words != tt.words || tt.arg != "" && r.Args[1] != tt.arg {
				t.Errorf("got %s sent %d args %q words %q", r.What, r.Sent, r.Args, r.Words)
			}
			if want := tt.what != connector.Refused && tt.what != connector.Unauthorized; r.Retry != want {
				t.Errorf("retry is %v", r.Retry)
			}
			if len(got.Receipts) > 0 {
				t.Errorf("receipts beside a failure: %v", got.Receipts)
			}
		})
	}
}

func TestWordsAreCut(t *testing.T) {
	_, err := push(t, connect(t, answer(200, `{"code":"777","message":"`+strings.Repeat("长", 900)+`"}`)))
	if r := reasonOf(t, err); r.Words != strings.Repeat("长", 500) {
		t.Errorf("%d bytes of words", len(r.Words))
	}
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{"7": 7 * time.Second, "-1": 0, "soon": 0, "999999": 24 * time.Hour,
		noon().Add(90 * time.Second).Format(http.TimeFormat): 90 * time.Second} {
		_, err := push(t, connect(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", value)
			answer(503, "")(w, r)
		}))
		if r := reasonOf(t, err); r.RetryAfter != want {
			t.Errorf("%s: %v", value, r.RetryAfter)
		}
	}
}

func TestHugeAnswersAreNotRead(t *testing.T) {
	for name, declared := range map[string]bool{"declared": true, "streamed": false} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, func(w http.ResponseWriter, r *http.Request) {
				if declared {
					w.Header().Set("Content-Length", "300000000")
				}
				chunk := []byte(strings.Repeat(" ", 64<<10))
				for range 64 {
					if _, err := w.Write(chunk); err != nil {
						return
					}
				}
			}, func(p *Profile) { p.Limits.Answer = "1MiB" })
			_, err := push(t, c)
			if r := reasonOf(t, err); r.What != connector.TooLarge || r.Sent != connector.MaybeSent || r.Args[1] != "1MiB" {
				t.Error(r)
			}
		})
	}
}

// cutOff answers with the beginning of an answer and then closes the connection: the far side may have committed.
func TestALostAnswerMayHaveBeenSent(t *testing.T) {
	for name, begin := range map[string]string{"before a byte": "", "within the head": "HTTP/1.1 200 OK\r\nContent-",
		"within the body": "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\":\"0\""} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			c := connect(t, func(w http.ResponseWriter, r *http.Request) {
				calls++
				_, _ = io.Copy(io.Discard, r.Body)
				conn, _, _ := w.(http.Hijacker).Hijack()
				_, _ = io.WriteString(conn, begin)
				conn.Close()
			})
			_, err := push(t, c)
			if r := reasonOf(t, err); r.What != connector.Interrupted || r.Sent != connector.MaybeSent || r.Err == nil {
				t.Error(r)
			}
			if calls != 1 {
				t.Errorf("%d requests: the client repeated one", calls)
			}
		})
	}
}

func TestAnAnswerAfterTheDeadlineMayHaveBeenSent(t *testing.T) {
	for name, head := range map[string]bool{"before the head": false, "within the body": true} {
		t.Run(name, func(t *testing.T) {
			deadline, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
			defer stop()
			c := connect(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if head {
					w.Header().Set("Content-Length", "50")
					w.(http.Flusher).Flush()
				}
				<-r.Context().Done()
			})
			_, err := c.Push(deadline, twoResults())
			if r := reasonOf(t, err); r.What != connector.TimedOut || r.Sent != connector.MaybeSent {
				t.Error(r)
			}
		})
	}
}

func TestTheProfilesOwnTimeoutHoldsWithoutADeadline(t *testing.T) {
	c := connect(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}, func(p *Profile) { p.Limits.SendTimeout = "30ms" })
	_, err := push(t, c)
	if r := reasonOf(t, err); r.What != connector.TimedOut {
		t.Error(r)
	}
}

func TestWhatNeverOpenedIsNotSent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	l.Close()
	untrusted := httptest.NewTLSServer(answer(200, "{}"))
	t.Cleanup(untrusted.Close)
	untrusted.Config.ErrorLog = quietLog()
	plainText := httptest.NewServer(answer(200, "{}"))
	t.Cleanup(plainText.Close)
	tests := map[string]string{
		"refused":             closed,
		"no such host":        "http://platform.invalid",
		"unknown certificate": untrusted.URL,
		"no TLS there":        strings.Replace(plainText.URL, "http:", "https:", 1),
	}
	for name, base := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := push(t, clientOf(t, base, nil))
			if r := reasonOf(t, err); r.What != connector.Unreachable || r.Sent != connector.NotSent || r.Err == nil {
				t.Errorf("%v, sent %d", r, r.Sent)
			}
		})
	}
}

func TestACancelledContextSendsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	called := false
	_, err := connect(t, func(http.ResponseWriter, *http.Request) { called = true }).Push(ctx, twoResults())
	if r := reasonOf(t, err); r.Sent != connector.NotSent || called {
		t.Error(r, called)
	}
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAForeignTransportGetsNoBenefitOfDoubt(t *testing.T) {
	for err, want := range map[error]connector.Sent{
		errors.New("some failure " + testSecret[:3]):                            connector.MaybeSent,
		&net.OpError{Op: "read", Err: errors.New("reset")}:                      connector.MaybeSent,
		&net.OpError{Op: "dial", Err: errors.New("refused")}:                    connector.NotSent,
		fmt.Errorf("wrapped: %w", &net.DNSError{Err: "none", IsNotFound: true}): connector.NotSent,
	} {
		c := clientOf(t, "http://platform", transportFunc(func(*http.Request) (*http.Response, error) { return nil, err }))
		_, got := push(t, c)
		if r := reasonOf(t, got); r.Sent != want {
			t.Errorf("%v: sent %d", err, r.Sent)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	calls := 0
	c := connect(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		http.Redirect(w, r, "/login", http.StatusTemporaryRedirect)
	})
	_, err := push(t, c)
	if r := reasonOf(t, err); r.What != connector.UnknownCode || r.Args[1] != "HTTP 307" || calls != 1 {
		t.Error(r, calls)
	}
}

// Go reads the environment's proxy once for a whole process, so that only the transport itself can tell.
func TestTheEnvironmentsProxyIsIgnored(t *testing.T) {
	tr, err := transport(Profile{}, Options{})
	if err != nil || tr.(*http.Transport).Proxy != nil {
		t.Error("the transport asks for a proxy", err)
	}
}

// A failed request's own error holds its URL, and a query may hold the signature.
func TestNoSignatureStandsInAReason(t *testing.T) {
	c := clientOf(t, "http://127.0.0.1:1", nil, func(p *Profile) {
		sign := *p.Sign
		sign.Query = map[string]string{"sign": "signature"}
		p.Sign = &sign
	})
	_, err := push(t, c)
	if r := reasonOf(t, err); strings.Contains(r.Error(), "sign=") {
		t.Error(r)
	}
}

func TestTheMostSpecificMeaningCounts(t *testing.T) {
	c := clientOf(t, "http://platform", nil, func(p *Profile) {
		p.Answer.Errors = map[string]string{"4*": "refused", "40*": "unauthorized", "401": "expired"}
	})
	for code, want := range map[string]string{"4": connector.Refused, "41": connector.Refused, "40": connector.Unauthorized,
		"4011": connector.Unauthorized, "401": connector.Expired, "5": "", "": ""} {
		if got := c.plan.meaning(code); got != want {
			t.Errorf("%s: %s", code, got)
		}
	}
}

func TestTheProfilesProxyIsUsed(t *testing.T) {
	var seen string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.URL.String()
		answer(200, `{"code":"0","data":{"receipts":[]}}`)(w, r)
	}))
	t.Cleanup(proxy.Close)
	c := clientOf(t, "http://platform.invalid", nil, func(p *Profile) { p.Proxy = proxy.URL })
	if _, err := push(t, c); err != nil || seen != "http://platform.invalid/results/batch" {
		t.Error(err, seen)
	}
}

func TestTheMockIsRecognised(t *testing.T) {
	plain := connect(t, answer(200, `{"code":"0","data":{"receipts":[]}}`))
	_, _ = push(t, plain)
	if plain.IsMock() {
		t.Error("a platform taken for a mock")
	}
	mock := connect(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(MockHeader, "1")
		answer(500, "")(w, r)
	})
	_, _ = push(t, mock)
	if !mock.IsMock() {
		t.Error("the mock was not recognised")
	}
}

func TestAPayloadThatIsNoObjectIsNotSent(t *testing.T) {
	for _, payload := range []string{"", "[]", "{", "null", `{"a":1`} {
		b := twoResults()
		b.Records[1].Payload = []byte(payload)
		_, err := connect(t, answer(200, "")).Push(context.Background(), b)
		if r := reasonOf(t, err); r.Sent != connector.NotSent || r.Retry {
			t.Errorf("%q: %v", payload, r)
		}
	}
}
