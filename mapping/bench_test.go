package mapping

import (
	"encoding/json"
	"reflect"
	"strconv"
	"testing"
)

// benchSpec maps a result of 18 columns, as the bench rig's rows have them.
func benchSpec() Spec {
	s := resultsSpec()
	s.Items = nil
	s.Fields = append(s.Fields,
		Field{From: "结果编号", To: "resultId", Is: ID, Required: true},
		Field{From: "任务编号", To: "taskCode", Is: ID},
		Field{From: "责任单位", To: "checkDept", Max: 100},
		Field{From: "发现问题", To: "problem", Max: 2000},
		Field{From: "录入时间", To: "inputDate", Is: DateKind},
		Field{From: "检查户数", To: "count", Is: Integer},
	)
	return s
}

func benchRow(p *Plan, n int) Row {
	return rowOf(p, with(goodRow(), "结果编号", "JG-2026-"+strconv.Itoa(n), "检查日期", "2026-12-03", "审核时间", "2026-12-05",
		"发现问题", "未按规定开展地质灾害隐患排查，已当场责令改正，并于七日内复核完毕", "检查户数", "12"))
}

// BenchmarkResultRow shows side by side what mapping and validating a row costs, and the yardstick: decoding and encoding
// the same row with the standard library, which checks nothing and converts nothing.
func BenchmarkResultRow(b *testing.B) {
	b.Run("apply", benchmarkApply)
	b.Run("encoding_json", benchmarkEncodingJSON)
}

func benchmarkApply(b *testing.B) {
	p := mustCompile(b, benchSpec())
	rows := make([]Row, 64)
	for i := range rows {
		rows[i] = benchRow(p, i)
	}
	var rec Record
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		p.Apply(rows[i%64], &rec)
	}
	if len(rec.Faults) > 0 {
		b.Fatal(rec.Faults)
	}
}

func benchmarkEncodingJSON(b *testing.B) {
	type result struct {
		ID, Year, State, Code, Task       string
		Inspected, Entered, Approved      string
		Unit, Kind, Secret, Approval      string
		Result, Fine, First, Second, Text string
		Count                             string
	}
	p := mustCompile(b, benchSpec())
	row := map[string]string{}
	for i, name := range reflect.VisibleFields(reflect.TypeFor[result]()) {
		row[name.Name] = benchRow(p, 1).Cells[i]
	}
	object, err := json.Marshal(row)
	if err != nil || len(row) != len(p.Columns()) {
		b.Fatal(len(row), len(p.Columns()), err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		var r result
		if err := json.Unmarshal(object, &r); err != nil {
			b.Fatal(err)
		}
		if _, err := json.Marshal(&r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGlance(b *testing.B) {
	p := mustCompile(b, benchSpec())
	row := benchRow(p, 1)
	var rec Record
	b.ReportAllocs()
	for range b.N {
		p.Glance(row, &rec)
	}
}

func BenchmarkInverse(b *testing.B) {
	p := mustCompile(b, listSpec())
	object := []byte(`{"entId":"E-1","subject":{"uniscid":"91350100M000100Y43","entName":"宝丰县某某石料厂"},"inReason":"1",` +
		`"inDate":"2026-03-05","inNo":"宝市监列异〔2026〕3号","extra":{"a":[1,2,3],"b":"c"},"state":"1","amount":12.5}`)
	var e Entry
	b.ReportAllocs()
	for range b.N {
		p.Inverse(object, &e)
	}
	if len(e.Faults) > 0 {
		b.Fatal(e.Faults)
	}
}
