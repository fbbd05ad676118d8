package mapping

import (
	"fmt"
	"strings"
)

// Fault is one thing that is wrong with a value, a row or a file that people edit. It carries a stable code and the
// arguments of its sentence; the catalogue in cmd makes the sentence. No argument ever holds a secret or a whole
// identity number.
type Fault struct {
	// What is the stable code, such as "value.not_a_date"; every code has a sentence in each language.
	What string
	// Args fill the sentence, in its order.
	Args []string
	// Field is the platform's field, Column the local one; either may be empty.
	Field, Column string
	// File, Line and Col say where in a file that people edit; Line and Col count from 1, 0 means unknown.
	File      string
	Line, Col int
}

// Code is the stable code of the fault, for the catalogue.
func (f Fault) Code() string { return f.What }

// Arguments are what fills the sentence of the catalogue.
func (f Fault) Arguments() []string { return f.Args }

// Error is the developer's sentence, in English and without the catalogue.
func (f Fault) Error() string {
	var b strings.Builder
	if f.File != "" {
		fmt.Fprintf(&b, "%s:%d:%d: ", f.File, f.Line, f.Col)
	}
	b.WriteString(f.What)
	if f.Column != "" {
		b.WriteString(" column " + f.Column)
	}
	if f.Field != "" {
		b.WriteString(" field " + f.Field)
	}
	if len(f.Args) > 0 {
		b.WriteString(": " + strings.Join(f.Args, ", "))
	}
	return b.String()
}

// Faults is all that is wrong with one thing, reported together.
type Faults []Fault

// Error joins the developer's sentences, one a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}
