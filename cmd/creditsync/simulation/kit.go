package simulation

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"creditsync/connector/platform"
	"creditsync/jobs"
	"creditsync/jobs/store"
)

//go:embed world
var files embed.FS

// edition says which of the files that people edit are in force: it counts the changes of rules and the notices.
type edition struct {
	wide  bool // the mapping sends one more field
	later bool // the notice of 2027 is loaded
}

// limits are what a profile allows.
type limits struct {
	rate   string
	flight int
	most   int // records in a batch
}

// kit is what one worker makes once and uses for every seed: an empty store, compiled rules and read profiles. Not for
// two goroutines.
type kit struct {
	dir      string
	template []byte // a migrated store
	rules    map[edition]*jobs.Rules
	profiles map[limits]platform.Profile
}

// newKit works in dir, which the caller removes.
func newKit(ctx context.Context, dir string) (*kit, error) {
	k := &kit{dir: dir, rules: map[edition]*jobs.Rules{}, profiles: map[limits]platform.Profile{}}
	path := filepath.Join(dir, "template.db")
	db, err := store.Open(ctx, store.Options{DSN: "sqlite:" + path})
	if err != nil {
		return nil, fmt.Errorf("template of the store: %w", err)
	}
	if err := errors.Join(db.Migrate(ctx), db.Close()); err != nil {
		return nil, fmt.Errorf("template of the store: %w", err)
	}
	if k.template, err = os.ReadFile(path); err != nil {
		return nil, fmt.Errorf("template of the store: %w", err)
	}
	return k, nil
}

// store lays down a fresh copy of the empty store and names its file.
func (k *kit) store() (path string, err error) {
	path = filepath.Join(k.dir, "store.db")
	for _, rest := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + rest); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return path, os.WriteFile(path, k.template, 0o600)
}

// text is one of the world's files.
func text(name string) []byte {
	b, err := files.ReadFile("world/" + name)
	if err != nil {
		panic(err) // it is embedded
	}
	return b
}

// sources are the rule files of an edition.
func (e edition) sources() []store.RuleFile {
	results := string(text("results.yaml"))
	if e.wide {
		results += "  - {expr: '\"仿真局\"', to: insAuth}\n"
	}
	all := []store.RuleFile{
		{Name: "mappings/objects.yaml", Content: text("objects.yaml")},
		{Name: "mappings/results.yaml", Content: []byte(results)},
		{Name: "holidays/2026.yaml", Content: text("2026.yaml")},
	}
	if e.later {
		all = append(all, store.RuleFile{Name: "holidays/2027.yaml", Content: text("2027.yaml")})
	}
	return all
}

// compiled are the rules of an edition, without a version.
func (k *kit) compiled(e edition) (*jobs.Rules, error) {
	if r, ok := k.rules[e]; ok {
		return r, nil
	}
	r, faults := jobs.BuildRules(e.sources())
	if len(faults) > 0 {
		return nil, faults
	}
	k.rules[e] = r
	return r, nil
}

// profile is the platform's interface with the limits given.
func (k *kit) profile(l limits) (platform.Profile, error) {
	if p, ok := k.profiles[l]; ok {
		return p, nil
	}
	with := strings.NewReplacer("RATE", l.rate, "FLIGHT", strconv.Itoa(l.flight), "MOST", strconv.Itoa(l.most))
	p, faults := platform.ParseProfile("profile.yaml", []byte(with.Replace(string(text("profile.yaml")))))
	if len(faults) > 0 {
		return p, faults
	}
	k.profiles[l] = p
	return p, nil
}
