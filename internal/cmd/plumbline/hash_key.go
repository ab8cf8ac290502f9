package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// hashKeyFile keeps the key of personal identifiers' hashes of a local stack.
const hashKeyFile = "hash-key"

// ensureHashKey makes the key on the first run. It stays with the state that
// was hashed with it.
func ensureHashKey(data string) error {
	path := filepath.Join(data, hashKeyFile)
	_, err := os.Stat(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	if err := os.MkdirAll(data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if err := os.WriteFile(path, []byte(hex.EncodeToString(key)), 0o600); err != nil {
		return fmt.Errorf("keep the hash key: %w", err)
	}
	return nil
}
