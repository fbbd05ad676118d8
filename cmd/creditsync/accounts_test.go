package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/lib/pq" // the store on PostgreSQL
)

// The demo's balance is held to the registries, to our tables, to the platform's books and to the county's site, each read
// with none of our packages.

func TestAccountsOfTheDemo(t *testing.T) {
	onEachStore(t, func(s stand) {
		if out, err := s.demo("--once").CombinedOutput(); err != nil {
			s.Errorf("demo: %v\n%s", err, out) // the accounts say what is wrong
		}
		fates := s.fates()
		s.checkWorld(fates)
		s.checkBalance(fates)
		s.checkPulled()
		if diff := s.differences(fates, s.store(), s.path("mock.books")); diff != "" {
			s.Errorf("the registries (-) and what became of them (+):\n%s", diff)
		}
		s.checkTampering(fates)
	})
}

// standing is where one row stands: in our tables, and how often before the public.
type standing struct {
	State, Channel string
	Platform, Site int  // times published
	Early          bool // called proven before it was public
}

// differences says where what must have become of the rows and what became of them part.
func (s stand) differences(fates map[rowID]string, db queryer, books string) string {
	s.Helper()
	want := map[rowID]standing{}
	for row, fate := range fates {
		switch fate {
		case fateExcluded:
		case fatePlatform:
			want[row] = standing{State: "proven", Channel: "henan-reference", Platform: 1}
		case fateSite:
			want[row] = standing{State: "proven", Channel: "site", Site: 1}
		default:
			want[row] = standing{State: fate}
		}
	}
	return cmp.Diff(want, s.standings(db, books))
}

// queryer is a database, or a transaction that will be rolled back.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// store opens our own tables.
func (s stand) store() *sql.DB {
	s.Helper()
	driver, dsn := "sqlite", s.path("data", "creditsync.db")
	if s.postgres != "" {
		driver, dsn = "postgres", s.postgres
	}
	db, err := sql.Open(driver, dsn)
	s.ok(err)
	s.Cleanup(func() { _ = db.Close() }) // it may have crashed meanwhile
	return db
}

func (s stand) standings(db queryer, books string) map[rowID]standing {
	s.Helper()
	held, onSite := s.held(books), s.onSite()
	all := map[rowID]standing{}
	rows, err := db.QueryContext(s.Context(), `SELECT s.name, r.key, COALESCE(e.state, d.state, ''),
		CASE WHEN e.state IS NULL THEN COALESCE(d.channel, '') ELSE '' END, COALESCE(d.proven_at, 0)
		FROM records r JOIN streams s ON s.id = r.stream LEFT JOIN deliveries d ON d.id = r.delivery
		LEFT JOIN exceptions e ON e.stream = r.stream AND e.key = r.key`)
	s.ok(err)
	defer rows.Close()
	for rows.Next() {
		var row rowID
		var st standing
		var proven int64
		s.ok(rows.Scan(&row.Stream, &row.Key, &st.State, &st.Channel, &proven))
		st.Early = proven > 0 && held[row].public > proven
		all[row] = st
	}
	s.ok(rows.Err())
	for row, b := range held {
		st := all[row]
		st.Platform = b.publications
		all[row] = st
	}
	for row, n := range onSite {
		st := all[row]
		st.Site = n
		all[row] = st
	}
	return all
}

// booked is what the platform's books say of one record.
type booked struct {
	publications int
	public       int64 // since when, unix ms
}

// bookLine is what the tests need of one line of the books.
type bookLine struct {
	Resource     string
	At, PublicAt int64
	Raw          []json.RawMessage `json:"records"`
	Draw         *struct{ Objects, Inspectors []json.RawMessage }
}

func (s stand) books(name string, each func(l bookLine)) {
	s.Helper()
	f, err := os.Open(name)
	s.ok(err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var l bookLine
		s.ok(json.Unmarshal(lines.Bytes(), &l))
		each(l)
	}
	s.ok(lines.Err())
}

// held counts how often each record stands before the public. Every insert of a result does; of the others, the platform
// says that the same number twice is one record.
func (s stand) held(books string) map[rowID]booked {
	s.Helper()
	streams := map[string]string{"item": "inspection_items", "object": "inspection_objects", "inspector": "inspectors", "result": "inspection_results"}
	all := map[rowID]booked{}
	s.books(books, func(l bookLine) {
		for _, raw := range l.Raw {
			var r struct{ RowID, Op string }
			s.ok(json.Unmarshal(raw, &r))
			row := rowID{streams[l.Resource], r.RowID}
			b := all[row]
			switch {
			case r.Op == "D":
				b = booked{}
			case b.publications == 0:
				b = booked{1, l.PublicAt}
			case r.Op == "I" && l.Resource == "result":
				b.publications++
			}
			all[row] = b
		}
	})
	return all
}

// onSite counts in how many packages of the county's site each result stands, and recomputes every checksum.
func (s stand) onSite() map[rowID]int {
	s.Helper()
	all := map[rowID]int{}
	published := os.DirFS(s.path("公示包", "已公示"))
	names, err := fs.Glob(published, "*/data.json")
	s.ok(err)
	for _, name := range names {
		s.checkSums(published, path.Dir(name))
		b, err := fs.ReadFile(published, name)
		s.ok(err)
		var data struct{ Records []struct{ ID string } }
		s.ok(json.Unmarshal(b, &data))
		for _, r := range data.Records {
			all[rowID{"inspection_results", r.ID}]++
		}
	}
	return all
}

func (s stand) checkSums(published fs.FS, pack string) {
	s.Helper()
	sums, err := fs.ReadFile(published, pack+"/SHA256SUMS")
	s.ok(err)
	want, got := map[string]string{}, map[string]string{}
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		want[name] = sum
	}
	files, err := fs.ReadDir(published, pack)
	s.ok(err)
	for _, f := range files {
		if f.Name() == "SHA256SUMS" {
			continue
		}
		b, err := fs.ReadFile(published, pack+"/"+f.Name())
		s.ok(err)
		sum := sha256.Sum256(b)
		got[f.Name()] = hex.EncodeToString(sum[:])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("package %s: SHA256SUMS (-) and the files (+):\n%s", pack, diff)
	}
}

// streamBalance is what the tests need of a stream's balance.
type streamBalance struct {
	Stream             string
	Source, Difference int64
	Unread             int64
	States             map[string]int64
}

// statusAnswer is what the tests need of `status --json`.
type statusAnswer struct {
	Streams []streamBalance
	Pulled  []struct {
		Stream string
		Rows   int64
	}
}

// checkBalance holds both verbs that tell the balance to the registries.
func (s stand) checkBalance(fates map[rowID]string) {
	s.Helper()
	want := map[string]streamBalance{}
	for row, fate := range fates {
		b, ok := want[row.Stream]
		if !ok {
			b = streamBalance{Stream: row.Stream, States: map[string]int64{}}
		}
		if fate == fatePlatform || fate == fateSite {
			fate = "proven"
		}
		b.Source++
		b.States[fate]++
		want[row.Stream] = b
	}
	var balance []streamBalance
	if status := s.ask("balance", &balance); status != exitOK {
		s.Errorf("balance ends with %d", status)
	}
	var answer statusAnswer
	if status := s.ask("status", &answer); status != exitUnknown {
		s.Errorf("status ends with %d beside a mock platform", status)
	}
	for verb, all := range map[string][]streamBalance{"balance": balance, "status": answer.Streams} {
		got := map[string]streamBalance{}
		for _, b := range all {
			maps.DeleteFunc(b.States, func(_ string, n int64) bool { return n == 0 })
			got[b.Stream] = b
		}
		if diff := cmp.Diff(want, got); diff != "" {
			s.Errorf("the registries (-) and %s (+):\n%s", verb, diff)
		}
	}
}

// checkPulled holds the pulled streams to the platform's books, our tables to both, and the workbooks to the tables.
func (s stand) checkPulled() {
	s.Helper()
	want := map[string]int64{}
	s.books(s.path("mock.books"), func(l bookLine) {
		if l.Draw != nil {
			want["tasks"]++
			want["drawn_objects"] += int64(len(l.Draw.Objects))
			want["drawn_inspectors"] += int64(len(l.Draw.Inspectors))
		}
	})
	world := s.demoFile().World
	want["lists"] = int64(world.ListEntries + len(world.Listed))

	tables, rows := map[string]int64{}, s.listEntries()
	maps.Copy(tables, rows)
	tables["lists"] = rows["list_abnormal"] + rows["list_serious"]
	delete(tables, "list_abnormal")
	delete(tables, "list_serious")
	if diff := cmp.Diff(want, tables); diff != "" {
		s.Errorf("the books (-) and what was pulled from them (+):\n%s", diff)
	}
	var answer statusAnswer
	s.ask("status", &answer)
	told := map[string]int64{}
	for _, p := range answer.Pulled {
		told[p.Stream] = p.Rows
	}
	if diff := cmp.Diff(rows, told); diff != "" {
		s.Errorf("the pulled rows (-) and status (+):\n%s", diff)
	}
	for stream, book := range map[string][2]string{"tasks": {"抽查任务", "任务编号"}, "drawn_objects": {"抽中的检查对象", "任务编号"},
		"drawn_inspectors": {"抽中的检查人员", "任务编号"}} {
		if n := len(s.workbook(filepath.Join("data", "books", book[0]+".xlsx"), book[1])); int64(n) != rows[stream] {
			s.Errorf("%s.xlsx has %d rows of %d", book[0], n, rows[stream])
		}
	}
}

func (s stand) listEntries() map[string]int64 {
	s.Helper()
	all := map[string]int64{}
	rows, err := s.store().QueryContext(s.Context(), `SELECT s.name, COUNT(*) FROM list_entries e JOIN streams s ON s.id = e.stream
		WHERE e.until = 0 GROUP BY s.name`)
	s.ok(err)
	defer rows.Close()
	for rows.Next() {
		var stream string
		var n int64
		s.ok(rows.Scan(&stream, &n))
		all[stream] = n
	}
	s.ok(rows.Err())
	return all
}

// checkTampering shows that the comparison sees one row too few in each place.
func (s stand) checkTampering(fates map[rowID]string) {
	s.Helper()
	db := s.store()
	for what, statement := range map[string]string{
		"a record":   "DELETE FROM records WHERE key = (SELECT MAX(key) FROM records)",
		"a delivery": "UPDATE deliveries SET state = 'waiting' WHERE id = (SELECT MAX(id) FROM deliveries WHERE live > 0)",
		"a refusal":  "DELETE FROM exceptions WHERE key = (SELECT MIN(key) FROM exceptions WHERE state = 'rejected')",
	} {
		tx, err := db.BeginTx(s.Context(), nil)
		s.ok(err)
		// The store itself would refuse what is not drawn.
		_, err = tx.ExecContext(s.Context(), "INSERT INTO transitions (from_state, cause, to_state) VALUES ('proven', 'tampered', 'waiting')")
		s.ok(err)
		_, err = tx.ExecContext(s.Context(), statement)
		s.ok(err)
		if s.differences(fates, tx, s.path("mock.books")) == "" {
			s.Errorf("%s was tampered with and nobody saw it", what)
		}
		s.ok(tx.Rollback())
	}
	books, err := os.ReadFile(s.path("mock.books"))
	s.ok(err)
	short := filepath.Join(s.TempDir(), "short.books")
	s.ok(os.WriteFile(short, books[:strings.LastIndexByte(string(books[:len(books)-1]), '\n')+1], 0o600))
	if s.differences(fates, db, short) == "" {
		s.Error("the platform forgot a batch and nobody saw it")
	}
}
