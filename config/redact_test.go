package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"creditsync/config"
)

const planted = `Ge"heim/&4 密`

func secretSettings(t *testing.T) config.Settings {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte(planted+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, faults := config.Parse(filepath.Join(dir, "c.yaml"), []byte(`platform:
  profile: p
  variables:
    - {name: KEY, value: {file: key}}
    - {name: URL, value: "https://platform"}
databases:
  - {name: b, driver: postgres, dsn: {env: DSN}}
`), environment("DSN", "postgres://u:pass%2Fword@h/d", "CREDITSYNC_STORE_DSN", "postgres://u:storeword@h/d"))
	if faults != nil {
		t.Fatal(faults)
	}
	return s
}

// shows says whether any secret of secretSettings can be read in the text.
func shows(text string) bool {
	quoted, _ := json.Marshal(planted)
	for _, s := range []string{planted, strings.Trim(string(quoted), `"`), url.QueryEscape(planted), url.PathEscape(planted), "pass/word", "pass%2Fword", "storeword", "heim"} {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

func TestSettingsPrintWithoutSecrets(t *testing.T) {
	s := secretSettings(t)
	encoded, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%+v", s), fmt.Sprintf("%#v", s), string(encoded)} {
		if shows(text) {
			t.Errorf("a secret shows in %s", text)
		}
	}
	if s.Platform.Values()["KEY"] != planted || s.Platform.Values()["URL"] != "https://platform" {
		t.Error("the values themselves are not as they were written")
	}
}

func TestRedactorHidesEveryForm(t *testing.T) {
	s := secretSettings(t)
	r := s.Redactor()
	secrets := []string{planted, "pass/word", "postgres://u:pass%2Fword@h/d", "storeword"}
	for _, secret := range secrets {
		quoted, err := json.Marshal(secret)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{secret, string(quoted), url.QueryEscape(secret), url.PathEscape(secret), fmt.Sprintf("%q", secret), "x" + secret + secret + "y"} {
			if got := r.Redact("before " + text + " after"); shows(got) || !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " after") {
				t.Errorf("%q became %q", text, got)
			}
		}
	}
	if got := r.Redact("https://platform is reached as u"); got != "https://platform is reached as u" {
		t.Errorf("too much is hidden: %q", got)
	}
}

func TestLogHidesSecrets(t *testing.T) {
	for name, handler := range map[string]func(io.Writer) slog.Handler{
		"text": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
		"json": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			s := secretSettings(t)
			var out bytes.Buffer
			log := slog.New(s.Redactor().Handler(handler(&out))).With("base", planted).WithGroup("g")
			log.Info("sent "+planted, "key", planted, "err", errors.New("dial "+planted), "settings", s, "n", 7,
				slog.Group("inner", "deep", planted), "value", s.Platform.Variables[0].Value)
			if shows(out.String()) || !strings.Contains(out.String(), "7") {
				t.Errorf("log: %s", out.String())
			}
		})
	}
}

// However a text is cut into writes, the writer gives what Redact gives of the whole.
func TestWriterHidesAcrossWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[ab]{4,6}`).Draw(t, "secret")
		text := rapid.StringMatching(`[abc]{0,40}`).Draw(t, "text")
		r := config.NewRedactor(secret)
		var out bytes.Buffer
		w := r.Writer(&out)
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			if _, err := w.Write([]byte(rest[:n])); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), secret) {
			t.Fatalf("%q hides nothing of %q: %q", secret, text, out.String())
		}
	})
}

func TestWorldReadableSecretIsRefused(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "key")
	if err := os.WriteFile(file, []byte("Geheim12"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o644 {
		t.Skip("this system keeps no such permissions")
	}
	text := "platform:\n  profile: p\n  variables:\n    - name: KEY\n      value: {file: key}\n"
	_, faults := config.Parse(filepath.Join(dir, "c.yaml"), []byte(text), environment())
	if len(faults) != 1 || faults[0].What != "config.secret_open" || faults[0].Line != 5 || faults[0].Col != 7 {
		t.Error(listing(faults))
	}
}
