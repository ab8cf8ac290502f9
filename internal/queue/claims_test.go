package queue

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/blob/memblob"
)

// heavy is an envelope that stays too large however well it is compressed.
func heavy() Envelope {
	e := sample()
	e.Delivery.Body = make([]byte, MaxBytes)
	random := rand.NewChaCha8([32]byte{})
	_, _ = random.Read(e.Delivery.Body) // never fails
	return e
}

func TestClaims_SmallMessagesStayWhole(t *testing.T) {
	c := Claims{&memblob.Store{}}
	body, err := c.Seal(t.Context(), sample())
	if err != nil || strings.HasPrefix(body, claimPrefix) {
		t.Fatalf("%.40s, %v", body, err)
	}
	if got, err := c.Open(t.Context(), body); err != nil || diff(sample(), got) != "" {
		t.Errorf("%v %s", err, diff(sample(), got))
	}
}

func TestClaims_LargeMessagesAreFetchedBack(t *testing.T) {
	c := Claims{&memblob.Store{}}
	body, err := c.Seal(t.Context(), heavy())
	if err != nil || !strings.HasPrefix(body, claimPrefix) || len(body) > 200 {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	if again, err := c.Seal(t.Context(), heavy()); err != nil || again != body {
		t.Errorf("sealed again: %s, %v; want %s", again, err, body)
	}
	if got, err := c.Open(t.Context(), body); err != nil || diff(heavy(), got) != "" {
		t.Errorf("not the envelope that was sealed: %v", err)
	}
}

func TestClaims_WithoutTheirBlobAreAnError(t *testing.T) {
	body, err := Claims{&memblob.Store{}}.Seal(t.Context(), heavy())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Claims{&memblob.Store{}}).Open(t.Context(), body); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	var poison *PoisonError
	if _, err := (Claims{&memblob.Store{}}).Open(t.Context(), claimPrefix+`7}`); !errors.As(err, &poison) {
		t.Errorf("a damaged claim: got %v, want a *PoisonError", err)
	}
}
