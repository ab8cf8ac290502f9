package interop

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// howMany bodies each library sees.
const howMany = 40

// bodies are JSON objects of the kinds that are easily written otherwise on the
// way: the signature covers the bytes, not what they mean. The same every time.
func bodies() []string {
	r := rand.New(rand.NewPCG(1, 2))
	all := []string{`{"id":1}`, "{\r\n\t\"spaced\" : [ ]\r\n}"}
	for len(all) < howMany {
		all = append(all, object(r, 3))
	}
	return all
}

var (
	texts = []string{
		"", "plain", `é`, `e\u0301`, `\u00e9`, `\u00E9`, `🧵`, `\ud83e\uddf5`, `https:\/\/acme.example\/a`, `https://acme.example/a?b=%3A&c=<d>`,
		`\"quoted\"`, `back\\slash`, `line\nbreak`, `日本語`, "\u2028", "ﬁ", `\u0000`, "😀 ümläut ß",
	}
	numbers = []string{
		"0", "-0", "1.0", "1.10", "1e3", "1E-7", "9007199254740993", "12345678901234567890.123000", "0.1000000000000000055511151231257827", "-42",
	}
)

func object(r *rand.Rand, depth int) string {
	var fields []string
	for i := range 1 + r.IntN(5) {
		fields = append(fields, fmt.Sprintf("%q:%s%s", fmt.Sprintf("f%d", i), strings.Repeat(" ", r.IntN(2)), value(r, depth)))
	}
	return "{" + strings.Join(fields, strings.Repeat("\n", r.IntN(2))+",") + "}"
}

func value(r *rand.Rand, depth int) string {
	switch kind := r.IntN(6); {
	case kind == 0 && depth > 0:
		return object(r, depth-1)
	case kind == 1 && depth > 0:
		return "[" + value(r, depth-1) + ", " + value(r, depth-1) + "]"
	case kind == 2:
		return []string{"true", "false", "null"}[r.IntN(3)]
	case kind <= 3:
		return numbers[r.IntN(len(numbers))]
	default:
		return `"` + texts[r.IntN(len(texts))] + `"`
	}
}

// changed is a body that says something else.
func changed(body string) string { return strings.Replace(body, "{", `{"added":1,`, 1) }
