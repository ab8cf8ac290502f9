package wire_test

import (
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/wire/fetch"
)

func TestFetch_TellsTheScheduleFromTheQueue(t *testing.T) {
	body, err := queue.EncodeFetch(queue.Fetch{System: "erp", Fetch: platform.Fetch{Topic: "orders", Target: "orders/250"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		event  any
		answer string
	}{
		{"the schedule", map[string]string{"run": contract.Chores}, "{}"},
		{
			"a system that cannot be asked, and poison",
			events.SQSEvent{Records: []events.SQSMessage{{MessageId: "a", Body: body}, {MessageId: "b", Body: "{"}}},
			`{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}`,
		},
		{"nothing", events.SQSEvent{}, `{"batchItemFailures":[]}`},
	} {
		answer, err := handler(t, &cloud{}, contract.Fetch)(c.event)
		if err != nil || string(answer) != c.answer {
			t.Errorf("%s: %s, %v; want %s", c.name, answer, err, c.answer)
		}
	}
	if _, err := handler(t, &cloud{}, contract.Fetch)("no event"); err == nil {
		t.Error("what is no event was taken for one")
	}
}

func TestFetch_ReachesTheInternetAloneUnlessToldOtherwise(t *testing.T) {
	w, err := build(t, environment(t), &cloud{})
	if err != nil {
		t.Fatal(err)
	}
	service, err := fetch.Service(t.Context(), w.Bundle, w.Secrets)
	if err != nil {
		t.Fatal(err)
	}
	own, ok := service.Transport.(*http.Transport)
	if !ok || service.Transport == http.DefaultTransport || own.Proxy != nil || !own.DisableCompression {
		t.Errorf("transport %+v", service.Transport)
	}
	other := &http.Transport{}
	w.Transport = other
	if service, err = fetch.Service(t.Context(), w.Bundle, w.Secrets); err != nil || service.Transport != other {
		t.Errorf("transport %+v, %v", service.Transport, err)
	}
}
