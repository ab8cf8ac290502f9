package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

var hellJSON = []hellFile{
	{file: "plain.jsonl", about: "JSON Lines with all types", result: "typed cells; numbers in canonical form", text: `{"sku":"MUG","qty":17,"price":12.50,"tracked":true,"note":null,"title":""}
{"sku":"CAP","qty":-3,"price":1.5e2,"tracked":false,"title":"Cap"}
`},
	{file: "nested.jsonl", about: "objects in objects, arrays", result: "a.b for objects; an array is one text", text: `{"id":1,"item":{"sku":"MUG","dims":{"w":8}},"tags":["a",{"b":"]"}],"none":{}}
{"id":2,"item":{"sku":"CAP"},"tags":[]}
`},
	{file: "escapes.jsonl", about: "escapes, also in names", result: "the characters that they stand for", text: `{"s\u006bu":"M\u00fctze \"A\" \\ \/ \n\t","e":"\ud83d\ude00"}` + "\n"},
	{file: "lone-surrogate.jsonl", about: "half of a surrogate pair as an escape", result: "U+FFFD, as JSON allows it", text: `{"sku":"M\ud83dG"}` + "\n"},
	{file: "nul.jsonl", about: "a NUL character as an escape", result: "row error, reading goes on", text: `{"sku":"M\u0000G"}` + "\n" + `{"sku":"CAP"}` + "\n"},
	{file: "bad-line.jsonl", about: "lines that are no JSON, or no object", result: "row errors, reading goes on", text: `{"sku":"MUG","qty":1}
{"sku":"CAP",qty:2}
[1,2]
"text"
{"sku":"TEE","qty":3}
`},
	{file: "duplicate-name.jsonl", about: "a name twice in one object", result: "row error, reading goes on", text: `{"sku":"MUG","sku":"CAP"}
{"sku":"TEE"}
`},
	{file: "dotted-name.jsonl", about: "a name that is another's path", result: "row error where both stand", text: `{"a":{"b":1},"a.b":2}
{"a.b":3}
`},
	{file: "many-digits.jsonl", about: "numbers of more than 19 digits", result: "row error; never rounded", text: `{"sku":"MUG","n":0.12345678901234567890123}
{"sku":"CAP","n":12345678901234567890}
{"sku":"TEE","n":1e400}
{"sku":"BAG","n":1234567890123456789}
`},
	{file: "zeros.jsonl", about: "the many ways to write nought", result: "0", text: `{"a":0,"b":-0,"c":0.00,"d":0e5,"e":-0.0E-3}` + "\n"},
	{file: "late-key.jsonl", about: "a key that first stands behind the first 100 objects", result: "not read, and named by Unread", text: strings.Repeat(`{"a":1}`+"\n", 100) + `{"a":1,"late":2}` + "\n"},
	{file: "blank-lines.jsonl", about: "blank lines, CR LF, spaces", result: "passed over", text: "\n{\"a\":1}\r\n\r\n  {\"a\":2}  \n\n"},
	{file: "cut.jsonl", about: "the last line breaks off", result: "final error: not whole", text: `{"sku":"MUG","qty":1}` + "\n" + `{"sku":"CAP","q`},
	{file: "no-final-newline.jsonl", about: "the last line does not end", result: "a row when it is whole", text: `{"sku":"MUG"}` + "\n" + `{"sku":"CAP"}`},
	{file: "bom.jsonl", about: "a byte order mark", result: "no part of the first line", text: "\uFEFF" + `{"sku":"MUG"}` + "\n"},
	{file: "deep.jsonl", about: "objects 40 deep", result: "row error", text: `{"a":1}` + "\n" + strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40) + "\n"},
	{file: "empty-object.jsonl", about: "an object without members", result: "passed over", text: `{"a":1}` + "\n{}\n" + `{"a":2}` + "\n"},
	{file: "long-line.jsonl", about: "an object over the limit (here 64 bytes)", result: "row error, reading goes on", text: `{"a":"` + strings.Repeat("x", 80) + `"}` + "\n" + `{"a":"ok"}` + "\n", options: Options{MaxRow: 64}},
	{file: "invalid-utf8.jsonl", about: "a byte that is no UTF-8", result: "row error, reading goes on", text: "{\"a\":\"für ä\"}\n{\"a\":\"f\xfcr\"}\n{\"a\":\"ok\"}\n"},
	{file: "array.json", about: "a JSON array", result: "a row for each element", text: `[{"sku":"MUG","qty":1},{"sku":"CAP","qty":2}]`},
	{file: "pretty.json", about: "a JSON array over many lines", result: "the place is the element", text: "[\n  {\n    \"sku\": \"MUG\",\n    \"qty\": 1\n  },\n  {\n    \"sku\": \"CAP\",\n    \"title\": \"a ] , } b\"\n  }\n]\n"},
	{file: "wrapped.json", about: "the array is a member of an object, as APIs answer", result: "recognised and said", text: `{"@odata.context":"items","value":[{"no":"MUG","stock":1},{"no":"CAP","stock":2}],"next":null}`},
	{file: "wrapped-cut.json", about: "the same, cut behind the array", result: "final error: not whole", text: `{"value":[{"no":"MUG","stock":1},{"no":"CAP","stock":2}]`},
	{file: "array-cut.json", about: "an array that does not end", result: "rows as far as they are whole, then final error: not whole", text: `[{"sku":"MUG","qty":1},{"sku":"CAP","qty":2},{"sku":"TE`},
	{file: "array-bad-element.json", about: "elements that are no objects, a comma too many", result: "row errors, reading goes on", text: `[{"sku":"MUG"},{sku:1},17,null,,{"sku":"CAP"},]`},
	{file: "array-trailing.json", about: "something behind the array", result: "final error: damaged", text: `[{"sku":"MUG"}] {"sku":"CAP"}`},
	{file: "array-long-element.json", about: "an element over the limit (here 64 bytes)", result: "row error, reading goes on", text: `[{"a":"` + strings.Repeat("x", 80) + `"},{"a":"ok"}]`, options: Options{MaxRow: 64}},
	{file: "array-empty.json", about: "an array without elements", result: "final error: empty", text: "[]\n"},
	{file: "array-of-arrays.json", about: "rows as arrays", result: "final error: no objects", text: `[["sku","qty"],["MUG",1]]`},
	{file: "one-object.json", about: "one object over several lines", result: "final error: no objects line by line", text: "{\n  \"sku\": \"MUG\"\n}\n"},
}

// book builds a workbook. Sheets are the XML of their rows.
type book struct {
	sheets []bookSheet
	texts  []string
	parts  map[string]string
	pr     string
}

type bookSheet struct{ name, state, rows string }

// numberFormats are the formats of the cells in tests: s="1" is a date, 2 a date
// and time, 3 a duration, 4 a text in quotes that looks like a date, 5 a time.
const numberFormats = `<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd hh:mm"/><numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="0 &quot;days&quot;"/></numFmts>` +
	`<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="20"/></cellXfs>`

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

func (b book) bytes() []byte {
	files := map[string]string{
		"_rels/.rels":   xmlHead + `<Relationships><Relationship Id="r1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/styles.xml": xmlHead + `<styleSheet>` + numberFormats + `</styleSheet>`,
	}
	var tabs, rels strings.Builder
	for i, s := range b.sheets {
		fmt.Fprintf(&tabs, `<sheet name="%s" sheetId="%d" state="%s" r:id="s%d"/>`, s.name, i+1, cmp.Or(s.state, "visible"), i)
		fmt.Fprintf(&rels, `<Relationship Id="s%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i, relations, i+1)
		files[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = xmlHead + `<worksheet><sheetData>` + s.rows + `</sheetData></worksheet>`
	}
	if b.texts != nil {
		files["xl/sharedStrings.xml"] = xmlHead + `<sst>` + strings.Join(b.texts, "") + `</sst>`
		fmt.Fprintf(&rels, `<Relationship Id="t" Type="%s/sharedStrings" Target="sharedStrings.xml"/>`, relations)
	}
	fmt.Fprintf(&rels, `<Relationship Id="f" Type="%s/styles" Target="/xl/styles.xml"/>`, relations)
	files["xl/workbook.xml"] = xmlHead + `<workbook xmlns:r="r">` + b.pr + `<sheets>` + tabs.String() + `</sheets></workbook>`
	files["xl/_rels/workbook.xml.rels"] = xmlHead + `<Relationships>` + rels.String() + `</Relationships>`
	for name, text := range b.parts {
		files[name] = text
	}
	return zipOf(files)
}

func zipOf(files map[string]string) []byte {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, name := range names {
		f, _ := w.Create(name)
		_, _ = f.Write([]byte(files[name]))
	}
	_ = w.Close()
	return packed.Bytes()
}

// cells writes a row of texts and numbers.
func cells(line int, values ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, line)
	for i, v := range values {
		at := fmt.Sprintf("%c%d", 'A'+i, line)
		switch {
		case v == "":
		case strings.HasPrefix(v, "<"):
			b.WriteString(strings.Replace(v, "<c", `<c r="`+at+`"`, 1))
		case strings.Trim(v, "0123456789.-") == "":
			fmt.Fprintf(&b, `<c r="%s"><v>%s</v></c>`, at, v)
		default:
			fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, at, v)
		}
	}
	return b.String() + "</row>"
}

func oneSheet(rows ...string) func(string) []byte {
	return func(string) []byte {
		return book{sheets: []bookSheet{{name: "Sheet1", rows: strings.Join(rows, "")}}}.bytes()
	}
}

func workbookOf(b book) func(string) []byte { return func(string) []byte { return b.bytes() } }

// kept is a file that only the folder has.
func kept(string) []byte { return nil }

var plainSheet = oneSheet(cells(1, "SKU", "Qty"), cells(2, "MUG", "17"), cells(3, "CAP", "3"))

var hellWorkbooks = []hellFile{
	{file: "plain.xlsx", about: "a workbook", result: "texts and numbers", pack: plainSheet},
	{file: "shared-strings.xlsx", about: "texts in a table of their own, in several runs, with pronunciation", result: "the whole text, without its pronunciation", pack: workbookOf(book{
		texts: []string{
			`<si><t>SKU</t></si>`, `<si><t xml:space="preserve">Title </t></si>`,
			`<si><r><t>Mug </t></r><r><rPr><b/></rPr><t>&amp; cup</t></r><rPh sb="0" eb="1"><t>spoken</t></rPh></si>`, `<si><t>line_x000D_end &#8364;</t></si>`,
		},
		sheets: []bookSheet{{name: "Sheet1", rows: cells(1, `<c t="s"><v>0</v></c>`, `<c t="s"><v>1</v></c>`) + cells(2, `<c t="s"><v>2</v></c>`, `<c t="s"><v>3</v></c>`) + cells(3, "CAP", `<c t="s"><v>99</v></c>`)}},
	})},
	{file: "dates.xlsx", about: "dates, times, durations", result: "RFC 3339 in the given zone; a time without a day is text; a duration is a number", pack: oneSheet(
		cells(1, "Day", "At", "Took", "Age", "Opens"),
		cells(2, `<c s="1"><v>46346</v></c>`, `<c s="2"><v>46346.427083333336</v></c>`, `<c s="3"><v>1.5</v></c>`, `<c s="4"><v>30</v></c>`, `<c s="5"><v>0.375</v></c>`),
		cells(3, `<c s="1"><v>60</v></c>`), cells(4, `<c t="d"><v>2026-11-20T10:15:00</v></c>`), cells(5, `<c s="1"><v>-1</v></c>`),
		cells(6, `<c s="1"><v>99999999</v></c>`),
	)},
	{file: "dates-1904.xlsx", about: "a workbook that counts days from 1904", result: "the same days", pack: workbookOf(book{
		pr: `<workbookPr date1904="1"/>`, sheets: []bookSheet{{name: "Sheet1", rows: cells(1, "SKU", "Day") + cells(2, "MUG", `<c s="1"><v>44884</v></c>`)}},
	})},
	{file: "numbers.xlsx", about: "binary fractions, exponents, long numbers", result: "fractions as they are shown, to 15 digits; whole numbers as they stand", pack: oneSheet(
		cells(1, "SKU", "N"), cells(2, "a", "0.30000000000000004"), cells(3, "b", `<c><v>1.2345678901234501E+18</v></c>`), cells(4, "c", "1234567890123456789"),
		cells(5, "d", "12345678901234567890"), cells(6, "e", `<c><v>-9.9999999999999995E-2</v></c>`), cells(7, "f", `<c><v>9.9999999999999996</v></c>`), cells(8, "g", `<c><v>x</v></c>`),
	)},
	{file: "formulas.xlsx", about: "formulas with the value of the last save, and without", result: "that value; row error without", pack: oneSheet(
		cells(1, "SKU", "Qty"), cells(2, "MUG", `<c><f>1+1</f><v>2</v></c>`), cells(3, "CAP", `<c t="str"><f>"a"</f><v>text</v></c>`),
		cells(4, "TEE", `<c><f>SUM(A1)</f></c>`), cells(5, "BAG", `<c t="str"><f>""</f><v></v></c>`),
	)},
	{file: "other-writer.xlsx", about: "a workbook of another library, with a formula that was never calculated", result: "typed cells; row error for the formula", pack: kept},
	{file: "errors.xlsx", about: "#N/A and other errors in cells", result: "row error, reading goes on", pack: oneSheet(
		cells(1, "SKU", "Qty"), cells(2, "MUG", `<c t="e"><v>#N/A</v></c>`), cells(3, "CAP", "3"),
	)},
	{file: "bools.xlsx", about: "truth values, an unknown type", result: "true and false; row error", pack: oneSheet(
		cells(1, "SKU", "On"), cells(2, "MUG", `<c t="b"><v>1</v></c>`), cells(3, "CAP", `<c t="b"><v>0</v></c>`), cells(4, "TEE", `<c t="zz"><v>0</v></c>`),
	)},
	{file: "gaps.xlsx", about: "rows and cells that are left out, short rows", result: "missing cells; the row's own number", pack: oneSheet(
		cells(1, "SKU", "Location", "Qty"), cells(4, "MUG", "", "17"), cells(9, "CAP"), cells(10), cells(11, "", "", ""), cells(12, "TEE", "west", "1"),
	)},
	{file: "titles.xlsx", about: "titles above the header, totals below the rows", result: "header found; totals set aside", pack: oneSheet(
		cells(1, "Stock report"), cells(2, "As of", "46346"), cells(4, "SKU", "Title", "Location", "Qty"), cells(5, "MUG", "Mug", "east", "17"), cells(6, "Total", "", "", "17"),
	)},
	{file: "too-many-cells.xlsx", about: "a note beside the table", result: "row error, reading goes on", pack: oneSheet(
		cells(1, "SKU", "Qty"), cells(2, "MUG", "17", "", "counted twice?"), cells(3, "CAP", "3"),
	)},
	{file: "several-sheets.xlsx", about: "an empty sheet, then two with rows", result: "the first that has rows; all are named", pack: workbookOf(book{sheets: []bookSheet{
		{name: "Cover"}, {name: "Stock &amp; more", rows: cells(1, "SKU", "Qty") + cells(2, "MUG", "17")}, {name: "Prices", rows: cells(1, "SKU", "Price") + cells(2, "MUG", "12.5")},
	}})},
	{file: "sheet-given.xlsx", about: "the same, and a sheet is asked for", result: "that sheet", options: Options{Sheet: "prices"}, pack: workbookOf(book{sheets: []bookSheet{
		{name: "Stock", rows: cells(1, "SKU", "Qty") + cells(2, "MUG", "17")}, {name: "Prices", rows: cells(1, "SKU", "Price") + cells(2, "MUG", "12.5")},
	}})},
	{file: "sheet-unknown.xlsx", about: "a sheet is asked for that is not there", result: "final error with the names", options: Options{Sheet: "Costs"}, pack: plainSheet},
	{file: "hidden-first.xlsx", about: "the first sheet is hidden", result: "passed over, unless it is asked for", pack: workbookOf(book{sheets: []bookSheet{
		{name: "Old", state: "veryHidden", rows: cells(1, "SKU", "Qty") + cells(2, "OLD", "1")}, {name: "Stock", rows: cells(1, "SKU", "Qty") + cells(2, "MUG", "17")},
	}})},
	{file: "all-hidden.xlsx", about: "no sheet is visible", result: "final error: name one", pack: workbookOf(book{sheets: []bookSheet{{name: "Old", state: "hidden", rows: cells(1, "SKU")}}})},
	{file: "no-rows.xlsx", about: "no sheet has rows", result: "final error: empty", pack: oneSheet()},
	{file: "prefixed.xlsx", about: "XML names with a prefix, as .NET writes them; comments and CDATA", result: "read", pack: workbookOf(book{
		sheets: []bookSheet{{name: "Sheet1"}},
		parts: map[string]string{"xl/worksheets/sheet1.xml": xmlHead + `<x:worksheet xmlns:x="x"><!-- a > comment --><x:sheetData>` +
			`<x:row><x:c t="inlineStr"><x:is><x:t>SKU</x:t></x:is></x:c><x:c t='inlineStr'><x:is><x:t><![CDATA[Q<t>y]]></x:t></x:is></x:c></x:row>` +
			`<x:row><x:c t="str"><x:v>MUG</x:v></x:c><x:c><x:v>17</x:v></x:c></x:row></x:sheetData></x:worksheet>`},
	})},
	{file: "rows-not-in-order.xlsx", about: "row 3 before row 2", result: "final error: damaged", pack: oneSheet(cells(1, "SKU", "Qty"), cells(3, "MUG", "17"), cells(2, "CAP", "3"))},
	{file: "cells-not-in-order.xlsx", about: "cell B before cell A", result: "final error: damaged", pack: oneSheet(cells(1, "SKU", "Qty"), `<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row>`)},
	{file: "xml-cut.xlsx", about: "the XML of a sheet breaks off", result: "final error: not whole", pack: workbookOf(book{
		sheets: []bookSheet{{name: "Sheet1"}},
		parts:  map[string]string{"xl/worksheets/sheet1.xml": xmlHead + `<worksheet><sheetData>` + cells(1, "SKU", "Qty") + cells(2, "MUG", "17") + `<row r="3"><c r="A3"`},
	})},
	{file: "doctype.xlsx", about: "XML with a document type, which could name other files", result: "final error: damaged", pack: workbookOf(book{
		sheets: []bookSheet{{name: "Sheet1"}},
		parts:  map[string]string{"xl/worksheets/sheet1.xml": `<!DOCTYPE a [<!ENTITY b SYSTEM "c">]><worksheet><sheetData>` + cells(1, "&b;", "Qty") + `</sheetData></worksheet>`},
	})},
	{file: "lacks-sheet.xlsx", about: "a workbook without the part of its sheet", result: "final error: damaged", pack: func(string) []byte {
		return zipOf(map[string]string{
			"xl/workbook.xml":            `<workbook><sheets><sheet name="Stock" sheetId="1" r:id="s0"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s0" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		})
	}},
	{file: "truncated.xlsx", about: "a workbook without its last bytes", result: "final error: not whole", pack: func(string) []byte {
		b := plainSheet("")
		return b[:len(b)*2/3]
	}},
	{file: "plain.xlsx.gz", about: "a workbook in gzip", result: "read", pack: func(string) []byte { return gzipped(string(plainSheet(""))) }},
	{file: "checksum.xlsx", about: "a sheet with a wrong checksum", result: "final error: damaged", pack: func(string) []byte {
		b := plainSheet("")
		// In the directory at the end, the checksum stands 30 bytes before the name.
		b[bytes.LastIndex(b, []byte("xl/worksheets/sheet1.xml"))-30] ^= 0xff
		return b
	}},
}

var hellRefused = []hellFile{
	{file: "old.xls", about: "an old Excel workbook, or one with a password", result: "final error: save it as .xlsx", text: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 64)},
	{file: "html.xls", about: "a web page named .xls", result: "final error: save it as .xlsx or CSV", text: "<html><table><tr><td>SKU</td></tr></table></html>\n"},
	{file: "binary.xlsb", about: "a binary Excel workbook", result: "final error: save it as .xlsx", pack: func(string) []byte { return zipOf(map[string]string{"xl/workbook.bin": "x"}) }},
	{file: "open.ods", about: "an OpenDocument table", result: "final error: save it as .xlsx", pack: func(string) []byte {
		return zipOf(map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"})
	}},
	{file: "csv-in.zip", about: "a CSV file in a zip archive", result: "final error: take it out", pack: func(string) []byte { return zipOf(map[string]string{"stock.csv": stock}) }},
	{file: "report.pdf", about: "a PDF", result: "final error: export the data", text: "%PDF-1.7\n1 0 obj\n"},
	{file: "noise.csv", about: "bytes that are no text", result: "final error: no text", text: "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x12,\x13\x14\n"},
}
