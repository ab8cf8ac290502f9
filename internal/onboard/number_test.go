package onboard

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		name     string
		examples []string
		letters  bool
		want     []string
	}{
		{"a sign before", []string{"#US1042"}, false, []string{`^#?(US\d+)$`}},
		{"a bare number", []string{"#1042", "1042"}, false, []string{`^#?(\d+)$`, `^(\d+)$`}},
		{"the ERP adds a part", []string{"#US1042", "US1042-A"}, false, []string{`^#?(US\d+)$`, `^(US\d+)(?:-[A-Za-z0-9]+)?$`}},
		{"the ERP adds a word", []string{"#1042", "WEB-1042"}, false, []string{`^#?(\d+)$`, `^WEB-(\d+)$`}},
		{"on both ends", []string{"#1042", "SO/1042/2"}, false, []string{`^#?(\d+)$`, `^SO/(\d+)(?:/[A-Za-z0-9]+)?$`}},
		{"letters behind", []string{"1042", "1042B"}, false, []string{`^(\d+)$`, `^(\d+)(?:[A-Za-z][A-Za-z0-9]*)?$`}},
		{"a year before", []string{"#10042", "2026-10042"}, false, []string{`^#?(\d+)$`, `^\d+-(\d+)$`}},
		{"zeros before", []string{"#1042", "0001042"}, false, []string{`^#?0*(\d+)$`, `^0*(\d+)$`}},
		{"letters in one alone", []string{"US1042", "us-1042"}, false, []string{`^US(\d+)$`, `^us-(\d+)$`}},
		{"the number in two parts", []string{"#305-1042", "305-1042-R1"}, false, []string{`^#?(\d+-\d+)$`, `^(\d+-\d+)(?:-[A-Za-z0-9]+)?$`}},
		{"parts of unlike length", []string{"1042-1", "1042-2"}, false, []string{`^(\d+)(?:-[A-Za-z0-9]+)?$`, `^(\d+)(?:-[A-Za-z0-9]+)?$`}},
		{"three systems", []string{"#US1042", "US1042", "ACME US1042"}, false, []string{`^#?(US\d+)$`, `^(US\d+)$`, `^ACME (US\d+)$`}},
		{"several stores", []string{"#US1042", "US1042-A"}, true, []string{`^#?([A-Za-z]+\d+)$`, `^([A-Za-z]+\d+)(?:-[A-Za-z0-9]+)?$`}},
		{"spaces around", []string{" #1042 ", "1042"}, false, []string{`^#?(\d+)$`, `^(\d+)$`}},
		{"signs that mean something in patterns", []string{"(1042)", "1042.5"}, false, []string{`^\(?(\d+)(?:\))?$`, `^(\d+)(?:\.[A-Za-z0-9]+)?$`}},
		{"nothing shared", []string{"#1042", "US2077"}, false, nil},
		{"no digits", []string{"#ABC", "ABC"}, false, nil},
		{"half a number", []string{"#1042", "51042"}, false, nil},
		{"twice in one", []string{"#1042", "1042-1042"}, false, nil},
		{"two numbers that are as good", []string{"12-34", "34/12"}, false, nil},
		{"nothing", []string{"", "1042"}, false, nil},
		{"far too long", []string{strings.Repeat("1", 65)}, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Patterns(c.examples, c.letters)
			if c.want == nil {
				if !errors.Is(err, ErrNumber) {
					t.Errorf("got %q, %v, want ErrNumber", got, err)
				}
				return
			}
			if err != nil || strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
		})
	}
}

// The pattern of an example reads every number that differs from it in digits
// alone, and all systems read the same of one order.
func TestPatterns_ReadOneOrderAlikeInAllSystems(t *testing.T) {
	digits := rapid.StringMatching(`[1-9][0-9]{3,7}`)
	written := rapid.Custom(func(t *rapid.T) [2]string {
		return [2]string{
			rapid.SampledFrom([]string{"", "#", "WEB-", "SO/", "26-", "No. ", "00", "(", "A1 "}).Draw(t, "before"),
			rapid.SampledFrom([]string{"", "-A", "/2", "-B12", ")", "X", " (1)"}).Draw(t, "behind"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]string{"", "US", "acme-"}).Draw(t, "letters")
		of := rapid.SliceOfN(written, 1, 3).Draw(t, "systems")
		show := func(number string, w [2]string) string { return w[0] + letters + number + w[1] }
		number := digits.Draw(t, "number")
		examples := make([]string, len(of))
		for i, w := range of {
			examples[i] = show(number, w)
		}
		patterns, err := Patterns(examples, false)
		if err != nil {
			t.Fatalf("%q: %v", examples, err)
		}
		others := append(rapid.SliceOfN(digits, 1, 4).Draw(t, "others"), number)
		for _, other := range others {
			read := map[string]bool{}
			for i, p := range patterns {
				found := regexp.MustCompile(p).FindStringSubmatch(show(other, of[i]))
				if found == nil {
					t.Fatalf("%s of %q does not match %q", p, examples, show(other, of[i]))
				}
				read[found[1]] = true
				if !strings.Contains(found[1], other) {
					t.Fatalf("%s of %q reads %q of %q", p, examples, found[1], show(other, of[i]))
				}
			}
			if len(read) != 1 {
				t.Fatalf("%q of %q read %v of one order", patterns, examples, read)
			}
		}
	})
}
