package main

import (
	"go/ast"
	"go/token"
	"strings"
)

// rejects reports whether statements end with a refusal: an error, false, or the
// next of many.
func (f *finder) rejects(body []ast.Stmt) bool {
	if len(body) == 0 {
		return false
	}
	switch last := body[len(body)-1].(type) {
	case *ast.BranchStmt:
		return last.Tok == token.CONTINUE
	case *ast.ReturnStmt:
		types := f.types()
		for i, result := range last.Results {
			switch {
			case f.text(result) == "false":
				return true
			case len(last.Results) == len(types) && types[i] == "error" && f.text(result) != "nil":
				return !f.delegates(result)
			}
		}
	}
	return false
}

// delegates reports whether an error is another function's answer, and not one
// that is made here.
func (f *finder) delegates(result ast.Expr) bool {
	call, ok := result.(*ast.CallExpr)
	if !ok {
		return false
	}
	name := f.text(call.Fun)
	return !strings.HasPrefix(name, "fmt.") && !strings.HasPrefix(name, "errors.") && !strings.HasSuffix(name, "Error")
}

// types are the types of the function's results, one each.
func (f *finder) types() []string {
	var types []string
	if f.returns == nil {
		return nil
	}
	for _, field := range f.returns.List {
		for range max(1, len(field.Names)) {
			types = append(types, f.text(field.Type))
		}
	}
	return types
}

// results are answers that could always be yes.
func (f *finder) results(n *ast.ReturnStmt) {
	types := f.types()
	if len(types) != len(n.Results) {
		return
	}
	for i, result := range n.Results {
		_, literal := result.(*ast.Ident)
		operator, isBinary := result.(*ast.BinaryExpr)
		joined := isBinary && (operator.Op == token.LAND || operator.Op == token.LOR)
		switch {
		case types[i] == "bool" && !literal && !joined:
			f.always(result, "always "+f.text(result))
		case types[i] == "error" && f.delegates(result):
			f.remove(result, "no "+f.text(result), "unless(#, ", ")")
		}
	}
}

// cases of a switch that refuse are left out: what is behind the switch follows,
// or, at a function's end, acceptance.
func (f *finder) cases(n *ast.SwitchStmt) {
	last := f.body.List[len(f.body.List)-1]
	leave := "break"
	if last == ast.Stmt(n) {
		leave = "return " + f.acceptance()
	}
	for _, s := range n.Body.List {
		clause := s.(*ast.CaseClause)
		switch {
		case n.Tag == nil && len(clause.List) > 0:
			for _, cond := range clause.List {
				f.condition(cond, clause.Body)
			}
		case f.rejects(clause.Body):
			f.remove(clause.Body[0], "no "+caseOf(f, clause), "if mutated(#) { "+leave+" }; ", "")
		}
	}
}

func caseOf(f *finder, clause *ast.CaseClause) string {
	if clause.List == nil {
		return "default"
	}
	var values []string
	for _, v := range clause.List {
		values = append(values, f.text(v))
	}
	return "case " + strings.Join(values, ", ")
}

// acceptance are results that say yes.
func (f *finder) acceptance() string {
	var values []string
	for _, t := range f.types() {
		switch t {
		case "error":
			values = append(values, "nil")
		case "bool":
			values = append(values, "true")
		default:
			values = append(values, "*new("+t+")")
		}
	}
	return strings.Join(values, ", ")
}
