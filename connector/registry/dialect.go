package registry

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"creditsync/connector"
)

// dialect is all in which the databases differ for a reader.
type dialect struct {
	// begin opens the snapshot; done gives it up. whole says that everything is going to be read.
	begin func(ctx context.Context, db *sqlx.DB, whole bool) (tx *sqlx.Tx, done func(), err error)
	clock string // a SELECT of the registry's own clock, civil time in China
	// columnsOf gives the columns of a table, in order; none if there is no such table that we may see.
	columnsOf func(ctx context.Context, tx *sqlx.Tx, name []string) ([]column, error)
	// primary gives the columns of a table's primary key, in order; none if it has none.
	primary func(ctx context.Context, tx *sqlx.Tx, name []string) ([]string, error)
	tables  string // a SELECT of all table names, schema-qualified where it matters
	// text is the expression that reads a column as text.
	text func(c column) string
	// joined is the expression that reads a whole row as one text, its cells parted by unitSeparator; false where these
	// columns cannot be. Nil: the database gains nothing by it.
	joined func(columns []column) (expr string, ok bool)
	// changedSince is the condition that c changed at or after t, or that nobody knows; it uses one parameter.
	changedSince func(c column, t time.Time) (condition string, arg any)
	// among is the condition that the columns hold one of keys, each given as its parts.
	among func(columns []column, keys [][]string, trimmed bool) (condition string, args []any)
	// order is a stable order of a table's rows by its own key.
	order func(ctx context.Context, tx *sqlx.Tx, r *relation) (string, error)
	// stream runs a SELECT, calls fill for each row, and flush after each page of size() rows; while flush runs, other
	// statements may use the transaction.
	stream func(ctx context.Context, tx *sqlx.Tx, stmt string, args []any, size func() int, fill func(*sqlx.Rows) error, flush func() error) error
	// reason names the failure of a statement on place.
	reason func(err error, place string) *connector.Reason
}

// column is a column with the database's name of its type, in capitals.
type column struct{ Name, Type string }

// quote makes an identifier of any name.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteAll(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = quote(n)
	}
	return strings.Join(out, ".")
}

// identifiers are the readings of a table's name as an administrator writes it, the likelier first: 检查结果, 公共.检查结果,
// public."T_JCJG"; a name may also hold a dot of its own.
func identifiers(table string) [][]string {
	table = strings.TrimSpace(table)
	if strings.Contains(table, `"`) {
		if parts := splitQuoted(table); parts != nil {
			return [][]string{parts}
		}
	}
	out := [][]string{{table}}
	if schema, name, ok := strings.Cut(table, "."); ok && schema != "" && name != "" {
		out = [][]string{{schema, name}, {table}}
	}
	return out
}

func splitQuoted(s string) []string {
	var parts []string
	for s != "" {
		var part string
		if s[0] == '"' {
			end := closing(s)
			if end < 0 {
				return nil
			}
			part, s = strings.ReplaceAll(s[1:end], `""`, `"`), s[end+1:]
		} else {
			i := strings.IndexByte(s+".", '.')
			part, s = s[:i], s[i:]
		}
		if parts = append(parts, part); s != "" && s[0] != '.' {
			return nil
		}
		s = strings.TrimPrefix(s, ".")
	}
	return parts
}

// closing is where the quoted name at the start of s ends, -1 if it does not.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		return i
	}
	return -1
}

// cutWords keeps the database's own words short.
func cutWords(s string) string {
	if r := []rune(s); len(r) > 500 {
		return string(r[:500])
	}
	return s
}
