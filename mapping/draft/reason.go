package draft

// Reason says why a pair was suggested, or what to look at: a code of the catalogue and what fills its sentence.
type Reason struct {
	What string   `json:"what"`
	Args []string `json:"args,omitempty"`
}

// The reasons of a draft; each has its sentence in the catalogue.
const (
	NamedSame    = "draft.named_same"    // column, term
	NamedAlike   = "draft.named_alike"   // column, term
	NamedShort   = "draft.named_short"   // column, term: initials of the pinyin
	NamedInside  = "draft.named_inside"  // column, term
	OnlyContent  = "draft.only_content"  // column
	InsteadOf    = "draft.instead"       // term, column
	SeveralParts = "draft.parts"         // columns
	HoldsCredit  = "draft.holds_credit"  // percent
	HoldsDates   = "draft.holds_dates"   // percent, formats
	HoldsCodes   = "draft.holds_codes"   // percent, list
	BareNumbers  = "draft.bare_numbers"  // list
	UnknownCodes = "draft.unknown_codes" // list, examples
	IsEmpty      = "draft.is_empty"      //
	NoColumn     = "draft.no_column"     //
	KeyPrimary   = "draft.key_primary"   //
	KeyOfField   = "draft.key_of_field"  // column
	KeyApart     = "draft.key_apart"     // rows
	KeyNearly    = "draft.key_nearly"    // rows
	NoKey        = "draft.no_key"        //
	ReadyValues  = "draft.ready_values"  // column, values
	Deleted      = "draft.deleted"       // column, values
	UnitUnknown  = "draft.unit_unknown"  //
	ChildTable   = "draft.child_table"   // table, parent column
	SampleSays   = "draft.sample_says"   // what the sample mapping has here
	LastChange   = "draft.last_change"   // column
)

// Reasons are all codes, for the test that holds the catalogue to them.
func Reasons() []string {
	return []string{NamedSame, NamedAlike, NamedShort, NamedInside, OnlyContent, InsteadOf, SeveralParts, HoldsCredit, HoldsDates, HoldsCodes,
		BareNumbers, UnknownCodes, IsEmpty, NoColumn, KeyPrimary, KeyOfField, KeyApart, KeyNearly, NoKey, ReadyValues, Deleted,
		UnitUnknown, ChildTable, SampleSays, LastChange}
}
