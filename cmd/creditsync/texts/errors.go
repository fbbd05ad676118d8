package texts

import (
	"errors"
	"strings"

	"creditsync/connector"
	"creditsync/mapping"
)

// parts takes joined errors and lists of faults apart, in their order. A wrapper around either is looked through.
func parts(err error) []error {
	var all []error
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) && isJoin(joined.Unwrap(), err) {
		for _, e := range joined.Unwrap() {
			all = append(all, parts(e)...)
		}
		return all
	}
	var faults mapping.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		return []error{err}
	}
	for _, f := range faults {
		all = append(all, f)
	}
	return all
}

// isJoin tells errors.Join, whose errors stand side by side, from fmt.Errorf with two %w, which is one error.
func isJoin(joined []error, whole error) bool {
	lines := make([]string, len(joined))
	for i, e := range joined {
		lines[i] = e.Error()
	}
	return strings.HasSuffix(whole.Error(), strings.Join(lines, "\n"))
}

// surround adds to a sentence what its error knows besides: where it happened, the far side's words, a library's error.
func (c *Catalogue) surround(err error, sentence string) string {
	if file, line, col := place(err); file != "" {
		if line == 0 {
			return c.Say("error.in_file", file, sentence)
		}
		return c.Say("error.at", file, line, col, sentence)
	}
	var behind []string
	var reason *connector.Reason
	if errors.As(err, &reason) {
		if reason.Place != "" {
			behind = append(behind, c.Say("error.place", reason.Place))
		}
		if reason.Words != "" {
			behind = append(behind, c.Say("error.words", reason.Words))
		}
	}
	if cause := errors.Unwrap(err); cause != nil {
		behind = append(behind, c.Say("error.detail", cause))
	}
	if len(behind) == 0 {
		return sentence
	}
	if c.lang == "en" {
		return sentence + " (" + strings.Join(behind, "; ") + ")"
	}
	return sentence + "（" + strings.Join(behind, "；") + "）"
}

// place is where in a file that people edit the fault stands, if it knows: a fault of a mapping's file, or of the settings.
func place(err error) (file string, line, col int) {
	var fault mapping.Fault
	if errors.As(err, &fault) {
		return fault.File, fault.Line, fault.Col
	}
	var placed interface{ Place() (string, int, int) }
	if errors.As(err, &placed) {
		return placed.Place()
	}
	return "", 0, 0
}
