package registry

import (
	"errors"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// shape is what a node of a YAML file is.
type shape uint8

const (
	nothing shape = iota
	mapping
	sequence
	textScalar
	numberScalar
	boolScalar
)

// String names the shape as messages do.
func (s shape) String() string {
	return [...]string{"nothing", "a mapping", "a list", "text", "a number", "true or false"}[s]
}

// node is a part of a YAML file with its place. Numbers keep their text, so
// that nothing passes through a float.
type node struct {
	place
	shape  shape
	text   string
	style  style
	source *source
	pairs  []pair
	items  []*node
}

type pair struct{ key, value *node }

// reader turns the parser's tree into nodes.
type reader struct {
	source   *source
	anchors  map[string]*node
	problems *problems
}

// readYAML returns the file's only document, or nil after reporting why there
// is none.
func readYAML(name string, text []byte, p *problems) *node {
	src := newSource(name, text)
	r := reader{source: src, anchors: map[string]*node{}, problems: p}
	file, err := parser.ParseBytes([]byte(src.text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		p.add(r.syntaxError(err))
		return nil
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		p.add(place{name, 1, 1}, "the file is empty, want at least systems and integrations")
		return nil
	}
	for _, extra := range file.Docs[1:] {
		if extra.Body != nil {
			p.add(r.at(extra.Body.GetToken()), "a second document, want one document a file")
		}
	}
	return r.node(file.Docs[0].Body)
}

// syntaxError gives the place and the words of an error of the parser.
func (r *reader) syntaxError(err error) (at place, message string) {
	var syntax yaml.Error
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		return r.at(syntax.GetToken()), "not YAML: " + syntax.GetMessage()
	}
	return place{file: r.source.name}, "not YAML: " + err.Error()
}

func (r *reader) at(t *token.Token) place {
	return place{r.source.name, max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

func (r *reader) node(n ast.Node) *node {
	if n == nil {
		return &node{place: place{file: r.source.name}, source: r.source}
	}
	out := &node{place: r.at(n.GetToken()), source: r.source}
	switch n := n.(type) {
	case *ast.MappingNode:
		if !r.split(out, n) {
			r.mapping(out, n)
		}
	case *ast.SequenceNode:
		out.shape = sequence
		for _, v := range n.Values {
			out.items = append(out.items, r.node(v))
		}
	case *ast.AnchorNode:
		out = r.node(n.Value)
		r.anchors[n.Name.GetToken().Value] = out
	case *ast.AliasNode:
		if known, ok := r.anchors[n.Value.GetToken().Value]; ok {
			return known
		}
		r.problems.add(out.place, "an alias of nothing above, want the name of an anchor")
	case *ast.TagNode:
		r.problems.add(out.place, "a tag, want the value without one")
		return r.node(n.Value)
	default:
		r.scalar(out, n)
	}
	return out
}

func (r *reader) mapping(out *node, n *ast.MappingNode) {
	out.shape = mapping
	if !n.IsFlowStyle && len(n.Values) > 0 {
		out.place = r.at(n.Values[0].Key.GetToken())
	}
	for _, v := range n.Values {
		key := r.node(v.Key)
		switch v.Key.(type) {
		case *ast.MergeKeyNode, *ast.MappingKeyNode:
			r.problems.add(key.place, "a complex or merge key, want each field written out")
			continue
		}
		out.pairs = append(out.pairs, pair{key, r.node(v.Value)})
	}
}

// split restores a plain scalar such as env:NAME in a list within braces. The
// parser reads it as a mapping, although only a colon before a space makes one.
func (r *reader) split(out *node, n *ast.MappingNode) bool {
	if len(n.Values) != 1 || n.Start.Type != token.MappingValueType || n.Values[0].Value == nil {
		return false
	}
	key, value := n.Values[0].Key.GetToken(), n.Values[0].Value.GetToken()
	colon := r.source.offset(r.at(n.Start))
	if colon != r.source.offset(r.at(value))-1 || colon != r.source.offset(r.at(key))+len(key.Value) {
		return false
	}
	out.place, out.shape, out.text = r.at(key), textScalar, key.Value+":"+value.Value
	return true
}

func (r *reader) scalar(out *node, n ast.Node) {
	t := n.GetToken()
	out.text = t.Value
	switch n := n.(type) {
	case *ast.NullNode, *ast.MergeKeyNode, *ast.MappingKeyNode:
		out.shape = nothing
	case *ast.BoolNode:
		out.shape = boolScalar
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		out.shape = numberScalar
	case *ast.LiteralNode:
		out.shape, out.style, out.text = textScalar, block, n.Value.Value
	default:
		out.shape = textScalar
		switch t.Type {
		case token.SingleQuoteType:
			out.style = singleQuoted
		case token.DoubleQuoteType:
			out.style = doubleQuoted
		}
	}
}
