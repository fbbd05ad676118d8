package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"creditsync/fixtures/world"

	_ "modernc.org/sqlite"
)

// plantedID is the specimen of GB 11643-1999, nobody's number.
const plantedID = "11010519491231002X"

// A secret and a citizen number that a clerk wrote into a text reach neither an output nor anything the daemon keeps.
func TestSecretsStayInside(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole program")
	}
	program, dir := buildProgram(t), filepath.Join(t.TempDir(), "demo")
	said := demoOnce(t, program, dir)
	key := plantID(t, dir)
	said += demoOnce(t, program, dir)
	for _, args := range [][]string{{"status"}, {"why", key}, {"why", key, "--json"}, {"log", "--limit", "500"}, {"log", "--json", "--limit", "500"},
		{"due", "--json", "--limit", "2000"}, {"balance"}, {"check"}} {
		said += atDemo(t, program, dir, args...)
	}
	if !strings.Contains(said, key) || !strings.Contains(said, "不合规") {
		t.Fatalf("the planted row %s was not refused:\n%s", key, said)
	}
	secret, err := os.ReadFile(filepath.Join(dir, world.SecretFile))
	if err != nil {
		t.Fatal(err)
	}
	planted := []string{plantedID, strings.TrimSpace(string(secret))}
	for _, p := range planted {
		if strings.Contains(said, p) {
			t.Errorf("%q was said", p)
		}
	}
	kept := 0
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		inside, _ := filepath.Rel(dir, name)
		if err != nil || d.IsDir() || inside == filepath.FromSlash(world.SecretFile) || inside == world.DatabaseFile {
			return err
		}
		b, err := os.ReadFile(name)
		for _, p := range planted {
			if bytes.Contains(b, []byte(p)) {
				t.Errorf("%q stands in %s", p, inside)
			}
		}
		kept++
		return err
	})
	if err != nil || kept < 20 {
		t.Fatalf("looked at %d files: %v", kept, err)
	}
}

func demoOnce(t *testing.T, program, dir string) string {
	out, err := exec.Command(program, "demo", "--once", "--dir", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("demo: %v\n%s", err, out)
	}
	return string(out)
}

// atDemo runs a verb in the demo's folder, by the demo's clock where the verb has one; its exit status does not matter.
func atDemo(t *testing.T, program, dir string, args ...string) string {
	var stage struct{ Clock string }
	b, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &stage); err != nil {
		t.Fatal(err)
	}
	args = append(args, "--config", filepath.Join(dir, "creditsync.yaml"))
	if args[0] != "check" {
		args = append(args, "--clock", stage.Clock)
	}
	out, _ := exec.Command(program, args...).CombinedOutput()
	return string(out)
}

// plantID writes the number into a text of an approved result, as a clerk might, and gives the result's key.
func plantID(t *testing.T, dir string) (key string) {
	db, err := sql.Open("sqlite", filepath.Join(dir, world.DatabaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(`SELECT 结果编号 FROM 检查结果 WHERE 状态 = '已审核' AND 涉密 <> '是' ORDER BY 结果编号 LIMIT 1`).Scan(&key); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE 检查结果 SET 发现问题 = '负责人身份证 ' || ? || ' 过期', 更新时间 = '2026-12-21 10:05:00' WHERE 结果编号 = ?`, plantedID, key); err != nil {
		t.Fatal(err)
	}
	return key
}
