package daemon_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/cmd/creditsync/texts"
	"creditsync/fixtures/mockplatform"
	"creditsync/fixtures/testdb"
	"creditsync/jobs"
	"creditsync/jobs/store"

	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const (
	root       = "../../../"
	items      = "inspection_items"
	objects    = "inspection_objects"
	inspectors = "inspectors"
	results    = "inspection_results"
)

// bureau is a house in front of a registry that others made, and a mock platform in the same process. The clock stands
// until the test moves it.
type bureau struct {
	*testing.T
	clock     time.Time
	house     *daemon.House
	mock      *mockplatform.Server
	published string                    // folder of the county site
	seen      map[string]map[string]int // by stream, see known
}

// open builds a house by the mappings of a folder of fixtures/foreign; nothing else is written for it.
func open(t *testing.T, dsn, mappings string, o daemon.Options) *bureau {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	b := &bureau{T: t, clock: time.Date(2026, 11, 23, 10, 0, 0, 0, zone)}
	now := func() time.Time { return b.clock }
	dir := t.TempDir()
	b.published = filepath.Join(dir, "published")
	o.Site = daemon.Site{Outbox: filepath.Join(dir, "outbox"), Published: b.published}
	b.mock, err = mockplatform.New(mockplatform.Options{Now: now, Key: "baofeng", Secret: "no secret", PublishDelay: 2 * time.Minute,
		Tasks: -1, Abnormal: -1, Serious: -1, SiteOutbox: o.Site.Outbox, SitePublished: b.published,
		After: func(time.Duration, func()) func() { return func() {} }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.ok(b.mock.Close()) })
	o.Store = store.Options{DSN: dsn, Now: now}
	o.Files = func() ([]store.RuleFile, error) { return ruleFiles(root + "fixtures/foreign/" + mappings) }
	o.Profile, o.Mock, o.Transport = "henan-reference", true, b.mock
	o.Variables = map[string]string{"PLATFORM_URL": "http://platform.test", "PLATFORM_KEY": "baofeng", "PLATFORM_SECRET": "no secret"}
	o.Node, o.Spool, o.Now, o.Log = "test", filepath.Join(dir, "spool"), now, slog.New(slog.NewTextHandler(io.Discard, nil))
	b.house, err = daemon.Open(t.Context(), o)
	if err != nil {
		t.Fatal(texts.New("zh").Error(err))
	}
	t.Cleanup(func() { b.ok(b.house.Close()) })
	return b
}

// ruleFiles are the mappings and codes of a folder, with the profile and the holidays of the box.
func ruleFiles(dir string) (all []store.RuleFile, err error) {
	for _, room := range []struct{ dir, glob string }{
		{dir, "mappings/*.yaml"}, {dir, "codes/*.yaml"}, {root + "config", "platforms/henan-reference.yaml"},
		{root + "config", "holidays/202[4567].yaml"},
	} {
		names, err := fs.Glob(os.DirFS(room.dir), room.glob)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			content, err := os.ReadFile(filepath.Join(room.dir, name))
			if err != nil {
				return nil, err
			}
			all = append(all, store.RuleFile{Name: name, Content: content})
		}
	}
	return all, nil
}

func (b *bureau) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(texts.New("zh").Error(err))
	}
}

// deps are the house's, with a clock that moves when a job waits for its turn.
func (b *bureau) deps() jobs.Deps {
	d := b.house.Deps()
	d.Wait = func(_ context.Context, pause time.Duration) error { b.clock = b.clock.Add(pause); return nil }
	return d
}

// carry collects a wave of streams and then delivers and looks until a round changes nothing.
func (b *bureau) carry(streams ...string) {
	b.Helper()
	for _, stream := range streams {
		b.ok(jobs.Collect(b.Context(), b.deps(), stream))
	}
	for before := ""; ; {
		for _, channel := range b.house.Targets(jobs.JobDeliver) {
			b.ok(jobs.Deliver(b.Context(), b.deps(), channel))
		}
		_, err := b.mock.PublishSite()
		b.ok(err)
		b.clock = b.clock.Add(6 * time.Minute)
		for _, channel := range b.house.Targets(jobs.JobProve) {
			b.ok(jobs.Prove(b.Context(), b.deps(), channel))
		}
		now := fmt.Sprint(b.states(items), b.states(objects), b.states(inspectors), b.states(results))
		if now == before {
			return
		}
		before = now
	}
}

// states is the balance of a stream, which has to come out even and to agree with a count of every record.
func (b *bureau) states(stream string) map[store.State]int64 {
	b.Helper()
	db := b.deps().Store
	c, err := db.Records.Balance(b.Context(), stream)
	b.ok(err)
	if d := c.Difference(); d != 0 {
		b.Errorf("%s: the books are off by %d: %+v", stream, d, c)
	}
	scan, err := db.Records.Recount(b.Context(), stream)
	b.ok(err)
	if diff := cmp.Diff(c.States, scan.States); diff != "" {
		b.Errorf("%s: the books and a count of every record differ:\n%s", stream, diff)
	}
	return c.States
}

// exceptions are all of a stream.
func (b *bureau) exceptions(stream string) (all []store.Exception) {
	b.Helper()
	f := store.Filter{Stream: stream, Limit: 1000}
	for {
		page, err := b.deps().Store.Records.Exceptions(b.Context(), f)
		b.ok(err)
		all = append(all, page...)
		if len(page) < f.Limit {
			return all
		}
		f.After = page[len(page)-1].Key
	}
}

// findings are what the reads of a stream told of its source, as "code argument argument".
func (b *bureau) findings(stream string) (all []string) {
	b.Helper()
	events, err := b.deps().Store.Log.Events(b.Context(), store.EventFilter{Stream: stream, Reason: jobs.SourceFinding, Limit: 100})
	b.ok(err)
	for _, e := range events {
		line := fmt.Sprint(e.Detail["code"])
		for _, a := range e.Detail["arguments"].([]any) {
			line += " " + fmt.Sprint(a)
		}
		all = append(all, line)
	}
	slices.Sort(all)
	return all
}

// public counts how often each record of a resource stands before the public: by the mock's own books, and by the
// packages in the county site's published folder.
func (b *bureau) public(resource string) map[string]int {
	b.Helper()
	all := map[string]int{}
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://platform.test/admin/books/records?resource="+resource, nil)
	b.ok(err)
	answer, err := b.mock.RoundTrip(request)
	b.ok(err)
	defer answer.Body.Close()
	for lines := json.NewDecoder(answer.Body); ; {
		var r mockplatform.BookRecord
		if err := lines.Decode(&r); err == io.EOF {
			break
		} else if b.ok(err); r.Published {
			all[r.RowID] += r.Publications
		}
	}
	packages, err := filepath.Glob(filepath.Join(b.published, "*", "data.json"))
	b.ok(err)
	for _, name := range packages {
		b.shown(name, resource, all)
	}
	return all
}

func (b *bureau) shown(name, resource string, all map[string]int) {
	b.Helper()
	content, err := os.ReadFile(name)
	b.ok(err)
	var data struct {
		Resource string
		Records  []struct{ ID string }
	}
	b.ok(json.Unmarshal(content, &data))
	for _, r := range data.Records {
		if data.Resource == resource {
			all[r.ID]++
		}
	}
}

// known is public of a stream's resource, remembered: nothing becomes public any more when it is asked.
func (b *bureau) known(stream string) map[string]int {
	b.Helper()
	if b.seen == nil {
		b.seen = map[string]map[string]int{}
	}
	if b.seen[stream] == nil {
		b.seen[stream] = b.public(resourceOf(stream))
	}
	return b.seen[stream]
}
