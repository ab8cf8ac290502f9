package registry_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestRates_HoldForAWeek(t *testing.T) {
	rates := explaining(t, "", "").Rates
	for _, c := range []struct{ name, from, to, day, want string }{
		{"the day itself", "USD", "CAD", "2026-03-03", "the USD/CAD rate of 2026-03-03"},
		{"the other way round", "CAD", "USD", "2026-03-03", "the USD/CAD rate of 2026-03-03"},
		{"over a weekend", "USD", "CAD", "2026-03-01", "the USD/CAD rate of 2026-02-27"},
		{"a week later", "USD", "CAD", "2026-03-10", "the USD/CAD rate of 2026-03-03"},
		{"more than a week later", "USD", "CAD", "2026-03-11", ""},
		{"before all", "USD", "CAD", "2026-02-26", ""},
		{"a pair that is not given", "EUR", "CAD", "2026-03-03", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			day, err := time.Parse(time.DateOnly, c.day)
			if err != nil {
				t.Fatal(err)
			}
			rate, ok := rates.At(c.from, c.to, day)
			if ok != (c.want != "") || ok && rate.String() != c.want {
				t.Errorf("%q, want %q", rate, c.want)
			}
		})
	}
	var none *registry.Rates
	if _, ok := none.At("USD", "CAD", asOf); ok || none.Of("USD", asOf) != nil {
		t.Error("a registry without rates knows one")
	}
	if got := rates.Of("USD", asOf); len(got) != 2 {
		t.Errorf("rates of USD: %v, want those with CAD and EUR", got)
	}
}

func TestRate_ConvertsBothWaysAndRounds(t *testing.T) {
	rate := registry.Rate{From: "USD", To: "JPY", Value: commerce.MustDecimal("151.237")}
	for _, c := range []struct{ amount, to, want string }{
		{"10", "JPY", "1512"},
		{"1512", "USD", "10"},
		{"-3.33", "JPY", "-504"},
		{"0", "USD", "0"},
	} {
		got, err := rate.Convert(commerce.MustDecimal(c.amount), c.to)
		if err != nil || got.String() != c.want {
			t.Errorf("%s into %s: %s, %v; want %s", c.amount, c.to, got, err, c.want)
		}
	}
	if _, err := rate.Convert(commerce.MustDecimal("9999999999999999999"), "JPY"); err == nil {
		t.Error("an amount that does not fit is converted")
	}
}
