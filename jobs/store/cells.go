package store

import (
	"bufio"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The kinds of a column in a backup.
const (
	integerKind = "integer"
	booleanKind = "boolean"
	textKind    = "text"
	bytesKind   = "bytes"
)

func columnsOf(rows *sql.Rows) ([]BackupColumn, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	columns := make([]BackupColumn, len(types))
	for i, t := range types {
		columns[i] = BackupColumn{t.Name(), kindOf(t.DatabaseTypeName())}
		if columns[i].Kind == "" {
			return nil, fmt.Errorf("column %s has type %s, which no backup knows", t.Name(), t.DatabaseTypeName())
		}
	}
	return columns, nil
}

func kindOf(databaseType string) string {
	switch strings.ToUpper(databaseType) {
	case "INTEGER", "BIGINT", "INT4", "INT8":
		return integerKind
	case "BOOLEAN", "BOOL":
		return booleanKind
	case "TEXT":
		return textKind
	case "BLOB", "BYTEA":
		return bytesKind
	}
	return ""
}

// cells is one row of a part: for each column its value, integers as varints, booleans as one byte, texts and bytes with
// their length before them.
type cells struct {
	columns  []BackupColumn
	integers []int64
	booleans []bool
	texts    [][]byte
	targets  []any // of Scan
}

func newCells(columns []BackupColumn) *cells {
	n := len(columns)
	c := &cells{columns: columns, integers: make([]int64, n), booleans: make([]bool, n), texts: make([][]byte, n), targets: make([]any, n)}
	for i, column := range columns {
		switch column.Kind {
		case integerKind:
			c.targets[i] = &c.integers[i]
		case booleanKind:
			c.targets[i] = &c.booleans[i]
		default:
			c.targets[i] = (*sql.RawBytes)(&c.texts[i])
		}
	}
	return c
}

func (c *cells) append(b []byte) []byte {
	for i, column := range c.columns {
		switch column.Kind {
		case integerKind:
			b = binary.AppendVarint(b, c.integers[i])
		case booleanKind:
			if c.booleans[i] {
				b = append(b, 1)
			} else {
				b = append(b, 0)
			}
		default:
			b = append(binary.AppendUvarint(b, uint64(len(c.texts[i]))), c.texts[i]...)
		}
	}
	return b
}

// longestCell is more than any cell of ours holds.
const longestCell = 1 << 30

var errCell = errors.New("a row is damaged")

// readRow reads one row into values; io.EOF if there is none.
func readRow(r *bufio.Reader, columns []BackupColumn, values []any) error {
	for i, column := range columns {
		v, err := readCell(r, column.Kind)
		if errors.Is(err, io.EOF) && i > 0 {
			err = errCell
		}
		if err != nil {
			return err
		}
		values[i] = v
	}
	return nil
}

func readCell(r *bufio.Reader, kind string) (any, error) {
	switch kind {
	case integerKind:
		return binary.ReadVarint(r)
	case booleanKind:
		b, err := r.ReadByte()
		return b == 1, err
	}
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, err
	}
	if n > longestCell {
		return nil, errCell
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, errCell
	}
	if kind == textKind {
		return string(b), nil
	}
	return b, nil
}
