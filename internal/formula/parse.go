package formula

import "github.com/plumbline/plumbline/internal/commerce"

// nullType is the type of the literal null, which fits every type.
const nullType commerce.Type = 0

// expr is a checked part of the formula: its node, its type and where it
// begins.
type expr struct {
	node node
	typ  commerce.Type
	at   int
}

// parser reads expressions by precedence climbing and checks types as it goes,
// so that a wrong operand is reported where it stands.
type parser struct {
	lexer lexer
	tok   token
	names Names
	used  map[string]struct{}
	depth int
}

// comparing is the precedence of the operators that do not chain.
const comparing = 3

var precedences = map[string]int{
	"||": 1, "&&": 2,
	"==": comparing, "!=": comparing, "<": comparing, "<=": comparing, ">": comparing, ">=": comparing, "in": comparing,
	"+": 4, "-": 4, "*": 5, "/": 5,
}

// precedence is 0 for what is no binary operator.
func (t token) precedence() int {
	if t.kind == symbolToken || t.kind == nameToken {
		return precedences[t.text]
	}
	return 0
}

func (p *parser) formula() (expr, error) {
	if len(p.lexer.source) > MaxLength {
		return expr{}, problem(MaxLength, "the formula is longer than %d bytes, write several rules or a table", MaxLength)
	}
	if err := p.advance(); err != nil {
		return expr{}, err
	}
	root, err := p.expression(1)
	if err != nil {
		return expr{}, err
	}
	if p.tok.kind != endToken {
		return expr{}, p.unexpected("an operator or the end")
	}
	return root, nil
}

func (p *parser) advance() (err error) {
	p.tok, err = p.lexer.next()
	return err
}

// expression reads operators of at least the given precedence.
func (p *parser) expression(least int) (expr, error) {
	left, err := p.unary()
	for err == nil {
		op := p.tok
		precedence := op.precedence()
		if precedence < least {
			return left, nil
		}
		left, err = p.binary(left, op)
		if err == nil && precedence == comparing && p.tok.precedence() == comparing {
			err = problem(p.tok.at, "comparisons do not chain, write a < b && b < c")
		}
	}
	return expr{}, err
}

func (p *parser) binary(left expr, op token) (expr, error) {
	if err := p.advance(); err != nil {
		return expr{}, err
	}
	if op.text == "in" {
		list, err := p.list()
		if err != nil {
			return expr{}, err
		}
		return checkMember(left, list)
	}
	right, err := p.expression(op.precedence() + 1)
	if err != nil {
		return expr{}, err
	}
	return checkBinary(left, op, right)
}

// unary reads an operand with its signs. All nesting passes through here.
func (p *parser) unary() (expr, error) {
	if p.depth++; p.depth > MaxDepth {
		return expr{}, problem(p.tok.at, "the formula is nested deeper than %d, write several rules or a table", MaxDepth)
	}
	defer func() { p.depth-- }()
	op := p.tok
	if !op.is("-") && !op.is("!") {
		return p.operand()
	}
	if err := p.advance(); err != nil {
		return expr{}, err
	}
	x, err := p.unary()
	if err != nil {
		return expr{}, err
	}
	return checkUnary(op, x)
}

func (p *parser) operand() (expr, error) {
	t := p.tok
	switch {
	case t.kind == numberToken, t.kind == textToken:
		return p.constant()
	case t.is("("):
		return p.group()
	case t.kind == nameToken && t.text != "in":
		if err := p.advance(); err != nil {
			return expr{}, err
		}
		if p.tok.is("(") {
			return p.call(t)
		}
		return p.name(t)
	}
	return expr{}, p.unexpected("a number, a text, a name or (")
}

// constant reads a number or text literal.
func (p *parser) constant() (expr, error) {
	t := p.tok
	x := expr{literal{commerce.Text(t.text)}, commerce.TextType, t.at}
	if t.kind == numberToken {
		d, err := commerce.ParseDecimal(t.text)
		if err != nil {
			return expr{}, problem(t.at, "a number has more than %d digits, write it shorter", commerce.MaxDigits)
		}
		x = expr{literal{commerce.Number(d)}, commerce.NumberType, t.at}
	}
	return x, p.advance()
}

func (p *parser) group() (expr, error) {
	at := p.tok.at
	if err := p.advance(); err != nil {
		return expr{}, err
	}
	x, err := p.expression(1)
	if err != nil {
		return expr{}, err
	}
	if !p.tok.is(")") {
		return expr{}, p.unexpected("an operator or )")
	}
	x.at = at
	return x, p.advance()
}

func (p *parser) name(t token) (expr, error) {
	switch t.text {
	case "true", "false":
		return expr{literal{commerce.Bool(t.text == "true")}, commerce.BoolType, t.at}, nil
	case "null":
		return expr{literal{commerce.Null()}, nullType, t.at}, nil
	}
	typ, ok := commerce.Type(0), false
	if p.names != nil {
		typ, ok = p.names(t.text)
	}
	if !ok {
		return expr{}, unknownName(t)
	}
	p.used[t.text] = struct{}{}
	return expr{name{t.text, typ}, typ, t.at}, nil
}

// call reads the arguments of a function, with the opening parenthesis next.
func (p *parser) call(function token) (expr, error) {
	var args []expr
	for more := true; more; more = p.tok.is(",") {
		if err := p.advance(); err != nil {
			return expr{}, err
		}
		if len(args) == 0 && p.tok.is(")") {
			break
		}
		x, err := p.expression(1)
		if err != nil {
			return expr{}, err
		}
		args = append(args, x)
	}
	if !p.tok.is(")") {
		return expr{}, p.unexpected("an operator, a comma or )")
	}
	if err := p.advance(); err != nil {
		return expr{}, err
	}
	return checkCall(function, args)
}

// list reads the literals on the right of in.
func (p *parser) list() ([]expr, error) {
	if !p.tok.is("[") {
		return nil, p.unexpected(`a list, as in ["paid", "refunded"]`)
	}
	var list []expr
	for more := true; more; more = p.tok.is(",") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		x, err := p.item()
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	if !p.tok.is("]") {
		return nil, p.unexpected("a comma or ]")
	}
	return list, p.advance()
}

// item reads one literal of a list; numbers may have a minus.
func (p *parser) item() (expr, error) {
	minus := p.tok
	if minus.is("-") {
		if err := p.advance(); err != nil {
			return expr{}, err
		}
	}
	if p.tok.kind != numberToken && (p.tok.kind != textToken || minus.is("-")) {
		return expr{}, p.unexpected("a number or a text")
	}
	x, err := p.constant()
	if err == nil && minus.is("-") {
		d, _ := x.node.(literal).value.Decimal()
		x = expr{literal{commerce.Number(d.Neg())}, commerce.NumberType, minus.at}
	}
	return x, err
}

func (p *parser) unexpected(want string) error {
	if instead, ok := foreign[p.tok.text]; ok && p.tok.kind == nameToken {
		return problem(p.tok.at, "%s is not understood, write %s", p.tok.text, instead)
	}
	return problem(p.tok.at, "found %s, want %s", p.tok.describe(), want)
}

// foreign are words of other languages and what stands for them here.
var foreign = map[string]string{"and": "&&", "or": "||", "not": "!", "is": "=="}
