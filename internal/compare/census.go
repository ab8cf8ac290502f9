package compare

import "slices"

// FirstLetters is the segment that every plan has without naming it: the letters
// that a key begins with, which often are a brand or a product line.
const FirstLetters = "first letters"

// maxGroups is how many groups a segment may have before it says nothing.
const maxGroups = 1000

// census counts the records of one file in each group of each segment. The first
// letters are the last segment.
type census struct {
	groups  []map[string]int
	letters map[string]*int // pointers, so that counting makes no string
	// last are the letters that were counted last, and lastCount their number: in
	// most files one key begins as the other.
	last      []byte
	lastCount *int
}

func newCensus(p Plan) census {
	c := census{groups: make([]map[string]int, len(p.Segments))}
	for i := range c.groups {
		c.groups[i] = map[string]int{}
	}
	if !p.HiddenKey {
		c.letters = map[string]*int{}
	}
	return c
}

func (c *census) add(key []byte, rows Rows) {
	c.addKey(key)
	if len(c.groups) > 0 {
		c.addGroups(rows.About().Segments)
	}
}

func (c *census) addKey(key []byte) {
	if c.letters == nil {
		return
	}
	var upper [maxLetters]byte
	l := letters(key, upper[:0])
	if len(l) == 0 {
		return
	}
	if string(l) == string(c.last) {
		*c.lastCount++
		return
	}
	n, ok := c.letters[string(l)]
	if !ok {
		n = new(int)
		c.letters[string(l)] = n
	}
	*n++
	if c.last, c.lastCount = append(c.last[:0], l...), n; len(c.letters) > maxGroups {
		c.letters = nil
	}
}

func (c *census) addGroups(values []string) {
	for i, v := range values {
		if c.groups[i] == nil || v == "" {
			continue
		}
		c.groups[i][v]++
		if len(c.groups[i]) > maxGroups {
			c.groups[i] = nil
		}
	}
}

// merge adds what another census of the same file has counted.
func (c *census) merge(o *census) {
	for i, groups := range o.groups {
		if groups == nil {
			c.groups[i] = nil
		}
		for v, n := range groups {
			if c.groups[i] != nil {
				c.groups[i][v] += n
			}
		}
		if len(c.groups[i]) > maxGroups {
			c.groups[i] = nil
		}
	}
	if o.letters == nil {
		c.letters = nil
	}
	for l, n := range o.letters {
		if c.letters[l] != nil {
			*c.letters[l] += *n
		} else if c.letters != nil {
			c.letters[l] = n
		}
	}
	if len(c.letters) > maxGroups {
		c.letters = nil
	}
}

// of counts the records of a group of a segment, by its place in Plan.segments. It
// is zero where there are too many groups.
func (c *census) of(segment int, group string) int {
	if segment < len(c.groups) {
		return c.groups[segment][group]
	}
	if n, ok := c.letters[group]; ok {
		return *n
	}
	return 0
}

const maxLetters = 6

// letters appends the capital letters that a key begins with.
func letters(key, to []byte) []byte {
	for _, b := range key {
		switch {
		case len(to) == maxLetters:
			return to
		case b >= 'a' && b <= 'z':
			to = append(to, b-'a'+'A')
		case b >= 'A' && b <= 'Z':
			to = append(to, b)
		default:
			return to
		}
	}
	return to
}

// segments are the plan's and the first letters.
func (p Plan) segments() []string { return append(slices.Clone(p.Segments), FirstLetters) }

// group is the group that a record belongs to in a segment, or blank.
func (p Plan) group(segment int, k kept) string {
	switch {
	case segment < len(k.about.Segments):
		return k.about.Segments[segment]
	case segment == len(p.Segments) && !p.HiddenKey:
		return string(letters([]byte(k.key), nil))
	default:
		return ""
	}
}

// numbers are the places of facets that are numbers.
func (p Plan) numbers() []int {
	var places []int
	for i, f := range p.Facets {
		if f.number() {
			places = append(places, i)
		}
	}
	return places
}

// amounts are the places of facets that are in the currency that another facet
// names, others those of all other numbers. There are no amounts where no facet
// names a currency.
func (p Plan) amounts() (amounts, others []int, currency int) {
	currency = slices.IndexFunc(p.Facets, func(f Facet) bool { return f.Name == CurrencyFacet })
	for _, i := range p.numbers() {
		if currency >= 0 && p.Facets[i].Money {
			amounts = append(amounts, i)
		} else {
			others = append(others, i)
		}
	}
	return amounts, others, currency
}
