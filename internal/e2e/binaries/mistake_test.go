package binaries_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// pasted is a secret where none may be.
const pasted = "xoxb-pasted-by-mistake"

func each(t *testing.T, test func(t *testing.T, function string)) {
	t.Helper()
	names, err := functions()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, name)
		})
	}
}

// wantNoBeginning wants the function to end before its first event, and to say
// why in one line of its log.
func wantNoBeginning(t *testing.T, f runtimeapi.Function, says ...string) {
	t.Helper()
	e := start(t, f)
	if answer, err := e.Invoke(t.Context(), []byte("{}")); !errors.Is(err, runtimeapi.ErrExited) || !strings.Contains(err.Error(), "exit status 1") {
		t.Errorf("answered %s, %v", answer, err)
	}
	logs := e.Logs()
	if strings.Count(logs, "\n") != 1 || !strings.Contains(logs, `"level":"ERROR"`) || !strings.Contains(logs, `"function":"`+f.Name+`"`) {
		t.Errorf("the log is not one line of an error: %s", logs)
	}
	for _, want := range says {
		if !strings.Contains(logs, want) {
			t.Errorf("the log lacks %q: %s", want, logs)
		}
	}
	if strings.Contains(logs, pasted) {
		t.Errorf("the log repeats a value: %s", logs)
	}
	wantNoSecrets(t, logs)
}

func TestAMissingVariable_IsNamed(t *testing.T) {
	t.Parallel()
	required := instantly(t)
	each(t, func(t *testing.T, function string) {
		f := bundle(t, function, small, nil)
		for name := range required {
			if strings.HasPrefix(name, "AWS_ENDPOINT") || name == "AWS_SESSION_TOKEN" || name == "HTTPS_PROXY" {
				continue // a deployment has none, a user's key no token
			}
			f.Env = maps.Clone(required)
			delete(f.Env, name)
			wantNoBeginning(t, f, name)
		}
	})
}

func TestAllMissingVariables_AreNamedAtOnce(t *testing.T) {
	t.Parallel()
	whole := instantly(t)
	each(t, func(t *testing.T, function string) {
		f := bundle(t, function, small, nil)
		var names []string
		for name, value := range whole {
			if !strings.HasPrefix(name, "PLUMBLINE_") {
				f.Env[name] = value
			} else {
				names = append(names, name)
			}
		}
		wantNoBeginning(t, f, names...)
	})
}

func TestAWrongVariable_IsNamedWithoutItsValue(t *testing.T) {
	t.Parallel()
	whole := instantly(t)
	each(t, func(t *testing.T, function string) {
		f := bundle(t, function, small, nil)
		wrong := []string{
			contract.HashKeyVariable,
			contract.SlackTokenVariable, contract.SlackWebhookVariable, contract.SlackSigningVariable,
		}
		for name := range whole {
			if strings.HasPrefix(name, "PLUMBLINE_QUEUE_") || strings.HasPrefix(name, "PLUMBLINE_TOPIC_") {
				wrong = append(wrong, name)
			}
		}
		for _, name := range wrong {
			f.Env = maps.Clone(whole)
			f.Env[name] = pasted
			wantNoBeginning(t, f, name)
		}
		f.Env = maps.Clone(whole)
		f.Env[contract.RegistryVariable] = "elsewhere.yaml"
		wantNoBeginning(t, f, contract.RegistryVariable, "elsewhere.yaml: cannot be read: no such file")
	})
}

func TestABadRegistry_IsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	env := instantly(t)
	wrong := strings.NewReplacer("owner:", "owners:", "settle: 1s", "settle: soon").Replace(small)
	each(t, func(t *testing.T, function string) {
		f := bundle(t, function, wrong, env)
		wantNoBeginning(t, f, "plumbline.yaml:11:5: ", "owners", "plumbline.yaml:18:", "settle")
	})
}

func TestAMissingParameter_IsNamed(t *testing.T) {
	t.Parallel()
	env := instantly(t)
	env[contract.HashKeyVariable] = "ssm:/plumbline/nowhere"
	f := bundle(t, contract.Receive, small, env)
	wantNoBeginning(t, f, "ssm:/plumbline/nowhere")
}

// What is no event is an error of its own, and the environment lives on.
func TestJSONMistakes_AreAnsweredAndSurvived(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "mistakes-", small)
	w.store(t)
	each(t, func(t *testing.T, function string) {
		e := start(t, bundle(t, function, small, w.env))
		for _, event := range []string{`{`, ``, `"` + pasted + `"`, `[1]`, `{"Records": "` + pasted + `", "headers": "` + pasted + `"}`, "\xff"} {
			answer, err := e.Invoke(t.Context(), []byte(event))
			var failed *runtimeapi.FunctionError
			if !errors.As(err, &failed) || failed.Message == "" || failed.Type == "" || strings.Contains(failed.Message, pasted) {
				t.Errorf("%q is answered %s, %v", event, answer, err)
			}
		}
		c := calls(function, time.Now())[0]
		if answer, err := e.Invoke(t.Context(), payload(t, c.event)); err != nil || string(answer) != c.answer {
			t.Errorf("afterwards, %s is answered %s, %v", c.name, answer, err)
		}
		if strings.Contains(e.Logs(), pasted) {
			t.Errorf("the log repeats what was sent: %s", e.Logs())
		}
	})
}

// A message that nobody can read comes again alone.
func TestAMessageThatCannotBeRead_FailsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "unreadable-", small)
	each(t, func(t *testing.T, function string) {
		if !slices.ContainsFunc(contract.Queues(), func(q contract.Queue) bool { return q.Consumer == function }) {
			return
		}
		e := start(t, bundle(t, function, small, w.env))
		answer, err := e.Invoke(t.Context(), payload(t, batch(`{`, pasted)))
		if want := `{"batchItemFailures":[{"itemIdentifier":"m-0"},{"itemIdentifier":"m-1"}]}`; err != nil || string(answer) != want {
			t.Errorf("answered %s, %v; want %s", answer, err, want)
		}
		if strings.Contains(e.Logs(), pasted) {
			t.Errorf("the log repeats the message: %s", e.Logs())
		}
	})
}
