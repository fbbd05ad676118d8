package mapping

import (
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// The two shapes of expression that nearly every mapping has are recognised and evaluated directly: the days that start
// a clock, because a day that cannot be read must not hide the others, and a concatenation, because it is in every row.

// plainDays recognises earliest(a, b) and latest(a, b) over nothing but columns.
func plainDays(text string) (columns []string, latest bool) {
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, false
	}
	name := callee(tree.Node)
	if name != "earliest" && name != "latest" {
		return nil, false
	}
	for _, a := range tree.Node.(*ast.CallNode).Arguments {
		column, ok := columnOf(a)
		if !ok {
			return nil, false
		}
		columns = append(columns, column)
	}
	return columns, name == "latest"
}

func columnOf(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value, true
	case *ast.MemberNode:
		return bracketed(n)
	}
	return "", false
}

// piece is a part of a concatenation: a column or a text.
type piece struct{ column, text string }

// plainConcatenation recognises a + "、" + b over columns and texts, with at least one column.
func plainConcatenation(text string) []piece {
	tree, err := parser.Parse(text)
	if err != nil {
		return nil
	}
	if n, ok := tree.Node.(*ast.BinaryNode); !ok || n.Operator != "+" {
		return nil
	}
	pieces, ok := piecesOf(tree.Node, nil)
	if !ok {
		return nil
	}
	return pieces
}

func piecesOf(n ast.Node, into []piece) ([]piece, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return append(into, piece{text: n.Value}), true
	case *ast.BinaryNode:
		if n.Operator != "+" {
			return nil, false
		}
		into, ok := piecesOf(n.Left, into)
		if !ok {
			return nil, false
		}
		return piecesOf(n.Right, into)
	}
	column, ok := columnOf(n)
	return append(into, piece{column: column}), ok
}
