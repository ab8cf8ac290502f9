package formula

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// functions are the functions in the order in which messages list them, with
// what each takes.
var functions = []struct{ name, takes string }{
	{"min", "two or more numbers"},
	{"max", "two or more numbers"},
	{"abs", "one number"},
	{"floor", "one number"},
	{"ceil", "one number"},
	{"round", "a number, and places as a literal from 0 to 19"},
	{"if", "a condition and two values"},
}

// takes tells what a function takes, or is blank for an unknown one.
func takes(function string) string {
	for _, f := range functions {
		if f.name == function {
			return f.takes
		}
	}
	return ""
}

func unknownName(t token) error {
	if what := takes(t.text); what != "" {
		return problem(t.at, "%s is a function, write %s(…) with %s", t.text, t.text, what)
	}
	if instead, ok := foreign[t.text]; ok {
		return problem(t.at, "%s is not understood, write %s", t.text, instead)
	}
	return problem(t.at, "unknown name %s", t.text)
}

// need returns an error unless x has the wanted type.
func need(x expr, want commerce.Type, who string) error {
	switch x.typ {
	case want:
		return nil
	case nullType:
		return problem(x.at, "%s takes a %s, null can only be compared with == and !=", who, want)
	default:
		return problem(x.at, "%s takes a %s, this is a %s", who, want, x.typ)
	}
}

func needAll(xs []expr, want commerce.Type, who string) error {
	for _, x := range xs {
		if err := need(x, want, who); err != nil {
			return err
		}
	}
	return nil
}

func checkUnary(op token, x expr) (expr, error) {
	if op.text == "!" {
		return expr{not{x.node}, commerce.BoolType, op.at}, need(x, commerce.BoolType, "!")
	}
	return expr{function{commerce.Decimal.Neg, x.node}, commerce.NumberType, op.at}, need(x, commerce.NumberType, "-")
}

var operations = map[string]func(a, b commerce.Decimal) (commerce.Decimal, error){
	"+": commerce.Decimal.Add, "-": commerce.Decimal.Sub, "*": commerce.Decimal.Mul, "/": commerce.Decimal.Quo,
}

func checkBinary(left expr, op token, right expr) (expr, error) {
	switch op.text {
	case "&&", "||":
		x := expr{logic{op.text == "||", left.node, right.node}, commerce.BoolType, left.at}
		return x, needAll([]expr{left, right}, commerce.BoolType, op.text)
	case "==", "!=":
		x := expr{equality{op.text == "==", left.node, right.node}, commerce.BoolType, left.at}
		if left.typ != right.typ && left.typ != nullType && right.typ != nullType {
			return x, mismatch(left, op, right)
		}
		return x, nil
	case "<", "<=", ">", ">=":
		return checkOrdering(left, op, right)
	default:
		x := expr{arithmetic{operations[op.text], left.node, right.node}, commerce.NumberType, left.at}
		return x, needAll([]expr{left, right}, commerce.NumberType, op.text)
	}
}

var orderings = map[string]func(c int) bool{
	"<":  func(c int) bool { return c < 0 },
	"<=": func(c int) bool { return c <= 0 },
	">":  func(c int) bool { return c > 0 },
	">=": func(c int) bool { return c >= 0 },
}

func checkOrdering(left expr, op token, right expr) (expr, error) {
	for _, x := range []expr{left, right} {
		if x.typ == commerce.BoolType {
			return expr{}, problem(x.at, "%s takes no bool, compare bools with == and !=", op.text)
		}
		if x.typ == nullType {
			return expr{}, problem(x.at, "%s does not take null, compare null with == and !=", op.text)
		}
	}
	if left.typ != right.typ {
		return expr{}, mismatch(left, op, right)
	}
	return expr{ordering{orderings[op.text], left.node, right.node}, commerce.BoolType, left.at}, nil
}

func mismatch(left expr, op token, right expr) error {
	return problem(op.at, "%s compares a %s with a %s, both sides must have one type", op.text, left.typ, right.typ)
}

func checkMember(left expr, list []expr) (expr, error) {
	if left.typ != commerce.NumberType && left.typ != commerce.TextType {
		return expr{}, problem(left.at, "in takes a number or a text on its left")
	}
	values := make([]commerce.Value, 0, len(list))
	for _, x := range list {
		if x.typ != left.typ {
			return expr{}, problem(x.at, "in looks for a %s, this is a %s", left.typ, x.typ)
		}
		values = append(values, x.node.(literal).value)
	}
	return expr{member{left.node, values}, commerce.BoolType, left.at}, nil
}

func checkCall(name token, args []expr) (expr, error) {
	var x expr
	var err error
	switch {
	case name.text == "if" && len(args) == 3:
		x, err = checkChoice(args)
	case name.text == "min" && len(args) >= 2:
		x, err = checkNumbers(extreme{-1, nodes(args)}, name, args)
	case name.text == "max" && len(args) >= 2:
		x, err = checkNumbers(extreme{+1, nodes(args)}, name, args)
	case name.text == "abs" && len(args) == 1:
		x, err = checkNumbers(function{commerce.Decimal.Abs, args[0].node}, name, args)
	case name.text == "floor" && len(args) == 1:
		x, err = checkNumbers(function{commerce.Decimal.Floor, args[0].node}, name, args)
	case name.text == "ceil" && len(args) == 1:
		x, err = checkNumbers(function{commerce.Decimal.Ceil, args[0].node}, name, args)
	case name.text == "round" && (len(args) == 1 || len(args) == 2):
		x, err = checkRound(name, args)
	default:
		return expr{}, wrongCall(name)
	}
	x.at = name.at
	return x, err
}

func wrongCall(name token) error {
	if what := takes(name.text); what != "" {
		return problem(name.at, "%s takes %s", name.text, what)
	}
	var known []string
	for _, f := range functions {
		known = append(known, f.name)
	}
	return problem(name.at, "unknown function %s, want one of %s", name.text, strings.Join(known, ", "))
}

// checkNumbers checks a function of numbers that gives a number.
func checkNumbers(n node, name token, args []expr) (expr, error) {
	return expr{node: n, typ: commerce.NumberType}, needAll(args, commerce.NumberType, name.text)
}

// checkChoice lets one branch be null: if(from.on_sale, from.sale, null).
func checkChoice(args []expr) (expr, error) {
	condition, yes, no := args[0], args[1], args[2]
	if err := need(condition, commerce.BoolType, "if"); err != nil {
		return expr{}, err
	}
	if yes.typ != no.typ && yes.typ != nullType && no.typ != nullType {
		return expr{}, problem(no.at, "if gives a %s or a %s, both values must have one type", yes.typ, no.typ)
	}
	return expr{node: choice{condition.node, yes.node, no.node}, typ: max(yes.typ, no.typ)}, nil
}

func checkRound(name token, args []expr) (expr, error) {
	places := 0
	if len(args) == 2 {
		var ok bool
		if places, ok = placesOf(args[1]); !ok {
			return expr{}, problem(args[1].at, "round takes places as a literal from 0 to %d", commerce.MaxDigits)
		}
	}
	round := func(d commerce.Decimal) commerce.Decimal { return d.Round(places) }
	return checkNumbers(function{round, args[0].node}, name, args[:1])
}

// placesOf reads a literal whole number from 0 to MaxDigits.
func placesOf(x expr) (int, bool) {
	l, ok := x.node.(literal)
	for places := 0; ok && places <= commerce.MaxDigits; places++ {
		if l.value == commerce.Number(commerce.Int(int64(places))) {
			return places, true
		}
	}
	return 0, false
}

func nodes(xs []expr) []node {
	ns := make([]node, 0, len(xs))
	for _, x := range xs {
		ns = append(ns, x.node)
	}
	return ns
}
