package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/plumbline/plumbline/internal/contract"
)

// asApp makes the test binary the app itself, as the CDK command line runs it.
const asApp = "PLUMBLINE_TEST_AS_APP"

// The stages that all tests look at, synthesised once.
var (
	prod    template // with everything that context and registry can ask for
	staging template // with nothing of it
)

var prodContext = map[string]any{
	stageContext: "prod", alarmEmailContext: "alarms@acme.example", slackContext: slackToken,
	eventBusContext: "acme-alerts", domainContext: "hooks.acme.example", certificateContext: "arn:aws:acm:eu-west-1:111122223333:certificate/0f7c2e2a",
}

func TestMain(m *testing.M) {
	if os.Getenv(asApp) != "" {
		main()
		return
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	defer jsii.Close()
	dir, err := os.MkdirTemp("", "plumbline-infra-")
	if err == nil {
		defer func() { _ = os.RemoveAll(dir) }() // what is left there does no harm
		err = errors.Join(
			synthesise(&prod, filepath.Join(dir, "prod"), prodContext, withInboxes),
			synthesise(&staging, filepath.Join(dir, "staging"), map[string]any{stageContext: "staging"}, "systems:\n"),
		)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// inboxes are the systems of prod that deliver into a queue, and withInboxes what
// prod's registry says of them.
var inboxes = []string{"amazon-us", "catalogue"}

const withInboxes = `systems:
  catalogue: {platform: commercetools, project_key: acme-prod, region: us-central1.gcp, timezone: America/New_York}
  amazon-us: {platform: amazon, seller_id: A1ACMEEXAMPLE, timezone: America/New_York, rule: "arn:aws:events:us-east-1:111122223333:rule/partner/listings"}
`

// synthesise makes the template of a stage of the demo's registry with some more
// systems, over functions that are not built.
func synthesise(t *template, dir string, context map[string]any, systems string) error {
	flags, err := featureFlags()
	if err != nil {
		return err
	}
	for name, value := range context {
		flags[name] = value
	}
	app := awscdk.NewApp(&awscdk.AppProps{Context: &flags, Outdir: text(filepath.Join(dir, "cdk.out")), AnalyticsReporting: no})
	s, err := readSettings(app.Node())
	if err != nil {
		return err
	}
	if s.registry, err = deployable(filepath.Join(dir, "registry")); err != nil {
		return err
	}
	if err := extend(s.registry, systems); err != nil {
		return err
	}
	s.dist = filepath.Join(dir, "dist")
	for _, function := range contract.Functions() {
		if err := write(filepath.Join(s.dist, function, bootstrap), "built "+function); err != nil {
			return err
		}
	}
	reg, _, err := loadRegistry(s)
	if err != nil {
		return err
	}
	if err := bundle(s, reg); err != nil {
		return err
	}
	newStack(app, s, reg)
	return t.read(*app.Synth(nil).Directory(), "plumbline-"+s.stage)
}

// featureFlags are the context of cdk.json.
func featureFlags() (map[string]any, error) {
	content, err := os.ReadFile("../cdk.json")
	if err != nil {
		return nil, err
	}
	var file struct{ Context map[string]any }
	return file.Context, json.Unmarshal(content, &file)
}

// deployable writes the demo's registry as it would be deployed, its secrets in
// the parameter store, and returns its path.
func deployable(dir string) (string, error) {
	content, err := os.ReadFile("../plumbline.yaml")
	if err != nil {
		return "", err
	}
	registry := strings.NewReplacer("file:events/day/secrets/", "ssm:/plumbline/", ".txt", "").Replace(string(content))
	buffer, err := os.ReadFile("../events/day/buffer.csv")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "plumbline.yaml")
	return path, errors.Join(write(path, registry), write(filepath.Join(dir, "events/day/buffer.csv"), string(buffer)))
}

// extend adds systems to a registry, at their beginning.
func extend(path, systems string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return write(path, strings.Replace(string(content), "systems:\n", systems, 1))
}

func write(path, content string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(content), 0o644)
}
