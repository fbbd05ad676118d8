package config

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Redactor replaces every secret value by ******, wherever it turns up in a text and however it is escaped there: as it
// is, in a URL, in JSON. It serves many goroutines. It does not know a secret that was cut in two by other text, hashed
// or encoded otherwise.
type Redactor struct {
	replacer *strings.Replacer
	needles  []string // longest first
}

// Redactor hides the secrets of these settings.
func (s Settings) Redactor() *Redactor {
	values := []Value{s.Store.DSN}
	for _, d := range s.Databases {
		values = append(values, d.DSN)
	}
	for _, v := range s.Platform.Variables {
		values = append(values, v.Value)
	}
	var secrets []string
	for _, v := range values {
		if v.Secret() {
			secrets = append(secrets, v.Text(), password(v.Text()))
		}
	}
	return NewRedactor(secrets...)
}

// password is the password of an address, decoded, or of a key=value DSN, or "".
func password(text string) string {
	if u, err := url.Parse(text); err == nil && u.User != nil {
		p, _ := u.User.Password()
		return p
	}
	for _, f := range strings.Fields(text) {
		if key, value, ok := strings.Cut(f, "="); ok && strings.EqualFold(key, "password") {
			return strings.Trim(value, "'")
		}
	}
	return ""
}

// NewRedactor hides these values; empty ones and those of less than four characters are left alone, because they occur
// by chance.
func NewRedactor(secrets ...string) *Redactor {
	r := &Redactor{}
	for _, s := range secrets {
		if len(s) >= 4 {
			r.needles = append(r.needles, forms(s)...)
		}
	}
	slices.Sort(r.needles)
	r.needles = slices.Compact(r.needles)
	slices.SortStableFunc(r.needles, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(r.needles))
	for _, n := range r.needles {
		pairs = append(pairs, n, hidden)
	}
	r.replacer = strings.NewReplacer(pairs...)
	return r
}

// forms are the ways a secret is written in URLs, JSON and quoted Go strings.
func forms(s string) []string {
	quoted, _ := json.Marshal(s)
	plain := &bytes.Buffer{}
	e := json.NewEncoder(plain)
	e.SetEscapeHTML(false)
	_ = e.Encode(s)
	goQuoted := fmt.Sprintf("%q", s)
	return []string{
		s, url.QueryEscape(s), url.PathEscape(s), url.UserPassword("", s).String()[1:],
		string(quoted[1 : len(quoted)-1]), strings.TrimSuffix(plain.String(), "\n")[1 : plain.Len()-2], goQuoted[1 : len(goQuoted)-1],
	}
}

// Redact gives the text without secrets.
func (r *Redactor) Redact(text string) string { return r.replacer.Replace(text) }

// Writer hides secrets in what is written to w, also one that is split over several writes: as long as what was written
// ends like the beginning of a secret, those characters are held back. Close writes what is held back.
func (r *Redactor) Writer(w io.Writer) io.WriteCloser { return &writer{r: r, w: w} }

type writer struct {
	r    *Redactor
	w    io.Writer
	mu   sync.Mutex
	held []byte
}

func (w *writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := string(append(w.held, p...))
	whole := w.r.end(text) // a secret that is complete is never cut
	cut := len(text) - w.r.beginning(text[whole:])
	w.held = []byte(text[cut:])
	if _, err := io.WriteString(w.w, w.r.Redact(text[:cut])); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (w *writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := io.WriteString(w.w, w.r.Redact(string(w.held)))
	w.held = nil
	return err
}

// end is where the last complete secret of text ends, as Redact finds them: from the left, the longest first.
func (r *Redactor) end(text string) int {
	end := 0
	for {
		at, length := len(text), 0
		for _, n := range r.needles {
			if i := strings.Index(text[end:], n); i >= 0 && end+i < at {
				at, length = end+i, len(n)
			}
		}
		if length == 0 {
			return end
		}
		end = at + length
	}
}

// beginning is the length of the longest end of text that an unfinished secret may begin with.
func (r *Redactor) beginning(text string) int {
	longest := 0
	for _, n := range r.needles {
		for k := min(len(n)-1, len(text)); k > longest; k-- {
			if strings.HasSuffix(text, n[:k]) {
				longest = k
			}
		}
	}
	return longest
}

// Handler hides secrets in everything that h is given: message, attributes, groups, errors.
func (r *Redactor) Handler(h slog.Handler) slog.Handler { return handler{r, h} }

type handler struct {
	r *Redactor
	h slog.Handler
}

func (h handler) Enabled(ctx context.Context, l slog.Level) bool { return h.h.Enabled(ctx, l) }

func (h handler) Handle(ctx context.Context, record slog.Record) error {
	clean := slog.NewRecord(record.Time, record.Level, h.r.Redact(record.Message), record.PC)
	record.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.attr(a))
		return true
	})
	return h.h.Handle(ctx, clean)
}

func (h handler) WithAttrs(as []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(as))
	for i, a := range as {
		clean[i] = h.attr(a)
	}
	return handler{h.r, h.h.WithAttrs(clean)}
}

func (h handler) WithGroup(name string) slog.Handler { return handler{h.r, h.h.WithGroup(name)} }

// attr turns what could hold a secret into its text; numbers and times stay what they are.
func (h handler) attr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, h.r.Redact(v.String()))
	case slog.KindGroup:
		group := make([]slog.Attr, len(v.Group()))
		for i, inner := range v.Group() {
			group[i] = h.attr(inner)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(group...)}
	case slog.KindAny:
		return slog.String(a.Key, h.r.Redact(fmt.Sprint(v.Any())))
	default:
		return slog.Attr{Key: a.Key, Value: v}
	}
}
