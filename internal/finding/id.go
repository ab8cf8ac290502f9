package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// NewID names the finding of one spell of disagreement: the same integration,
// rule, record and starting version always give the same id, however often and
// wherever the difference is found. 12 lower-case hexadecimal digits.
func NewID(integration, rule string, record commerce.RecordID, started commerce.Version) string {
	h := sha256.Sum256([]byte(strings.Join([]string{integration, rule, string(record), started.String()}, "\x00")))
	return hex.EncodeToString(h[:6])
}
