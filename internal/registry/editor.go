package registry

import (
	"crypto/sha256"
	_ "embed" // for the schema
	"encoding/hex"
)

// Schema is the JSON Schema of plumbline.yaml, which editors check a file with as
// it is typed. What it cannot say, such as that a name must exist, Load says.
//
//go:embed schema.json
var Schema string

// SchemaID identifies the shape of plumbline.yaml that this build reads: twelve
// characters of the SHA-256 of Schema.
func SchemaID() string {
	sum := sha256.Sum256([]byte(Schema))
	return hex.EncodeToString(sum[:])[:12]
}
