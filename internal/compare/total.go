package compare

import (
	"math"

	"github.com/plumbline/plumbline/internal/commerce"
)

// sum adds up the texts of decimals. Most amounts are short, so they are added as
// integers of 1/10000 and become a Decimal now and then.
type sum struct {
	n       int
	small   int64
	large   commerce.Decimal
	unknown bool // it needs more digits than a Decimal has
}

const (
	smallPlaces = 4
	smallDigits = 12
)

var smallUnit = commerce.MustDecimal("0.0001")

func (s *sum) add(text []byte) {
	s.n++
	if v, ok := small(text); ok {
		s.small += v
		if s.small > math.MaxInt64/4 || s.small < math.MinInt64/4 {
			s.fold()
		}
		return
	}
	d, err := commerce.ParseDecimal(string(text))
	if err != nil {
		s.unknown = true
		return
	}
	s.plus(d)
}

func (s *sum) plus(d commerce.Decimal) {
	total, err := s.large.Add(d)
	if err != nil {
		s.unknown = true
	}
	s.large = total
}

// merge adds what another sum has.
func (s *sum) merge(o *sum) {
	o.fold()
	s.n += o.n
	s.unknown = s.unknown || o.unknown
	s.plus(o.large)
}

func (s *sum) fold() {
	d, err := commerce.Int(s.small).Mul(smallUnit)
	if err != nil {
		s.unknown = true
	}
	s.small = 0
	s.plus(d)
}

// value is the sum, and reports false where it is not known.
func (s *sum) value() (commerce.Decimal, bool) {
	s.fold()
	return s.large, !s.unknown
}

// small reads a short canonical decimal in units of 1/10000.
func small(text []byte) (int64, bool) {
	if len(text) == 0 || len(text) > smallDigits {
		return 0, false
	}
	i, places, point := 0, 0, false
	if text[0] == '-' {
		i = 1
	}
	var n int64
	for _, c := range text[i:] {
		switch {
		case c == '.' && !point:
			point = true
		case c < '0' || c > '9':
			return 0, false
		default:
			n = n*10 + int64(c-'0')
			if point {
				places++
			}
		}
	}
	if places > smallPlaces {
		return 0, false
	}
	for ; places < smallPlaces; places++ {
		n *= 10
	}
	if i == 1 {
		n = -n
	}
	return n, true
}
