package binaries_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/contract"
)

// instant is a cloud that answers at once: its parameters are there, its tables
// empty, and its queues, topics and buckets take everything. What a function
// takes before its first answer is then its own.
func instant(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller is gone
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch operation {
	case "GetParameter", "GetParameters":
		parameterStore(w, operation, body)
	case "SendMessageBatch":
		write(w, taken(body))
	case "SendMessage":
		var m struct{ MessageBody string }
		_ = json.Unmarshal(body, &m) // the sum of nothing is refused
		write(w, map[string]string{"MessageId": "m", "MD5OfMessageBody": sum(m.MessageBody)})
	case "BatchGetItem":
		write(w, map[string]any{"Responses": struct{}{}, "UnprocessedKeys": struct{}{}})
	case "Query", "Scan":
		write(w, map[string]any{"Items": []string{}, "Count": 0, "ScannedCount": 0})
	default:
		write(w, struct{}{})
	}
}

// parameterStore answers as SSM does.
func parameterStore(w http.ResponseWriter, operation string, body []byte) {
	type parameter struct{ Name, Value, Type string }
	var in struct {
		Name  string
		Names []string
	}
	_ = json.Unmarshal(body, &in) // no name is no parameter
	found, missing := []parameter{}, []string{}
	for _, name := range append(in.Names, in.Name) {
		if value, ok := parameters[name]; ok {
			found = append(found, parameter{name, value, "SecureString"})
		} else if name != "" {
			missing = append(missing, name)
		}
	}
	switch {
	case operation == "GetParameters":
		write(w, map[string]any{"Parameters": found, "InvalidParameters": missing})
	case len(found) == 0:
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type":"ParameterNotFound"}`) // a caller that is gone
	default:
		write(w, map[string]any{"Parameter": found[0]})
	}
}

func taken(body []byte) any {
	type entry struct{ Id, MessageId, MD5OfMessageBody string }
	var in struct {
		Entries []struct{ Id, MessageBody string }
	}
	_ = json.Unmarshal(body, &in) // no entries are none taken
	entries := []entry{}
	for _, e := range in.Entries {
		entries = append(entries, entry{e.Id, "m", sum(e.MessageBody)})
	}
	return map[string]any{"Successful": entries, "Failed": []string{}}
}

// sum is the checksum that SQS answers with.
func sum(text string) string {
	digest := md5.Sum([]byte(text))
	return hex.EncodeToString(digest[:])
}

func write(w http.ResponseWriter, answer any) {
	text, _ := json.Marshal(answer) // maps and texts have a JSON form
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(text)), 10))
	_, _ = w.Write(text) // a caller that is gone
}

// instantly is the environment of functions whose services answer at once.
func instantly(t testing.TB) map[string]string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(instant))
	t.Cleanup(server.Close)
	env := deployed()
	for _, service := range []string{"DYNAMODB", "SQS", "SNS", "S3", "SSM"} {
		env["AWS_ENDPOINT_URL_"+service] = server.URL
	}
	for _, table := range contract.Tables() {
		env[contract.TableVariable(table.Name)] = "plumbline-" + table.Name
	}
	for _, q := range contract.Queues() {
		env[contract.QueueVariable(q.Name)] = server.URL + "/000000000000/" + q.Name
	}
	for _, name := range contract.Topics() {
		env[contract.TopicVariable(name)] = "arn:aws:sns:us-east-1:000000000000:" + name
	}
	for _, name := range contract.Buckets() {
		env[contract.BucketVariable(name)] = "plumbline-" + name
	}
	return env
}

// deployed is what every deployment sets, but for its resources.
func deployed() map[string]string {
	return map[string]string{
		contract.StageVariable: "test", contract.RegistryVariable: "plumbline.yaml", contract.HashKeyVariable: "ssm:/plumbline/hash-key",
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "local",
		"HTTPS_PROXY": "http://127.0.0.1:1", // nothing leaves the machine
	}
}
