package sheet

import (
	"fmt"
	"strings"
)

// The kinds of files.
const (
	CSV       = "CSV"
	JSONLines = "JSON Lines"
	JSONArray = "JSON array"
	XLSX      = "XLSX"
)

// Format is what a file was recognised as.
type Format struct {
	// Kind is CSV, JSONLines, JSONArray or XLSX.
	Kind string
	// Compression is gzip, zstd, or nothing.
	Compression string
	// Encoding is the name that Options take. A workbook has none.
	Encoding string
	// Delimiter is what stands between cells of a CSV file, else 0.
	Delimiter rune
	// Sheet is the sheet of a workbook that is read.
	Sheet string
	// Member is where the array of a JSON document stands that is an object: "value".
	Member string
	// HeaderLine is the line or row of the header in a CSV file or a sheet.
	HeaderLine int
}

// String returns the format for "recognised as …": "CSV, semicolon, utf-8, gzip,
// header in line 3".
func (f Format) String() string {
	parts := []string{f.Kind}
	add := func(part string, is bool) {
		if is {
			parts = append(parts, part)
		}
	}
	add(delimiterName(f.Delimiter), f.Delimiter != 0)
	add(fmt.Sprintf("sheet %q", f.Sheet), f.Sheet != "")
	add(fmt.Sprintf("rows in %q", f.Member), f.Member != "")
	add(f.Encoding, f.Encoding != "")
	add(f.Compression, f.Compression != "")
	add(fmt.Sprintf("header in line %d", f.HeaderLine), f.HeaderLine > 1)
	return strings.Join(parts, ", ")
}

func delimiterName(delimiter rune) string {
	switch delimiter {
	case ',':
		return "comma"
	case ';':
		return "semicolon"
	case '\t':
		return "tab"
	case '|':
		return "pipe"
	default:
		return fmt.Sprintf("delimiter %q", delimiter)
	}
}
