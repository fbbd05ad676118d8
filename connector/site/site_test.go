package site

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"creditsync/connector"
)

func noon() time.Time { return time.Date(2026, 12, 20, 17, 0, 0, 0, time.UTC) } // already the 21st in Beijing

type bureau struct {
	*Channel
	outbox, published string
}

func newBureau(t testing.TB) bureau {
	t.Helper()
	b := bureau{outbox: t.TempDir(), published: t.TempDir()}
	var err error
	b.Channel, err = New(Options{Outbox: b.outbox, Published: b.published, Agency: "示例县自然资源局",
		Basis: "《示例县自然资源局随机抽查工作实施方案》四（八）", Now: noon, Describe: describe})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func describe(string) []Column {
	return []Column{
		{Field: "entname", Label: "检查对象", Heading: true}, {Field: "kind", Label: "对象类别"},
		{Field: "insDate", Label: "检查日期"}, {Field: "inspectors", Label: "检查人员"},
		{Field: "insRes", Label: "检查结果", Codes: map[string]string{"R1": "未发现问题", "R5": "发现问题已责令改正"}},
		{Field: "dom", Label: "地址"}, {Field: "lerep", Hidden: true},
		{Field: "items", Label: "检查事项", Columns: []Column{{Field: "name", Label: "事项"}, {Field: "problem", Label: "发现问题情况"},
			{Field: "done", Label: "是否整改"}}},
	}
}

func (b bureau) push(t *testing.T, batch connector.Batch) (connector.Answer, error) {
	t.Helper()
	return b.Push(t.Context(), batch)
}

// publish is what the person does: the package goes from the outbox to the web site.
func (b bureau) publish(t *testing.T, number, below string) string {
	t.Helper()
	target := filepath.Join(b.published, below, number)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(b.outbox, number), target); err != nil {
		t.Fatal(err)
	}
	return target
}

func sample() connector.Batch {
	return connector.Batch{Resource: "result", Number: "20261221-0007", Records: []connector.Outgoing{
		{ID: "JG-2026-0101", Op: connector.Insert, Payload: []byte(`{"entname":"示例石料矿山（一号采区）","kind":"矿山","insDate":"2026-12-09","inspectors":"检查员甲、检查员乙","insRes":["R5"],"dom":"示例县城关镇示例村东 2 公里","lerep":"某某","penAm":null,"items":[{"name":"矿山地质环境保护与土地复垦","problem":"复垦台账记录不全，已当场责令补正","done":true},{"name":"采矿权人履行义务情况","problem":""}]}`)},
		{ID: "JG-2026-0102", Op: connector.Update, Payload: []byte(`{"entname":"示例镇示例村村民委员会","kind":"村集体","insDate":"2026-12-10","inspectors":"检查员甲、检查员丙","insRes":["R1"],"dom":"示例县示例镇示例村"}`)},
		{ID: "乡镇\x1f0103", Op: connector.Delete, Payload: []byte(`{"entname":"<script>alert(1)</script>","kind":"个人 & \"其他\""}`)},
	}}
}

func reasonOf(t *testing.T, err error) *connector.Reason {
	t.Helper()
	var r *connector.Reason
	if !errors.As(err, &r) || r.Sent != connector.NotSent || r.Place == "" || len(r.Args) == 0 {
		t.Fatalf("no whole reason: %v", err)
	}
	return r
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAPackageIsWhole(t *testing.T) {
	b := newBureau(t)
	answer, err := b.push(t, sample())
	if err != nil {
		t.Fatal(err)
	}
	var want []connector.Receipt
	for _, r := range sample().Records {
		want = append(want, connector.Receipt{ID: r.ID, OK: true, Number: "20261221-0007"})
	}
	if d := cmp.Diff(want, answer.Receipts); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"20261221-0007"}, names(t, b.outbox)); d != "" {
		t.Error(d)
	}
	dir := filepath.Join(b.outbox, "20261221-0007")
	if d := cmp.Diff([]string{"SHA256SUMS", "data.json", "公示.html"}, names(t, dir)); d != "" {
		t.Error(d)
	}
	if data := read(t, dir, dataFile); !strings.Contains(data, string(sample().Records[1].Payload)) {
		t.Errorf("the payload is not as it was: %s", data)
	}
	if !(pack{dir}).intact() {
		t.Error("the sums do not hold")
	}
}

func TestThePageIsForPeople(t *testing.T) {
	b := newBureau(t)
	page, err := b.page(sample())
	if err != nil {
		t.Fatal(err)
	}
	if out := os.Getenv("CREDITSYNC_TEST_PAGE"); out != "" {
		if err := os.WriteFile(out, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"示例县自然资源局", "2026年12月21日", "共 3 条", "示例石料矿山（一号采区）", "发现问题已责令改正", "检查人员",
		"<th>发现问题情况</th>", "<td>是</td>", "更正", "撤回", "&lt;script&gt;alert(1)&lt;/script&gt;", "乡镇 · 0103"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("not on the page: %s", want)
		}
	}
	for _, wrong := range []string{"<script", "某某", "R5", "insDate", "penAm", "http://", "https://"} {
		if strings.Contains(string(page), wrong) {
			t.Errorf("on the page: %s", wrong)
		}
	}
}

func TestTheSameDeliveryIsOnePackage(t *testing.T) {
	b := newBureau(t)
	dir := filepath.Join(b.outbox, sample().Number)
	first, _ := b.push(t, sample())
	page := read(t, dir, pageFile)
	if err := os.MkdirAll(filepath.Join(b.outbox, "."+sample().Number+".123"), 0o755); err != nil {
		t.Fatal(err)
	}
	second, err := b.push(t, sample())
	if d := cmp.Diff(first, second); d != "" || err != nil || read(t, dir, pageFile) != page {
		t.Error(d, err)
	}
	if err := os.WriteFile(filepath.Join(dir, pageFile), []byte("damaged"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := b.push(t, sample()); err != nil || read(t, dir, pageFile) != page {
		t.Error("a damaged package was not renewed", err)
	}
	if d := cmp.Diff([]string{sample().Number}, names(t, b.outbox)); d != "" {
		t.Errorf("left behind: %s", d)
	}
	other := sample()
	other.Records[0].Payload = []byte(`{"entname":"another"}`)
	_, err = b.push(t, other)
	if r := reasonOf(t, err); r.What != PackageDiffers || r.Retry || read(t, dir, pageFile) != page {
		t.Error(r)
	}
}

func TestWhatIsPublishedAlreadyIsNotLaidDownAgain(t *testing.T) {
	b := newBureau(t)
	_, _ = b.push(t, sample())
	b.publish(t, sample().Number, "")
	if _, err := b.push(t, sample()); err != nil || len(names(t, b.outbox)) != 0 {
		t.Error(err, names(t, b.outbox))
	}
}

func TestLook(t *testing.T) {
	b := newBureau(t)
	ask := append(sample().Records, connector.Outgoing{ID: "JG-9", Payload: []byte("{}")})
	look := func() []connector.Sight {
		t.Helper()
		s, err := b.Look(t.Context(), "result", ask)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	_, _ = b.push(t, sample())
	for _, s := range look() {
		if s.Published || s.ID == "" || s.Found != (s.ID != "JG-9") || s.Same != s.Found {
			t.Errorf("in the outbox alone: %v", s)
		}
	}
	dir := b.publish(t, sample().Number, "2026/12")
	seen := look()
	for i, s := range seen[:3] {
		if !s.Found || !s.Same || !s.Published || s.ID != ask[i].ID || string(s.Held) != string(ask[i].Payload) {
			t.Errorf("not seen: %v", s)
		}
	}
	if seen[3].Found {
		t.Error("seen what is not there")
	}
	if s, _ := b.Look(t.Context(), "item", ask); s[0].Found {
		t.Error("seen as another resource")
	}
	ask[0].Payload = []byte(`{"entname":"示例石料矿山（一号采区）","kind":"other"}`)
	if s := look()[0]; !s.Found || s.Same || s.Differing != "kind" {
		t.Errorf("another version: %v", s)
	}
	page := filepath.Join(dir, pageFile)
	if err := os.WriteFile(page, []byte(read(t, page)+" "), 0o644); err != nil {
		t.Fatal(err)
	}
	if s := look()[1]; !s.Found || s.Same || s.Published || s.Differing != sumsFile {
		t.Errorf("a page that was changed: %v", s)
	}
	// A later package with the same record, whole, counts.
	again := sample()
	again.Number = "20261221-0008"
	_, _ = b.push(t, again)
	b.publish(t, again.Number, "")
	if s := look()[1]; !s.Same || !s.Published {
		t.Errorf("a whole package beside a broken one: %v", s)
	}
}

func TestBrokenPackagesProveNothing(t *testing.T) {
	breaks := map[string]func(dir string) error{
		"no sums":    func(dir string) error { return os.Remove(filepath.Join(dir, sumsFile)) },
		"empty sums": func(dir string) error { return os.WriteFile(filepath.Join(dir, sumsFile), nil, 0o644) },
		"no page":    func(dir string) error { return os.Remove(filepath.Join(dir, pageFile)) },
		"sums go outside": func(dir string) error {
			outside := filepath.Join(filepath.Dir(dir), "x")
			if err := os.WriteFile(outside, nil, 0o644); err != nil {
				return err
			}
			sum, err := fileSum(outside)
			return errors.Join(err, appendTo(filepath.Join(dir, sumsFile), sum+"  ../x\n"))
		},
		"data cut":      func(dir string) error { return os.Truncate(filepath.Join(dir, dataFile), 400) },
		"data replaced": func(dir string) error { return os.WriteFile(filepath.Join(dir, dataFile), []byte("[]"), 0o644) },
	}
	for name, damage := range breaks {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t)
			_, _ = b.push(t, sample())
			if err := damage(b.publish(t, sample().Number, "")); err != nil {
				t.Fatal(err)
			}
			sights, err := b.Look(t.Context(), "result", sample().Records)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range sights {
				if s.Same || s.Published {
					t.Errorf("proven by a broken package: %v", s)
				}
			}
		})
	}
}

func appendTo(path, s string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(s)
	return err
}

func TestReasons(t *testing.T) {
	b := newBureau(t)
	for _, number := range []string{"", "..", "../x", "a/b", `a\b`, ".hidden", "a:b", "x\n", "end."} {
		batch := sample()
		batch.Number = number
		_, err := b.push(t, batch)
		if r := reasonOf(t, err); r.What != BadNumber || r.Retry {
			t.Errorf("%q: %v", number, r)
		}
	}
	batch := sample()
	batch.Records[0].Payload = []byte(`[]`)
	_, err := b.push(t, batch)
	if r := reasonOf(t, err); r.What != BadPayload {
		t.Error(r)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = b.Push(ended, sample())
	if r := reasonOf(t, err); r.What != Stopped || len(names(t, b.outbox)) != 0 {
		t.Error(r, names(t, b.outbox))
	}
	if err := os.RemoveAll(b.outbox); err != nil {
		t.Fatal(err)
	}
	_, err = b.push(t, sample())
	if r := reasonOf(t, err); r.What != OutboxFailed || !r.Retry {
		t.Error(r)
	}
	if err := os.RemoveAll(b.published); err != nil {
		t.Fatal(err)
	}
	_, err = b.Look(t.Context(), "result", sample().Records)
	if r := reasonOf(t, err); r.What != PublishedFailed || !r.Retry {
		t.Error("a folder that is gone proves absence:", r)
	}
}

func TestWhatTheJobsAreTold(t *testing.T) {
	b := newBureau(t)
	got, ok := b.Resource("anything")
	want := connector.Resource{MaxRows: 200, CanLook: true, LookRows: 5000, Complete: 24 * time.Hour,
		RepeatIsHarmless: true, SendTimeout: time.Minute}
	if d := cmp.Diff(want, got); d != "" || !ok {
		t.Error(d)
	}
}

// Whatever is published is seen again as the same, by its own id and no other.
func TestPublishedRecordsAreSeenAsTheyWere(t *testing.T) {
	b := newBureau(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Z\p{Han}"\x1f]{1,8}`), 1, 5, rapid.ID).Draw(r, "ids")
		batch := connector.Batch{Resource: fmt.Sprint("r", n), Number: fmt.Sprint("n", n)}
		for _, id := range ids {
			value := rapid.String().Draw(r, "value")
			payload := append(appendText([]byte(`{ "v" : `), value), '}')
			batch.Records = append(batch.Records, connector.Outgoing{ID: id, Op: connector.Insert, Payload: payload})
		}
		if _, err := b.Push(t.Context(), batch); err != nil {
			r.Fatal(err)
		}
		if err := os.Rename(filepath.Join(b.outbox, batch.Number), filepath.Join(b.published, "now")); err != nil {
			r.Fatal(err)
		}
		sights, err := b.Look(t.Context(), batch.Resource, batch.Records)
		if err != nil {
			r.Fatal(err)
		}
		for _, s := range sights {
			if !s.Same || !s.Published {
				r.Fatalf("%+v", s)
			}
		}
		if err := os.RemoveAll(filepath.Join(b.published, "now")); err != nil {
			r.Fatal(err)
		}
	})
}
