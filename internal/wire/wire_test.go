package wire_test

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire"
)

func TestHandlers_EveryFunctionBuildsWithoutTheNetwork(t *testing.T) {
	c := &cloud{}
	w, err := build(t, environment(t), c)
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.Handlers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range wire.Functions() {
		if all[name] == nil {
			t.Errorf("%s was not built", name)
		}
	}
	if len(all) != len(wire.Functions()) || len(c.calls) > 0 {
		t.Errorf("%d handlers of %d, and requests %v", len(all), len(wire.Functions()), c.calls)
	}
	if _, err := w.Handler(t.Context(), "mallory"); err == nil {
		t.Error("a function that nobody knows was built")
	}
}

func TestNew_SaysAllThatIsWrongWithTheEnvironment(t *testing.T) {
	env := environment(t)
	delete(env, contract.StageVariable)
	delete(env, contract.QueueVariable(contract.Looks))
	env[contract.SlackTokenVariable] = "xoxb-pasted-by-mistake"
	_, err := build(t, env, &cloud{})
	if err == nil {
		t.Fatal("built")
	}
	for _, name := range []string{contract.StageVariable, contract.QueueVariable(contract.Looks), contract.SlackTokenVariable} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in: %v", name, err)
		}
	}
	if strings.Contains(err.Error(), "pasted") {
		t.Errorf("the error repeats a secret: %v", err)
	}
}

func TestNew_SaysAllThatIsWrongWithTheRegistry(t *testing.T) {
	env := environment(t)
	env[contract.RegistryVariable] += ".missing"
	if _, err := build(t, env, &cloud{}); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a registry that is not there: %v", err)
	}
}

func TestHandler_ASecretThatAFunctionNeedsMustBeThere(t *testing.T) {
	for _, c := range []struct {
		name, function, variable, value string
	}{
		{"the key of hashes", contract.Receive, contract.HashKeyVariable, "env:UNSET"},
		{"Slack's token", contract.Notify, contract.SlackTokenVariable, "env:UNSET"},
		{"Slack's webhook", contract.Notify, contract.SlackWebhookVariable, "env:UNSET"},
		{"a webhook that is no address", contract.Notify, contract.SlackWebhookVariable, "env:HASH_KEY"},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := environment(t)
			env[c.variable] = c.value
			w, err := build(t, env, &cloud{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Handler(t.Context(), c.function); err == nil || strings.Contains(err.Error(), env["HASH_KEY"]) {
				t.Errorf("built, or the error repeats the secret: %v", err)
			}
		})
	}
}
