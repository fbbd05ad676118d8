package mapping

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// bracket is how a column is written whose name is no identifier: 列["名 称"].
const bracket = "列"

// columnsOf are the columns an expression reads, in the order of first use: every name in it that is not called, and
// every 列["…"].
func columnsOf(text string) ([]string, error) {
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, err
	}
	c := &collector{not: map[ast.Node]bool{}}
	ast.Walk(&tree.Node, c)
	if c.refused != nil {
		return nil, c.refused.Bind(tree.Source)
	}
	var columns []string
	for _, n := range c.names {
		if !c.not[n.node] && !slices.Contains(c.declared, n.name) && !slices.Contains(columns, n.name) {
			columns = append(columns, n.name)
		}
	}
	return columns, nil
}

type named struct {
	name string
	node ast.Node
}

type collector struct {
	names    []named
	not      map[ast.Node]bool // identifiers that are no columns
	declared []string          // by let
	refused  *file.Error       // the first thing that an expression may not use
}

func (c *collector) refuse(n ast.Node, name string) {
	if c.refused == nil {
		c.refused = &file.Error{Location: n.Location(), Message: "unknown name " + name}
	}
}

// Visit sees the children of a node before the node itself.
func (c *collector) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		if n.Value == "$env" {
			c.refuse(n, n.Value)
		}
		c.names = append(c.names, named{n.Value, n})
	case *ast.BuiltinNode:
		if !allowedBuiltin(n.Name) {
			c.refuse(n, n.Name)
		}
	case *ast.CallNode:
		c.not[n.Callee] = true
		if callee(n) == "" {
			c.refuse(n.Callee, n.Callee.String())
		}
	case *ast.MemberNode:
		if name, ok := bracketed(n); ok {
			c.not[n.Node] = true
			c.names = append(c.names, named{name, n})
		}
	case *ast.VariableDeclaratorNode:
		c.declared = append(c.declared, n.Name)
	}
}

func bracketed(n *ast.MemberNode) (string, bool) {
	of, ok := n.Node.(*ast.IdentifierNode)
	if !ok || of.Value != bracket {
		return "", false
	}
	name, ok := n.Property.(*ast.StringNode)
	if !ok {
		return "", false
	}
	return name.Value, true
}

// rewriter adapts an expression to the fact that every column is text.
type rewriter struct{}

// Visit sees each node once, children first.
func (rewriter) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.MemberNode:
		if name, ok := bracketed(n); ok {
			ast.Patch(node, &ast.IdentifierNode{Value: name})
		}
	case *ast.CallNode:
		if callee(n) != "" {
			n.Arguments = withNames(n.Arguments)
		}
	case *ast.BinaryNode:
		compare(n)
	}
}

// callee is the name of the function of ours that n calls, "" if it is none.
func callee(n ast.Node) string {
	call, ok := n.(*ast.CallNode)
	if !ok {
		return ""
	}
	if f, ok := call.Callee.(*ast.IdentifierNode); ok {
		switch f.Value {
		case "earliest", "latest", "date", "number":
			return f.Value
		}
	}
	return ""
}

func withNames(arguments []ast.Node) []ast.Node {
	named := make([]ast.Node, 0, 2*len(arguments))
	for _, a := range arguments {
		name := ""
		if id, ok := a.(*ast.IdentifierNode); ok {
			name = id.Value
		}
		named = append(named, &ast.StringNode{Value: name}, a)
	}
	return named
}

func convert(n ast.Node, with string) ast.Node {
	call := &ast.CallNode{Callee: &ast.IdentifierNode{Value: with}, Arguments: withNames([]ast.Node{n})}
	call.SetLocation(n.Location())
	return call
}

// compare lets text be compared with numbers and dates: in 年度 >= 2026, 年度 in [2025, 2026] and date(检查日期) > "2026-01-01"
// the text is converted. 检查日期 >= "2026-01-01" compares days too: as text, 2026.8.3 would come after 2026.12.21.
func compare(n *ast.BinaryNode) {
	switch n.Operator {
	case "in":
		if numbers(n.Right) && !numeric(n.Left) {
			n.Left = convert(n.Left, "number")
		}
	case "<", "<=", ">", ">=":
		if id, isColumn := n.Left.(*ast.IdentifierNode); isColumn && isoLiteral(n.Right) {
			n.Left = convert(id, "date")
		} else if id, isColumn := n.Right.(*ast.IdentifierNode); isColumn && isoLiteral(n.Left) {
			n.Right = convert(id, "date")
		}
		compareSides(n)
	case "==", "!=":
		compareSides(n)
	}
}

func compareSides(n *ast.BinaryNode) {
	for _, side := range [...][2]*ast.Node{{&n.Left, &n.Right}, {&n.Right, &n.Left}} {
		this, other := side[0], side[1]
		switch {
		case numeric(*this) && !numeric(*other) && callee(*other) == "":
			*other = convert(*other, "number")
		case isDay(*this) && !isDay(*other):
			*other = convert(*other, "date")
		}
	}
}

func numeric(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return true
	case *ast.UnaryNode:
		return n.Operator == "-" && numeric(n.Node)
	case *ast.BuiltinNode: // len(x) > 3 compares numbers already
		switch n.Name {
		case "abs", "ceil", "float", "floor", "indexOf", "int", "lastIndexOf", "len", "max", "min", "round":
			return true
		}
	}
	return callee(n) == "number"
}

func numbers(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ArrayNode:
		return len(n.Nodes) > 0 && !slices.ContainsFunc(n.Nodes, func(e ast.Node) bool { return !numeric(e) })
	case *ast.BinaryNode:
		return n.Operator == ".."
	}
	return false
}

func isDay(n ast.Node) bool {
	name := callee(n)
	return name == "date" || name == "earliest" || name == "latest"
}

func isoLiteral(n ast.Node) bool {
	s, ok := n.(*ast.StringNode)
	if !ok {
		return false
	}
	m, ok := isoDay(s.Value)
	return ok && m.check() == ""
}
