package emulator

import (
	"strings"
	"testing"
	"time"
)

func TestAChildThatDiesIsReported(t *testing.T) {
	e, err := Start(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Stop()
	if err := e.queues.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-e.Done():
	case <-time.After(5 * time.Second):
		t.Fatal("nobody noticed")
	}
	if err := e.Err(); err == nil || !strings.Contains(err.Error(), "SQS and SNS emulator") {
		t.Errorf("the report does not name the child: %v", err)
	}
}
