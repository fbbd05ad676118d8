package connector

import (
	"context"
	"time"

	"creditsync/mapping"
)

// Registry is one local system that holds streams: a database, or a folder of workbooks and csv files.
type Registry interface {
	// Read streams the rows asked for, in pages of at most q.PageRows, and calls visit for each page in turn. The slice
	// and its rows are valid until visit returns. Read holds one consistent snapshot of a database. An error of visit
	// ends the read and is returned as it is; every other error is a *Reason. Memory does not grow with the number of rows.
	Read(ctx context.Context, q Query, visit func(rows []mapping.Row) error) (Summary, error)
	// Count says how many rows the source has now, before any `where` of the mapping.
	Count(ctx context.Context, s mapping.Source) (int64, error)
	Close() error
}

// Query is one read of one stream.
type Query struct {
	Source  mapping.Source
	Columns []string       // what the plan reads, in its order; includes the key columns
	Items   *mapping.Items // child rows to fetch with each page, nil for none
	// ItemColumns are the child's columns the plan reads, in its order; the parent column is the first.
	ItemColumns []string
	// Since is the Cursor of an earlier Summary; rows changed before it minus the overlap are not read. Empty: all rows.
	Since string
	// Keys limits the read to these keys (each as Record.Key, parts joined by mapping.KeySeparator). Nil: no limit.
	Keys     []string
	PageRows int // 5000 when 0
	// Limit ends the read after so many rows: a look at a table, not a read of it. 0: all rows.
	Limit int
}

// Explorer is a registry that can say what it holds, for who has yet to write a mapping.
type Explorer interface {
	Registry
	// Tables lists what can be read: tables and views of a database, sheets of workbooks and csv files. within limits it to
	// one table, or to the files of a glob; empty is everything.
	Tables(ctx context.Context, within string) ([]Table, error)
}

// Table is one table, view, sheet or csv file.
type Table struct {
	Name    string         // for people: the table, or file!sheet
	Source  mapping.Source // where it is; without key
	Columns []TableColumn  // none where no header was found, or the sheet is hidden
	Hidden  bool           // a hidden sheet
	Fault   error          // why it cannot be read: a *Reason
}

// TableColumn is one column. Type is the database's own word for its type, in capitals; empty in a file.
type TableColumn struct {
	Name, Type string
	Key        bool // part of the primary key
}

// Summary is what a whole read saw.
type Summary struct {
	Rows   int64 // rows handed to visit
	Source int64 // rows the source had in the same snapshot (equals Rows for a full read)
	// Cursor is where the next incremental read starts: the greatest change time seen, never past the registry's own
	// clock minus the overlap. Empty when the source has no `changed`.
	Cursor string
	Late   int64 // rows whose change time lies before the cursor that the read started from: the overlap caught them
	Clock  time.Time
	// Findings are things worth telling a person that stop nothing: a hidden sheet passed over, a totals row, merged
	// title rows, formulas without a stored value.
	Findings mapping.Faults
}
