package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// NewID names the finding of one spell of disagreement under a rule: by the
// record, the version that started the spell, and the revision of the row that
// was claimed for it, because a spell may begin again without a new version.
// 12 lower-case hexadecimal digits.
func NewID(integration, rule string, record commerce.RecordID, started commerce.Version, claimed int64) string {
	parts := []string{integration, rule, string(record), started.String(), strconv.FormatInt(claimed, 10)}
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(h[:6])
}
