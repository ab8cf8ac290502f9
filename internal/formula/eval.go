package formula

import (
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// node is one operation of a checked formula. Its operands have the types that
// it takes, or are null.
type node interface {
	eval(Lookup) (commerce.Value, error)
}

type (
	literal struct{ value commerce.Value }
	name    struct {
		name string
		typ  commerce.Type
	}
	// function is a function of one number, the unary minus among them.
	function struct {
		of func(commerce.Decimal) commerce.Decimal
		x  node
	}
	arithmetic struct {
		of          func(a, b commerce.Decimal) (commerce.Decimal, error)
		left, right node
	}
	// extreme is min for sign -1 and max for sign 1.
	extreme struct {
		sign int
		args []node
	}
	equality struct {
		equal       bool
		left, right node
	}
	ordering struct {
		holds       func(compared int) bool
		left, right node
	}
	member struct {
		x    node
		list []commerce.Value
	}
	not struct{ x node }
	// logic is || when decisive is true and && when it is false: the left side
	// with that value decides.
	logic struct {
		decisive    bool
		left, right node
	}
	choice struct{ condition, yes, no node }
)

func (n literal) eval(Lookup) (commerce.Value, error) { return n.value, nil }

func (n name) eval(lookup Lookup) (commerce.Value, error) {
	v, ok := lookup(n.name)
	if !ok {
		return commerce.Value{}, &MissingError{n.name}
	}
	if !v.IsNull() && v.Type() != n.typ {
		return commerce.Value{}, &TypeError{n.name, v.Type(), n.typ}
	}
	return v, nil
}

func (n function) eval(lookup Lookup) (commerce.Value, error) {
	d, err := number(n.x, lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	return commerce.Number(n.of(d)), nil
}

func (n arithmetic) eval(lookup Lookup) (commerce.Value, error) {
	a, err := number(n.left, lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	b, err := number(n.right, lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	d, err := n.of(a, b)
	if err != nil {
		return commerce.Value{}, err
	}
	return commerce.Number(d), nil
}

func (n extreme) eval(lookup Lookup) (commerce.Value, error) {
	best, err := number(n.args[0], lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	for _, arg := range n.args[1:] {
		d, err := number(arg, lookup)
		if err != nil {
			return commerce.Value{}, err
		}
		if d.Cmp(best) == n.sign {
			best = d
		}
	}
	return commerce.Number(best), nil
}

func (n equality) eval(lookup Lookup) (commerce.Value, error) {
	a, err := n.left.eval(lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	b, err := n.right.eval(lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	return commerce.Bool((a == b) == n.equal), nil
}

func (n ordering) eval(lookup Lookup) (commerce.Value, error) {
	a, err := present(n.left, lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	b, err := present(n.right, lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	compared, _ := a.Compare(b)
	return commerce.Bool(n.holds(compared)), nil
}

func (n member) eval(lookup Lookup) (commerce.Value, error) {
	v, err := n.x.eval(lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	return commerce.Bool(slices.Contains(n.list, v)), nil
}

func (n not) eval(lookup Lookup) (commerce.Value, error) {
	v, err := present(n.x, lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	return commerce.Bool(!v.IsTrue()), nil
}

func (n logic) eval(lookup Lookup) (commerce.Value, error) {
	v, err := present(n.left, lookup)
	if err != nil || v.IsTrue() == n.decisive {
		return v, err
	}
	return present(n.right, lookup)
}

func (n choice) eval(lookup Lookup) (commerce.Value, error) {
	condition, err := present(n.condition, lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	if condition.IsTrue() {
		return n.yes.eval(lookup)
	}
	return n.no.eval(lookup)
}

// present evaluates an operand that must not be null.
func present(n node, lookup Lookup) (commerce.Value, error) {
	v, err := n.eval(lookup)
	if err != nil {
		return commerce.Value{}, err
	}
	if v.IsNull() {
		null := &NullError{}
		if n, ok := n.(name); ok {
			null.Name = n.name
		}
		return commerce.Value{}, null
	}
	return v, nil
}

// number evaluates an operand that must be a number.
func number(n node, lookup Lookup) (commerce.Decimal, error) {
	v, err := present(n, lookup)
	d, _ := v.Decimal()
	return d, err
}
