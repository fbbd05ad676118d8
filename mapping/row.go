package mapping

// Row is one row of a local registry: cells as text, in the order of the columns that were asked for. An empty cell and
// a NULL are the same thing, the empty string. Dates and times arrive as text in the registry's own writing
// ("2026-12-21", "20261221", "2026年12月21日", "2026-12-21 10:00:00"); numbers as they are stored, never in scientific notation.
type Row struct {
	Cells []string
	// Place is where a person finds the row: "检查结果台账.xlsx!结果!17". Empty for a database, where the key is the place.
	Place string
	// Faults are what the registry could not read of this row, such as a number shown in scientific notation.
	Faults []Fault
	// Items are the child rows, in the order of the item columns.
	Items []Row
}
