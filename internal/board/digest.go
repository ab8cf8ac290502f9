package board

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"sync"
)

// Look identifies how pages look: a site that was written with another one has to
// be written anew.
var Look = sync.OnceValues(func() (string, error) {
	h := sha256.New()
	for _, files := range []fs.FS{sources, assets} {
		err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := fs.ReadFile(files, path)
			h.Write([]byte(path))
			h.Write(body)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
})

// Hash identifies the bytes of a page.
func Hash(page []byte) string {
	sum := sha256.Sum256(page)
	return hex.EncodeToString(sum[:8])
}
