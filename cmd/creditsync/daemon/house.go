package daemon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	"creditsync/connector"
	"creditsync/connector/platform"
	"creditsync/connector/registry"
	"creditsync/connector/site"
	"creditsync/jobs"
	"creditsync/jobs/store"
)

// House is every room opened and joined, without the engine: enough for the verbs.
type House struct {
	options    Options
	store      *store.DB
	registries map[string]connector.Registry
	site       connector.Channel
	proposed   string // hash of the files that were last proposed from here
	furniture  atomic.Pointer[furniture]
	enqueue    jobs.Enqueuer
	beats      func() // ends the signs of life, nil if there are none
}

// furniture is what a reload replaces as one.
type furniture struct {
	rules    *jobs.Rules
	platform *platform.Client
	channels map[string]connector.Channel
}

// Open opens all rooms, brings the store to this version, and puts the rules of the files in force. Whatever was opened
// is closed again when something fails.
func Open(ctx context.Context, o Options) (h *House, err error) {
	h = &House{options: o, registries: map[string]connector.Registry{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if h.store, err = store.Open(ctx, o.Store); err != nil {
		return h, fmt.Errorf("open store: %w", err)
	}
	if err = migrate(ctx, h.store); err != nil {
		return h, err
	}
	if err = h.join(ctx); err != nil {
		return h, err
	}
	if err = h.openRegistries(ctx); err != nil {
		return h, err
	}
	if o.Site.Outbox != "" {
		if h.site, err = site.New(site.Options{Outbox: o.Site.Outbox, Published: o.Site.Published, Describe: h.describe, Now: o.Now}); err != nil {
			return h, fmt.Errorf("open county site: %w", err)
		}
	}
	if err = os.MkdirAll(o.Spool, 0o700); err != nil {
		return h, fmt.Errorf("make spool folder: %w", err)
	}
	return h, h.Reload(ctx)
}

func (h *House) openRegistries(ctx context.Context) error {
	for name, d := range h.options.Databases {
		r, err := registry.OpenSQL(ctx, d.Driver, d.DSN)
		if err != nil {
			return fmt.Errorf("open registry %s: %w", name, err)
		}
		h.registries[name] = r
	}
	if h.options.Folder != "" {
		h.registries[""] = registry.OpenFolder(h.options.Folder)
	}
	return nil
}

// Close closes everything that was opened.
func (h *House) Close() error {
	var all []error
	if h.beats != nil {
		h.beats()
	}
	for name, r := range h.registries {
		if err := r.Close(); err != nil {
			all = append(all, fmt.Errorf("close registry %s: %w", name, err))
		}
	}
	if h.store != nil {
		if err := h.store.Close(); err != nil {
			all = append(all, fmt.Errorf("close store: %w", err))
		}
	}
	return errors.Join(all...)
}

// Deps are what a job works with now; a reload does not change what a running job holds.
func (h *House) Deps() jobs.Deps {
	f := h.furniture.Load()
	d := jobs.Deps{
		Store: h.store, Registries: h.registries, Channels: f.channels, Platform: h.options.Profile, Puller: f.platform,
		Rules: func() *jobs.Rules { return f.rules },
		Now:   h.options.Now, Log: h.options.Log, Node: h.options.Node, Spool: h.options.Spool, Backups: h.options.Backups,
		Guard: h.options.Guard, ListAge: h.options.ListAge, Enqueue: h.enqueue, Progress: h.options.Progress,
	}
	if h.options.Books != "" {
		d.Books = books{dir: h.options.Books}
	}
	return d
}
