package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runApp runs the app as the CDK command line does, and returns what it says.
func runApp(t *testing.T, context map[string]any) (says string, failed bool) {
	t.Helper()
	content, err := json.Marshal(context)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), asApp+"=1", "CDK_CONTEXT_JSON="+string(content), "CDK_OUTDIR="+filepath.Join(cmd.Dir, "cdk.out"))
	out, err := cmd.CombinedOutput()
	if strings.Contains(string(out), "goroutine ") {
		t.Errorf("a stack of Go calls is no explanation:\n%s", out)
	}
	return string(out), err != nil
}

func TestApp_ARegistryWithoutOwnersDoesNotSynthesise(t *testing.T) {
	t.Parallel()
	path, err := deployable(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines, want []string
	for line := range strings.Lines(string(content)) {
		if strings.Contains(line, "team: inventory-ops") || strings.Contains(line, "team: finance") {
			continue
		}
		lines = append(lines, line)
		if name := strings.TrimSpace(line); name == "stock-to-storefront:" || name == "refunds:" {
			want = append(want, fmt.Sprintf("%s:%d:3: integrations.%s lacks owner", path, len(lines), strings.TrimSuffix(name, ":")))
		}
	}
	if err := write(path, strings.Join(lines, "")); err != nil {
		t.Fatal(err)
	}
	says, failed := runApp(t, map[string]any{registryContext: path})
	if !failed || len(want) != 2 {
		t.Errorf("failed %t, want it for %v", failed, want)
	}
	for _, w := range want {
		if !strings.Contains(says, w) {
			t.Errorf("it does not say %s:\n%s", w, says)
		}
	}
}

func TestApp_SecretsOfThisMachineAreNotDeployed(t *testing.T) {
	t.Parallel()
	demo, err := filepath.Abs("../plumbline.yaml")
	if err != nil {
		t.Fatal(err)
	}
	says, failed := runApp(t, map[string]any{registryContext: demo})
	if want := demo + ":11:15: systems.shopify-us.secrets: want ssm:/name"; !failed || !strings.Contains(says, want) {
		t.Errorf("failed %t, and it does not say %s:\n%s", failed, want, says)
	}
}

func TestApp_SaysAllThatIsWrongWithTheContext(t *testing.T) {
	t.Parallel()
	says, failed := runApp(t, map[string]any{
		stageContext: "Prod!", alarmEmailContext: "nobody", domainContext: "hooks.acme.example", slackContext: "carrier pigeon",
		reservedContext: "many", eventBusContext: "no bus", "hash-key": "hunter2-pasted-by-mistake",
	})
	if !failed {
		t.Error("synthesised")
	}
	for _, want := range []string{
		"context stage: want", "context alarm-email: want", "context domain and context certificate belong together", "context slack: want",
		"context reserved-concurrency: want", "context event-bus: want", "context hash-key: want ssm:/name",
	} {
		if !strings.Contains(says, want) {
			t.Errorf("it does not say %s:\n%s", want, says)
		}
	}
	if strings.Contains(says, "hunter2") {
		t.Error("it repeats a secret")
	}
}
