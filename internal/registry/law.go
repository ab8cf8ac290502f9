package registry

import (
	"errors"
	"fmt"
	"hash"
	"regexp"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
)

// HoldsMeasure is what the two sides of a law are called among measures.
const HoldsMeasure = "holds"

// Law is an equation that the sums of a day fulfil. The rule's From and To are
// those of its integration; what is added up are its terms.
type Law struct {
	// Holds is the equation as it is written: Left, an equals sign, and Right. Its
	// names are facets of terms, "orders.total", or their number, "orders.records".
	Holds       string
	Left, Right *formula.Formula
	// Terms are in alphabetical order.
	Terms []Term
}

// Term is a set of records that a law adds up.
type Term struct {
	Name, System string
	Kind         commerce.Kind
	// When must be true for a record to count; its names are facets. Nil is always.
	When *formula.Formula
	// Change adds what facets changed by within the day, of all records; otherwise
	// those of the day's records are added as they are now.
	Change bool
	// Facets are the facets that the equation names of the term.
	Facets []string
}

// Each reports whether the law is about one set of records, so that it has to
// hold for every one of them.
func (l *Law) Each() bool { return l != nil && len(l.Terms) == 1 && !l.Terms[0].Change }

// Adds reports whether the rule adds up the system's records of the kind.
func (r Rule) Adds(kind commerce.Kind, system string) bool {
	return slices.Contains(r.Sources(), Source{system, kind})
}

// Names lists the sums that the equation names, in alphabetical order.
func (l *Law) Names() []string {
	names := append(l.Left.Names(), l.Right.Names()...)
	slices.Sort(names)
	return slices.Compact(names)
}

// Source is what a rule about totals adds up of one system.
type Source struct {
	System string
	Kind   commerce.Kind
}

// Sources lists what a rule with the check total adds up.
func (r Rule) Sources() []Source {
	switch {
	case r.Totals == nil:
		return nil
	case r.Law == nil:
		return []Source{{r.From, r.Kind}, {r.To, r.Kind}}
	}
	sources := make([]Source, 0, len(r.Law.Terms))
	for _, t := range r.Law.Terms {
		sources = append(sources, Source{t.System, t.Kind})
	}
	return sources
}

// readsLaw reports whether the rule is a law that needs the facet.
func (r Rule) readsLaw(kind commerce.Kind, system, facet string) bool {
	return r.Law != nil && slices.ContainsFunc(r.Law.Terms, func(t Term) bool {
		if t.Kind != kind || t.System != system {
			return false
		}
		named := t.When != nil && slices.Contains(t.When.Names(), facet)
		return named || slices.Contains(t.Facets, facet) || slices.Contains(r.Totals.By, facet) || facet == kind.DatedBy()
	})
}

// termKey is the name of a term.
type termKey string

func (termKey) syntax() syntax { return wordSyntax }

// equation is a law as it is written.
type equation struct{ origin }

var equations = regexp.MustCompile(`^[^=]*[^=<>!]=[^=][^=]*$`)

func (equation) syntax() syntax {
	return syntax{want: `two formulas with = between them, such as "payouts.net = payouts.gross - payouts.fees"`, pattern: notBlank}
}

// takeWord says how a term is added up.
type takeWord struct{ origin }

var takeSyntax = oneOf("way to add up", []string{"flow", "change"})

func (takeWord) syntax() syntax { return takeSyntax }

// law reads a rule that says what must hold of the sums of a day.
func (b ruleBuilder) law(r Rule) (*Law, *Totals) {
	y := b.yaml
	b.notOfLaws()
	l := &Law{Holds: y.Holds.text()}
	if len(y.Terms) == 0 && !y.node.has("terms") {
		b.add(y.Holds.named(), "lacks terms: the records that holds adds up, by name")
	}
	for name, yt := range ordered(y.Terms) {
		if yt.given() {
			l.Terms = append(l.Terms, b.term(r, string(name), yt))
		}
	}
	slices.SortFunc(l.Terms, func(x, z Term) int { return strings.Compare(x.Name, z.Name) })
	if whole := len(l.Terms) > 0 && !slices.ContainsFunc(l.Terms, func(t Term) bool { return t.Kind == "" }); whole {
		b.sides(l)
	}
	t := b.closes(r)
	t.By = b.lawBy(l)
	b.limits(t, map[string]bool{HoldsMeasure: true})
	return l, t
}

func (b ruleBuilder) notOfLaws() {
	for _, f := range []struct {
		field string
		o     origin
	}{{"kind", b.yaml.Kind.origin}, {"when", b.yaml.When.origin}, {"count", b.yaml.Count.origin}} {
		if f.o.given() {
			b.add(f.o.named(), "%s is not for a law; its terms say it", f.field)
		}
	}
	if len(b.yaml.Sum) > 0 || len(b.yaml.Expect) > 0 {
		b.add(b.yaml.at(), "sum and expect are not for a law; holds says it")
	}
}

func (b ruleBuilder) term(r Rule, name string, y yamlTerm) Term {
	t := Term{Name: name, Kind: commerce.Kind(y.Kind.text()), Change: y.Take.text() == "change"}
	switch system := y.System.text(); system {
	case "", "from":
		t.System = r.From
	case "to":
		t.System = r.To
	default:
		t.System = b.knownSystem(y.System.origin)
	}
	if t.Kind == "" {
		return t
	}
	b.needsStore(t.Kind, t.System)
	if y.When.given() {
		f, err := formula.Compile(y.When.text(), func(name string) (commerce.Type, bool) {
			f, ok := t.Kind.FacetOf(name)
			return f.Type, ok
		}, commerce.BoolType)
		if b.compiled(y.When.node, 0, err, func(name string) string {
			return fmt.Sprintf("unknown facet %q of %s, %s", name, t.Kind, didYouMean(name, t.Kind.FacetNames()))
		}) {
			t.When = f
		}
	}
	return t
}

// sides compiles both sides of the equation and notes which facets it names.
func (b ruleBuilder) sides(l *Law) {
	y := b.yaml.Holds
	if !equations.MatchString(l.Holds) {
		b.add(y.at(), "holds: want %s", equation{}.syntax().want)
		return
	}
	at := strings.Index(l.Holds, "=")
	l.Left, l.Right = b.side(l, l.Holds[:at], 0), b.side(l, l.Holds[at+1:], at+1)
	for _, f := range []*formula.Formula{l.Left, l.Right} {
		if f == nil {
			continue
		}
		for _, name := range f.Names() {
			term, facet, _ := strings.Cut(name, ".")
			for i := range l.Terms {
				if t := &l.Terms[i]; t.Name == term && facet != recordsMeasure && !slices.Contains(t.Facets, facet) {
					t.Facets = append(t.Facets, facet)
				}
			}
		}
	}
	for _, t := range l.Terms {
		if l.Left != nil && l.Right != nil && !strings.Contains(l.Holds, t.Name+".") {
			b.add(b.yaml.Terms[termKey(t.Name)].named(), "the term %s is not in holds", t.Name)
		}
	}
}

func (b ruleBuilder) side(l *Law, text string, offset int) *formula.Formula {
	f, err := formula.Compile(text, l.typeOf, commerce.NumberType)
	if !b.compiled(b.yaml.Holds.node, offset, err, l.explain) {
		return nil
	}
	return f
}

// compiled reports a formula's first problem at the very character, and whether
// there was none.
func (b ruleBuilder) compiled(n *node, offset int, err error, unknown func(name string) string) bool {
	var bad *formula.Error
	switch {
	case err == nil:
		return true
	case errors.As(err, &bad):
		text := bad.Message
		if strings.HasPrefix(bad.Message, "unknown name") {
			text = unknown(nameAt.FindString(n.text[min(offset+bad.Offset, len(n.text)):]))
		}
		b.add(n.at(offset+bad.Offset), "%s", text)
	default:
		b.add(n.place, "%s", err)
	}
	return false
}

func (l *Law) term(name string) (Term, bool) {
	i := slices.IndexFunc(l.Terms, func(t Term) bool { return t.Name == name })
	if i < 0 {
		return Term{}, false
	}
	return l.Terms[i], true
}

// typeOf is the formula.Names of an equation.
func (l *Law) typeOf(name string) (commerce.Type, bool) {
	term, facet, _ := strings.Cut(name, ".")
	t, ok := l.term(term)
	if !ok {
		return 0, false
	}
	if facet == recordsMeasure {
		return commerce.NumberType, true
	}
	f, ok := t.Kind.FacetOf(facet)
	return f.Type, ok && f.Type == commerce.NumberType
}

func (l *Law) explain(name string) string {
	term, facet, dotted := strings.Cut(name, ".")
	t, ok := l.term(term)
	switch {
	case !ok:
		var names []string
		for _, t := range l.Terms {
			names = append(names, t.Name)
		}
		return fmt.Sprintf("unknown term %q, %s", term, didYouMean(term, names))
	case !dotted:
		return fmt.Sprintf("%s is a term, want a number facet of it, or %s.%s", term, term, recordsMeasure)
	}
	return fmt.Sprintf("unknown number facet %q of %s, %s", facet, t.Kind, didYouMean(facet, numberFacets(t.Kind)))
}

func numberFacets(kind commerce.Kind) []string {
	return slices.DeleteFunc(kind.FacetNames(), func(name string) bool {
		f, _ := kind.FacetOf(name)
		return f.Type != commerce.NumberType
	})
}

// lawBy reads for what a law is kept apart: what every term's records have.
func (b ruleBuilder) lawBy(l *Law) []string {
	var by []string
	for i, t := range l.Terms {
		if t.Kind == "" {
			continue
		}
		amounts := make([]Expectation, 0, len(t.Facets))
		for _, facet := range t.Facets {
			amounts = append(amounts, Expectation{Facet: facet})
		}
		if of := b.by(Rule{Kind: t.Kind}, amounts); i == 0 {
			by = of
		}
	}
	return by
}

// digest covers what decides what a law comes to.
func (l *Law) digest(h hash.Hash) {
	if l == nil {
		return
	}
	part(h, "law", l.Holds)
	for _, t := range l.Terms {
		part(h, "term", t.Name, t.System, string(t.Kind), fmt.Sprint(t.Change))
		if t.When != nil {
			part(h, "when", t.When.String())
		}
	}
}
