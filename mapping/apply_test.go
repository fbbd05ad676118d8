package mapping

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestApplyMakesTheWholeRecord(t *testing.T) {
	p := mustCompile(t, resultsSpec())
	var rec Record
	p.Apply(rowOf(p, goodRow(),
		map[string]string{"结果编号": "JG-2026-0001", "事项编码": " A1 ", "发现问题": "无"},
		map[string]string{"结果编号": "JG-2026-0001", "事项编码": "A2", "作废": "是"}), &rec)
	want := `{"uniscid":"91350100M000100Y43","insDate":"2026-12-03","insRes":["R1"],"penAm":15000,"inspectors":"王某、李某",` +
		`"items":[{"itemCode":"A1","problem":"无"}]}`
	if got := string(rec.Payload); got != want {
		t.Errorf("payload\n%s\nwant\n%s", got, want)
	}
	sum := sha256.Sum256([]byte(want))
	wantRecord := Record{
		Key: "JG-2026-0001", Source: rec.Source, Payload: []byte(want), Hash: int64(binary.BigEndian.Uint64(sum[:])),
		Faults: Faults{}, Ready: true, Owner: "利用股", Starts: NewDate(2026, 12, 3),
		After: []Dependency{{"inspection_objects", "91350100M000100Y43"}}, Answers: "RW-1" + KeySeparator + "91350100M000100Y43",
	}
	if diff := cmp.Diff(wantRecord, rec, cmp.Comparer(func(a, b Faults) bool { return len(a) == 0 && len(b) == 0 })); diff != "" {
		t.Error(diff)
	}
}
