package main_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// edges are the rooms that may know the process they run in. fixtures/testdb is part of the tests' process.
func edges(room string) bool { return strings.HasPrefix(room, "cmd/") || room == "fixtures/testdb" }

// handedIn are functions that ask the process: their answers are handed in from cmd.
func handedIn() map[string][]string {
	return map[string][]string{
		"time": {"Now", "Since", "Until", "Sleep"},
		"os":   {"Getenv", "LookupEnv", "Environ", "Exit", "Setenv"},
		"log":  {"Fatal", "Fatalf", "Fatalln", "Print", "Printf", "Println"},
		"slog": {"Default", "Info", "Warn", "Error", "Debug"},
	}
}

func TestClockAndProcessAreHandedIn(t *testing.T) {
	all, files := sources(t)
	forbidden := handedIn()
	for _, s := range all {
		if s.test || edges(s.room) {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Obj == nil && slices.Contains(forbidden[pkg.Name], sel.Sel.Name) {
				t.Errorf("%s: %s.%s is for cmd alone; hand it in", files.Position(n.Pos()), pkg.Name, sel.Sel.Name)
			}
			return true
		})
	}
}

func TestNoSleepsInTests(t *testing.T) {
	all, files := sources(t)
	for _, s := range all {
		if !s.test {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sleep" {
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" {
					t.Errorf("%s: tests wait for events, not for seconds", files.Position(n.Pos()))
				}
			}
			return true
		})
	}
}

func TestNoInit(t *testing.T) {
	all, files := sources(t)
	for _, s := range all {
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: init runs behind everyone's back", files.Position(f.Pos()))
			}
		}
	}
}

// variable is one package-level variable.
type variable struct {
	name string
	obj  any // what the parser resolved it to
}

// TestPackageVariablesAreNeverWritten: tables, sentinels and compiled expressions are constants in all but name; whatever
// is assigned to, counted up or pointed to is state.
func TestPackageVariablesAreNeverWritten(t *testing.T) {
	all, files := sources(t)
	variables := map[string][]variable{}
	for _, s := range all {
		if s.test || edges(s.room) {
			continue
		}
		for _, d := range s.ast.Decls {
			variables[s.room] = append(variables[s.room], declared(d)...)
		}
	}
	for _, s := range all {
		if s.test {
			continue
		}
		for _, name := range written(s.ast) {
			if slices.ContainsFunc(variables[s.room], func(v variable) bool {
				return v.name == name.Name && (name.Obj == nil || any(name.Obj) == v.obj)
			}) {
				t.Errorf("%s: the package variable %s is written to", files.Position(name.Pos()), name.Name)
			}
		}
	}
}

// declared are the variables of a declaration, without the blank ones that only check a type.
func declared(d ast.Decl) []variable {
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR {
		return nil
	}
	var all []variable
	for _, spec := range g.Specs {
		for _, n := range spec.(*ast.ValueSpec).Names {
			if n.Name != "_" {
				all = append(all, variable{n.Name, n.Obj})
			}
		}
	}
	return all
}

// written are the identifiers at the root of everything that is assigned to, counted, pointed to or emptied in a function.
func written(f *ast.File) []*ast.Ident {
	var all []*ast.Ident
	add := func(exprs ...ast.Expr) {
		for _, e := range exprs {
			if id := root(e); id != nil {
				all = append(all, id)
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch v := n.(type) {
		case *ast.AssignStmt:
			if v.Tok != token.DEFINE {
				add(v.Lhs...)
			}
		case *ast.IncDecStmt:
			add(v.X)
		case *ast.UnaryExpr:
			if v.Op == token.AND {
				add(v.X)
			}
		case *ast.CallExpr:
			if fun, ok := v.Fun.(*ast.Ident); ok && (fun.Name == "delete" || fun.Name == "clear") && fun.Obj == nil {
				add(v.Args[0])
			}
		}
		return true
	})
	return all
}

func root(e ast.Expr) *ast.Ident {
	switch v := e.(type) {
	case *ast.Ident:
		return v
	case *ast.IndexExpr:
		return root(v.X)
	case *ast.SelectorExpr:
		return root(v.X)
	case *ast.StarExpr:
		return root(v.X)
	case *ast.ParenExpr:
		return root(v.X)
	}
	return nil
}

func TestNoLockIsGlobal(t *testing.T) {
	all, files := sources(t)
	for _, s := range all {
		if s.test || edges(s.room) {
			continue
		}
		for _, d := range s.ast.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			ast.Inspect(g, func(n ast.Node) bool {
				if _, inside := n.(*ast.FuncLit); inside {
					return false
				}
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if pkg, ok := sel.X.(*ast.Ident); ok && (pkg.Name == "sync" || pkg.Name == "atomic") {
						t.Errorf("%s: a global %s.%s guards global state", files.Position(n.Pos()), pkg.Name, sel.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	all, _ := sources(t)
	documented := map[string]bool{}
	for _, s := range all {
		if !s.test {
			documented[s.room] = documented[s.room] || s.ast.Doc != nil && len(strings.Fields(s.ast.Doc.Text())) > 8
		}
	}
	for room, ok := range documented {
		if !ok {
			t.Errorf("%s: no package comment that says what it promises", room)
		}
	}
}

func TestExportedThingsAreExplained(t *testing.T) {
	all, files := sources(t)
	for _, s := range all {
		if s.test {
			continue
		}
		for _, d := range s.ast.Decls {
			for _, n := range unexplained(d) {
				t.Errorf("%s: %s is exported without a comment", files.Position(n.Pos()), n.Name)
			}
		}
	}
}

// unexplained are the exported names of a declaration that have no comment: of their own, of their group, or, for a
// constant among its like, at the end of the line.
func unexplained(d ast.Decl) []*ast.Ident {
	switch v := d.(type) {
	case *ast.FuncDecl:
		if v.Doc == nil && v.Name.IsExported() && (v.Recv == nil || receiver(v).IsExported()) {
			return []*ast.Ident{v.Name}
		}
	case *ast.GenDecl:
		var all []*ast.Ident
		for _, spec := range v.Specs {
			all = append(all, ofSpec(spec, v.Doc != nil)...)
		}
		return all
	}
	return nil
}

func ofSpec(spec ast.Spec, group bool) []*ast.Ident {
	switch v := spec.(type) {
	case *ast.TypeSpec:
		if v.Name.IsExported() && v.Doc == nil && !group {
			return []*ast.Ident{v.Name}
		}
	case *ast.ValueSpec:
		if v.Doc != nil || v.Comment != nil || group {
			return nil
		}
		return slices.DeleteFunc(slices.Clone(v.Names), func(n *ast.Ident) bool { return !n.IsExported() })
	}
	return nil
}

func receiver(f *ast.FuncDecl) *ast.Ident {
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	switch v := t.(type) {
	case *ast.IndexExpr:
		t = v.X
	case *ast.IndexListExpr:
		t = v.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id
	}
	return ast.NewIdent("_")
}

// longest is how many lines a file may have before it has become two.
const longest = 500

func TestFilesStaySmall(t *testing.T) {
	all, files := sources(t)
	for _, s := range all {
		if n := files.File(s.ast.Pos()).LineCount(); !s.test && n > longest {
			t.Errorf("%s: %d lines are two files", s.path, n)
		}
	}
}
