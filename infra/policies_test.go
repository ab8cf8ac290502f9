package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/contract"
)

var update = flag.Bool("update", false, "write testdata/policies.json again")

// withCredential is a system whose API is asked.
const withCredential = `systems:
  outlet: {platform: bigcommerce, store_hash: acme01x, secrets: [ssm:/plumbline/outlet], credential: ssm:/plumbline/outlet-api, currency: USD, locations: {"1": east}, timezone: America/New_York}
`

// statement is one of a policy, as IAM reads it.
type statement struct {
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string][]string `json:",omitempty"`
}

// testdata/policies.json has what the synthesised roles allow, as IAM gets it in
// some account. The tests of the whole are run under it: what it does not allow
// is refused, and what it allows must be used (internal/e2e/policy_test.go).
func TestPolicies_AreThoseThatTheTestsRunUnder(t *testing.T) {
	var bot, hook template
	for slack, tmpl := range map[string]*template{slackToken: &bot, slackWebhook: &hook} {
		if err := synthesise(tmpl, t.TempDir(), map[string]any{stageContext: "prod", slackContext: slack}, withCredential); err != nil {
			t.Fatal(err)
		}
	}
	policies := map[string][]statement{}
	for _, function := range contract.Functions() {
		policies[function] = bot.policy(t, function)
	}
	policies["notify by webhook"] = hook.policy(t, contract.Notify)
	got, err := json.MarshalIndent(policies, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	path := filepath.Join("testdata", "policies.json")
	if *update {
		if err := write(path, string(got)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(got) != string(want) {
		t.Errorf("%s has not what the template has: make golden, and review what is allowed now (%v)", path, err)
	}
}

// policy is that of a function's role.
func (t *template) policy(tt *testing.T, function string) []statement {
	tt.Helper()
	_, f := t.named(tt, "AWS::Lambda::Function", "FunctionName", "plumbline-prod-"+function)
	role := t.Resources[strings.TrimSuffix(strings.TrimPrefix(f.text("Role"), "${"), ".Arn}")]
	var all []statement
	for _, s := range list(role.at("Policies", 0, "PolicyDocument", "Statement")) {
		s := s.(map[string]any)
		one := statement{Effect: plain(s["Effect"]), Action: plains(s["Action"])}
		for _, resource := range list(s["Resource"]) {
			one.Resource = append(one.Resource, t.arn(tt, resource))
		}
		conditions, _ := s["Condition"].(map[string]any)
		for operator, keys := range conditions {
			if one.Condition == nil {
				one.Condition = map[string]map[string][]string{}
			}
			one.Condition[operator] = map[string][]string{}
			for key, values := range keys.(map[string]any) {
				for _, value := range list(values) {
					one.Condition[operator][key] = append(one.Condition[operator][key], t.arn(tt, value))
				}
			}
		}
		all = append(all, one)
	}
	return all
}

// arn is a text of a policy with nothing left for the deployment to fill in.
func (t *template) arn(tt *testing.T, value any) string {
	tt.Helper()
	const region, account = "eu-west-1", "111122223333"
	at := func(service, name string) string {
		return "arn:aws:" + service + ":" + region + ":" + account + ":" + name
	}
	text := reference.ReplaceAllStringFunc(plain(value), func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		r := t.Resources[m[1]]
		switch r.Type {
		case "AWS::DynamoDB::Table":
			return at("dynamodb", "table/"+r.text("TableName"))
		case "AWS::SQS::Queue":
			return at("sqs", r.text("QueueName"))
		case "AWS::SNS::Topic":
			return at("sns", r.text("TopicName"))
		case "AWS::Logs::LogGroup":
			return at("logs", "log-group:"+r.text("LogGroupName")+":*")
		case "AWS::S3::Bucket":
			return "arn:aws:s3:::" + strings.NewReplacer("${AWS::AccountId}", account, "${AWS::Region}", region).Replace(r.text("BucketName"))
		}
		return map[string]string{"AWS::Region": region, "AWS::AccountId": account, "AWS::Partition": "aws"}[m[1]]
	})
	if text == "" || strings.Contains(text, "${") {
		tt.Errorf("the policy has %s, which is not understood", plain(value))
	}
	return text
}
