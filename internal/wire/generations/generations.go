// Package generations puts together how a function asks which registry
// generation is current.
package generations

import (
	"context"
	"time"

	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/secrets"
)

// Gate asks where the environment says. It is nil, so that the own generation is
// current, where that says nothing.
func Gate(b *bundle.Bundle) *generation.Gate {
	ref := b.Config.Generation
	if ref == (secret.Reference{}) {
		return nil
	}
	source := secrets.Sources(b.Config.Registry, b.Getenv, b.AWS)[ref.Store]
	ask := func(ctx context.Context) (string, error) { return source(ctx, ref.Name) }
	return generation.New(b.Registry.Generation, ask, time.Now)
}
