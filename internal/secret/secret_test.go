package secret_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plumbline/plumbline/internal/secret"
)

var ref = secret.Reference{Store: secret.SSM, Name: "/plumbline/erp"}

// store is a store that counts, and fails when told to.
type store struct {
	value string
	fails bool
	calls atomic.Int32
	hold  chan struct{}
}

func (s *store) fetch(context.Context, string) (string, error) {
	s.calls.Add(1)
	if s.hold != nil {
		<-s.hold
	}
	if s.fails {
		return "", errors.New("the store is down")
	}
	return s.value, nil
}

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func fixture() (*store, *clock, *secret.Resolver) {
	s := &store{value: "first"}
	c := &clock{at: time.Date(2026, 3, 3, 14, 0, 0, 0, time.UTC)}
	return s, c, secret.NewResolver(map[secret.Store]secret.Source{secret.SSM: s.fetch}, c.now)
}

func want(t *testing.T, r *secret.Resolver, value string) {
	t.Helper()
	got, err := r.Resolve(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if got != value {
		t.Errorf("got secret of length %d, want %d", len(got), len(value))
	}
}

func TestResolveAsksOnceInFiveMinutes(t *testing.T) {
	s, c, r := fixture()
	want(t, r, "first")
	s.value = "second, rotated"
	c.at = c.at.Add(secret.Fresh - time.Second)
	want(t, r, "first")
	if n := s.calls.Load(); n != 1 {
		t.Errorf("asked %d times, want 1", n)
	}
	c.at = c.at.Add(time.Second)
	want(t, r, "second, rotated")
}

func TestResolveGoesOnWithAKnownSecretForAnHour(t *testing.T) {
	s, c, r := fixture()
	want(t, r, "first")
	s.fails = true
	c.at = c.at.Add(secret.Stale - time.Minute)
	want(t, r, "first")
	want(t, r, "first")
	if n := s.calls.Load(); n != 2 {
		t.Errorf("a failing store was asked %d times, want 2: not on every request", n)
	}
	c.at = c.at.Add(time.Minute)
	if _, err := r.Resolve(t.Context(), ref); !errors.Is(err, secret.ErrUnavailable) {
		t.Errorf("after an hour: %v, want ErrUnavailable", err)
	}
	s.fails, s.value = false, "third"
	want(t, r, "third")
}

func TestResolveOfANeverKnownSecretFails(t *testing.T) {
	s, _, r := fixture()
	s.fails = true
	_, err := r.Resolve(t.Context(), ref)
	if !errors.Is(err, secret.ErrUnavailable) {
		t.Fatalf("%v, want ErrUnavailable", err)
	}
	if !strings.Contains(err.Error(), ref.String()) {
		t.Errorf("the error does not name the reference: %v", err)
	}
	s.fails, s.value = false, ""
	if _, err := r.Resolve(t.Context(), ref); !errors.Is(err, secret.ErrUnavailable) {
		t.Errorf("an empty secret: %v, want ErrUnavailable", err)
	}
	if _, err := r.Resolve(t.Context(), secret.Reference{Store: secret.Env, Name: "X"}); !errors.Is(err, secret.ErrUnavailable) {
		t.Errorf("a store that is not there: %v, want ErrUnavailable", err)
	}
}

func TestResolveAtTheSameTimeSharesOneFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, r := fixture()
		s.hold = make(chan struct{})
		impatient, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() {
			if _, err := r.Resolve(impatient, ref); !errors.Is(err, context.Canceled) {
				t.Errorf("the caller that left got %v", err)
			}
		})
		synctest.Wait()
		for range 20 {
			wait.Go(func() { want(t, r, "first") })
		}
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(s.hold)
		wait.Wait()
		if n := s.calls.Load(); n != 1 {
			t.Errorf("asked %d times, want 1", n)
		}
	})
}

func TestParse(t *testing.T) {
	for text, ok := range map[string]bool{
		"ssm:/plumbline/erp": true,
		"env:ERP_SECRET":     true,
		"file:secrets/erp":   true,
		"ssm:plumbline":      false,
		"vault:/x":           false,
		"hunter2":            false,
		"env:":               false,
		"":                   false,
	} {
		got, err := secret.Parse(text)
		if (err == nil) != ok {
			t.Errorf("Parse(%q): %v", text, err)
		}
		if ok && got.String() != text {
			t.Errorf("Parse(%q) reads back as %q", text, got)
		}
		if err != nil && text != "" && strings.Contains(err.Error(), text) && text != "env:" {
			t.Errorf("the error repeats %q", text)
		}
	}
}

func TestSources(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "erp"), []byte("whsec_x \r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := secret.FromFiles(dir)
	if got, err := files(t.Context(), "erp"); err != nil || got != "whsec_x " {
		t.Errorf("file: %q, %v: only the newline goes", got, err)
	}
	if got, err := files(t.Context(), filepath.Join(dir, "erp")); err != nil || got != "whsec_x " {
		t.Errorf("absolute path: %q, %v", got, err)
	}
	if _, err := files(t.Context(), "none"); err == nil {
		t.Error("a file that is not there has a secret")
	}
	env := secret.FromEnv(func(name string) string { return map[string]string{"A": "a"}[name] })
	if got, err := env(t.Context(), "A"); err != nil || got != "a" {
		t.Errorf("variable: %q, %v", got, err)
	}
	if _, err := env(t.Context(), "B"); err == nil {
		t.Error("a variable that is not set has a secret")
	}
}
