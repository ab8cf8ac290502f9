package secret

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// FromEnv reads environment variables through getenv.
func FromEnv(getenv func(string) string) Source {
	return func(_ context.Context, name string) (string, error) {
		if value := getenv(name); value != "" {
			return value, nil
		}
		return "", errors.New("the variable is not set")
	}
}

// FromFiles reads files; a relative path starts at dir, the registry's folder.
// One newline at the end of a file is not part of the secret.
func FromFiles(dir string) Source {
	return func(_ context.Context, name string) (string, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, filepath.FromSlash(name))
		}
		text, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return "", errors.New("there is no such file")
		}
		if err != nil {
			return "", err
		}
		return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), nil
	}
}
