package mapping

// Record is what applying a Plan to one row gives. The buffers of a Record are reused by the next Apply into it.
type Record struct {
	Key string // the business key; the parts of a composite key are joined by KeySeparator
	// Excluded: the row does not belong to the stream (its where says so); nothing but Key is set, and that is not checked.
	Excluded bool
	// Source is a 64-bit hash of all cells the plan reads: equal means the row may be skipped.
	Source int64
	// Payload is the record as the platform wants it: one JSON object, fields in the order of the mapping, without the
	// id and operation that the profile adds. Hash is its xxHash64.
	Payload []byte
	Hash    int64
	// Faults makes the record invalid when not empty.
	Faults   Faults
	Ready    bool
	Withheld *Withheld
	Channel  string // "" is the platform, else a channel such as "site"
	Owner    string // the unit that owes it, as the registry names it
	After    []Dependency
	Answers  string // key of the pulled entry that this row answers, "" if none
	Starts   Date   // the day the legal clock starts, 0 if the stream has no deadline or no date is known
}

// KeySeparator joins the parts of a composite key: U+001F sorts below every printable character.
const KeySeparator = "\x1f"

// Withheld says why a record is kept back.
type Withheld struct {
	Ground   string
	Approval string // document number; empty is a fault of the record, not a licence to send
}

// Dependency is a record that must be on the platform first.
type Dependency struct {
	Stream, Key string
}

// Entry is what a pull mapping makes of one platform object.
type Entry struct {
	Key    string
	Cells  []string          // in the order of the mapping's fields
	Known  map[string]string // by mapping/schema name, only fields with `as:`
	Faults Faults
	Starts Date // the day its clock starts, 0 if none
}
