package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"
)

// check is one thing that a verifier asks for, and that can be left out.
type check struct {
	id int
	// name finds the check again after the lines above it moved: its file, its
	// function and what is left out of what.
	name string
	file string
	line int
	// from are the folders of the verifiers that ask for it.
	from []string
}

// wrap puts text around a part of a file.
type wrap struct {
	start, end     int
	before, behind string
}

// finder collects the checks of one function.
type finder struct {
	set   *token.FileSet
	root  string
	src   *source
	fn    function
	from  []string
	next  func() int
	seen  map[string]int
	inner map[ast.Expr]bool
	// returns and body are of the function, or of the literal, that is visited.
	returns *ast.FieldList
	body    *ast.BlockStmt
	checks  []check
	wraps   []wrap
}

func (f *finder) text(n ast.Node) string {
	return string(f.src.text[f.fn.file][f.offset(n.Pos()):f.offset(n.End())])
}

func (f *finder) offset(p token.Pos) int { return f.set.Position(p).Offset }

// remove notes a check. Before and behind have a place for its number.
func (f *finder) remove(n ast.Node, what, before, behind string) {
	id := f.next()
	file, _ := filepath.Rel(f.root, f.fn.file)
	name := fmt.Sprintf("%s %s: %s", file, f.fn.decl.Name.Name, strings.Join(strings.Fields(what), " "))
	f.seen[name]++
	if again := f.seen[name]; again > 1 {
		name = fmt.Sprintf("%s (%d)", name, again)
	}
	f.checks = append(f.checks, check{id: id, name: name, file: file, line: f.set.Position(n.Pos()).Line, from: f.from})
	f.wraps = append(f.wraps, wrap{
		start: f.offset(n.Pos()), end: f.offset(n.End()),
		before: strings.ReplaceAll(before, "#", fmt.Sprint(id)), behind: behind,
	})
}

func (f *finder) never(n ast.Expr, what string) { f.remove(n, what, "(!mutated(#) && (", "))") }

func (f *finder) always(n ast.Expr, what string) { f.remove(n, what, "(mutated(#) || (", "))") }

// condition is left out as if what it guards against never happened, or as if
// what it asks for always held.
func (f *finder) condition(cond ast.Expr, body []ast.Stmt) {
	if f.rejects(body) {
		f.never(cond, "no "+f.text(cond))
	} else {
		f.always(cond, "always "+f.text(cond))
	}
}

// find visits everything that a function does, and the functions in it.
func (f *finder) find(returns *ast.FieldList, body *ast.BlockStmt) {
	defer func(returns *ast.FieldList, body *ast.BlockStmt) { f.returns, f.body = returns, body }(f.returns, f.body)
	f.returns, f.body = returns, body
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			f.find(n.Type.Results, n.Body)
			return false
		case *ast.IfStmt:
			f.condition(n.Cond, n.Body.List)
		case *ast.SwitchStmt:
			f.cases(n)
		case *ast.BinaryExpr:
			f.operands(n)
		case *ast.AssignStmt:
			if n.Tok == token.AND_ASSIGN {
				f.remove(n.Rhs[0], "no "+f.text(n), "(bit(#) | (", "))")
			}
		case *ast.ReturnStmt:
			f.results(n)
		case *ast.CallExpr:
			f.call(n)
		}
		return true
	})
}

// operands are left out one at a time, of two or more.
func (f *finder) operands(n *ast.BinaryExpr) {
	leave := f.always
	switch n.Op {
	case token.LAND:
	case token.LOR:
		leave = f.never
	default:
		return
	}
	if f.inner[n] {
		return
	}
	for _, x := range f.chain(n) {
		leave(x, f.text(x)+" out of "+f.text(n))
	}
}

// chain are all operands of one operator that stand in a row.
func (f *finder) chain(n *ast.BinaryExpr) []ast.Expr {
	var operands []ast.Expr
	for _, x := range []ast.Expr{n.X, n.Y} {
		if more, ok := x.(*ast.BinaryExpr); ok && more.Op == n.Op {
			f.inner[more] = true
			operands = append(operands, f.chain(more)...)
		} else {
			operands = append(operands, x)
		}
	}
	return operands
}

// comparisons report that two things are the same.
var comparisons = map[string]string{
	"hmac.Equal": "(mutated(#) || ", "bytes.Equal": "(mutated(#) || ", "strings.EqualFold": "(mutated(#) || ",
	"subtle.ConstantTimeCompare": "(bit(#) | ", "subtle.ConstantTimeEq": "(bit(#) | ",
}

func (f *finder) call(n *ast.CallExpr) {
	if before, ok := comparisons[f.text(n.Fun)]; ok {
		f.remove(n, "always "+f.text(n), before, ")")
	}
	if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Strict" && len(n.Args) == 0 {
		f.remove(s.X, "no "+f.text(n), "lenient(#, ", ")")
	}
}
