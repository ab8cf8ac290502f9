package dynamo

import (
	"encoding/hex"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The lengths of a UUID as text and as bytes.
const (
	uuidText  = 36
	uuidBytes = 16
)

// putDelivery writes the id of a delivery. Most platforms give a UUID, and a row
// names a dozen of them: as 16 bytes each they are what keeps it in one write
// unit.
func putDelivery(m item, name, id string) {
	if packed, ok := packUUID(id); ok {
		m[name] = binary(packed)
		return
	}
	putText(m, name, id)
}

func (r *reader) delivery(m item, name string) string {
	if _, packed := m[name].(*types.AttributeValueMemberB); !packed {
		return r.text(m, name)
	}
	b := r.binary(m, name)
	if len(b) != uuidBytes {
		r.fail(name, "the id of a delivery")
		return ""
	}
	return unpackUUID(b)
}

// packUUID is a UUID as bytes, and false for any text that unpackUUID would not
// give back.
func packUUID(id string) ([]byte, bool) {
	if len(id) != uuidText {
		return nil, false
	}
	packed, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil || len(packed) != uuidBytes || unpackUUID(packed) != id {
		return nil, false
	}
	return packed, true
}

func unpackUUID(b []byte) string {
	digits := hex.EncodeToString(b)
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
}
