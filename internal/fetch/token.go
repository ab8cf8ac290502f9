package fetch

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/secret"
)

// earlier is how long before its end a token is replaced.
const earlier = time.Minute

// tokens are the tokens of the systems, as long as they may be used.
type tokens struct {
	flight singleflight.Group
	mu     sync.Mutex
	known  map[string]token
}

type token struct {
	value, credential platform.Secret
	until             time.Time
}

func (k *tokens) find(system string, credential platform.Secret, now time.Time) (platform.Secret, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, ok := k.known[system]
	return t.value, ok && t.credential == credential && now.Before(t.until)
}

func (k *tokens) keep(system string, t token) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil {
		k.known = map[string]token{}
	}
	k.known[system] = t
}

// forget drops a token that was not taken, unless it was replaced meanwhile.
func (k *tokens) forget(system string, value platform.Secret) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known[system].value == value {
		delete(k.known, system)
	}
}

// token is what the calls of a system are made with. It is renewable when the
// credential can be turned into another one.
func (s *Service) token(ctx context.Context, t target) (value platform.Secret, renewable bool, err error) {
	credential, err := s.credential(ctx, t)
	if err != nil {
		return "", false, err
	}
	req, err := t.api.Token(credential)
	if err != nil {
		return "", false, &refusedError{"the stored credential: " + bodyError(err, "want one of the platform's form")}
	}
	if req == nil {
		return credential, false, nil
	}
	if value, ok := s.tokens.find(t.name, credential, s.Now()); ok {
		return value, true, nil
	}
	// Those who wait share one call, which must not end with one's patience.
	done := s.tokens.flight.DoChan(t.name, func() (any, error) {
		return s.renew(context.WithoutCancel(ctx), t, credential, req)
	})
	select {
	case <-ctx.Done():
		return "", true, ctx.Err()
	case result := <-done:
		if result.Err != nil {
			return "", true, result.Err
		}
		return result.Val.(platform.Secret), true, nil
	}
}

func (s *Service) credential(ctx context.Context, t target) (platform.Secret, error) {
	if t.credential == (secret.Reference{}) {
		return "", &refusedError{"the registry names no credential"}
	}
	value, err := s.Secrets.Resolve(ctx, t.credential)
	return platform.Secret(value), err
}

// renew turns the credential into a token.
func (s *Service) renew(ctx context.Context, t target, credential platform.Secret, req *http.Request) (platform.Secret, error) {
	a, err := s.call(ctx, t, req)
	switch {
	case err != nil:
		return "", err
	case a.status >= 400 && a.status < 500:
		return "", &refusedError{fmt.Sprintf("its API answers %d to the credential", a.status)}
	case a.status != http.StatusOK:
		return "", &refusedError{fmt.Sprintf("its API answers %d to the credential, want 200 and a token", a.status)}
	}
	value, lifetime, err := t.api.ReadToken(a.body)
	if err != nil {
		return "", &refusedError{"the answer to the credential: " + bodyError(err, "want a token")}
	}
	s.tokens.keep(t.name, token{value, credential, a.sent.Add(lifetime - min(earlier, lifetime/10))})
	return value, nil
}
