package runtimeapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// bundle holds a function that does what its events say.
var bundle string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if bundle, err = os.MkdirTemp("", "plumbline-runtimeapi-"); err == nil {
		defer os.RemoveAll(bundle) //nolint:errcheck // what stays lies in the system's folder for such things
		err = runtimeapi.Build(context.Background(), ".", "./testdata/moody", bundle, runtime.GOARCH)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

func environment(t *testing.T, f runtimeapi.Function) *runtimeapi.Environment {
	t.Helper()
	f.Name, f.Dir = "moody", bundle
	e := runtimeapi.New(f)
	t.Cleanup(e.Close)
	return e
}

func do(t *testing.T, e *runtimeapi.Environment, what string) (string, error) {
	t.Helper()
	answer, err := e.Invoke(t.Context(), fmt.Appendf(nil, `{"do": %q}`, what))
	return string(answer), err
}

func TestAProcessKnowsWhatTheServiceTellsIt(t *testing.T) {
	t.Parallel()
	e := environment(t, runtimeapi.Function{Timeout: 20 * time.Second, Env: map[string]string{"TOLD": "yes"}})
	text, err := do(t, e, "answer")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Folder, Request, ARN string
		Remaining            time.Duration
		Environment          []string
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if want, _ := filepath.EvalSymlinks(bundle); got.Folder != want {
		t.Errorf("works in %s, want the bundle %s", got.Folder, want)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(got.Request) {
		t.Errorf("the request id is %q", got.Request)
	}
	if got.ARN != "arn:aws:lambda:us-east-1:000000000000:function:moody" {
		t.Errorf("the ARN is %q", got.ARN)
	}
	if got.Remaining <= 10*time.Second || got.Remaining > 20*time.Second {
		t.Errorf("%v remain of 20 s", got.Remaining)
	}
	if !slices.Contains(got.Environment, "TOLD=yes") || !slices.Contains(got.Environment, "AWS_REGION=us-east-1") {
		t.Errorf("the environment is %v", got.Environment)
	}
	if slices.ContainsFunc(got.Environment, func(v string) bool { return strings.HasPrefix(v, "HOME=") }) {
		t.Error("the process inherits the environment of the test")
	}
	if e.ColdStart() <= 0 {
		t.Error("the cold start took no time")
	}
}

func TestOneProcessAnswersEventAfterEvent(t *testing.T) {
	t.Parallel()
	e := environment(t, runtimeapi.Function{})
	var failed *runtimeapi.FunctionError
	if _, err := do(t, e, "fail"); !errors.As(err, &failed) || failed.Message != "no luck today" || failed.Type != "errorString" {
		t.Errorf("the function failed with %v", err)
	}
	if _, err := do(t, e, "answer"); err != nil {
		t.Errorf("after a failure: %v", err)
	}
	if _, err := do(t, e, "long"); !errors.As(err, &failed) || failed.Type != "Function.ResponseSizeTooLarge" {
		t.Errorf("an answer of 8 MB: %v", err)
	}
	logs := e.Logs()
	if strings.Count(logs, "begins\n") != 1 || !strings.Contains(logs, "told to fail\n") {
		t.Errorf("the process writes %q", logs)
	}
}

func TestAProcessThatEndsTakesItsEnvironmentWithIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, do string
		function runtimeapi.Function
		want     error
		says     string
	}{
		{"exits in the middle", "exit", runtimeapi.Function{}, runtimeapi.ErrExited, "exit status 7"},
		{"does not begin", "answer", runtimeapi.Function{Env: map[string]string{"BEGIN": "never"}}, runtimeapi.ErrExited, "exit status 3"},
		{"says why it does not begin", "answer", runtimeapi.Function{Env: map[string]string{"BEGIN": "report"}}, runtimeapi.ErrInit, "Moody.Begin: not in the mood"},
		{"takes too long", "sleep", runtimeapi.Function{Timeout: 300 * time.Millisecond}, runtimeapi.ErrTimeout, "300ms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := environment(t, c.function)
			for range 2 {
				answer, err := do(t, e, c.do)
				if !errors.Is(err, c.want) || answer != "" || !strings.Contains(err.Error(), c.says) {
					t.Errorf("answered %q, %v; want %v with %q", answer, err, c.want, c.says)
				}
			}
		})
	}
	t.Run("panics", func(t *testing.T) {
		t.Parallel()
		e := environment(t, runtimeapi.Function{})
		var failed *runtimeapi.FunctionError
		if _, err := do(t, e, "panic"); !errors.As(err, &failed) || failed.Message != "no" {
			t.Errorf("the function failed with %v", err)
		}
		if _, err := do(t, e, "answer"); !errors.Is(err, runtimeapi.ErrExited) {
			t.Errorf("after a panic: %v", err)
		}
	})
	t.Run("is closed", func(t *testing.T) {
		t.Parallel()
		e := environment(t, runtimeapi.Function{})
		e.Close()
		if _, err := do(t, e, "answer"); !errors.Is(err, runtimeapi.ErrExited) {
			t.Errorf("after its end: %v", err)
		}
	})
	t.Run("is not there", func(t *testing.T) {
		t.Parallel()
		e := runtimeapi.New(runtimeapi.Function{Name: "none", Dir: t.TempDir()})
		if _, err := do(t, e, "answer"); !errors.Is(err, runtimeapi.ErrExited) {
			t.Errorf("without a binary: %v", err)
		}
	})
}

func TestAFleetStartsAsManyEnvironmentsAsItNeeds(t *testing.T) {
	t.Parallel()
	f := runtimeapi.NewFleet(runtimeapi.Function{Name: "moody", Dir: bundle})
	t.Cleanup(f.Close)
	say := func(what string) error {
		_, err := f.Invoke(t.Context(), fmt.Appendf(nil, `{"do": %q}`, what))
		return err
	}
	for range 3 {
		if err := say("answer"); err != nil || f.Environments() != 1 {
			t.Fatalf("%d environments for one event after the other, %v", f.Environments(), err)
		}
	}
	if err := say("exit"); !errors.Is(err, runtimeapi.ErrExited) {
		t.Errorf("an exit is %v", err)
	}
	if err := say("answer"); err != nil || f.Environments() != 2 {
		t.Errorf("%d environments after one has ended, %v", f.Environments(), err)
	}
	var together sync.WaitGroup
	for range 3 {
		together.Go(func() {
			if err := say("wait"); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if n := f.Environments(); n < 3 || n > 4 {
		t.Errorf("%d environments, want one of before and two more", n)
	}
	if strings.Count(f.Logs(), "begins\n") != f.Environments() {
		t.Errorf("the logs are %q", f.Logs())
	}
}

// The functions that tests run are those that are deployed but for their
// architecture.
func TestBuild_HasTheFlagsOfTheMakefile(t *testing.T) {
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	flags := strings.Join(runtimeapi.Flags(), " ")
	for _, pattern := range []string{`(?m)^BUILD\s*:= CGO_ENABLED=0 go build (.*)$`, `\$\(BUILD\) (-tags \S+) -o \$@ \./functions/`} {
		found := regexp.MustCompile(pattern).FindSubmatch(text)
		if found == nil {
			t.Fatalf("the Makefile builds in another way than %s", pattern)
		}
		if want := strings.ReplaceAll(string(found[1]), `"`, ""); !strings.Contains(flags, want) {
			t.Errorf("built with %s, the Makefile's are %s", flags, want)
		}
	}
}
