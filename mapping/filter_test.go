package mapping

import "testing"

func TestFilter(t *testing.T) {
	p, faults := Compile(Spec{Stream: "s", Direction: Push, Resource: "r", Registry: Source{Table: "t", Key: Columns{"编号"}},
		Fields: []Field{{From: "编号", To: "id"}, {From: "年度", To: "year"}}}, nil)
	if faults != nil {
		t.Fatal(faults)
	}
	if _, fault := p.Filter(`月份 == "1"`); fault == nil || fault.What != SpecNoColumn {
		t.Errorf("a column that is not read: %v", fault)
	}
	f, fault := p.Filter(`年度 >= 2026`)
	if fault != nil {
		t.Fatal(fault)
	}
	for year, want := range map[string]bool{"2026": true, "2025": false, "": false, "x": false} {
		if got := f.Holds(Row{Cells: []string{"1", year}}); got != want {
			t.Errorf("year %q: %v", year, got)
		}
	}
}
