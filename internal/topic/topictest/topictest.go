// Package topictest holds every adapter of topic to the same promises.
package topictest

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/topic"
)

// Run runs the suite. Each call of open returns a new topic, and what one
// subscriber of it has got.
func Run(t *testing.T, open func(t *testing.T) (topic.Publisher, func() []topic.Message)) {
	t.Run("a message arrives as it was published", func(t *testing.T) {
		p, got := open(t)
		m := topic.Message{
			Subject: "Stock differs: MUG-BLU", Body: `{"text":"−3 → ü"}`,
			Attributes: map[string]string{"severity": "high", "owner": "inventory-ops", "class": ""},
		}
		publish(t, p, m)
		one := single(t, got())
		want := map[string]string{"severity": "high", "owner": "inventory-ops"}
		if one.Subject != m.Subject || one.Body != m.Body || !maps.Equal(one.Attributes, want) {
			t.Errorf("got %+v", one)
		}
	})
	t.Run("any subject is made one that e-mail takes", func(t *testing.T) {
		p, got := open(t)
		publish(t, p, topic.Message{Subject: " 3 × stock\r\n" + strings.Repeat("→ ü", 60), Body: "x"})
		one := single(t, got())
		if !strings.HasPrefix(one.Subject, "3 x stock -> ?") || len(one.Subject) > topic.MaxSubject {
			t.Errorf("got %q", one.Subject)
		}
	})
	t.Run("a message needs no subject", func(t *testing.T) {
		p, got := open(t)
		publish(t, p, topic.Message{Subject: "\n", Body: "x"})
		if one := single(t, got()); one.Subject != "" || one.Body != "x" {
			t.Errorf("got %+v", one)
		}
	})
	t.Run("too large is refused", func(t *testing.T) {
		p, got := open(t)
		body := strings.Repeat("x", topic.MaxBytes)
		if err := p.Publish(t.Context(), topic.Message{Body: body, Attributes: map[string]string{"a": "b"}}); !errors.Is(err, topic.ErrTooLarge) {
			t.Errorf("got %v, want ErrTooLarge", err)
		}
		publish(t, p, topic.Message{Body: body})
		if one := single(t, got()); one.Body != body {
			t.Errorf("got %d bytes", len(one.Body))
		}
	})
}

func publish(t *testing.T, p topic.Publisher, m topic.Message) {
	t.Helper()
	if err := p.Publish(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func single(t *testing.T, got []topic.Message) topic.Message {
	t.Helper()
	if len(got) != 1 {
		t.Fatalf("%d messages arrived, want 1", len(got))
	}
	return got[0]
}
