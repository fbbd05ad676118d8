package daemon_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/cmd/creditsync/texts"
	"creditsync/fixtures/testdb"
	"creditsync/jobs/store"

	gocmp "github.com/google/go-cmp/cmp"
)

// The registries in fixtures/foreign/set1 were made by others, before any mapping of ours: workbooks as clerks keep them,
// and a vendor's database. They have to go through to proof with only YAML written for them.

func TestForeignWorkbooks(t *testing.T) {
	testdb.Each(t, func(t *testing.T, dsn string) {
		b := open(t, dsn, "ledger", daemon.Options{Folder: set1})
		b.carry(inspectors, objects)
		b.carry(results)
		for stream, want := range map[string]outcome{
			// The totals rows of the sheets say 60, 804 and 401 themselves.
			inspectors: {store.Proven: 48, store.Invalid: 12},
			objects:    {store.Proven: 671, store.Invalid: 133},
			results:    {store.Proven: 124, store.Invalid: 200, store.NotReady: 42, store.Waiting: 35},
		} {
			sheet := readSheet(t, stream)
			if int64(len(sheet.keys)) != sheet.total {
				t.Errorf("%s: %d rows counted, the sheet says %d", stream, len(sheet.keys), sheet.total)
			}
			b.holds(stream, want, sheet.keys, nil)
		}
		b.tells(objects, "registry.hidden_sheet 检查对象名录库.xlsx 2025年（勿删）", "registry.totals_rows 检查对象名录库.xlsx!检查对象名录库 16 ",
			"registry.title_rows 检查对象名录库.xlsx!检查对象名录库 2 3", "registry.hidden_rows 检查对象名录库.xlsx!检查对象名录库 759")
		b.tells(results, "registry.hidden_sheet 检查结果台账.xlsx 2025", "registry.totals_rows 检查结果台账.xlsx!2026年台账 13 ",
			"registry.merged_cells 检查结果台账.xlsx!2026年台账 53 ", "registry.header_repeated 检查结果台账.xlsx!2026年台账 2 118、296")
		b.tells(inspectors, "registry.totals_rows 执法检查人员名录库.xlsx!执法检查人员名录库 2 65、66")
		for code, keys := range numbers(t, objects) {
			b.blames(objects, code, keys)
		}
	})
}

func TestForeignMines(t *testing.T) {
	testdb.Each(t, func(t *testing.T, dsn string) {
		b := open(t, dsn, "mines", daemon.Options{Folder: set1})
		b.carry(objects)
		all, excluded := readMines(t)
		b.holds(objects, outcome{store.Proven: 93, store.Invalid: 9, store.Excluded: 28}, all, excluded)
	})
}

func TestForeignDump(t *testing.T) {
	testdb.Each(t, func(t *testing.T, dsn string) {
		sjs := testdb.Postgres(t)
		testdb.Load(t, sjs, set1+"/sjs_bf.sql")
		b := open(t, dsn, "vendor", daemon.Options{Databases: map[string]daemon.Database{"sjs": {Driver: "postgres", DSN: sjs}}})
		b.carry(items, inspectors, objects)
		b.carry(results)
		db := query{t, sjs}
		b.holds(items, outcome{store.Proven: 39}, db.keys(`SELECT "SXDM" FROM "T_JCSX"`), nil)
		b.holds(inspectors, outcome{store.Proven: 75, store.Invalid: 3, store.Excluded: 2},
			db.keys(`SELECT "RYBH" FROM "T_ZFRY"`), db.keys(`SELECT "RYBH" FROM "T_ZFRY" WHERE "SCBZ" = 1`))
		b.holds(objects, outcome{store.Proven: 4036, store.Invalid: 405, store.Excluded: 559},
			db.keys(`SELECT "DXBH" FROM "T_JCDX"`), db.keys(`SELECT "DXBH" FROM "T_JCDX" WHERE "SFYX" = '0' OR "SCBZ" = 1`))
		b.holds(results, outcome{store.Proven: 1586, store.Invalid: 428, store.NotReady: 450, store.Waiting: 241, store.Excluded: 295},
			db.keys(`SELECT "JGID" FROM "T_JCJG"`),
			db.keys(`SELECT "JGID" FROM "T_JCJG" WHERE "SCBZ" = 1 OR "RWBH" IN (SELECT "RWBH" FROM "T_JCRW" WHERE "RWZT" = 9)`))
		b.agrees(db)
	})
}

// agrees holds the named causes to what plain SQL says of the dump.
func (b *bureau) agrees(db query) {
	b.Helper()
	const in = ` FROM "T_JCDX" d WHERE coalesce("SFYX", '') <> '0' AND coalesce("SCBZ", 0) <> 1`
	const listed = ` FROM "T_JCJG" j JOIN "T_JCRW" w USING ("RWBH") WHERE coalesce(j."SCBZ", 0) <> 1 AND w."RWZT" <> 9`
	b.blames(objects, "value.required", db.keys(`SELECT "DXBH"`+in+` AND "DXLX" IS NULL`))
	b.blames(objects, "value.unknown_code", db.keys(`SELECT "DXBH"`+in+` AND "DXLX" = 99`))
	for code, keys := range db.badCodes(`SELECT "DXBH", "TYSHXYDM"` + in + ` AND "DXLX" IN (1, 2, 3, 7) AND "TYSHXYDM" IS NOT NULL`) {
		b.blames(objects, code, keys)
	}
	b.blames(inspectors, "value.required", db.keys(`SELECT "RYBH" FROM "T_ZFRY" WHERE coalesce("ZFZH", '') = '' AND coalesce("SCBZ", 0) <> 1`))
	b.blames(results, "value.unknown_code", db.keys(`SELECT "JGID"`+listed+` AND "JGDM" = 0`))
	b.blames(results, "value.not_a_date", db.keys(`SELECT "JGID"`+listed+` AND length("JCRQ") IN (1, 2, 3, 4, 5, 6, 7)`))
}

type outcome map[store.State]int64

// resourceOf is what a stream becomes on the platform.
func resourceOf(stream string) string {
	return map[string]string{items: "item", objects: "object", inspectors: "inspector", results: "result"}[stream]
}

// holds demands of a stream that its books balance and show what is expected; that every row of the source (all, counted
// by others) is excluded by rule, public exactly once, or an exception, and only one of these; and that each exception
// says why in both languages.
func (b *bureau) holds(stream string, want outcome, all, excluded []string) {
	b.Helper()
	got := outcome(b.states(stream))
	maps.DeleteFunc(got, func(_ store.State, n int64) bool { return n == 0 })
	if diff := gocmp.Diff(want, got); diff != "" {
		b.Errorf("%s: states\n%s", stream, diff)
	}
	public, exceptions := b.public(resourceOf(stream)), b.exceptions(stream)
	if n := len(excluded) + len(public) + len(exceptions); n != len(all) {
		b.Errorf("%s: %d excluded, %d public and %d exceptions, but %d rows", stream, len(excluded), len(public), len(exceptions), len(all))
	}
	rows := map[string]int{}
	for _, key := range all {
		rows[key]++
	}
	for _, key := range excluded {
		rows[key]--
	}
	for key, times := range public {
		if times != 1 || rows[key] != 1 {
			b.Errorf("%s %q: public %d times, %d rows of it belong to the stream", stream, key, times, rows[key])
		}
	}
	for _, e := range exceptions {
		key, _, twin := strings.Cut(strings.TrimPrefix(e.Key, "∅"), "xlsx!")
		if _, is := public[e.Key]; is || !twin && !strings.HasPrefix(e.Key, "∅") && rows[key] < 1 {
			b.Errorf("%s %q: an exception of what is public, or of no row: %+v", stream, e.Key, e)
		}
		b.reasoned(e)
	}
	b.table(stream, got, exceptions)
}

// reasoned demands that a person can act upon an exception, and that what waits waits for what is not public.
func (b *bureau) reasoned(e store.Exception) {
	b.Helper()
	switch e.State {
	case store.Invalid, store.NotReady:
	case store.Waiting:
		if _, is := b.known(e.WaitsStream)[e.WaitsKey]; is || e.WaitsKey == "" {
			b.Errorf("%s %q waits for %s %q, which is public", e.Stream, e.Key, e.WaitsStream, e.WaitsKey)
		}
	default:
		b.Errorf("%s %q is %s: %s %+v", e.Stream, e.Key, e.State, e.Reason, e.Detail)
	}
	for _, lang := range []string{"zh", "en"} {
		for _, sentence := range sentences(texts.New(lang), e) {
			if strings.Contains(sentence, "%[") || strings.Contains(sentence, "collect.") || strings.Contains(sentence, "value.") {
				b.Errorf("%s %q has no whole sentence (%s): %s", e.Stream, e.Key, lang, sentence)
			}
		}
	}
}

// sentences are what a person reads of an exception.
func sentences(c *texts.Catalogue, e store.Exception) []string {
	if len(e.Detail.Faults) == 0 {
		return []string{c.Say(e.Reason)}
	}
	var all []string
	for _, f := range e.Detail.Faults {
		args := make([]any, len(f.Args))
		for i, a := range f.Args {
			args[i] = a
		}
		all = append(all, c.Say(f.What, args...))
	}
	return all
}

// blames demands that exactly these records of a stream have a fault of that code.
func (b *bureau) blames(stream, code string, keys []string) {
	b.Helper()
	var got []string
	for _, e := range b.exceptions(stream) {
		if slices.ContainsFunc(e.Detail.Faults, func(f mappingFault) bool { return f.What == code }) {
			got = append(got, e.Key)
		}
	}
	slices.Sort(got)
	want := slices.Sorted(slices.Values(keys))
	if diff := gocmp.Diff(want, got); diff != "" || len(want) == 0 {
		b.Errorf("%s: %s of %d records, want %d:\n%s", stream, code, len(got), len(want), diff)
	}
}

// tells demands that the reads told of these, each given by how its line begins.
func (b *bureau) tells(stream string, want ...string) {
	b.Helper()
	got := b.findings(stream)
	for _, w := range want {
		if !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, w) }) {
			b.Errorf("%s: nothing tells of %q:\n%s", stream, w, strings.Join(got, "\n"))
		}
	}
}

// table prints where the rows of a stream stand, and the causes, the most frequent first, each with one whole sentence.
func (b *bureau) table(stream string, states outcome, exceptions []store.Exception) {
	b.Helper()
	type cause struct {
		n        int
		sentence string
	}
	causes, zh := map[string]*cause{}, texts.New("zh")
	for _, e := range exceptions {
		for i, sentence := range sentences(zh, e) {
			code := e.Reason
			if len(e.Detail.Faults) > 0 {
				code = e.Detail.Faults[i].What + " " + e.Detail.Faults[i].Column
			}
			if causes[code] == nil {
				causes[code] = &cause{sentence: sentence}
			}
			causes[code].n++
		}
	}
	lines := []string{fmt.Sprintf("%s: %v", stream, states)}
	for _, code := range slices.SortedFunc(maps.Keys(causes), func(a, b string) int { return cmp.Or(causes[b].n-causes[a].n, strings.Compare(a, b)) }) {
		lines = append(lines, fmt.Sprintf("%6d  %s: %s", causes[code].n, code, causes[code].sentence))
	}
	b.Log(strings.Join(lines, "\n"))
}
