// Package secrets puts together where secrets come from.
package secrets

import (
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/secret/ssmsecret"
)

// New resolves the references of a registry: files lie beside it.
func New(registryPath string, getenv func(string) string, cfg aws.Config) *secret.Resolver {
	return secret.NewResolver(Sources(registryPath, getenv, cfg), time.Now)
}

// Sources are the stores that references can name.
func Sources(registryPath string, getenv func(string) string, cfg aws.Config) map[secret.Store]secret.Source {
	return map[secret.Store]secret.Source{
		secret.SSM:  ssmsecret.New(cfg, time.Now),
		secret.Env:  secret.FromEnv(getenv),
		secret.File: secret.FromFiles(filepath.Dir(registryPath)),
	}
}
