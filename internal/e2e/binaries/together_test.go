package binaries_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/runtimeapi"
	"github.com/plumbline/plumbline/internal/signature"
)

// The functions work together, each found by the others through nothing but
// queues, tables and the topic.
func TestTheBinariesTogetherTellOfADifference(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "together-", small)
	fleets := w.run(t)
	w.send(t, "erp", "d-1", stock("free", 12, time.Now()))
	w.send(t, "shop", "d-2", stock("available", 40, time.Now()))
	until(t, fleets, `"msg":"alert"`)
	said := fleets[contract.Notify].Logs()
	if !strings.Contains(said, "MUG-BLU at east: shop shows 40, erp expects 12") || !strings.Contains(said, "inventory-ops") {
		t.Errorf("notify says %s", said)
	}
	w.send(t, "shop", "d-3", stock("available", 12, time.Now()))
	until(t, fleets, `"closed":true`)
	for name, f := range fleets {
		wantNoSecrets(t, f.Logs())
		if strings.Contains(f.Logs(), `"level":"ERROR"`) {
			t.Errorf("%s says %s", name, f.Logs())
		}
	}
}

// run opens the stack with the binaries in it.
func (w *world) run(t *testing.T) map[string]*runtimeapi.Fleet {
	t.Helper()
	names, err := functions()
	if err != nil {
		t.Fatal(err)
	}
	fleets, handlers := map[string]*runtimeapi.Fleet{}, map[string]lambda.Handler{}
	for _, name := range names {
		fleet := runtimeapi.NewFleet(bundle(t, name, small, w.env))
		t.Cleanup(fleet.Close)
		fleets[name], handlers[name] = fleet, fleet
	}
	if err := w.Open(t.Context(), local.Service{Handlers: handlers, Address: "127.0.0.1:0"}); err != nil {
		t.Fatal(err)
	}
	return fleets
}

// send sends a delivery through the front.
func (w *world) send(t *testing.T, system, id string, body []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Front()+"/hooks/"+system, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = signature.SignWebhook(id, time.Now(), body, signature.WebhookKey(parameters["/plumbline/"+system]))
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if answer, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s is answered %d %s, %v", system, res.StatusCode, answer, err)
	}
}

// patience bounds every wait for something that must happen.
const patience = 60 * time.Second

// until waits for notify to say something.
func until(t *testing.T, fleets map[string]*runtimeapi.Fleet, what string) {
	t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(fleets[contract.Notify].Logs(), what); {
		if time.Now().After(deadline) {
			for name, f := range fleets {
				t.Logf("%s says %s", name, f.Logs())
			}
			t.Fatalf("notify never says %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
