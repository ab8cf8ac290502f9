package main

import (
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// exception is a rule of AwsSolutions that some resources break, and why that
// is right.
type exception struct {
	rule, resources, why string
	met                  bool
}

func exceptions() []*exception {
	return []*exception{
		{rule: `APIG4`, resources: `^Frontapi`, why: "senders prove themselves by a signature over the raw body, which the function verifies first"},
		{rule: `S1`, resources: `^Buckets`, why: "nothing but the functions' roles reads or writes the buckets; who wants to know who did switches on data events of CloudTrail"},
		{rule: `SQS3`, resources: `^Queuesquarantine`, why: "nothing consumes the quarantine: a person redrives it"},
		{rule: `IAM5\[Resource::<Buckets\w+\.Arn>/[a-z]+/\*\]`, resources: `^FunctionsRole`, why: "objects are named by their content; the prefix bounds them"},
		{
			rule: `IAM5\[Resource::arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/\*\]`, resources: `^FunctionsRole`,
			why: "which key closes a secret is its owner's choice; the encryption context names the parameters that may be opened",
		},
	}
}

func TestAwsSolutions_EveryRuleHoldsOrHasAReason(t *testing.T) {
	// The rules are JavaScript; the Makefile installs them.
	if out, err := exec.CommandContext(t.Context(), "make", "--silent", "-C", "..", "infra/node_modules/.bin/cdk").CombinedOutput(); err != nil {
		t.Fatalf("install the rules: %v\n%s", err, out)
	}
	for _, tmpl := range []template{prod, staging} {
		out, err := exec.CommandContext(t.Context(), "node", "nag.mjs", tmpl.file).Output()
		if err != nil {
			t.Fatalf("run the rules: %v", err)
		}
		var found []struct{ Rule, Resource, Says string }
		if err := json.Unmarshal(out, &found); err != nil {
			t.Fatal(err)
		}
		known := exceptions()
		for _, f := range found {
			excepted := false
			for _, e := range known {
				if regexp.MustCompile(`^AwsSolutions-`+e.rule+`$`).MatchString(f.Rule) && regexp.MustCompile(e.resources).MatchString(f.Resource) {
					e.met, excepted = true, true
				}
			}
			if !excepted {
				t.Errorf("%s breaks %s: %s", f.Resource, f.Rule, f.Says)
			}
		}
		for _, e := range known {
			if !e.met || strings.TrimSpace(e.why) == "" {
				t.Errorf("the exception from %s for %s is not needed", e.rule, e.resources)
			}
		}
	}
}

func TestAwsSolutions_TheRulesSeeWhatIsWrong(t *testing.T) {
	bad := t.TempDir() + "/bad.template.json"
	if err := write(bad, `{"Resources": {"Open": {"Type": "AWS::SQS::Queue"}, "Wide": {"Type": "AWS::S3::Bucket"}}}`); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "node", "nag.mjs", bad).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range []string{"AwsSolutions-SQS3", "AwsSolutions-SQS4", "AwsSolutions-S10"} {
		if !strings.Contains(string(out), rule) {
			t.Errorf("%s is not found in %s", rule, out)
		}
	}
}
