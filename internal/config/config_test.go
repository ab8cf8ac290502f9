package config_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/secret"
)

func whole() map[string]string {
	env := map[string]string{
		contract.StageVariable:      "local",
		contract.RegistryVariable:   "plumbline.yaml",
		contract.HashKeyVariable:    "file:secrets/hash",
		contract.SlackTokenVariable: "ssm:/plumbline/slack",
		contract.GenerationVariable: "ssm:/plumbline/prod/generation",
	}
	for _, t := range contract.Tables() {
		env[contract.TableVariable(t.Name)] = "acme-" + t.Name
	}
	for _, q := range contract.Queues() {
		env[contract.QueueVariable(q.Name)] = "http://queues.example/" + q.Name
	}
	for _, name := range contract.Topics() {
		env[contract.TopicVariable(name)] = "arn:aws:sns:us-east-1:000000000000:" + name
	}
	for _, name := range contract.Buckets() {
		env[contract.BucketVariable(name)] = "acme-" + name
	}
	return env
}

func lookup(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestLoadReadsEverything(t *testing.T) {
	c, err := config.Load(lookup(whole()))
	if err != nil {
		t.Fatal(err)
	}
	if c.Tables[contract.Records] != "acme-records" {
		t.Errorf("records table %q", c.Tables[contract.Records])
	}
	if got := c.Queues[contract.DeadLetters(contract.Observations)]; got != "http://queues.example/observations-dead" {
		t.Errorf("dead letters of observations at %q", got)
	}
	if !strings.HasSuffix(c.Topics[contract.Alerts], ":alerts") {
		t.Errorf("alerts topic %q", c.Topics[contract.Alerts])
	}
	if diff := cmp.Diff(secret.Reference{Store: secret.SSM, Name: "/plumbline/slack"}, c.Slack.Token); diff != "" {
		t.Errorf("slack token (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(secret.Reference{Store: secret.SSM, Name: contract.GenerationParameter("prod")}, c.Generation); diff != "" {
		t.Errorf("generation (-want +got):\n%s", diff)
	}
	if c.Slack.Webhook != (secret.Reference{}) {
		t.Errorf("an unset reference is %v", c.Slack.Webhook)
	}
}

func TestLoadReportsEveryProblemAtOnce(t *testing.T) {
	_, err := config.Load(lookup(nil))
	if err == nil {
		t.Fatal("an empty environment was accepted")
	}
	for name := range whole() {
		if name == contract.SlackTokenVariable || name == contract.GenerationVariable {
			continue
		}
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is missing and not reported", name)
		}
	}
}

func TestLoadReportsWhatIsSomethingElse(t *testing.T) {
	for name, value := range map[string]string{
		contract.StageVariable:                   "https://prod.example",
		contract.TableVariable(contract.Records): "arn:aws:dynamodb:us-east-1:000000000000:table/acme-records",
		contract.QueueVariable(contract.Looks):   "looks",
		contract.TopicVariable(contract.Alerts):  "alerts",
		contract.BucketVariable(contract.Claims): "s3://acme-claims",
	} {
		env := maps.Clone(whole())
		env[name] = value
		_, err := config.Load(lookup(env))
		if err == nil || !strings.HasPrefix(err.Error(), name+" is something else: want the ") || strings.Contains(err.Error(), value) {
			t.Errorf("%s: %v, want it named without its value", name, err)
		}
	}
}

func TestLoadDoesNotRepeatWhatMayBeASecret(t *testing.T) {
	env := maps.Clone(whole())
	env[contract.SlackTokenVariable] = "xoxb-pasted-by-mistake"
	_, err := config.Load(lookup(env))
	if err == nil {
		t.Fatal("a token in place of its reference was accepted")
	}
	if strings.Contains(err.Error(), "xoxb") {
		t.Errorf("the error repeats the value: %v", err)
	}
	if !strings.Contains(err.Error(), contract.SlackTokenVariable) {
		t.Errorf("the error does not name the variable: %v", err)
	}
}

func TestCacheDirCanBeMoved(t *testing.T) {
	dir := t.TempDir()
	got, err := config.CacheDir(lookup(map[string]string{contract.CacheVariable: dir}))
	if err != nil || got != dir {
		t.Errorf("cache folder %q, %v, want %q", got, err, dir)
	}
}
