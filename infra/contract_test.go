package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/contract"
)

func seconds(d time.Duration) string { return fmt.Sprint(int(d.Seconds())) }

func TestTables_AreTheContracts(t *testing.T) {
	if got := len(prod.all("AWS::DynamoDB::Table")); got != len(contract.Tables()) {
		t.Errorf("%d tables, want %d", got, len(contract.Tables()))
	}
	for _, table := range contract.Tables() {
		_, r := prod.named(t, "AWS::DynamoDB::Table", "TableName", "plumbline-prod-"+table.Name)
		types := map[string]string{}
		for _, a := range list(r.at("AttributeDefinitions")) {
			types[plain(a.(map[string]any)["AttributeName"])] = plain(a.(map[string]any)["AttributeType"])
		}
		keys := func(schema any) string {
			var all []string
			for _, k := range list(schema) {
				name := plain(k.(map[string]any)["AttributeName"])
				all = append(all, plain(k.(map[string]any)["KeyType"])+" "+name+" "+types[name])
			}
			return strings.Join(all, ", ")
		}
		if got, want := keys(r.at("KeySchema")), fmt.Sprintf("HASH %s %s", table.Hash.Name, table.Hash.Type); got != want {
			t.Errorf("%s has the key %s, want %s", table.Name, got, want)
		}
		if r.text("TimeToLiveSpecification", "AttributeName") != table.TTL || r.text("TimeToLiveSpecification", "Enabled") != "true" {
			t.Errorf("%s: items do not expire by %s", table.Name, table.TTL)
		}
		var got, want []string
		for i := range list(r.at("GlobalSecondaryIndexes")) {
			at := func(path ...any) any { return r.at(append([]any{"GlobalSecondaryIndexes", i}, path...)...) }
			got = append(got, plain(at("IndexName"))+": "+keys(at("KeySchema"))+" "+plain(at("Projection", "ProjectionType")))
		}
		for _, i := range table.Indexes {
			want = append(want, fmt.Sprintf("%s: HASH %s %s, RANGE %s %s %s", i.Name, i.Hash.Name, i.Hash.Type, i.Range.Name, i.Range.Type, i.Projection))
		}
		sameSet(t, "indexes of "+table.Name, got, want)
	}
}

func TestQueues_AreTheContracts(t *testing.T) {
	if got, want := len(prod.all("AWS::SQS::Queue")), len(contract.Queues(inboxes...))+2; got != want {
		t.Errorf("%d queues, want %d, two before the event bus among them", got, want)
	}
	for _, q := range contract.Queues(inboxes...) {
		_, r := prod.named(t, "AWS::SQS::Queue", "QueueName", "plumbline-prod-"+q.Name)
		if got, want := r.text("VisibilityTimeout"), seconds(q.Visibility); got != want {
			t.Errorf("%s: visibility %s s, want %s", q.Name, got, want)
		}
		if got, want := r.text("MessageRetentionPeriod"), seconds(q.Retention); got != want {
			t.Errorf("%s: kept %s s, want %s", q.Name, got, want)
		}
		want := ""
		if q.DeadLetter != "" {
			dead, _ := prod.named(t, "AWS::SQS::Queue", "QueueName", "plumbline-prod-"+q.DeadLetter)
			want = fmt.Sprintf("${%s.Arn} after %d", dead, q.MaxReceive)
		}
		got := ""
		if r.at("RedrivePolicy") != nil {
			got = r.text("RedrivePolicy", "deadLetterTargetArn") + " after " + r.text("RedrivePolicy", "maxReceiveCount")
		}
		if got != want {
			t.Errorf("%s: dead letters go to %q, want %q", q.Name, got, want)
		}
	}
}

func TestMappings_AreTheContracts(t *testing.T) {
	var got, want []string
	for _, r := range prod.all("AWS::Lambda::EventSourceMapping") {
		got = append(got, fmt.Sprint(r.text("EventSourceArn"), " ", r.text("FunctionName"), " batch ", r.text("BatchSize"),
			" window ", r.text("MaximumBatchingWindowInSeconds"), " concurrency ", r.text("ScalingConfig", "MaximumConcurrency"),
			" ", plains(r.at("FunctionResponseTypes"))))
	}
	for _, q := range contract.Queues(inboxes...) {
		if q.Consumer == "" {
			continue
		}
		queue, _ := prod.named(t, "AWS::SQS::Queue", "QueueName", "plumbline-prod-"+q.Name)
		function, _ := prod.named(t, "AWS::Lambda::Function", "FunctionName", "plumbline-prod-"+q.Consumer)
		window := ""
		if q.Window > 0 {
			window = seconds(q.Window)
		}
		want = append(want, fmt.Sprintf("${%s.Arn} ${%s} batch %d window %s concurrency %d [ReportBatchItemFailures]",
			queue, function, q.BatchSize, window, q.MaxConcurrency))
	}
	sameSet(t, "mappings", got, want)
}

func TestExports_AreToldToTheQueueOfLoads(t *testing.T) {
	queue, _ := prod.named(t, "AWS::SQS::Queue", "QueueName", "plumbline-prod-"+contract.Loads)
	_, bucket := prod.named(t, "AWS::S3::Bucket", "BucketName", "plumbline-prod-"+contract.ExportsBucket+"-${AWS::AccountId}-${AWS::Region}")
	told := func(path ...any) string {
		return bucket.text(append([]any{"NotificationConfiguration", "QueueConfigurations", 0}, path...)...)
	}
	if got := told("Queue"); got != "${"+queue+".Arn}" {
		t.Errorf("files are told to %q", got)
	}
	if event, prefix := told("Event"), told("Filter", "S3Key", "Rules", 0, "Value"); event != "s3:ObjectCreated:*" || prefix != contract.ExportKeys {
		t.Errorf("told of %s under %q", event, prefix)
	}
	policy := ""
	for id, r := range prod.all("AWS::SQS::QueuePolicy") {
		if slices.Contains(plains(r.at("Queues")), "${"+queue+"}") {
			policy = id
		}
	}
	if !slices.Contains(bucket.DependsOn, policy) {
		t.Errorf("the bucket comes before %q lets it tell: it depends on %v", policy, bucket.DependsOn)
	}
}

func TestTopics_AreTheContracts(t *testing.T) {
	for _, name := range contract.Topics() {
		prod.named(t, "AWS::SNS::Topic", "TopicName", "plumbline-prod-"+name)
	}
	if got, want := len(prod.all("AWS::SNS::Topic")), len(contract.Topics())+1; got != want {
		t.Errorf("%d topics, want %d and that of alarms", got, want)
	}
	var got, want []string
	for _, r := range prod.all("AWS::SNS::Subscription") {
		if r.text("Protocol") == "sqs" {
			got = append(got, r.text("TopicArn")+" to "+r.text("Endpoint")+", raw "+r.text("RawMessageDelivery"))
		}
	}
	for _, s := range contract.Subscriptions() {
		topic, _ := prod.named(t, "AWS::SNS::Topic", "TopicName", "plumbline-prod-"+s.Topic)
		queue, _ := prod.named(t, "AWS::SQS::Queue", "QueueName", "plumbline-prod-"+s.Queue)
		want = append(want, fmt.Sprintf("${%s} to ${%s.Arn}, raw true", topic, queue))
	}
	alerts, _ := prod.named(t, "AWS::SNS::Topic", "TopicName", "plumbline-prod-"+contract.Alerts)
	bus, _ := prod.named(t, "AWS::SQS::Queue", "QueueName", "plumbline-prod-event-bus")
	want = append(want, fmt.Sprintf("${%s} to ${%s.Arn}, raw true", alerts, bus))
	sameSet(t, "subscriptions", got, want)
}

func TestBuckets_ForgetWhatTheContractSays(t *testing.T) {
	if got := len(prod.all("AWS::S3::Bucket")); got != len(contract.Buckets()) {
		t.Errorf("%d buckets, want %d", got, len(contract.Buckets()))
	}
	for _, name := range contract.Buckets() {
		_, r := prod.named(t, "AWS::S3::Bucket", "BucketName", "plumbline-prod-"+name+"-${AWS::AccountId}-${AWS::Region}")
		var got, want []string
		replaced := ""
		for _, rule := range list(r.at("LifecycleConfiguration", "Rules")) {
			rule := rule.(map[string]any)
			if plain(rule["Status"]) != "Enabled" {
				t.Errorf("%s: the rule %s is off", name, plain(rule["Id"]))
			}
			if after := plain(rule["ExpirationInDays"]); after != "" {
				got = append(got, plain(rule["Prefix"])+" after "+after)
			}
			if old := rule["NoncurrentVersionExpiration"]; old != nil && plain(rule["Prefix"]) == "" {
				replaced = plain(old.(map[string]any)["NoncurrentDays"])
			}
		}
		for _, e := range contract.Expiries() {
			if e.Bucket == name {
				want = append(want, fmt.Sprintf("%s after %d", e.Prefix, int(e.After.Hours()/24)))
			}
		}
		sameSet(t, "expiries of "+name, got, want)
		if want := fmt.Sprint(int(contract.Replaced / day)); replaced != want {
			t.Errorf("%s: what expired stays %q days more, want %s: it is to be forgotten", name, replaced, want)
		}
	}
}

func TestFunctions_AreTheContracts(t *testing.T) {
	if got := len(prod.all("AWS::Lambda::Function")); got != len(contract.Functions()) {
		t.Errorf("%d functions, want %d", got, len(contract.Functions()))
	}
	for _, name := range contract.Functions() {
		_, r := prod.named(t, "AWS::Lambda::Function", "FunctionName", "plumbline-prod-"+name)
		for property, want := range map[string]string{
			"Timeout": seconds(contract.Timeout(name)), "Runtime": "provided.al2023", "Architectures": `["arm64"]`, "Handler": "bootstrap",
		} {
			if got := r.text(property); got != want {
				t.Errorf("%s has the %s %s, want %s", name, property, got, want)
			}
		}
		if got := r.at("LoggingConfig", "SystemLogLevel"); got != "WARN" {
			t.Errorf("Lambda says %v and above of %s, want warnings: each line costs", got, name)
		}
	}
}

func TestFunctions_AreToldAllThatTheyAskFor(t *testing.T) {
	for _, name := range contract.Functions() {
		_, r := prod.named(t, "AWS::Lambda::Function", "FunctionName", "plumbline-prod-"+name)
		got, err := config.Load(func(variable string) string { return prod.deployed(r.at("Environment", "Variables", variable)) })
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Stage != "prod" || got.Registry != bundledRegistry || got.Slack.Token.Name != "/plumbline/prod/slack-token" {
			t.Errorf("%s is told %+v", name, got)
		}
		for _, q := range contract.Queues() {
			if !strings.HasSuffix(got.Queues[q.Name], "/plumbline-prod-"+q.Name) {
				t.Errorf("%s is told that %s is %s", name, q.Name, got.Queues[q.Name])
			}
		}
	}
}

func TestFunctions_ComeAfterTheGenerationThatTheyHave(t *testing.T) {
	id, r := prod.named(t, "AWS::SSM::Parameter", "Name", contract.GenerationParameter("prod"))
	if len(r.text("Value")) != 12 {
		t.Errorf("generation %q", r.text("Value"))
	}
	for name, f := range prod.all("AWS::Lambda::Function") {
		if !slices.Contains(f.DependsOn, id) {
			t.Errorf("%s may change before the generation does", name)
		}
	}
}

func TestSchedules_AreTheContracts(t *testing.T) {
	var got, want []string
	for _, r := range prod.all("AWS::Events::Rule") {
		got = append(got, fmt.Sprint(r.text("Name"), " ", r.text("ScheduleExpression"), " ", r.text("State"), " ", r.text("Targets", 0, "Arn"),
			" ", r.text("Targets", 0, "Input")))
	}
	for _, s := range contract.Schedules() {
		function, _ := prod.named(t, "AWS::Lambda::Function", "FunctionName", "plumbline-prod-"+s.Function)
		rate := map[time.Duration]string{time.Minute: "rate(1 minute)", 5 * time.Minute: "rate(5 minutes)", time.Hour: "rate(1 hour)", 24 * time.Hour: "rate(1 day)"}[s.Every]
		want = append(want, fmt.Sprintf("plumbline-prod-%s %s ENABLED ${%s.Arn} %s", s.Name, rate, function, s.Input))
	}
	sameSet(t, "schedules", got, want)
	if !strings.Contains(strings.Join(got, "\n"), "rate(1 minute)") {
		t.Error("drift is not called every minute")
	}
}

func TestFront_HasTheContractsRoutesAndLimits(t *testing.T) {
	var got, want []string
	for _, r := range prod.all("AWS::ApiGatewayV2::Route") {
		integration := prod.Resources[strings.Trim(strings.TrimPrefix(r.text("Target"), "integrations/"), "${}")]
		got = append(got, r.text("RouteKey")+" "+integration.text("IntegrationUri"))
		if integration.text("PayloadFormatVersion") != "2.0" || integration.text("IntegrationType") != "AWS_PROXY" {
			t.Errorf("%s: %v", r.text("RouteKey"), integration.Properties)
		}
	}
	for _, r := range contract.Routes() {
		function, _ := prod.named(t, "AWS::Lambda::Function", "FunctionName", "plumbline-prod-"+r.Function)
		want = append(want, fmt.Sprintf("%s %s ${%s.Arn}", r.Method, r.Path, function))
	}
	sameSet(t, "routes", got, want)
	_, stage := prod.named(t, "AWS::ApiGatewayV2::Stage", "StageName", "$default")
	if stage.text("DefaultRouteSettings", "ThrottlingRateLimit") != "500" || stage.text("DefaultRouteSettings", "ThrottlingBurstLimit") != "1000" {
		t.Errorf("throttled at %s", stage.text("DefaultRouteSettings"))
	}
}

func TestEnvironment_TellsTheCommandLineAndFits(t *testing.T) {
	_, r := prod.named(t, "AWS::SSM::Parameter", "Name", contract.EnvironmentParameter("prod"))
	value := prod.deployed(r.at("Value"))
	var env map[string]string
	if err := json.Unmarshal([]byte(value), &env); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(func(name string) string { return env[name] }); err != nil {
		t.Error(err)
	}
	if env[contract.FrontVariable] != "https://hooks.acme.example" {
		t.Errorf("the front is %s", env[contract.FrontVariable])
	}
	for _, system := range inboxes {
		for _, name := range []string{contract.Inbox(system), contract.DeadLetters(contract.Inbox(system))} {
			if got := env[contract.QueueVariable(name)]; !strings.HasSuffix(got, "/plumbline-prod-"+name) {
				t.Errorf("the command line is told that %s is %q", name, got)
			}
		}
	}
	if r.text("Tier") != "Intelligent-Tiering" {
		t.Errorf("the parameter does not grow with the registry: tier %s", r.text("Tier"))
	}
}

func TestVariables_OfAFunctionFit(t *testing.T) {
	_, r := prod.named(t, "AWS::Lambda::Function", "FunctionName", "plumbline-prod-"+contract.Receive)
	variables := r.at("Environment", "Variables").(map[string]any)
	longest := 0
	for name, value := range variables {
		longest += len(name) + len(prod.deployed(value)) + len("a-stage-of-16-let")
	}
	if longest > 4096 {
		t.Errorf("%d characters for the longest name of a stage, a function's variables take 4096", longest)
	}
	for _, system := range inboxes {
		if variables[contract.QueueVariable(contract.Inbox(system))] != nil {
			t.Errorf("functions are told of %s's queue, of which there may be many", system)
		}
	}
}

func TestOutputs_SayWhereToSendWebhooks(t *testing.T) {
	got := map[string]string{}
	for name, o := range prod.Outputs {
		got[name] = plain(o.Value)
	}
	for name, want := range map[string]string{
		"WebhooksShopifyUs": "https://hooks.acme.example/hooks/shopify-us", "WebhooksErp": "https://hooks.acme.example/hooks/erp",
		"WebhooksWms": "https://hooks.acme.example/hooks/wms", "Slack": "https://hooks.acme.example/slack",
	} {
		if got[name] != want {
			t.Errorf("output %s is %q, want %q", name, got[name], want)
		}
	}
	if value := plain(staging.Outputs["WebhooksErp"].Value); !strings.HasSuffix(value, ".ApiEndpoint}/hooks/erp") {
		t.Errorf("without a domain the ERP sends to %s", value)
	}
	for name, want := range map[string]string{
		"QueueCatalogue":        "arn:aws:sqs:ap-southeast-1:111122223333:plumbline-prod-inbox-catalogue",
		"QueueAddressCatalogue": "https://sqs.ap-southeast-1.amazonaws.com/111122223333/plumbline-prod-inbox-catalogue",
	} {
		if value := prod.deployed(prod.Outputs[name].Value); value != want {
			t.Errorf("output %s is %q, want %q", name, value, want)
		}
	}
	if _, ok := got["WebhooksCatalogue"]; ok {
		t.Error("a system that delivers into a queue has an address")
	}
	if len(prod.Outputs) != len(staging.Outputs)+2+2*len(inboxes) {
		t.Errorf("outputs %v", slices.Sorted(maps.Keys(got)))
	}
}

func TestBundle_HoldsTheRegistryItsTablesAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	registry, err := deployable(filepath.Join(dir, "registry"))
	if err != nil {
		t.Fatal(err)
	}
	s := settings{stage: "prod", registry: registry, dist: filepath.Join(dir, "dist")}
	reg, _, err := loadRegistry(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := bundle(s, reg); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("functions that are not built: %v", err)
	}
	for _, function := range contract.Functions() {
		for _, name := range []string{bootstrap, "left/over.csv"} {
			if err := write(filepath.Join(s.dist, function, name), "x"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := bundle(s, reg); err != nil {
		t.Fatal(err)
	}
	for _, function := range contract.Functions() {
		var got []string
		err := filepath.WalkDir(filepath.Join(s.dist, function), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				name, _ := filepath.Rel(filepath.Join(s.dist, function), path)
				got = append(got, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		sameSet(t, "bundle of "+function, got, []string{bootstrap, "plumbline.yaml", "events/day/buffer.csv"})
	}
}

func TestFunctions_EachHasItsFolder(t *testing.T) {
	mains, err := filepath.Glob("../functions/*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, path := range mains {
		folders = append(folders, filepath.Base(filepath.Dir(path)))
	}
	sameSet(t, "functions of the folder functions", folders, contract.Functions())
}
