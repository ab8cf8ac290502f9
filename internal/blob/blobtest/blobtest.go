// Package blobtest holds every adapter of blob to the same promises.
package blobtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/plumbline/plumbline/internal/blob"
)

// Run runs the suite. Each call of open returns an empty store.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	t.Run("a blob comes back byte for byte", func(t *testing.T) {
		s := open(t)
		for key, body := range map[string][]byte{
			"claims/1": {0, 1, 0xff, '\n'}, "a b/ü?&%2F": []byte("x"), "empty": {}, "large": bytes.Repeat([]byte{7}, 2<<20),
		} {
			if err := s.Put(t.Context(), key, body); err != nil {
				t.Fatal(err)
			}
			if got, err := s.Get(t.Context(), key); err != nil || !bytes.Equal(got, body) {
				t.Errorf("%s: got %d bytes of %d, %v", key, len(got), len(body), err)
			}
		}
	})
	t.Run("an unknown key is not found", func(t *testing.T) {
		if _, err := open(t).Get(t.Context(), "nothing"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	})
	t.Run("the last body stays", func(t *testing.T) {
		s := open(t)
		body := []byte("first")
		for range 2 {
			if err := s.Put(t.Context(), "k", body); err != nil {
				t.Fatal(err)
			}
			copy(body, "later")
		}
		if got, err := s.Get(t.Context(), "k"); err != nil || string(got) != "later" {
			t.Errorf("got %q, %v", got, err)
		}
	})
	t.Run("a deleted blob is gone, and deleting it again is no error", func(t *testing.T) {
		s := open(t)
		if err := s.Put(t.Context(), "k", []byte("x")); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Delete(t.Context(), "k"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Get(t.Context(), "k"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	})
	t.Run("keys are listed in order, those of a prefix", func(t *testing.T) {
		s := open(t)
		want := []string{}
		for i := range 1005 { // more than one page of S3
			want = append(want, fmt.Sprintf("a/%04d", i))
		}
		for _, key := range append([]string{"a", "b/0001"}, want...) {
			if err := s.Put(t.Context(), key, nil); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.List(t.Context(), "a/"); err != nil || !slices.Equal(got, want) {
			t.Errorf("%d keys of %d, %v", len(got), len(want), err)
		}
		if got, err := s.List(t.Context(), "c"); err != nil || len(got) > 0 {
			t.Errorf("%v, %v; want no key", got, err)
		}
	})
}

// RunFiles runs the suite of what keeps files. Each call of open returns an empty
// store.
func RunFiles(t *testing.T, open func(t *testing.T) interface {
	blob.Store
	blob.Files
},
) {
	t.Run("a file comes back as a stream, with what was noted of it, however large", func(t *testing.T) {
		s := open(t)
		for name, lines := range map[string]int{"empty": 0, "in one request": 1 << 18, "in parts": 3 << 20} {
			body := bytes.Repeat([]byte("SKU;13\n"), lines)
			if err := s.Write(t.Context(), "a/b c.csv", bytes.NewReader(body), map[string]string{"As-Of": "2026-03-03"}); err != nil {
				t.Fatal(name, err)
			}
			f, err := s.Open(t.Context(), "a/b c.csv")
			if err != nil {
				t.Fatal(name, err)
			}
			got, err := io.ReadAll(f.Body)
			if err = errors.Join(err, f.Body.Close()); err != nil || !bytes.Equal(got, body) {
				t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(body), err)
			}
			if f.Size != int64(len(body)) || f.Meta["as-of"] != "2026-03-03" || f.Modified.IsZero() || f.Tag == "" {
				t.Errorf("%s: size %d, modified %s, tag %q, noted %v", name, f.Size, f.Modified, f.Tag, f.Meta)
			}
		}
	})
	t.Run("the tag is the content's", func(t *testing.T) {
		s := open(t)
		var tags []string
		for _, text := range []string{"one", "one", "two"} {
			if err := s.Put(t.Context(), "k", []byte(text)); err != nil {
				t.Fatal(err)
			}
			f, err := s.Open(t.Context(), "k")
			if err = errors.Join(err, f.Body.Close()); err != nil {
				t.Fatal(err)
			}
			tags = append(tags, f.Tag)
		}
		if tags[0] != tags[1] || tags[1] == tags[2] {
			t.Errorf("tags %q", tags)
		}
	})
	t.Run("an unknown file is not found", func(t *testing.T) {
		if _, err := open(t).Open(t.Context(), "nothing"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	})
}
