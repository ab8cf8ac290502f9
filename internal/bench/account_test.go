package bench

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/store/dynamo"
)

// chunk is what SQS charges as one request.
const chunk = 64 << 10

// account counts what the functions take of AWS. It is their HTTP client: tables
// are the emulator's, queues and buckets its own.
type account struct {
	tables aws.HTTPClient
	now    func() time.Time

	mu      sync.Mutex
	queues  map[string][]message // by URL
	objects map[string][]byte    // by path
	spent   spending
}

// spending is what is charged.
type spending struct {
	dynamo      dynamo.Usage
	sends, puts int
	stored      int // bytes of objects
	// boardPuts and boardGets are those of the board, which goes by minutes and not
	// by webhooks.
	boardPuts, boardGets int
	logged               int // bytes of logs
	// invocations and messages by function.
	invocations, messages map[string]int
}

// message waits in a queue until its time.
type message struct {
	body string
	due  time.Time
}

func (a *account) Do(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case strings.HasPrefix(service, "DynamoDB"):
		return a.table(r, body)
	case service == "AmazonSQS":
		return a.queue(operation, body)
	case service == "AmazonSSM":
		return reply(`{"Parameter":{"Value":"` + hashKey + `"}}`), nil
	case r.Method == http.MethodPut, r.Method == http.MethodGet:
		return a.object(r, body), nil
	default:
		return nil, fmt.Errorf("healthy traffic calls %s %s %s", r.Method, r.URL, r.Header.Get("X-Amz-Target"))
	}
}

// object stores an object, or gives it back.
func (a *account) object(r *http.Request, body []byte) *http.Response {
	a.mu.Lock()
	defer a.mu.Unlock()
	ofBoard := strings.Contains(r.URL.Host+r.URL.Path, contract.BoardBucket)
	if r.Method == http.MethodGet {
		a.spent.boardGets++ // nothing else is read
		content, ok := a.objects[r.URL.Path]
		if !ok {
			missing := reply(`<Error><Code>NoSuchKey</Code></Error>`)
			missing.StatusCode = http.StatusNotFound
			return missing
		}
		return reply(string(content))
	}
	if a.objects == nil {
		a.objects = map[string][]byte{}
	}
	a.objects[r.URL.Path] = body
	if ofBoard {
		a.spent.boardPuts++
		return reply("")
	}
	a.spent.puts++
	a.spent.stored += len(body)
	return reply("")
}

// table asks the emulator what the request consumed, and adds it up.
func (a *account) table(r *http.Request, body []byte) (*http.Response, error) {
	var in map[string]any
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	in["ReturnConsumedCapacity"] = "INDEXES"
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res, err := a.tables.Do(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(answer))
	return res, a.consumed(r.Header.Get("X-Amz-Target"), res.StatusCode, answer)
}

func (a *account) consumed(target string, status int, answer []byte) error {
	type capacity struct {
		CapacityUnits          float64
		GlobalSecondaryIndexes map[string]struct{ CapacityUnits float64 }
	}
	var out struct{ ConsumedCapacity json.RawMessage }
	if err := json.Unmarshal(answer, &out); err != nil {
		return err
	}
	var all []capacity
	if err := json.Unmarshal(out.ConsumedCapacity, &all); err != nil {
		var one capacity
		_ = json.Unmarshal(out.ConsumedCapacity, &one) // a refusal consumes what it does not say
		all = []capacity{one}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	usage := &a.spent.dynamo
	usage.Requests++
	if status != http.StatusOK {
		usage.Refused++
	}
	for _, c := range all {
		index := 0.0
		for _, i := range c.GlobalSecondaryIndexes {
			index += i.CapacityUnits
		}
		if strings.HasSuffix(target, "Item") && !strings.HasSuffix(target, "GetItem") {
			usage.Writes, usage.IndexWrites = usage.Writes+c.CapacityUnits-index, usage.IndexWrites+index
		} else {
			usage.Reads, usage.IndexReads = usage.Reads+c.CapacityUnits-index, usage.IndexReads+index
		}
	}
	return nil
}

func (a *account) queue(operation string, body []byte) (*http.Response, error) {
	type entry struct {
		Id           string
		MessageBody  string
		DelaySeconds int
	}
	var in struct {
		entry
		QueueUrl string
		Entries  []entry
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	single := operation == "SendMessage"
	if single {
		in.Entries = []entry{in.entry}
	}
	type taken struct{ Id, MessageId, MD5OfMessageBody string }
	var answers []taken
	a.mu.Lock()
	defer a.mu.Unlock()
	size := 0
	for _, e := range in.Entries {
		size += len(e.MessageBody)
		a.queues[in.QueueUrl] = append(a.queues[in.QueueUrl], message{e.MessageBody, a.now().Add(time.Duration(e.DelaySeconds) * time.Second)})
		sum := md5.Sum([]byte(e.MessageBody))
		answers = append(answers, taken{e.Id, "m", hex.EncodeToString(sum[:])})
	}
	a.spent.sends += (size + chunk - 1) / chunk
	var answer any = map[string]any{"Successful": answers, "Failed": []string{}}
	if single {
		answer = answers[0]
	}
	text, err := json.Marshal(answer)
	return reply(string(text)), err
}

// due takes what may be received of a queue by now, at most so many.
func (a *account) due(url string, most int) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var bodies []string
	var later []message
	for _, m := range a.queues[url] {
		if len(bodies) < most && !m.due.After(a.now()) {
			bodies = append(bodies, m.body)
		} else {
			later = append(later, m)
		}
	}
	a.queues[url] = later
	return bodies
}

// Write counts a line of a log.
func (a *account) Write(line []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.spent.logged += len(line)
	return len(line), nil
}

func reply(body string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}
