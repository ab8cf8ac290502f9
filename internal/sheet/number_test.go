package sheet

import (
	"errors"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	open, point, comma := NumberStyle{}, NumberStyle{Decimal: '.'}, NumberStyle{Decimal: ','}
	swiss := NumberStyle{Decimal: '.', Group: '\''}
	for _, c := range []struct {
		text  string
		style NumberStyle
		want  string
		err   error
	}{
		{text: "17", want: "17"},
		{text: " 17 ", want: "17"},
		{text: "-17", want: "-17"},
		{text: "+17", want: "17"},
		{text: "17-", want: "-17"},
		{text: "(17.50)", want: "-17.5"},
		{text: "−17", want: "-17"},
		{text: "$1,234.50", want: "1234.5"},
		{text: "-$1,234.50", want: "-1234.5"},
		{text: "$-1,234.50", want: "-1234.5"},
		{text: "($1,234.50)", want: "-1234.5"},
		{text: "1.234,50 €", want: "1234.5"},
		{text: "USD 12.5", want: "12.5"},
		{text: "12.5 USD", want: "12.5"},
		{text: "R$ 1.234,56", want: "1234.56"},
		{text: "1 234,56 kr", want: "1234.56"},
		{text: "1\u00a0234\u00a0567", want: "1234567"},
		{text: "1\u202f234,5", want: "1234.5"},
		{text: "1'234'567.89", want: "1234567.89"},
		{text: "1’234.5", want: "1234.5"},
		{text: "12,34,567.89", want: "1234567.89"},
		{text: "₹12,34,567", want: "1234567"},
		{text: "1.234.567", want: "1234567"},
		{text: "0.125", want: "0.125"},
		{text: "0,125", want: "0.125"},
		{text: ".5", want: "0.5"},
		{text: "-,5", want: "-0.5"},
		{text: "1234.567", want: "1234.567"},
		{text: "12.5%", want: "0.125"},
		{text: "12,5 %", want: "0.125"},
		{text: "00123", want: "123"},
		{text: "1.234", err: ErrAmbiguous},
		{text: "1,234", err: ErrAmbiguous},
		{text: "$1,234", err: ErrAmbiguous},
		{text: "1.234", style: point, want: "1.234"},
		{text: "1.234", style: comma, want: "1234"},
		{text: "1,234", style: point, want: "1234"},
		{text: "1,234", style: comma, want: "1.234"},
		{text: "1'234", style: swiss, want: "1234"},
		{text: "1,234", style: swiss, err: ErrNumber},
		{text: "1.5", style: comma, err: ErrNumber},
		{text: "1.234.5", style: point, err: ErrNumber},
		{text: "12,34", style: point, err: ErrNumber},
		{text: "1,2345", style: point, err: ErrNumber},
		{text: "123,45,678", style: point, err: ErrNumber},
		{text: "1234,567", style: point, err: ErrNumber},
		{text: "0,123", style: point, err: ErrNumber},
		{text: "5.", err: ErrNumber},
		{text: "5.", style: point, err: ErrNumber},
		{text: ".", style: point, err: ErrNumber},
		{text: "-", style: point, err: ErrNumber},
		{text: "--5", err: ErrNumber},
		{text: "-5-", err: ErrNumber},
		{text: "(-5)", err: ErrNumber},
		{text: "(5", err: ErrNumber},
		{text: "$5$", err: ErrNumber},
		{text: "5%%", err: ErrNumber},
		{text: "1.23E+05", style: open, err: ErrNumber},
		{text: "1..2", err: ErrNumber},
		{text: "not stocked", err: ErrNumber},
		{text: "", err: ErrNumber},
		{text: "N/A", err: ErrNumber},
		{text: "12345678901234567890", err: commerce.ErrInexact},
	} {
		got, err := ParseNumber([]byte(c.text), c.style)
		if !errors.Is(err, c.err) || (err == nil && got != commerce.MustDecimal(c.want)) {
			t.Errorf("%q as %s: %v, %v, want %q, %v", c.text, c.style, got, err, c.want, c.err)
		}
	}
}

func TestAColumnsStyleIsRecognised(t *testing.T) {
	for _, c := range []struct {
		samples []string
		want    string
		err     error
	}{
		{samples: []string{"1", "22", ""}, want: "open"},
		{samples: []string{"1.5", "22"}, want: "1234.56"},
		{samples: []string{"1.234", "2.50"}, want: "1234.56"},
		{samples: []string{"1.234", "2,50"}, want: "1.234,56"},
		{samples: []string{"1,234", "2,345,678"}, want: "1,234"},
		{samples: []string{"1,234", "0.5"}, want: "1,234.56"},
		{samples: []string{"1'234", "5"}, want: "1'234"},
		{samples: []string{"1'234.50"}, want: "1'234.56"},
		{samples: []string{"12,34,567.00"}, want: "1,234.56"},
		{samples: []string{"1.234", "5"}, err: ErrAmbiguous},
		{samples: []string{"1,234", "5,678"}, err: ErrAmbiguous},
		{samples: []string{"1.5", "1,5"}, err: ErrMixed},
		{samples: []string{"1,234.5", "1.234,5"}, err: ErrMixed},
		{samples: []string{"1,234", "5.678"}, err: ErrAmbiguous},
		{samples: []string{"5", "none"}, err: ErrNumber},
		{samples: nil, want: "open"},
	} {
		var samples [][]byte
		for _, s := range c.samples {
			samples = append(samples, []byte(s))
		}
		got, err := Styles(samples)
		if !errors.Is(err, c.err) || (err == nil && got.String() != c.want) {
			t.Errorf("%q: %s, %v, want %s, %v", c.samples, got, err, c.want, c.err)
		}
	}
}

func TestAStyleIsWrittenAsItsExample(t *testing.T) {
	for _, example := range []string{"1,234.56", "1.234,56", "1234,56", "1234.56", "1'234.56", "1 234,56", "1,234"} {
		style, err := ParseNumberStyle(example)
		if err != nil || style.String() != example {
			t.Errorf("%s is %v, %v", example, style, err)
		}
	}
	for _, wrong := range []string{"", "1", "1,234,56", "1.234.56", "1_234.56"} {
		if style, err := ParseNumberStyle(wrong); err == nil {
			t.Errorf("%q is %v", wrong, style)
		}
	}
}
