package total

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// ManifestFile is the name of a pack's manifest.
const ManifestFile = "manifest.json"

// Manifest says what a month's close consists of. Its own hash stands in the next
// month's, so that a pack that was changed later does not go unnoticed.
type Manifest struct {
	Month string    `json:"month"`
	Made  time.Time `json:"made"`
	// Previous is the pack before this one, nil for the first.
	Previous *Previous `json:"previous"`
	Files    []File    `json:"files"`
	// Unexplained is what nothing explains, by currency.
	Unexplained []Remainder `json:"unexplained"`
	Lines       []Line      `json:"lines"`
	// Doubts are the days that are neither agreed nor explained. Whoever signed
	// accepted them.
	Doubts   []Doubt  `json:"doubts"`
	Findings int      `json:"open_findings"`
	SignOff  *SignOff `json:"sign_off"`
}

// Previous names a pack by the hash of its manifest.
type Previous struct {
	Month  string `json:"month"`
	SHA256 string `json:"sha256"`
}

// File is a file of a pack.
type File struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
}

// Pack is a month's close as files, the manifest among them. Before is the
// manifest of the pack before it, nil for the first.
func (c Close) Pack(before []byte) (map[string][]byte, error) {
	m := Manifest{
		Month: c.Month, Made: c.Made, Files: []File{}, Unexplained: c.Unexplained(), Lines: c.Lines(), Doubts: c.Doubts(),
		Findings: len(c.Findings), SignOff: c.SignOff,
	}
	if m.Doubts == nil {
		m.Doubts = []Doubt{}
	}
	if before != nil {
		p, err := ReadManifest(before)
		if err != nil {
			return nil, err
		}
		m.Previous = &Previous{p.Month, digest(before)}
	}
	files := c.Files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		m.Files = append(m.Files, File{name, digest(files[name]), len(files[name])})
	}
	body, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest of %s: %w", c.Month, err)
	}
	files[ManifestFile] = append(body, '\n')
	return files, nil
}

// ReadManifest reads what Pack wrote.
func ReadManifest(body []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(body, &m); err != nil {
		return m, fmt.Errorf("read the manifest: %w", err)
	}
	return m, nil
}

// Verify reports everything that is wrong with a pack: files that are missing,
// were changed, or that its manifest does not name, and a predecessor that is
// another one. Before is the manifest of the pack before it, nil where there is
// none.
func Verify(files map[string][]byte, before []byte) []string {
	m, err := ReadManifest(files[ManifestFile])
	if err != nil {
		return []string{ManifestFile + " is missing or cannot be read"}
	}
	var wrong []string
	known := map[string]bool{ManifestFile: true}
	for _, f := range m.Files {
		known[f.Name] = true
		body, there := files[f.Name]
		switch {
		case !there:
			wrong = append(wrong, f.Name+" is missing")
		case digest(body) != f.SHA256:
			wrong = append(wrong, f.Name+" was changed")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !known[name] {
			wrong = append(wrong, name+" is not of the pack")
		}
	}
	switch {
	case m.Previous == nil && before != nil:
		wrong = append(wrong, "it does not name the pack before it")
	case m.Previous != nil && before == nil:
		wrong = append(wrong, "the pack before it, "+m.Previous.Month+", is missing")
	case m.Previous != nil && digest(before) != m.Previous.SHA256:
		wrong = append(wrong, ManifestFile+" of the pack before it, "+m.Previous.Month+", was changed")
	}
	return wrong
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
