package sheet

import (
	"strconv"
	"strings"
)

// styles are the formats of a workbook's cells: which of them are dates.
type styles struct{ dates []bool }

// isDate reports whether a cell of the style shows its number as a date.
func (s styles) isDate(style []byte) bool {
	i, err := strconv.Atoi(string(style))
	return err == nil && i >= 0 && i < len(s.dates) && s.dates[i]
}

func (b *workbook) readStyles(part string) error {
	custom := map[string]bool{}
	inCells := false
	return b.read(part, func(x *xmlReader) error {
		switch {
		case x.is("numFmt"):
			code := string(appendUnescapedXML(nil, x.attribute("formatCode")))
			custom[string(x.attribute("numFmtId"))] = isDateCode(code)
		case x.is("cellXfs"):
			inCells = true
		case x.is("cellStyles") || x.is("dxfs"):
			inCells = false
		case x.is("xf") && inCells:
			id := string(x.attribute("numFmtId"))
			date, ok := custom[id]
			b.styles.dates = append(b.styles.dates, ok && date || !ok && isDateFormat(id))
		}
		return nil
	})
}

// isDateFormat reports whether one of the built-in formats shows a date or a time
// of day. 46 is a duration, [h]:mm:ss.
func isDateFormat(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 22 || n >= 27 && n <= 36 || n == 45 || n == 47 || n >= 50 && n <= 58)
}

// isDateCode reports whether a format shows a date or a time of day: it has one
// of their letters outside of quotes, escapes and brackets. A duration, [h]:mm,
// is a number.
func isDateCode(code string) bool {
	code, _, _ = strings.Cut(strings.ToLower(code), ";")
	if strings.HasPrefix(code, "general") {
		return false
	}
	found := false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			i = closing(code, i, '"')
		case '\\', '_', '*':
			i++
		case '[':
			end := closing(code, i, ']')
			if strings.Trim(code[i+1:min(end, len(code))], "hms") == "" {
				return false
			}
			i = end
		case 'd', 'm', 'y', 'h', 's':
			found = true
		}
	}
	return found
}

// closing returns where the next mark stands behind i, or the end.
func closing(code string, i int, mark byte) int {
	if n := strings.IndexByte(code[i+1:], mark); n >= 0 {
		return i + 1 + n
	}
	return len(code)
}
