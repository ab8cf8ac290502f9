package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// generationFile says which registry generation is current on a local stack, as
// a deployment's parameter does.
const generationFile = "generation"

// keepGeneration makes a generation current.
func keepGeneration(data, generation string) error {
	path := filepath.Join(data, generationFile)
	if err := os.WriteFile(path+".new", []byte(generation+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep the registry's generation: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("keep the registry's generation: %w", err)
	}
	return nil
}
