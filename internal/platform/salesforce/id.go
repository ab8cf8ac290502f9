package salesforce

import (
	"strings"

	"github.com/plumbline/plumbline/internal/lazyregexp"
)

const (
	shortID  = 15
	idChunks = 3
	idChunk  = shortID / idChunks
)

var idPattern = lazyregexp.New(`^[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?$`)

// id18 writes an id of 15 or 18 characters with 18. Of 15 characters capitals
// count; the last three of 18 repeat which of the others are capitals, so that
// two ids which differ by those alone stay two. A text whose suffix is another
// is no id.
func id18(text string) (string, bool) {
	if !idPattern.MatchString(text) {
		return "", false
	}
	whole := text[:shortID] + suffix(text[:shortID])
	return whole, len(text) == shortID || text == whole
}

// suffix is one character for each five of an id: their capitals, as bits.
func suffix(id string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	var b strings.Builder
	for chunk := range idChunks {
		bits := 0
		for i := range idChunk {
			if c := id[chunk*idChunk+i]; c >= 'A' && c <= 'Z' {
				bits |= 1 << i
			}
		}
		b.WriteByte(digits[bits])
	}
	return b.String()
}
