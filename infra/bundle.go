package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/registry"
)

const (
	// bootstrap is the name that the runtime starts.
	bootstrap = "bootstrap"
	// bundledRegistry is the registry's name in a bundle, which is the
	// functions' working directory.
	bundledRegistry = "plumbline.yaml"
)

// bundle puts the registry and the files that it names beside each built
// function, and leaves nothing else there: the checked registry travels with the
// code that reads it.
func bundle(s settings, reg *registry.Registry) error {
	files := map[string]string{bundledRegistry: s.registry}
	for _, t := range reg.Tables {
		if t.File != "" {
			files[filepath.Clean(t.File)] = filepath.Join(filepath.Dir(s.registry), t.File)
		}
	}
	if reg.Rates != nil {
		files[filepath.Clean(reg.Rates.File)] = filepath.Join(filepath.Dir(s.registry), reg.Rates.File)
	}
	if reg.Kits.File != "" {
		files[filepath.Clean(reg.Kits.File)] = filepath.Join(filepath.Dir(s.registry), reg.Kits.File)
	}
	for _, file := range reg.ExportFiles() {
		files[filepath.Clean(file)] = filepath.Join(filepath.Dir(s.registry), file)
	}
	for _, function := range contract.Functions() {
		dir := filepath.Join(s.dist, function)
		if _, err := os.Stat(filepath.Join(dir, bootstrap)); err != nil {
			return fmt.Errorf("%s is not built, want make build: %w", function, err)
		}
		if err := sweep(dir); err != nil {
			return err
		}
		for name, source := range files {
			if err := copyFile(filepath.Join(dir, name), source); err != nil {
				return err
			}
		}
	}
	return nil
}

// sweep removes what an earlier bundle left beside the bootstrap.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == bootstrap })
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}

func copyFile(to, from string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}
