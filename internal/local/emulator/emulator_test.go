package emulator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go/logging"

	"github.com/plumbline/plumbline/internal/local/emulator"
)

func TestMain(m *testing.M) { emulator.Main(m) }

func TestForTestStartsOnePairAnswersOnLoopback(t *testing.T) {
	e := emulator.ForTest(t)
	if emulator.ForTest(t) != e {
		t.Error("a second test got a second pair")
	}
	for _, url := range []string{e.DynamoDB, e.SQS, e.SNS, e.Sweep} {
		if !strings.HasPrefix(url, "http://127.0.0.1:") {
			t.Errorf("an emulator is at %s", url)
		}
	}
	if _, err := dynamodb.NewFromConfig(e.AWSConfig()).ListTables(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if _, err := sqs.NewFromConfig(e.AWSConfig()).ListQueues(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestAcknowledgedStateSurvivesAKill(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir)
	makeTable(t, first, "acme")
	queue := makeQueue(t, first, "acme")
	const n = 50
	for i := range n {
		putItem(t, first, "acme", fmt.Sprint(i))
		sendMessage(t, first, queue, fmt.Sprint(i))
	}
	if got := receive(t, first, queue); len(got) == 0 {
		t.Fatal("nothing to receive before the kill")
	}
	first.Kill()

	second := start(t, dir)
	defer second.Stop()
	if got := countItems(t, second, "acme"); got != n {
		t.Errorf("%d items after the kill, want %d", got, n)
	}
	if got := countMessages(t, second, queue); got != n {
		t.Errorf("%d messages after the kill, want %d: those in flight included", got, n)
	}
}

func TestQueuesComeBackAtTheSameAddress(t *testing.T) {
	e := start(t, t.TempDir())
	defer e.Stop()
	queue := makeQueue(t, e, "acme")
	e.StopQueues()
	if _, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(e.SQS, "http://")); err == nil {
		t.Fatal("stopped queues answer")
	}
	select {
	case <-e.Done():
		t.Errorf("an end that was asked for is reported: %v", e.Err())
	default:
	}
	if err := e.StartQueues(t.Context()); err != nil {
		t.Fatal(err)
	}
	sendMessage(t, e, queue, "after")
}

func TestExpiredItemsGoWhenSwept(t *testing.T) {
	e := emulator.ForTest(t)
	makeTable(t, e, "sweep")
	db := dynamodb.NewFromConfig(e.AWSConfig())
	if _, err := db.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName: aws.String("sweep"),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String("ttl"), Enabled: aws.Bool(true),
		},
	}); err != nil {
		t.Fatal(err)
	}
	for id, ttl := range map[string]time.Time{"old": time.Now().Add(-time.Hour), "young": time.Now().Add(time.Hour)} {
		if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("sweep"), Item: map[string]types.AttributeValue{
			"pk":  &types.AttributeValueMemberS{Value: id},
			"ttl": &types.AttributeValueMemberN{Value: strconv.FormatInt(ttl.Unix(), 10)},
		}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.SweepExpired(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := countItems(t, e, "sweep"); got != 1 {
		t.Errorf("%d items left, want the young one", got)
	}
}

func TestAServiceWithoutEmulatorIsNotCalledForReal(t *testing.T) {
	e := emulator.ForTest(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := ssm.NewFromConfig(e.AWSConfig()).GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String("/x")})
	var dns *net.DNSError
	if err == nil || (!errors.As(err, &dns) && !strings.Contains(err.Error(), ".invalid")) {
		t.Errorf("want an address that does not exist, got %v", err)
	}
}

func TestTheEnvironmentNamesEveryEmulator(t *testing.T) {
	e := emulator.ForTest(t)
	env := strings.Join(e.Environ(), "\n")
	for _, want := range []string{
		"AWS_ENDPOINT_URL_DYNAMODB=" + e.DynamoDB,
		"AWS_ENDPOINT_URL_SQS=" + e.SQS,
		"AWS_ENDPOINT_URL_SNS=" + e.SNS,
		"AWS_ENDPOINT_URL_S3=" + e.S3,
	} {
		if !strings.Contains(env, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestInstallTwiceInstallsOnce(t *testing.T) {
	emulator.ForTest(t)
	var progress bytes.Buffer
	if _, err := emulator.Install(t.Context(), &progress); err != nil {
		t.Fatal(err)
	}
	if progress.Len() != 0 {
		t.Errorf("installed again: %s", &progress)
	}
}

func TestIndexScans_AParallelScanOfAFolderReadsByAnIndexAndMissesNothing(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	makeTable(t, e, "records")
	for range 2 {
		if err := e.IndexScans(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	const items, segments = 25, 4
	for i := range items {
		putItem(t, e, "records", fmt.Sprint(i))
	}
	met := map[string]int{}
	for segment := range int32(segments) {
		scan := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(e.AWSConfig()), &dynamodb.ScanInput{
			TableName: aws.String("records"), Limit: aws.Int32(3), Segment: &segment, TotalSegments: aws.Int32(segments),
		})
		for scan.HasMorePages() {
			page, err := scan.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range page.Items {
				met[item["pk"].(*types.AttributeValueMemberS).Value]++
			}
		}
	}
	for i := range items {
		if met[fmt.Sprint(i)] != 1 {
			t.Errorf("item %d was met %d times", i, met[fmt.Sprint(i)])
		}
	}
	programs, err := emulator.Install(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	plan := exec.CommandContext(t.Context(), programs.Node, "--no-warnings", "-e", `
		const { DatabaseSync } = require("node:sqlite");
		const plan = new DatabaseSync(process.argv[1]).prepare("EXPLAIN QUERY PLAN SELECT item_json FROM records ORDER BY hash_prefix, pk, sk LIMIT 3");
		console.log(plan.all().map((row) => row.detail).join());`, filepath.Join(dir, "tables.db"))
	if out, err := plan.CombinedOutput(); err != nil || !strings.Contains(string(out), "USING INDEX records::scan") {
		t.Errorf("a page is read by %q, %v", out, err)
	}
}

func start(t *testing.T, dir string) *emulator.Emulators {
	t.Helper()
	e, err := emulator.Start(t.Context(), emulator.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Kill)
	return e
}

func makeTable(t *testing.T, e *emulator.Emulators, name string) {
	t.Helper()
	_, err := dynamodb.NewFromConfig(e.AWSConfig()).CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:            &name,
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func putItem(t *testing.T, e *emulator.Emulators, table, id string) {
	t.Helper()
	_, err := dynamodb.NewFromConfig(e.AWSConfig()).PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: &table, Item: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: id}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func countItems(t *testing.T, e *emulator.Emulators, table string) int {
	t.Helper()
	out, err := dynamodb.NewFromConfig(e.AWSConfig()).Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
	if err != nil {
		t.Fatal(err)
	}
	return int(out.Count)
}

func makeQueue(t *testing.T, e *emulator.Emulators, name string) string {
	t.Helper()
	out, err := sqs.NewFromConfig(e.AWSConfig()).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return *out.QueueUrl
}

func sendMessage(t *testing.T, e *emulator.Emulators, queue, body string) {
	t.Helper()
	if _, err := sqs.NewFromConfig(e.AWSConfig()).SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &body}); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, e *emulator.Emulators, queue string) []string {
	t.Helper()
	out, err := sqs.NewFromConfig(e.AWSConfig()).ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queue, MaxNumberOfMessages: 10})
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, m := range out.Messages {
		bodies = append(bodies, *m.Body)
	}
	return bodies
}

func countMessages(t *testing.T, e *emulator.Emulators, queue string) int {
	t.Helper()
	out, err := sqs.NewFromConfig(e.AWSConfig()).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &queue, AttributeNames: []sqstypes.QueueAttributeName{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"},
	})
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, value := range out.Attributes {
		n, err := strconv.Atoi(value)
		if err != nil {
			t.Fatal(err)
		}
		total += n
	}
	return total
}

// An answer that is lost on the way hides its messages from everybody.
func TestLargeAnswersArriveAtTheFirstTry(t *testing.T) {
	cfg := emulator.ForTest(t).AWSConfig()
	retries := 0
	cfg.ClientLogMode = aws.LogRetries
	cfg.Logger = logging.LoggerFunc(func(logging.Classification, string, ...any) { retries++ })
	queues := sqs.NewFromConfig(cfg)
	q, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("large-answers")})
	if err != nil {
		t.Fatal(err)
	}
	const messages = 10
	for range messages {
		_, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: q.QueueUrl, MessageBody: aws.String(strings.Repeat("x", 30<<10))})
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 300 {
		out, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: q.QueueUrl, MaxNumberOfMessages: messages,
		})
		if err != nil || len(out.Messages) != messages {
			t.Fatalf("%d of %d messages, %v", len(out.Messages), messages, err)
		}
		release(t, queues, q.QueueUrl, out.Messages)
	}
	if retries > 0 {
		t.Errorf("%d calls were tried again", retries)
	}
}

func release(t *testing.T, queues *sqs.Client, url *string, messages []sqstypes.Message) {
	t.Helper()
	var entries []sqstypes.ChangeMessageVisibilityBatchRequestEntry
	for _, m := range messages {
		entries = append(entries, sqstypes.ChangeMessageVisibilityBatchRequestEntry{Id: m.MessageId, ReceiptHandle: m.ReceiptHandle})
	}
	out, err := queues.ChangeMessageVisibilityBatch(t.Context(), &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: url, Entries: entries})
	if err != nil || len(out.Failed) > 0 {
		t.Fatalf("%d messages were not released, %v", len(out.Failed), err)
	}
}
