package mail_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/notify/mail"
	"github.com/plumbline/plumbline/internal/topic"
	"github.com/plumbline/plumbline/internal/topic/memtopic"
)

var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

func message() alert.Message {
	return alert.Compose(alert.Alert{
		ID: "a1", Integration: "orders-to-erp", Rule: "order-in-erp", Class: finding.Missing, Severity: "critical",
		Owner: alert.Owner{Team: "order-desk", Slack: "#order-desk"}, From: "shop", To: "erp", Kind: "order",
		Members: []alert.Member{{Finding: "f1", Key: "web/US1001", State: finding.Open, Since: noon.Add(-time.Hour), Joined: 1}},
	}, noon)
}

func TestALetterReadsAsTheAlertDoes(t *testing.T) {
	var topic memtopic.Topic
	m := message()
	if _, err := mail.New(&topic).Post(t.Context(), "#order-desk", m, 1); err != nil {
		t.Fatal(err)
	}
	letters := topic.Messages()
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	l := letters[0]
	if !strings.HasPrefix(l.Subject, "[critical] ") || l.Body != alert.PlainText(m) || !strings.Contains(l.Body, "US1001 not in erp") {
		t.Errorf("subject %q, body\n%s", l.Subject, l.Body)
	}
	want := map[string]string{"integration": "orders-to-erp", "owner": "order-desk", "severity": "critical", "class": "missing"}
	if !maps.Equal(l.Attributes, want) {
		t.Errorf("attributes %v", l.Attributes)
	}
}

type down struct{}

var errDown = errors.New("down")

func (down) Publish(context.Context, topic.Message) error { return errDown }

func TestATopicThatIsDownIsTriedAgain(t *testing.T) {
	_, err := mail.New(down{}).Post(t.Context(), "", message(), 1)
	if !errors.Is(err, errDown) || errors.Is(err, notify.ErrRefused) || errors.Is(err, notify.ErrUnsure) {
		t.Errorf("got %v", err)
	}
}
