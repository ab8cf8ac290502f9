package registry

import "strconv"

// Tree is what a YAML file says as a JSON value, for validation by the schema.
func Tree(name string, text []byte) (any, []Problem) {
	var p problems
	root := readYAML(name, text, &p)
	if root == nil {
		return nil, p.list
	}
	return root.value(), p.list
}

func (n *node) value() any {
	switch n.shape {
	case mapping:
		m := map[string]any{}
		for _, p := range n.pairs {
			m[p.key.text] = p.value.value()
		}
		return m
	case sequence:
		list := make([]any, 0, len(n.items))
		for _, item := range n.items {
			list = append(list, item.value())
		}
		return list
	case textScalar:
		return n.text
	case numberScalar:
		f, _ := strconv.ParseFloat(n.text, 64)
		return f
	case boolScalar:
		return n.text == "true"
	default:
		return nil
	}
}

// At is where a byte of the value behind the first key of a YAML file stands.
func At(text string, offset int) (line, column int) {
	var p problems
	value := readYAML("file", []byte(text), &p).pairs[0].value
	at := value.at(offset)
	return at.line, at.column
}

// Value is the value behind the first key of a YAML file.
func Value(text string) string {
	var p problems
	return readYAML("file", []byte(text), &p).pairs[0].value.text
}
