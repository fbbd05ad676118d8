package engine

// The codes of what the engine itself cannot do; each has a sentence in the catalogue.
const (
	BadURL      = "engine.bad_url"      // Listen cannot be read
	NotStarted  = "engine.not_started"  // the database did not answer, or its tables are missing
	NotMigrated = "engine.not_migrated" // River's tables could not be made or brought up to date
	NotEnded    = "engine.not_ended"    // jobs ran on after Stop's bound
	UnknownJob  = "engine.unknown_job"  // job, target: work that no handler is there for
	NotEnqueued = "engine.not_enqueued" // job, target: it could not be written down
	NotAdopted  = "engine.not_taken_up" // what a killed process left could not be made available again
)

// Fault is why the engine could not do something.
type Fault struct {
	What string
	Args []string
	Err  error // River's or the database's error, behind ours
}

// Code is the stable code, for the catalogue.
func (f *Fault) Code() string { return f.What }

// Arguments are what fills the sentence of the catalogue.
func (f *Fault) Arguments() []string { return f.Args }

// Error is the developer's sentence.
func (f *Fault) Error() string {
	s := f.What
	for _, a := range f.Args {
		s += " " + a
	}
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

// Unwrap gives the error behind.
func (f *Fault) Unwrap() error { return f.Err }
