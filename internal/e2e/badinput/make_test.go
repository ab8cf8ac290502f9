package badinput

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// body makes the bytes of an input.
func (i input) body(t testing.TB) []byte {
	t.Helper()
	text := bases[i.base()]
	if i.Body != nil {
		text = *i.Body
	}
	if i.Make != "" {
		name, argument, _ := strings.Cut(i.Make, " ")
		maker, ok := makers[name]
		n, err := strconv.Atoi(cmp.Or(argument, "0"))
		if !ok || err != nil {
			t.Fatalf("no maker %q", i.Make)
		}
		text = made(i.Make, text, func() string { return maker(text, n) })
	}
	for _, r := range i.Replace {
		if !strings.Contains(text, r[0]) {
			t.Fatalf("nothing to replace by %q", r[1])
		}
		text = strings.ReplaceAll(text, r[0], r[1])
	}
	return bytesOf(text)
}

// bodies are what makers made: the large ones take longer to make than to refuse.
var bodies = map[[2]string]string{}

func made(name, base string, maker func() string) string {
	key := [2]string{name, base}
	if _, ok := bodies[key]; !ok {
		bodies[key] = maker()
	}
	return bodies[key]
}

func (i input) base() string {
	return cmp.Or(i.Base, standardBase[i.System], "order")
}

// raw are bytes that no text can hold, as the corpus writes them: <<ff fe>>.
var raw = regexp.MustCompile(`<<([0-9a-f ]+)>>`)

func bytesOf(text string) []byte {
	return raw.ReplaceAllFunc([]byte(text), func(match []byte) []byte {
		b, _ := hex.DecodeString(strings.ReplaceAll(string(match[2:len(match)-2]), " ", ""))
		return b
	})
}

// extra puts a member in front of the others of an object.
func extra(base, member string) string { return "{" + member + "," + base[1:] }

// list is the same element n times.
func list(element string, n int) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
}

// makers make bodies of a base and a number.
var makers = map[string]func(base string, n int) string{
	// fill is the base with spaces behind it, n bytes in all.
	"fill": func(base string, n int) string { return base + strings.Repeat(" ", n-len(base)) },
	// deep is n levels of lists in a member that nobody reads, open with no end,
	// objects the same with objects.
	"deep": func(base string, n int) string {
		return extra(base, `"x":`+strings.Repeat("[", n)+strings.Repeat("]", n))
	},
	"objects": func(base string, n int) string {
		return extra(base, `"x":`+strings.Repeat(`{"x":`, n)+"0"+strings.Repeat("}", n))
	},
	"open": func(base string, n int) string { return extra(base, `"x":`+strings.Repeat("[", n))[:n] },
	// keys are n members that nobody reads; collide are such with one hash in
	// languages that multiply by 31.
	"keys": func(base string, n int) string {
		var b strings.Builder
		for k := range n {
			fmt.Fprintf(&b, "\"k%d\":0,", k)
		}
		return "{" + b.String() + base[1:]
	},
	"collide": func(base string, n int) string {
		var b strings.Builder
		for k := range n {
			name := strings.NewReplacer("0", "Aa", "1", "BB").Replace(fmt.Sprintf("%016b", k))
			fmt.Fprintf(&b, "%q:0,", name)
		}
		return "{" + b.String() + base[1:]
	},
	// key is one name of n bytes; text a value of n bytes that nobody reads.
	"key":  func(base string, n int) string { return extra(base, `"`+strings.Repeat("k", n)+`":0`) },
	"text": func(base string, n int) string { return extra(base, `"x":"`+strings.Repeat("x", n)+`"`) },
	// sku and html replace a value by one of n bytes.
	"sku": func(base string, n int) string { return strings.Replace(base, "MUG-BLU", strings.Repeat("S", n), 1) },
	"html": func(base string, n int) string {
		return strings.Replace(base, `"title":"Mug"`, `"title":"`+strings.Repeat("<b>", n/3)+`"`, 1)
	},
	// lines is an order with n line items, empty one of n that say nothing, records
	// a report of n empty ones.
	"lines": func(base string, n int) string { return replaceLines(base, list(`{"sku":"A","quantity":1}`, n)) },
	"empty": func(base string, n int) string { return replaceLines(base, list(`{}`, n)) },
	"records": func(_ string, n int) string {
		return `{"type":"records.reported","timestamp":"2026-03-03T16:59:00Z","records":` + list(`{}`, n) + `}`
	},
	"digits": func(base string, n int) string {
		return strings.NewReplacer(`"45.50"`, strings.Repeat("1", n), `"12"`, strings.Repeat("1", n)).Replace(base)
	},
	// redact asks to forget somebody with n orders.
	"redact": func(base string, n int) string {
		var ids []string
		for k := range n {
			ids = append(ids, strconv.Itoa(100_000+k))
		}
		return strings.Replace(base, "[5001]", "["+strings.Join(ids, ",")+"]", 1)
	},
	// gzip is the base compressed n times; bomb is n bytes of nothing, compressed.
	"gzip": func(base string, n int) string {
		for range n {
			base = zip(base)
		}
		return base
	},
	"bomb":  func(_ string, n int) string { return zip(strings.Repeat("\x00", n)) },
	"utf16": func(base string, _ int) string { return wide(base, 2) },
	"utf32": func(base string, _ int) string { return wide(base, 4) },
}

var lineItems = regexp.MustCompile(`"line_items":\[.*\]`)

func replaceLines(base, lines string) string {
	return lineItems.ReplaceAllLiteralString(base, `"line_items":`+lines)
}

func zip(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // memory takes everything
	_ = z.Close()
	return b.String()
}

// wide writes a text in units of two or four bytes, the low ones first.
func wide(text string, unit int) string {
	b := slices.Repeat([]byte{0}, unit)
	b[0], b[1] = 0xff, 0xfe
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(binary.LittleEndian.AppendUint16(b, u), make([]byte, unit-2)...)
	}
	return string(b)
}
