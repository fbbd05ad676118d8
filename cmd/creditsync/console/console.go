package console

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"creditsync/cmd/creditsync/texts"
	"creditsync/jobs"
	"creditsync/jobs/store"
)

//go:embed assets page.html
var files embed.FS

// Options are what a console shows and in which words.
type Options struct {
	Deps             func() jobs.Deps // those of the moment
	Now              func() time.Time
	Chinese, English *texts.Catalogue
	Prefer           string // language of a reader who says nothing: "zh" or "en"
}

// console serves the pages.
type console struct {
	Options
	page *template.Template
}

// New is the handler of all pages.
func New(o Options) http.Handler {
	c := &console{Options: o, page: template.Must(template.ParseFS(files, "page.html"))}
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.today)
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(assets)))
	return guarded(mux)
}

// guarded sets the headers that let a page load nothing but its own files and run no script.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// say is the catalogue for this reader.
func (c *console) say(r *http.Request) *texts.Catalogue {
	lang := r.URL.Query().Get("lang")
	if lang == "" {
		lang = c.Prefer
	}
	if lang == "en" {
		return c.English
	}
	return c.Chinese
}

// factsWithin bounds how long a page may look for its facts before it says that they cannot be had.
const factsWithin = 10 * time.Second

// today is the first page.
func (c *console) today(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), factsWithin)
	defer cancel()
	v := view{say: c.say(r), Now: c.Now()}
	if err := v.look(ctx, c.Deps()); err != nil {
		v.Failed = v.say.Error(err)
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	var b strings.Builder
	if err := c.page.Execute(&b, v); err != nil {
		http.Error(w, v.say.Say("console.broken"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprint(w, b.String())
}

// eventsShown and duesShown are how many lines the first page lists.
const (
	eventsShown = 15
	duesShown   = 12
)

// look gathers the facts of the page.
func (v *view) look(ctx context.Context, d jobs.Deps) (err error) {
	v.Node = d.Node
	if v.Status, err = jobs.StatusOf(ctx, d); err != nil {
		return err
	}
	if v.Dues, v.More, err = jobs.Due(ctx, d, jobs.DueQuery{Within: -1, Limit: duesShown}); err != nil {
		return err
	}
	v.Events, err = d.Store.Log.Events(ctx, store.EventFilter{Limit: eventsShown})
	return err
}
