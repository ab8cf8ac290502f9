package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/metric"
)

func TestData_StaysWhenTheStackGoes(t *testing.T) {
	for id, r := range prod.Resources {
		switch r.Type {
		case "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Logs::LogGroup":
			if r.DeletionPolicy != "Retain" || r.UpdateReplacePolicy != "Retain" {
				t.Errorf("%s is deleted (%s) or replaced (%s)", id, r.DeletionPolicy, r.UpdateReplacePolicy)
			}
		}
	}
	for id, r := range prod.all("AWS::DynamoDB::Table") {
		if r.text("DeletionProtectionEnabled") != "true" || r.text("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") != "true" ||
			r.text("BillingMode") != "PAY_PER_REQUEST" {
			t.Errorf("%s: %v", id, r.Properties)
		}
	}
	manifest, err := os.ReadFile(filepath.Join(prod.dir, "manifest.json"))
	if err != nil || !strings.Contains(string(manifest), `"terminationProtection": true`) {
		t.Errorf("one command removes the stage: %v", err)
	}
}

func TestTransport_IsEncryptedAndDataTooAndNothingIsPublic(t *testing.T) {
	refused := map[string]bool{}
	for _, kind := range []string{"AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy"} {
		for _, r := range prod.all(kind) {
			for _, s := range list(r.at("PolicyDocument", "Statement")) {
				s := s.(map[string]any)
				content, _ := json.Marshal(s["Condition"])
				if plain(s["Effect"]) == "Deny" && string(content) == `{"Bool":{"aws:SecureTransport":"false"}}` {
					for _, of := range append(plains(r.at("Queues")), append(plains(r.at("Topics")), plains(r.at("Bucket"))...)...) {
						refused[of] = true
					}
				}
				if plain(s["Effect"]) == "Allow" && (plain(s["Principal"]) == "*" || plain(s["Principal"]) == `{"AWS":"*"}`) {
					t.Errorf("everybody may %v", plains(s["Action"]))
				}
			}
		}
	}
	for id, r := range prod.Resources {
		switch r.Type {
		case "AWS::SQS::Queue":
			if r.text("SqsManagedSseEnabled") != "true" {
				t.Errorf("%s is not encrypted", id)
			}
		case "AWS::SNS::Topic":
			if r.text("KmsMasterKeyId") == "" {
				t.Errorf("%s is not encrypted", id)
			}
		case "AWS::S3::Bucket":
			closed := r.text("PublicAccessBlockConfiguration")
			if strings.Count(closed, "true") != 4 || r.text("VersioningConfiguration", "Status") != "Enabled" ||
				r.text("BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault", "SSEAlgorithm") != "AES256" {
				t.Errorf("%s: %v", id, r.Properties)
			}
		default:
			continue
		}
		if !refused["${"+id+"}"] {
			t.Errorf("%s takes requests without TLS", id)
		}
	}
}

func TestTopicOfAlarms_TakesAlarmsOfThisAccountOnly(t *testing.T) {
	id, r := prod.named(t, "AWS::SNS::Topic", "TopicName", "plumbline-prod-alarms")
	if strings.Contains(r.text("KmsMasterKeyId"), "alias/aws/sns") {
		t.Error("CloudWatch may not use SNS's own key: no alarm would arrive")
	}
	var got []string
	for _, p := range prod.all("AWS::SNS::TopicPolicy") {
		if slices.Contains(plains(p.at("Topics")), "${"+id+"}") {
			got = rights(p.at("PolicyDocument"))
		}
	}
	if !slices.Contains(got, `Allow sns:Publish ${`+id+`} if {"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}}`) {
		t.Errorf("rights %v", got)
	}
	var emails []string
	for _, s := range prod.all("AWS::SNS::Subscription") {
		if s.text("Protocol") == "email" {
			emails = append(emails, s.text("Endpoint")+" of "+s.text("TopicArn"))
		}
	}
	sameSet(t, "people told of alarms", emails, []string{"alarms@acme.example of ${" + id + "}"})
}

func TestLogs_AreKeptAMonth(t *testing.T) {
	groups := prod.all("AWS::Logs::LogGroup")
	if len(groups) != len(contract.Functions())+1 {
		t.Errorf("%d log groups, want one of each function and the front's", len(groups))
	}
	for id, r := range groups {
		if r.text("RetentionInDays") != "30" {
			t.Errorf("%s is kept %q days", id, r.text("RetentionInDays"))
		}
	}
	_, stage := prod.named(t, "AWS::ApiGatewayV2::Stage", "StageName", "$default")
	format := stage.text("AccessLogSettings", "Format")
	if !json.Valid([]byte(format)) {
		t.Errorf("a line of the access log is no JSON: %s", format)
	}
	if bad := regexp.MustCompile(`(?i)query|body|header|authorizer|identity|sourceIp`).FindString(format); bad != "" {
		t.Errorf("the access log has %s", bad)
	}
}

func TestConcurrency_IsKeptForTheFunctionThatSendersWaitFor(t *testing.T) {
	for _, name := range contract.Functions() {
		_, r := prod.named(t, "AWS::Lambda::Function", "FunctionName", "plumbline-prod-"+name)
		want := ""
		if name == contract.Receive {
			want = "100"
		}
		if got := r.text("ReservedConcurrentExecutions"); got != want {
			t.Errorf("%s has %q reserved, want %q", name, got, want)
		}
	}
}

func TestRecursion_IsAllowedForThoseWhoAskThemselvesOnly(t *testing.T) {
	for _, name := range contract.Functions() {
		_, r := prod.named(t, "AWS::Lambda::Function", "FunctionName", "plumbline-prod-"+name)
		if allowed := r.text("RecursiveLoop") == "Allow"; allowed != (name == contract.Drift || name == contract.Fetch || name == contract.Load) {
			t.Errorf("%s: recursion allowed %t; Lambda would drop looks, what fetch tries again and the rest of a file, and must stop anything else", name, allowed)
		}
	}
}

func TestAlarms_WatchWhatWouldHurtAndNameTheOwners(t *testing.T) {
	topic, _ := prod.named(t, "AWS::SNS::Topic", "TopicName", "plumbline-prod-alarms")
	want := []string{"drift-not-run", "outbox-age", "front-5xx", "front-4xx"}
	for _, q := range contract.Queues(inboxes...) {
		if q.Consumer != "" {
			want = append(want, "dead-letters-"+q.Name, "oldest-"+q.Name)
		}
	}
	for _, name := range contract.Functions() {
		want = append(want, "errors-"+name, "throttles-"+name)
	}
	for _, table := range contract.Tables() {
		want = append(want, "throttles-"+table.Name)
	}
	for _, name := range contract.Topics() {
		want = append(want, "undelivered-"+name)
	}
	var got []string
	for id, r := range prod.all("AWS::CloudWatch::Alarm") {
		got = append(got, strings.TrimPrefix(r.text("AlarmName"), "plumbline-prod-"))
		if plains(r.at("AlarmActions"))[0] != "${"+topic+"}" {
			t.Errorf("%s tells nobody", id)
		}
		what := r.text("AlarmDescription")
		for _, owner := range []string{"inventory-ops (stock-to-storefront)", "order-desk (orders-to-erp)", "finance (refunds)"} {
			if !strings.Contains(what, owner) {
				t.Errorf("%s does not name %s: %s", id, owner, what)
			}
		}
		if len([]rune(what)) > longestDescription {
			t.Errorf("%s: %d characters", id, len([]rune(what)))
		}
	}
	sameSet(t, "alarms", got, want)
	_, silent := prod.named(t, "AWS::CloudWatch::Alarm", "AlarmName", "plumbline-prod-drift-not-run")
	if silent.text("TreatMissingData") != "breaching" || silent.text("EvaluationPeriods") != "5" || silent.text("Period") != "60" {
		t.Errorf("a drift that does not run at all: %v", silent.Properties)
	}
	if silent.text("Namespace") != metric.Namespace || silent.text("MetricName") != metric.OutboxAge.Name || silent.text("Statistic") != "SampleCount" ||
		silent.text("Dimensions", 0, "Value")+silent.text("Dimensions", 1, "Value") != "driftprod" {
		t.Errorf("a drift that does not run is known by another metric than it tells: %v", silent.Properties)
	}
}
