package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
)

func TestDrift_TheAuditIsTheSchedulesInput(t *testing.T) {
	for _, s := range contract.Schedules() {
		if s.Name != "audit-daily" {
			continue
		}
		cloud := &cloud{}
		if answer, err := handler(t, cloud, contract.Drift)(json.RawMessage(s.Input)); err != nil || string(answer) != "{}" {
			t.Errorf("%s, %v", answer, err)
		}
		if cloud.made("SendMessage", "looks") == 0 || cloud.made("PutItem", "plumbline-findings") == 0 || cloud.made("Query", "plumbline-records") > 0 {
			t.Errorf("requests %v, want a walk that has begun and no tick", cloud.calls)
		}
		return
	}
	t.Error("nobody calls the audit")
}

// TestGeneration_FunctionsAskWhatTheDeploymentSays: with another generation
// current, nothing that is not their own is written.
func TestGeneration_FunctionsAskWhatTheDeploymentSays(t *testing.T) {
	body, err := queue.Encode(queue.Envelope{
		Delivery: commerce.Delivery{ID: "d-1", System: "erp", Received: nine}, Generation: "another gen.",
		Observations: []commerce.Observation{{
			System: "erp", Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}, Part: "level", Native: "1",
			Facets: commerce.Facets{"free": commerce.Number(commerce.Int(3))},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	event := events.SQSEvent{Records: []events.SQSMessage{{MessageId: "a", Body: body}}}
	for current, want := range map[string]string{
		"":                `{"batchItemFailures":[]}`, // nothing is said: the own one
		"env:GENERATION":  `{"batchItemFailures":[{"itemIdentifier":"a"}]}`,
		"file:generation": `{"batchItemFailures":[{"itemIdentifier":"a"}]}`, // there is no such file
	} {
		c, env := &cloud{}, environment(t)
		env[contract.GenerationVariable], env["GENERATION"] = current, "another gen."
		w, err := build(t, env, c)
		if err != nil {
			t.Fatal(err)
		}
		h, err := w.Handler(t.Context(), contract.Merge)
		if err != nil {
			t.Fatal(err)
		}
		payload, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := h.Invoke(t.Context(), payload)
		if err != nil || string(answer) != want {
			t.Errorf("with %q: %s, %v; want %s", current, answer, err, want)
		}
	}
}
