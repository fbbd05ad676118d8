package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"creditsync/cmd/creditsync/texts"
)

// The README's commands are run here, `go test` aside, in the order they stand in, in one empty folder.
func TestReadmeCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole program")
	}
	program, dir := buildProgram(t), t.TempDir()
	commands := readmeCommands(t)
	if len(commands) < 10 {
		t.Fatalf("found only %d commands: %q", len(commands), commands)
	}
	for _, line := range commands {
		if strings.HasPrefix(line, "creditsync init") {
			if err := os.RemoveAll(filepath.Join(dir, "conf")); err != nil { // the Chinese half begins anew
				t.Fatal(err)
			}
		}
		t.Run(line, func(t *testing.T) { runReadme(t, program, dir, strings.Fields(line)) })
	}
}

// readmeCommands are the lines of the README's sh blocks that start the program, as arguments of `creditsync`.
func readmeCommands(t *testing.T) []string {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	inside := false
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```sh"
		case inside && line != "" && !strings.HasPrefix(line, "go test"):
			command, _, _ := strings.Cut(line, "#")
			command = strings.Replace(strings.TrimSpace(command), "go run ./cmd/creditsync", "creditsync", 1)
			if !strings.HasPrefix(command, "creditsync ") {
				t.Errorf("the README has a command that this test does not know: %q", line)
			}
			all = append(all, command)
		}
	}
	return all
}

// runReadme runs one command. What serves is told to end once it says where.
func runReadme(t *testing.T, program, dir string, args []string) {
	cmd := exec.CommandContext(t.Context(), program, args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CREDITSYNC_LISTEN=127.0.0.1:0")
	var out bytes.Buffer
	cmd.Stdout = &out
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	serves := args[1] == "run" || args[1] == "demo" && len(args) == 2
	watchdog := time.AfterFunc(3*time.Minute, func() { _ = cmd.Process.Kill() })
	defer watchdog.Stop()
	told := false
	for lines := bufio.NewScanner(said); lines.Scan(); {
		fmt.Fprintln(&out, lines.Text())
		if serves && !told && strings.Contains(lines.Text(), "http://127.0.0.1:") {
			told = true
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Error(err)
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if serves && !told {
		t.Fatalf("it never said where it serves:\n%s", out.String())
	}
}

func buildProgram(t *testing.T) string {
	program := filepath.Join(t.TempDir(), "creditsync")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// Both halves of the README list every verb, and every room it lists is there.
func TestReadmeListsVerbsAndRooms(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	english, chinese, ok := strings.Cut(string(b), "\n# 中文说明\n")
	if !ok {
		t.Fatal("the README has no Chinese half")
	}
	c := &cli{say: texts.New("zh")}
	for _, half := range []string{english, chinese} {
		for _, v := range c.verbs() {
			if !strings.Contains(half, "| `"+v.Name()) && !strings.Contains(half, ", "+v.Name()) {
				t.Errorf("the README does not list the verb %s", v.Name())
			}
		}
		for _, room := range []string{"cmd/creditsync", "config", "connector", "mapping", "jobs", "fixtures"} {
			if !strings.Contains(half, "| `"+room+"` |") {
				t.Errorf("the README does not list the room %s", room)
			}
			if _, err := os.Stat("../../" + room); err != nil {
				t.Error(err)
			}
		}
	}
}
