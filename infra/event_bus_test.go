package main

import (
	"strings"
	"testing"
)

func TestEventBus_GetsEveryAlertAsTheTopicDoes(t *testing.T) {
	pipes := prod.all("AWS::Pipes::Pipe")
	if len(pipes) != 1 {
		t.Fatalf("%d pipes, want 1", len(pipes))
	}
	for _, pipe := range pipes {
		got := pipe.text("TargetParameters", "InputTemplate") + " " + pipe.text("TargetParameters", "EventBridgeEventBusParameters", "Source") +
			" " + pipe.text("TargetParameters", "EventBridgeEventBusParameters", "DetailType")
		if got != "<$.body> plumbline Plumbline Alert" {
			t.Errorf("the bus gets %s", got)
		}
	}
	if !strings.Contains(prod.text, ":event-bus/acme-alerts") {
		t.Error("the bus of the context is not named")
	}
	if len(staging.all("AWS::Pipes::Pipe")) > 0 {
		t.Error("a stage without a bus has a pipe")
	}
}
