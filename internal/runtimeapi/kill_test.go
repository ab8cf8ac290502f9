package runtimeapi_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/runtimeapi"
)

func TestAKilledProcessFailsItsInvocationAndIsReplaced(t *testing.T) {
	t.Parallel()
	var written bytes.Buffer
	f := runtimeapi.NewFleet(runtimeapi.Function{Name: "moody", Dir: bundle, Output: &written})
	say := func(what string) error {
		_, err := f.Invoke(t.Context(), fmt.Appendf(nil, `{"do": %q}`, what))
		return err
	}
	if err := say("answer"); err != nil || len(f.Living()) != 1 || f.Living()[0].PID() == 0 {
		t.Fatalf("%d live, %v", len(f.Living()), err)
	}
	busy := make(chan error)
	go func() { busy <- say("sleep") }()
	time.Sleep(100 * time.Millisecond) // the function sleeps for longer
	if !f.Living()[0].Kill() {
		t.Error("there was nothing to kill")
	}
	if err := <-busy; !errors.Is(err, runtimeapi.ErrExited) {
		t.Errorf("the killed invocation is %v", err)
	}
	if err := say("answer"); err != nil || len(f.Living()) != 1 {
		t.Fatalf("%d live after one was killed at work, %v", len(f.Living()), err)
	}
	f.Living()[0].Kill()
	time.Sleep(100 * time.Millisecond) // nobody waits for the end of an idle process
	if err := say("answer"); err != nil || f.Environments() != 3 || len(f.Living()) != 1 {
		t.Errorf("%d of %d live after one was killed while idle, %v", len(f.Living()), f.Environments(), err)
	}
	f.Close()
	if got := strings.Count(written.String(), "begins\n"); got != 3 || f.Logs() != "" {
		t.Errorf("%d processes wrote to the output, and to the logs %q", got, f.Logs())
	}
}
