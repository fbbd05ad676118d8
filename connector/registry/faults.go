package registry

import "creditsync/connector"

// Codes of what can be wrong with one cell. The arguments are the column, the place in a file, and what is shown there.
const (
	cellNoText     = "registry.cell_no_text"          // bytes that are no valid text
	cellTooLong    = "registry.cell_too_long"         // more than 1 MiB; shown is how many MiB
	cellBinary     = "registry.cell_binary"           // a picture or other bytes
	cellScientific = "registry.cell_scientific"       // 9.14104E+17
	cellLostDigits = "registry.cell_lost_digits"      // a number of more than 15 digits
	cellError      = "registry.cell_error"            // #N/A
	cellNoValue    = "registry.formula_without_value" // never calculated, or saved by a program that does not calculate
)

// Codes of findings: worth telling a person, stopping nothing.
const (
	foundHiddenSheet  = "registry.hidden_sheet"      // file, sheet
	foundOtherSheet   = "registry.other_sheet"       // file, sheet that was not read, sheet that was read
	foundTotals       = "registry.totals_rows"       // place, how many, row numbers
	foundTitles       = "registry.title_rows"        // place, how many rows, header row
	foundHeaderAgain  = "registry.header_repeated"   // place, how many, row numbers
	foundMerged       = "registry.merged_cells"      // place, how many merged ranges, first one
	foundFormulas     = "registry.formulas_no_value" // place, how many, first address
	foundHiddenRows   = "registry.hidden_rows"       // place, how many
	foundOpen         = "registry.file_open"         // file
	foundSameFile     = "registry.file_twice"        // file, the file it equals
	foundCopy         = "registry.file_copy"         // file
	foundBinaryColumn = "registry.column_binary"     // table, column
)

func fail(what, place string, err error, args ...string) *connector.Reason {
	return &connector.Reason{What: what, Args: args, Place: place, Sent: connector.NotSent, Err: err}
}

// failRetry is a failure that may pass by itself.
func failRetry(what, place string, err error, args ...string) *connector.Reason {
	r := fail(what, place, err, args...)
	r.Retry = true
	return r
}
