package config_test

import (
	"io/fs"
	"strings"
	"testing"

	"creditsync/config"
	"creditsync/connector/platform"
	"creditsync/jobs/deadline"
	"creditsync/mapping"
	"creditsync/mapping/source"
)

// read gives every embedded file of a folder.
func read(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	entries, err := fs.ReadDir(config.Files, folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := fs.ReadFile(config.Files, folder+"/"+e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[folder+"/"+e.Name()] = b
	}
	return files
}

func codeLists(t *testing.T) map[string]mapping.CodeList {
	t.Helper()
	lists := map[string]mapping.CodeList{}
	for file, b := range read(t, "codes") {
		l, faults := source.Codes(file, b)
		if faults != nil {
			t.Error(faults)
		}
		if l.List+".yaml" != strings.TrimPrefix(file, "codes/") || l.Source == "" {
			t.Errorf("%s: list is named %q, source %q", file, l.List, l.Source)
		}
		lists[l.List] = l
	}
	return lists
}

func TestShippedMappingsAreRead(t *testing.T) {
	lists := codeLists(t)
	streams := map[string]mapping.Direction{}
	for file, b := range read(t, "mappings") {
		s, faults := source.Mapping(file, b)
		if faults != nil {
			t.Error(faults)
		}
		if s.Stream+".yaml" != strings.TrimPrefix(file, "mappings/") {
			t.Errorf("%s: stream is named %q", file, s.Stream)
		}
		streams[s.Stream] = s.Direction
		for _, f := range s.Fields {
			if _, ok := lists[f.Codes]; f.Codes != "" && !ok {
				t.Errorf("%s: no code list %q", file, f.Codes)
			}
		}
	}
	for _, name := range []string{"inspection_items", "inspection_objects", "inspectors", "inspection_results"} {
		if streams[name] != mapping.Push {
			t.Errorf("%s: direction %q", name, streams[name])
		}
	}
	for _, name := range []string{"tasks", "drawn_objects", "drawn_inspectors", "list_abnormal", "list_serious"} {
		if streams[name] != mapping.Pull {
			t.Errorf("%s: direction %q", name, streams[name])
		}
	}
}

func TestShippedUnitsAreRead(t *testing.T) {
	b, err := fs.ReadFile(config.Files, "units.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var units struct {
		Units []mapping.CodeItem `yaml:"units"`
	}
	if faults := source.Decode("units.yaml", b, &units); faults != nil || len(units.Units) != 8 {
		t.Errorf("%d units, %v", len(units.Units), faults)
	}
}

func TestShippedMappingsCompile(t *testing.T) {
	lists := codeLists(t)
	for file, b := range read(t, "mappings") {
		s, faults := source.Mapping(file, b)
		if faults != nil {
			t.Fatal(faults)
		}
		if _, faults := mapping.Compile(s, lists); faults != nil {
			t.Errorf("%s: %v", file, faults)
		}
	}
}

func TestShippedProfilesAndNoticesAreRead(t *testing.T) {
	for file, b := range read(t, "platforms") {
		if _, faults := platform.ParseProfile(file, b); faults != nil {
			t.Error(faults)
		}
	}
	var notices []deadline.Notice
	for file, b := range read(t, "holidays") {
		n, faults := deadline.ParseNotice(file, b)
		if faults != nil {
			t.Error(faults)
		}
		notices = append(notices, n)
	}
	if _, err := deadline.NewCalendar(notices); err != nil || len(notices) != 6 {
		t.Errorf("%d notices: %v", len(notices), err)
	}
}
