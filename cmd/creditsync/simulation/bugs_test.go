package simulation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// root is the module's directory.
const root = "../../.."

// bug is an edit of the sources that must be found. The program itself knows nothing of it: it is built with an overlay.
type bug struct {
	name, what string
	seed       string
	edits      []edit
}

type edit struct{ file, old, new string }

// readBug reads testdata/bugs/NAME.txt: what it breaks, the seed that finds it, and the places.
func readBug(t *testing.T, file string) bug {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, places, _ := strings.Cut(string(b), "file: ")
	g := bug{name: strings.TrimSuffix(filepath.Base(file), ".txt")}
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "what":
			g.what = value
		case "seed":
			g.seed = value
		}
	}
	for part := range strings.SplitSeq(places, "file: ") {
		name, rest, _ := strings.Cut(part, "\n<<<<\n")
		was, rest, _ := strings.Cut(rest, "\n====\n")
		is, _, ok := strings.Cut(rest, "\n>>>>")
		if !ok {
			t.Fatalf("%s: unreadable", file)
		}
		g.edits = append(g.edits, edit{name, was, is})
	}
	return g
}

// plant writes the edited sources and an overlay that puts them in place.
func (g bug) plant(t *testing.T, dir string) (overlay string) {
	t.Helper()
	edited := map[string]string{}
	for _, e := range g.edits {
		if _, ok := edited[e.file]; !ok {
			b, err := os.ReadFile(filepath.Join(root, e.file))
			if err != nil {
				t.Fatal(err)
			}
			edited[e.file] = string(b)
		}
		if n := strings.Count(edited[e.file], e.old); n != 1 {
			t.Fatalf("%s: the place in %s is there %d times:\n%s", g.name, e.file, n, e.old)
		}
		edited[e.file] = strings.Replace(edited[e.file], e.old, e.new, 1)
	}
	replace := map[string]string{}
	for file, content := range edited {
		path := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		from, err := filepath.Abs(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, []byte(content))
		replace[from] = path
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay = filepath.Join(dir, "overlay.json")
	write(t, overlay, b)
	return overlay
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// build links the lean program, with the overlay if there is one.
func build(t *testing.T, program, overlay string) {
	t.Helper()
	args := []string{"build", "-o", program, "-ldflags", "-s -w"}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	cmd := exec.CommandContext(t.Context(), "go", append(args, "./cmd/creditsync/simulation/testdata/lean")...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
}

// play lets the lean program play seeds; found is what it says, empty if nothing.
func play(t *testing.T, program, from string, count int) (found string) {
	t.Helper()
	var out, complaint bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, memory(t), from, fmt.Sprint(count))
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	var status *exec.ExitError
	if err != nil && (!errors.As(err, &status) || status.ExitCode() != 1) {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	return strings.TrimSpace(out.String())
}

// TestPlantedBugs: the simulation can fail. Each bug is found by its seed, by which the program as it stands finds nothing.
// SIMULATION_HUNT=1 looks for the seeds anew, among the first 2,000.
func TestPlantedBugs(t *testing.T) {
	if testing.Short() {
		t.Skip("links the program once for each bug")
	}
	paths, err := filepath.Glob("testdata/bugs/*.txt")
	if err != nil || len(paths) < 15 {
		t.Fatalf("%d bugs: %v", len(paths), err)
	}
	dir := t.TempDir()
	clean := filepath.Join(dir, "clean")
	build(t, clean, "")
	for _, path := range paths {
		g := readBug(t, path)
		t.Run(g.name, func(t *testing.T) {
			program := filepath.Join(dir, g.name)
			build(t, program, g.plant(t, t.TempDir()))
			defer os.Remove(program)
			if os.Getenv("SIMULATION_HUNT") != "" {
				t.Logf("%s: %s", g.name, play(t, program, "1", 2000))
				return
			}
			if found := play(t, program, g.seed, 1); found == "" {
				t.Errorf("seed %s does not find it: %s", g.seed, g.what)
			}
			if found := play(t, clean, g.seed, 1); found != "" {
				t.Errorf("without the bug: %s", found)
			}
		})
	}
}
