package platform

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"creditsync/connector"
	"creditsync/mapping"
)

const referenceFile = "../../config/platforms/henan-reference.yaml"

func reference(t testing.TB) Profile {
	t.Helper()
	b, err := os.ReadFile(referenceFile)
	if err != nil {
		t.Fatal(err)
	}
	p, faults := ParseProfile("henan-reference.yaml", b)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return p
}

func TestReferenceProfileIsReadAsWritten(t *testing.T) {
	p := reference(t)
	c, err := New(p, Options{Now: time.Now, Variables: map[string]string{
		"PLATFORM_URL": "http://127.0.0.1:1", "PLATFORM_KEY": "k", "PLATFORM_SECRET": "s"}})
	if err != nil {
		t.Fatal(err)
	}
	want := connector.Limits{PerSecond: 20, InFlight: 4, Quiet: []connector.Window{{
		Days: [7]bool{false, true, true, true, true, true, false}, From: 7 * time.Hour, To: 9 * time.Hour}}}
	if d := cmp.Diff(want, c.Limits()); d != "" {
		t.Error(d)
	}
	result, _ := c.Resource("result")
	if d := cmp.Diff(connector.Resource{MaxRows: 500, CanLook: true, LookRows: 200, Complete: 10 * time.Minute,
		SendTimeout: time.Minute}, result); d != "" {
		t.Error(d)
	}
	for _, name := range []string{"item", "object", "inspector", "result", "task", "drawn_object", "drawn_inspector",
		"list_abnormal", "list_serious"} {
		if _, ok := c.Resource(name); !ok {
			t.Errorf("no resource %s", name)
		}
	}
	if _, ok := c.Resource("nothing"); ok {
		t.Error("a resource nobody described")
	}
	if d := cmp.Diff([]string{"PLATFORM_KEY", "PLATFORM_SECRET", "PLATFORM_URL"}, p.Variables()); d != "" {
		t.Error(d)
	}
}

func TestNewNamesEveryVariableWithoutValue(t *testing.T) {
	_, err := New(reference(t), Options{Now: time.Now, Variables: map[string]string{"PLATFORM_KEY": "k"}})
	faults, ok := err.(mapping.Faults)
	if !ok || len(faults) != 2 {
		t.Fatalf("want two faults, got %v", err)
	}
	for i, name := range []string{"PLATFORM_URL", "PLATFORM_SECRET"} {
		if faults[i].What != faultVariable || faults[i].Args[0] != name {
			t.Errorf("fault %d is %v", i, faults[i])
		}
	}
}

// Every profile that stands in the tree can be read.
func TestEveryProfileOfTheTreeIsSound(t *testing.T) {
	files, _ := filepath.Glob("../../config/platforms/*.yaml")
	more, _ := filepath.Glob("../../fixtures/*/platforms/*.yaml")
	for _, file := range append(files, more...) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, faults := ParseProfile(file, b)
		if len(faults) > 0 {
			t.Error(faults)
		}
		values := map[string]string{}
		for _, name := range p.Variables() {
			values[name] = "http://127.0.0.1"
		}
		if _, err := New(p, Options{Now: noon, Variables: values}); err != nil {
			t.Error(file, err)
		}
	}
	if len(files) == 0 || len(more) == 0 {
		t.Error("no profiles found")
	}
}
