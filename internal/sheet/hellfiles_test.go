package sheet

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// hellFile is one bad or odd file.
type hellFile struct {
	file    string
	about   string
	result  string
	text    string
	options Options
	// pack makes the file of the text, nil for a file that is the text.
	pack func(string) []byte
}

func (h hellFile) content() []byte {
	if h.pack == nil {
		return []byte(h.text)
	}
	return h.pack(h.text)
}

const stock = "SKU,Location,Available\nMUG-BLU,east,17\nCAP-BLK,west,3\n"

// hell are the files from hell.
var hell = slicesOf(hellPlain, hellRows, hellEncodings, hellPacked, hellJSON, hellWorkbooks, hellRefused)

func slicesOf(lists ...[]hellFile) []hellFile {
	var all []hellFile
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

var hellPlain = []hellFile{
	{file: "comma.csv", about: "nothing", result: "every row", text: stock},
	{file: "semicolon.csv", about: "semicolons, decimal commas", result: "semicolon recognised; 12,50 stays text", text: "SKU;Price;Cost\nMUG;12,50;7,10\nCAP;9,00;4,00\n"},
	{file: "tab.txt", about: "tabs, commas in texts", result: "tab recognised", text: "SKU\tTitle\tPrice\nMUG\tMug, blue, large\t12.50\nCAP\tCap, black\t9.00\n"},
	{file: "pipe.csv", about: "pipes", result: "pipe recognised", text: "SKU|Title|Qty\nMUG|Mug, blue|1\nCAP|Cap; black|2\n"},
	{file: "caret.csv", about: "a delimiter that is not recognised", result: "read when the delimiter is given", text: "SKU^Qty\nMUG^1\n", options: Options{Delimiter: '^'}},
	{file: "unit-separator.csv", about: "the unit separator (0x1F) as delimiter", result: "read when the delimiter is given", text: "SKU\x1fQty\nMUG\x1f1\n", options: Options{Delimiter: 0x1f}},
	{file: "sep-line.csv", about: "first line `sep=;`", result: "taken as the delimiter, not as a row", text: "sep=;\nSKU;Note\nMUG;a,b,c\nCAP;d,e,f\n"},
	{file: "sep-line-one-column.csv", about: "the same above one column", result: "no row either", text: "sep=;\nSKU\nMUG\n"},
	{file: "one-column.csv", about: "one column, no delimiter at all", result: "one column", text: "SKU\nMUG\nCAP\n"},
	{file: "crlf.csv", about: "lines end in CR LF", result: "the CR is no part of a cell", text: strings.ReplaceAll(stock, "\n", "\r\n")},
	{file: "cr.csv", about: "lines end in CR alone", result: "lines all the same", text: strings.ReplaceAll(stock, "\n", "\r")},
	{file: "no-final-newline.csv", about: "the last line does not end", result: "a row when it has all its cells", text: "SKU,Qty\nMUG,1\nCAP,2"},
	{file: "blank-lines.csv", about: "blank lines, and lines of delimiters alone", result: "passed over", text: "\nSKU,Qty\n\nMUG,1\n,\n\"\",\"\"\nCAP,2\n\n\n"},
	{file: "title-lines.csv", about: "titles above the header", result: "the header is the first line that is as wide as the rows", text: "Inventory report\nAs of,2026-11-20\n\nSKU,Title,Location,Available\nMUG,Mug,east,17\nCAP,Cap,west,3\n"},
	{file: "title-padded.csv", about: "titles with delimiters to the full width", result: "empty cells do not count: titles", text: "Inventory report,,,\n,,,\nSKU,Title,Location,Available\nMUG,Mug,east,17\n"},
	{file: "title-only.csv", about: "titles and a header, no rows", result: "header, no rows", text: "Inventory report\nAll locations\nSKU,Title,Location,Available\n"},
	{file: "header-line-given.csv", about: "titles as wide as the rows", result: "read when the header's line is given", text: "Report,Stock,2026\nSKU,Title,Qty\nMUG,Mug,17\n", options: Options{HeaderLine: 2}},
	{file: "header-only.csv", about: "a header and nothing else", result: "no rows, an orderly end", text: "SKU,Location,Available\n"},
	{file: "header-no-newline.csv", about: "a header whose line does not end", result: "no rows, an orderly end", text: "SKU,Location,Available"},
	{file: "empty.csv", about: "no byte at all", result: "final error: empty", text: ""},
	{file: "only-newlines.csv", about: "blank lines and nothing else", result: "final error: empty", text: "\n\n\r\n\n"},
	{file: "only-bom.csv", about: "a byte order mark and nothing else", result: "final error: empty", text: "\uFEFF"},
	{file: "duplicate-header.csv", about: "a name stands twice in the header", result: "the second is \"Name (2)\"", text: "SKU,Qty,Qty,qty,Qty (2)\nMUG,1,2,3,4\n"},
	{file: "blank-header.csv", about: "columns without a name", result: "named by their place", text: ",Qty,,\n0,1,x,\n1,2,y,\n"},
	{file: "spaces-header.csv", about: "spaces around names and cells", result: "taken off names, kept in cells", text: " SKU , Qty \n MUG , 1 \n"},
	{file: "totals.csv", about: "a line of totals at the end", result: "row error: set aside", text: "SKU,Location,Title,Available\nMUG,east,Mug,17\nCAP,west,Cap,3\nTotal,,,20\n"},
	{file: "totals-german.csv", about: "a line of totals that begins with an empty cell", result: "row error: set aside", text: "Nr;Ort;Bezeichnung;Menge\n1;Ost;Tasse;17\n;Summe:;;17\n"},
	{file: "sku-named-total.csv", about: "a record whose key is TOTAL", result: "a row, as its cells are filled", text: "SKU,Location,Available\nTOTAL,east,17\n"},
	{file: "trailing-delimiter.csv", about: "rows end in a delimiter, the header does not", result: "empty cells behind the last column do not count", text: "SKU,Qty\nMUG,1,\nCAP,2,\n"},
	{file: "wide.csv", about: "40 columns of one name", result: "every column", text: strings.Repeat("c,", 39) + "c\n" + strings.Repeat("1,", 39) + "1\n"},
	{file: "too-wide.csv", about: "more columns than are allowed (here 8)", result: "final error: over a limit", text: "a,b,c,d,e,f,g,h,i\n1,2,3,4,5,6,7,8,9\n", options: Options{MaxColumns: 8}},
	{file: "leading-zeros.csv", about: "keys with leading zeros, long numbers", result: "texts as they stand", text: "SKU,Barcode\n00123,0012345678905\n00124,12345678901234567890\n"},
	{file: "excel-text-formula.csv", about: "texts as formulas, `=\"00123\"`", result: "texts as they stand", text: "SKU,Qty\n\"=\"\"00123\"\"\",1\n"},
	{file: "null-words.csv", about: "NULL, N/A and \\N as words", result: "texts as they stand", text: "SKU,Qty\nMUG,NULL\nCAP,\\N\nTEE,N/A\n"},
	{file: "formula-injection.csv", about: "cells that a spreadsheet would run", result: "texts as they stand", text: "SKU,Note\nMUG,=1+1\nCAP,@SUM(A1)\n"},
	{file: "bracket-header.csv", about: "a header that begins like JSON", result: "CSV", text: "[Id],Name\n1,Mug\n"},
	{file: "brace-header.csv", about: "a header in braces", result: "CSV", text: "{Id},{Name}\n1,Mug\n"},
}

var hellRows = []hellFile{
	{file: "embedded-newlines.csv", about: "line ends inside quotes", result: "one row of several lines; the next line is counted right", text: "SKU,Note,Qty\nMUG,\"first\nsecond\r\nthird\",1\nCAP,plain,2\n"},
	{file: "doubled-quotes.csv", about: "quotes inside quotes, doubled", result: "one quote each", text: "SKU,Title\nTV,\"24\"\" screen, \"\"flat\"\"\"\n\"\"\"\",x\n"},
	{file: "quotes-with-delimiters.csv", about: "delimiters inside quotes", result: "part of the cell", text: "SKU,Title\nMUG,\"a,b;c\td|e\"\n"},
	{file: "too-many-cells.csv", about: "a row with a cell too many", result: "row error, reading goes on", text: "SKU,Qty\nMUG,1,extra\nCAP,2\n"},
	{file: "too-few-cells.csv", about: "a row with a cell too few", result: "row error, reading goes on", text: "SKU,Location,Qty\nMUG,1\nCAP,west,2\n"},
	{file: "stray-quote.csv", about: "a quote inside a cell without quotes", result: "row error, reading goes on", text: "SKU,Title\nTV,24\" screen\nCAP,Cap\n"},
	{file: "quote-then-text.csv", about: "text behind a closing quote", result: "row error, reading goes on", text: "SKU,Title\nTV,\"24\" screen\nCAP,Cap\n"},
	{file: "space-before-quote.csv", about: "a space before a quote", result: "row error, reading goes on", text: "SKU,Title\nTV, \"a, b\"\nCAP,Cap\n"},
	{file: "unclosed-quote-middle.csv", about: "a quote that is not closed, more quotes below", result: "only its line is lost", text: "SKU,Title,Qty\nMUG,\"Mug,1\nCAP,\"Cap\",2\nTEE,Tee,3\n"},
	{file: "unclosed-quote-end.csv", about: "the file ends inside quotes", result: "final error: not whole", text: "SKU,Title,Qty\nMUG,Mug,1\nCAP,\"Cap, bla"},
	{file: "cut-last-line.csv", about: "the last line has too few cells and does not end", result: "final error: not whole", text: "SKU,Location,Qty\nMUG,east,1\nCAP,we"},
	{file: "nul.csv", about: "a NUL character", result: "row error, reading goes on", text: "SKU,Qty\nM\x00G,1\nCAP,2\n"},
	{file: "invalid-utf8.csv", about: "one byte that is no UTF-8 among much that is", result: "row error, reading goes on", text: "SKU,Title\nMUG,Tasse für Tée\nCAP,M\xfctze\nTEE,Trägertöp\n"},
	{file: "long-row.csv", about: "a row over the limit (here 64 bytes)", result: "row error, reading goes on", text: "SKU,Note\nMUG," + strings.Repeat("x", 80) + "\nCAP,ok\n", options: Options{MaxRow: 64}},
	{file: "long-quoted-row.csv", about: "quotes that reach over the limit (here 64 bytes)", result: "row error for its first line, reading goes on below it", text: "SKU,Note\nMUG,\"" + strings.Repeat("x", 80) + "\nCAP,ok\n", options: Options{MaxRow: 64}},
	{file: "bad-header.csv", about: "a header with a stray quote", result: "final error: no header", text: "SKU,Ti\"tle\nMUG,Mug\n"},
	{file: "footer.csv", about: "a footer below the rows", result: "row error, as it has too few cells", text: "SKU,Location,Qty\nMUG,east,1\n(1 row affected)\n"},
	{file: "repeated-header.csv", about: "two exports one after the other, each with a header", result: "row error for the second header", text: "SKU,Qty\nMUG,1\nSKU,Qty\nCAP,2\n"},
}

func inUTF16(endian unicode.Endianness, mark unicode.BOMPolicy) func(string) []byte {
	return func(text string) []byte {
		b, _ := unicode.UTF16(endian, mark).NewEncoder().Bytes([]byte(text))
		return b
	}
}

func latin(text string) []byte {
	b, _ := charmap.Windows1252.NewEncoder().Bytes([]byte(text))
	return b
}

const german = "Artikel;Bezeichnung;Preis\nMUG;Tasse für Kaffee;12,50 €\nCAP;Mütze;9,00 €\n"

var hellEncodings = []hellFile{
	{file: "utf8-bom.csv", about: "UTF-8 with a byte order mark", result: "the mark is no part of the first name", text: "\uFEFF" + stock},
	{file: "utf8-bom-quoted.csv", about: "a byte order mark before a quoted name", result: "the same", text: "\uFEFF\"SKU\",\"Qty\"\n\"MUG\",\"1\"\n"},
	{file: "utf16le-bom.csv", about: "UTF-16LE with a mark, as Excel's \"Unicode Text\"", result: "recognised", text: strings.ReplaceAll(german, ";", "\t"), pack: inUTF16(unicode.LittleEndian, unicode.UseBOM)},
	{file: "utf16be-bom.csv", about: "UTF-16BE with a mark", result: "recognised", text: german, pack: inUTF16(unicode.BigEndian, unicode.UseBOM)},
	{file: "utf16le.csv", about: "UTF-16LE without a mark", result: "recognised by its zeros", text: german, pack: inUTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{file: "utf16-cut.csv", about: "UTF-16 that ends in the middle of a character", result: "final error: not whole", text: german, pack: func(text string) []byte {
		b := inUTF16(unicode.LittleEndian, unicode.UseBOM)(text)
		return b[:len(b)-1]
	}},
	{file: "utf16-half-pair.csv", about: "half of a surrogate pair in UTF-16", result: "row error, reading goes on", text: "SKU,Qty\nM?G,1\nCAP,2\n", pack: func(text string) []byte {
		b := inUTF16(unicode.LittleEndian, unicode.UseBOM)(text)
		return bytes.Replace(b, []byte("?\x00"), []byte("\x00\xd8"), 1)
	}},
	{file: "windows-1252.csv", about: "Windows-1252", result: "recognised, as it is no UTF-8", text: german, pack: latin},
	{file: "windows-1252-late.csv", about: "Windows-1252 that shows only behind the first 64 KiB", result: "row errors unless the encoding is given", text: "SKU;Bezeichnung\nMUG;" + strings.Repeat("Tasse ", 12000) + "\nCAP;Mütze\n", pack: latin},
	{file: "utf32.csv", about: "UTF-32", result: "final error: save it as UTF-8", text: "\xff\xfe\x00\x00S\x00\x00\x00K\x00\x00\x00U\x00\x00\x00"},
	{file: "macintosh.csv", about: "Mac Roman, which cannot be told from Windows-1252", result: "read when the encoding is given", options: Options{Encoding: "macintosh"}, text: "SKU;Bezeichnung\nCAP;Mütze\n", pack: func(text string) []byte {
		b, _ := charmap.Macintosh.NewEncoder().Bytes([]byte(text))
		return b
	}},
}

func gzipped(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.Bytes()
}

func zstandard(text string) []byte {
	w, _ := zstd.NewWriter(nil)
	return w.EncodeAll([]byte(text), nil)
}

var many = "SKU,Location,Available\n" + func() string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "SKU-%02d,east,%d\n", i*7919%100, i*i)
	}
	return b.String()
}()

var hellPacked = []hellFile{
	{file: "stock.csv.gz", about: "gzip", result: "recognised", text: stock, pack: gzipped},
	{file: "stock.csv.zst", about: "zstd", result: "recognised", text: stock, pack: zstandard},
	{file: "gzip-named-csv.csv", about: "gzip whose name does not say it", result: "recognised by its first bytes", text: stock, pack: gzipped},
	{file: "two-members.csv.gz", about: "two gzip files one after the other", result: "read on", text: stock, pack: func(text string) []byte {
		return append(gzipped(text), gzipped("TEE-RED,east,4\n")...)
	}},
	{file: "truncated.csv.gz", about: "gzip without its last bytes", result: "rows as far as they are whole, then final error: not whole", text: many, pack: func(text string) []byte {
		b := gzipped(text)
		return b[:len(b)-60]
	}},
	{file: "checksum.csv.gz", about: "gzip with a wrong checksum", result: "final error: damaged", text: stock, pack: func(text string) []byte {
		b := gzipped(text)
		b[len(b)-8] ^= 0xff
		return b
	}},
	{file: "trailing-garbage.csv.gz", about: "something behind a gzip file", result: "final error: damaged", text: stock, pack: func(text string) []byte {
		return append(gzipped(text), "garbage behind the end"...)
	}},
	{file: "truncated.csv.zst", about: "zstd without its last bytes", result: "final error: not whole", text: many, pack: func(text string) []byte {
		b := zstandard(text)
		return b[:len(b)-30]
	}},
	{file: "packed-twice.csv.gz", about: "gzip in gzip", result: "final error: unpack it once", text: stock, pack: func(text string) []byte { return gzipped(string(gzipped(text))) }},
	{file: "empty.csv.gz", about: "nothing, packed", result: "final error: empty", text: "", pack: gzipped},
	{file: "bomb.csv.zst", about: "a few kilobytes that unpack to 96 MiB", result: "final error: over a limit, and never in memory", text: "", pack: func(string) []byte {
		return zstandard("SKU,Qty\nMUG,1\n" + strings.Repeat("x", 96<<20))
	}},
}
