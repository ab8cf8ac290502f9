package sheet

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrMixed means that a column writes in two ways, so that none is its style.
var ErrMixed = errors.New("sheet: written in two different ways")

// NumberStyle is how a column writes numbers. The zero value leaves everything
// open: a text has to be plain by itself.
type NumberStyle struct {
	// Decimal is '.' or ',', or 0 where it is not known.
	Decimal rune
	// Group stands between thousands, 0 where it is not known: it may then be any
	// mark but Decimal.
	Group rune
}

// groups are the marks that stand between thousands. The last are the spaces
// that do not break a line, and a thin one.
const groups = ",.'’ \u00a0\u202f\u2009"

// String shows the style by an example, 1.234,56, and is "open" for the zero
// value.
func (s NumberStyle) String() string {
	decimal, group := s.Decimal, s.Group
	switch {
	case decimal == 0 && group == 0:
		return "open"
	case decimal == 0:
		return "1" + string(group) + "234"
	case group == 0:
		return "1234" + string(decimal) + "56"
	default:
		return "1" + string(group) + "234" + string(decimal) + "56"
	}
}

// ParseNumberStyle reads what String writes: 1,234.56 or 1234,56 or 1'234.56.
func ParseNumberStyle(example string) (NumberStyle, error) {
	for _, decimal := range []rune{0, '.', ','} {
		for _, group := range append([]rune(groups), 0) {
			style := NumberStyle{Decimal: decimal, Group: group}
			if decimal != group && style.String() == example {
				return style, nil
			}
		}
	}
	return NumberStyle{}, errors.New("sheet: not a style of numbers, want one such as 1,234.56 or 1.234,56 or 1234,56")
}

// allows reports whether a reading fits what is known of the column.
func (s NumberStyle) allows(r NumberStyle) bool {
	return (s.Decimal == 0 || r.Decimal == 0 || s.Decimal == r.Decimal) &&
		(s.Group == 0 || r.Group == 0 || s.Group == r.Group) &&
		(s.Decimal == 0 || s.Decimal != r.Group) &&
		(s.Group == 0 || s.Group != r.Decimal)
}

// Styles recognises the style of a column from some of its texts; blank ones do
// not count. The style leaves open what the texts leave open: a column of whole
// numbers has no decimal mark, and ParseNumber refuses a later 1.234 in it.
//
// It returns [ErrAmbiguous] when every text can be read in two ways, so that
// somebody has to say which is meant, [ErrMixed] when the texts contradict each
// other, and [ErrNumber] when one of them is no number.
func Styles(samples [][]byte) (NumberStyle, error) {
	var style NumberStyle
	for _, sample := range samples {
		possible, err := possibleStyles(sample)
		if err != nil {
			return NumberStyle{}, err
		}
		if len(possible) != 1 {
			continue
		}
		if !style.allows(possible[0]) {
			return NumberStyle{}, ErrMixed
		}
		style = style.with(possible[0])
	}
	return style.settledBy(samples)
}

// settledBy adds what ambiguous texts say once the others have decided.
func (s NumberStyle) settledBy(samples [][]byte) (NumberStyle, error) {
	for _, sample := range samples {
		possible, err := possibleStyles(sample)
		if err != nil {
			return NumberStyle{}, err
		}
		fitting := slices.DeleteFunc(possible, func(p NumberStyle) bool { return !s.allows(p) })
		switch {
		case len(possible) > 0 && len(fitting) == 0:
			return NumberStyle{}, ErrMixed
		case len(fitting) > 1:
			return NumberStyle{}, fmt.Errorf("%w: as a decimal mark or between thousands", ErrAmbiguous)
		case len(fitting) == 1:
			s = s.with(fitting[0])
		}
	}
	return s, nil
}

// with adds what a text has shown.
func (s NumberStyle) with(shown NumberStyle) NumberStyle {
	if s.Decimal == 0 {
		s.Decimal = shown.Decimal
	}
	if s.Group == 0 {
		s.Group = shown.Group
	}
	return s
}

// possibleStyles returns the ways in which one text can be read, nothing for a
// blank one.
func possibleStyles(sample []byte) ([]NumberStyle, error) {
	if strings.TrimSpace(string(sample)) == "" {
		return nil, nil
	}
	n, ok := undress(sample)
	if !ok {
		return nil, ErrNumber
	}
	possible := readings(n.digits)
	if len(possible) == 0 {
		return nil, ErrNumber
	}
	return possible, nil
}

// readings returns what the marks of a number can be: one style, or two, or none
// when it is no number. A mark that the number does not have is 0.
func readings(digits []byte) []NumberStyle {
	parts, marks, ok := cutMarks(digits)
	if !ok {
		return nil
	}
	last := len(marks) - 1
	var possible []NumberStyle
	if last < 0 {
		return []NumberStyle{{}}
	}
	if isGrouped(parts, marks) {
		possible = append(possible, NumberStyle{Group: marks[0]})
	}
	if decimal := marks[last]; decimal == '.' || decimal == ',' {
		switch {
		case last == 0:
			possible = append(possible, NumberStyle{Decimal: decimal})
		case decimal != marks[0] && isGrouped(parts[:last+1], marks[:last]):
			possible = append(possible, NumberStyle{Decimal: decimal, Group: marks[0]})
		}
	}
	return possible
}

// cutMarks cuts digits at what stands between them. Only the first part may be
// blank, before a decimal mark.
func cutMarks(text []byte) (parts []string, marks []rune, ok bool) {
	start := 0
	for i := 0; i < len(text); {
		c, n := utf8.DecodeRune(text[i:])
		switch {
		case c >= '0' && c <= '9':
		case strings.ContainsRune(groups, c) && c != utf8.RuneError && (i > start || i == 0):
			parts, marks = append(parts, string(text[start:i])), append(marks, c)
			start = i + n
		default:
			return nil, nil, false
		}
		i += n
	}
	return append(parts, string(text[start:])), marks, start < len(text)
}

// isGrouped reports whether one mark stands between thousands: three digits last,
// and before them three each, or two each as in India.
func isGrouped(parts []string, marks []rune) bool {
	first, last := parts[0], parts[len(parts)-1]
	for _, m := range marks {
		if m != marks[0] {
			return false
		}
	}
	if len(first) == 0 || len(first) > 3 || first[0] == '0' || len(last) != 3 {
		return false
	}
	middle := parts[1 : len(parts)-1]
	all := func(n int) bool { return !slices.ContainsFunc(middle, func(p string) bool { return len(p) != n }) }
	return all(3) || len(first) < 3 && all(2)
}
