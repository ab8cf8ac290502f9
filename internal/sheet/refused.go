package sheet

import (
	"bytes"
	"fmt"
)

// refused are files that are no export, or one in a form that is not read, by
// what they begin with.
var refused = []struct{ magic, is string }{
	{"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls) or one with a password; save it as .xlsx without a password, or as CSV"},
	{"%PDF", "a PDF; export the data as CSV or XLSX"},
	{"PAR1", "a Parquet file; export the data as CSV or JSON Lines"},
	{"Obj\x01", "an Avro file; export the data as CSV or JSON Lines"},
	{"SQLite format 3\x00", "an SQLite database; export a table as CSV"},
	{"BZh", "packed with bzip2; unpack it, or pack it with gzip or zstd"},
	{"\xfd7zXZ\x00", "packed with xz; unpack it, or pack it with gzip or zstd"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive; take the file out of it"},
	{"Rar!", "a RAR archive; take the file out of it"},
	{"{\\rtf", "a text document; export the data as CSV or XLSX"},
}

// refuse says why a file is not read, nil if it may be.
func refuse(first []byte) error {
	for _, r := range refused {
		if bytes.HasPrefix(first, []byte(r.magic)) {
			return fmt.Errorf("%w: it is %s", ErrFormat, r.is)
		}
	}
	switch text := bytes.TrimSpace(bytes.TrimPrefix(first, utf8Mark)); {
	case bytes.HasPrefix(first, gzipMagic), bytes.HasPrefix(first, zstdMagic):
		return fmt.Errorf("%w: it is packed twice; unpack it once", ErrFormat)
	case len(first) > 262 && string(first[257:262]) == "ustar":
		return fmt.Errorf("%w: it is a tar archive; take the file out of it", ErrFormat)
	case bytes.HasPrefix(text, []byte("<")):
		return fmt.Errorf("%w: it is a web page or XML, whatever its name; save it as .xlsx or CSV", ErrFormat)
	default:
		return nil
	}
}

// refuseBinary refuses text that is none: more than a tenth of it are control
// characters.
func refuseBinary(text []byte) error {
	odd := 0
	for _, c := range text {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && (c < 0x1c || c > 0x1f) {
			odd++
		}
	}
	if 10*odd > len(text) {
		return fmt.Errorf("%w: it is no text", ErrFormat)
	}
	return nil
}
