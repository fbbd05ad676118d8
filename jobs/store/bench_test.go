package store_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"creditsync/fixtures/testdb"
	"creditsync/jobs/store"
)

// eachBench measures on both databases, with every commit on disk.
func eachBench(b *testing.B, suite func(b *testing.B, w *world)) {
	b.Run("sqlite", func(b *testing.B) { suite(b, open(b, testdb.SQLite(b))) })
	b.Run("postgres", func(b *testing.B) { suite(b, open(b, testdb.Durable(b))) })
}

const pageRows, batchRows = 5000, 1000

// benchPage is a page of first sights with payloads of 600 bytes that differ as real ones do.
func benchPage(page int) store.Page {
	p := store.Page{Stream: stream}
	for i := range pageRows {
		k := fmt.Sprintf("R%09d", page*pageRows+i)
		if i%batchRows == 0 {
			p.Deliveries = append(p.Deliveries, store.NewDelivery{Stream: stream, Channel: "henan", Resource: "result", Due: today + 5, Rules: 1})
		}
		d := &p.Deliveries[len(p.Deliveries)-1]
		payload := fmt.Sprintf(`{"resultNo":"%s","uniscid":"91410%013d","entName":"测试企业%d有限公司","insDate":"2026-12-%02d","inspectors":"甲%d、乙%d"`,
			k, i*7919, page+i, i%28+1, i%80, i%79)
		payload += `,"insRes":"1","items":[` + string(bytes.Repeat([]byte(`{"itemCode":"A0101","problem":"未发现问题"},`), 8)) + fmt.Sprintf(`{"itemCode":"B%04d"}]}`, i%900)
		d.Lines = append(d.Lines, store.Line{Key: k, Op: "I", Version: 1, Due: today + 5, Payload: []byte(payload)})
		p.Puts = append(p.Puts, store.Put{Key: k, Source: int64(i) * 0x9E3779B97F4A7C1, Payload: int64(i) * 0x61C8864680B583E, Starts: today - 10,
			Due: today + 5, Owner: "市场科", Batch: len(p.Deliveries) - 1})
	}
	return p
}

func BenchmarkFirstSights(b *testing.B) {
	eachBench(b, func(b *testing.B, w *world) {
		pages := 0
		var spent time.Duration
		for b.Loop() {
			b.StopTimer()
			p := benchPage(pages)
			pages++
			b.StartTimer()
			begun := time.Now()
			_, err := w.Records.Commit(w.ctx, p, nil)
			w.ok(err)
			spent += time.Since(begun)
		}
		b.ReportMetric(float64(spent.Microseconds())/float64(pages*pageRows), "µs/record")
	})
}

func BenchmarkKnown(b *testing.B) {
	eachBench(b, func(b *testing.B, w *world) {
		const pages = 20
		for i := range pages {
			_, err := w.Records.Commit(w.ctx, benchPage(i), nil)
			w.ok(err)
		}
		keys := make([]string, pageRows)
		for i := range keys {
			keys[i] = fmt.Sprintf("R%09d", i*pages)
		}
		b.ResetTimer()
		for b.Loop() {
			known, err := w.Records.Known(w.ctx, stream, keys)
			w.ok(err)
			if len(known) != pageRows {
				b.Fatal(len(known))
			}
		}
	})
}

func BenchmarkSettleAndClaim(b *testing.B) {
	eachBench(b, func(b *testing.B, w *world) {
		page, left := 0, 0
		var settle *store.Outcome
		receipts := bytes.Repeat([]byte(`{"rowId":"R000000001","status":"ok"},`), batchRows)
		for b.Loop() {
			if left == 0 {
				b.StopTimer()
				for range 20 {
					_, err := w.Records.Commit(w.ctx, benchPage(page), nil)
					w.ok(err)
					page, left = page+1, left+pageRows/batchRows
				}
				b.StartTimer()
			}
			c, err := w.Deliveries.Claim(w.ctx, settle, asked)
			w.ok(err)
			o := w.answered(c)
			o.Receipts = receipts
			settle = &o
			left--
		}
	})
}

// BenchmarkChanged is the rules' worst day: every record of a page has a new version.
func BenchmarkChanged(b *testing.B) {
	eachBench(b, func(b *testing.B, w *world) {
		p := benchPage(0)
		_, err := w.Records.Commit(w.ctx, p, nil)
		w.ok(err)
		keys := make([]string, len(p.Puts))
		for i := range p.Puts {
			keys[i] = p.Puts[i].Key
		}
		for b.Loop() {
			b.StopTimer()
			known, err := w.Records.Known(w.ctx, stream, keys)
			w.ok(err)
			for i := range p.Puts {
				k := known[p.Puts[i].Key]
				p.Puts[i].Known = &k
			}
			b.StartTimer()
			_, err = w.Records.Commit(w.ctx, p, nil)
			w.ok(err)
		}
	})
}
