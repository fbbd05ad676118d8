package daemon

import (
	"log/slog"
	"net/http"
	"time"

	"creditsync/jobs"
	"creditsync/jobs/store"
)

// Options are what a house is built from. The verbs fill them from the settings.
type Options struct {
	Store     store.Options
	Databases map[string]Database // local registries by name
	Folder    string              // folder of workbooks and csv files
	Books     string              // folder for the workbooks of pulled streams; empty: none are written
	Site      Site
	// Files gives what people edit as it stands now: mappings, codes, holidays, platforms. It is asked again at each reload.
	Files func() ([]store.RuleFile, error)
	// Look takes up the rules in force and puts none in force: for verbs that only look.
	Look bool
	// Confirm: edited files wait for a person's word; else they go into force by themselves.
	Confirm   bool
	Profile   string            // name of the platform's profile among Files
	Variables map[string]string // fill the profile's placeholders
	Mock      bool              // the settings say that the platform is a mock
	// Schedule gives the slots of a job's targets.
	Schedule func(job string, targets []string) []store.Slot
	Lanes    int           // lanes that run here at once
	Every    time.Duration // how often the plan runs, a minute when 0
	Listen   string        // address of the status page; empty: none
	Node     string
	// Joining is what the store is told of this process before anything is sent.
	Joining   store.Joining
	Guard     jobs.Guard
	ListAge   time.Duration // how old a credit list may be to clear anybody
	Backups   jobs.Backups
	Spool     string // folder for temporary files
	Now       func() time.Time
	Log       *slog.Logger
	Progress  jobs.Progress
	Transport http.RoundTripper // replaces the network, for tests
	// Console is the handler of the status page, given the house it tells of.
	Console func(h *House) http.Handler
}

// Database is a local registry: driver "postgres" or "sqlite", and its DSN.
type Database struct{ Driver, DSN string }

// Site is the county web site's channel; an empty Outbox means there is none.
type Site struct{ Outbox, Published string }

// SiteChannel is the name of the county site's channel, as routes of mappings name it.
const SiteChannel = "site"
