package platform

import "testing"

func TestTaxHash_IsThatOfTheNumberHoweverItIsWritten(t *testing.T) {
	config := Config{HashKey: []byte("key")}
	for _, c := range []struct {
		number, country, same string
	}{
		{"DE123456789", "", "DE123456789"},
		{"de 123.456-789", "", "DE123456789"},
		{"123456789", "DE", "DE123456789"},
		{"123456789", " de ", "DE123456789"},
		{"DE123456789", "AT", "DE123456789"},
		{"EL123456780", "", "GR123456780"},
		{"12-3456789", "US", "US123456789"},
		{"ATU12345678", "", "ATU12345678"},
	} {
		if got, want := config.TaxHash(c.number, c.country), config.TaxHash(c.same, ""); got != want || got == "" {
			t.Errorf("%q in %q: %q, want that of %s", c.number, c.country, got, c.same)
		}
	}
	if config.TaxHash("123456789", "DE") == config.TaxHash("123456789", "FR") {
		t.Error("one number in two countries is one company")
	}
	for _, none := range [][2]string{{"", "DE"}, {"123456789", ""}, {"123456789", "Germany"}, {"n/a", "DE"}, {"1234", "DE"}, {"DE000000000", ""}, {"none yet", "DE"}} {
		if got := config.TaxHash(none[0], none[1]); got != "" {
			t.Errorf("%q in %q is %q, want nothing", none[0], none[1], got)
		}
	}
}

func TestDomainHash_IsThatOfTheWebsite(t *testing.T) {
	config := Config{HashKey: []byte("key")}
	want := config.DomainHash("acme.example")
	for _, same := range []string{"www.acme.example", "https://acme.example/", "HTTP://WWW.Acme.example", " acme.example. ", "https://acme.example:443"} {
		if got := config.DomainHash(same); got != want || got == "" {
			t.Errorf("%q: %q, want that of acme.example", same, got)
		}
	}
	for _, none := range []string{"", "acme", "https://pages.example/acme", "https://shop.example/?company=7", "dana@acme.example", "http://%zz"} {
		if got := config.DomainHash(none); got != "" {
			t.Errorf("%q is %q, want nothing", none, got)
		}
	}
}

func TestKnown_ACompanyIsItsTaxNumberBeforeItsAddress(t *testing.T) {
	config := Config{HashKey: []byte("key")}
	tax := config.Known(Person{Tax: "DE123456789", Email: "office@acme.example", Website: "acme.example"})
	if tax["hash"].String() != config.TaxHash("DE123456789", "") || tax["domain"].String() != config.DomainHash("acme.example") {
		t.Errorf("known by %v", tax)
	}
	if by := config.Known(Person{Tax: "unknown", Email: "office@acme.example"}); by["hash"].String() != config.CustomerHash("office@acme.example") {
		t.Errorf("without a tax number it is known by %v, want its address", by)
	}
}
