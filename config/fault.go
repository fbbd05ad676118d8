package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with the settings. No argument ever holds a secret.
type Fault struct {
	What string   // a stable code with a sentence in the catalogue
	Args []string // of the sentence
	Path string   // of the setting: platform.variables[2].value
	// File, Line and Col say where; File is the environment variable's name if the setting came from there. Line and Col
	// count from 1, 0 means unknown.
	File      string
	Line, Col int
}

// Code is the stable code, for the catalogue.
func (f Fault) Code() string { return f.What }

// Arguments are what fills the sentence of the catalogue.
func (f Fault) Arguments() []string { return f.Args }

// Place is where the fault stands.
func (f Fault) Place() (file string, line, col int) { return f.File, f.Line, f.Col }

// Error is the developer's sentence.
func (f Fault) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%s:%d:%d: %s %s %s", f.File, f.Line, f.Col, f.What, f.Path, strings.Join(f.Args, ", ")))
}

// Faults is all that is wrong with the settings.
type Faults []Fault

// Error joins the developer's sentences, one a line.
func (fs Faults) Error() string { return errors.Join(fs.Unwrap()...).Error() }

// Unwrap gives each fault as an error of its own.
func (fs Faults) Unwrap() []error {
	errs := make([]error, len(fs))
	for i, f := range fs {
		errs[i] = f
	}
	return errs
}

// The codes of faults.
const (
	unreadable     = "config.unreadable"      // path; the system's words
	badEncoding    = "config.bad_encoding"    //
	emptyFile      = "config.empty"           //
	badSyntax      = "config.syntax"          // the parser's words
	wideColon      = "config.fullwidth_colon" //
	unknownSetting = "config.unknown_setting" // setting; nearest known one or ""
	notAText       = "config.not_a_text"      // setting
	notANumber     = "config.not_a_number"    // setting
	notABool       = "config.not_a_bool"      // setting
	notADuration   = "config.not_a_duration"  // setting
	notAList       = "config.not_a_list"      // setting
	notABlock      = "config.not_a_block"     // setting
	missing        = "config.missing"         // setting
	notOneOf       = "config.not_one_of"      // setting; value; allowed
	outOfRange     = "config.out_of_range"    // setting; value; least; greatest
	twice          = "config.twice"           // setting; value
	badCron        = "config.bad_cron"        // cron; the parser's words
	badListen      = "config.bad_listen"      // address
	notLoopback    = "config.not_loopback"    // address
	badStore       = "config.bad_store"       // setting
	plainSecret    = "config.plain_secret"    // setting
	secretMissing  = "config.secret_missing"  // setting; environment variable
	secretFile     = "config.secret_file"     // setting; path; the system's words
	secretOpen     = "config.secret_open"     // setting; path; permissions
	secretShort    = "config.secret_short"    // setting; least length
	secretBoth     = "config.secret_both"     // setting
	tooStale       = "config.too_stale"       // value; the limit
	wontOverwrite  = "config.wont_overwrite"  // path
)

func sorted(fs Faults) Faults {
	slices.SortStableFunc(fs, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Col-b.Col)
	})
	return fs
}
