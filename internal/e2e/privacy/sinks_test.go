package privacy_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
)

// sinks are the texts of everything that was written, by place: table records,
// queue quarantine, bucket archive/deliveries/, log, slack, topic alerts, front.
func (w *world) sinks() map[string][]string {
	w.t.Helper()
	all := map[string][]string{"log": {w.log.String()}, "front": {w.answers.String()}}
	w.tables(all)
	w.queues(all)
	w.buckets(all)
	for _, channel := range []string{"general", "inventory-ops"} {
		for _, m := range w.slack.Messages(channel) {
			all["slack"] = append(all["slack"], fmt.Sprintf("%s %s %v", m.Text, m.Blocks, m.Metadata))
			for _, reply := range w.slack.Thread(channel, m.Timestamp) {
				all["slack thread"] = append(all["slack thread"], fmt.Sprintf("%s %s %v", reply.Text, reply.Blocks, reply.Metadata))
			}
		}
	}
	all["slack"] = append(all["slack"], fmt.Sprint(w.slack.Whispers(), w.slack.Views()))
	return all
}

func (w *world) tables(all map[string][]string) {
	w.t.Helper()
	db := dynamodb.NewFromConfig(w.Emulators.AWSConfig())
	names := map[string]string{"local-delays": "privacy-local-delays"}
	for name, table := range w.Resources.Tables {
		names[name] = table
	}
	for name, table := range names {
		pages := dynamodb.NewScanPaginator(db, &dynamodb.ScanInput{TableName: &table})
		for pages.HasMorePages() {
			page, err := pages.NextPage(w.t.Context())
			if err != nil {
				w.t.Fatal(err)
			}
			for _, item := range page.Items {
				text, err := json.Marshal(item)
				if err != nil {
					w.t.Fatal(err)
				}
				all["table "+name] = append(all["table "+name], string(text))
			}
		}
	}
}

func (w *world) queues(all map[string][]string) {
	w.t.Helper()
	for _, q := range contract.Queues() {
		_, err := queue.Drain(w.t.Context(), w.wire.Queue(q.Name), 1<<20, func(m queue.Message) (bool, error) {
			all["queue "+q.Name] = append(all["queue "+q.Name], m.Body+w.unfolded(m.Body))
			return false, nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	client := sqs.NewFromConfig(w.Emulators.AWSConfig())
	for topic, url := range w.ears {
		for {
			out, err := client.ReceiveMessage(w.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10, VisibilityTimeout: 1})
			if err != nil {
				w.t.Fatal(err)
			}
			if len(out.Messages) == 0 {
				break
			}
			for _, m := range out.Messages {
				all["topic "+topic] = append(all["topic "+topic], aws.ToString(m.Body))
				if _, err := client.DeleteMessage(w.t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}); err != nil {
					w.t.Fatal(err)
				}
			}
		}
	}
}

// unfolded is the raw body in a message, wherever it is kept.
func (w *world) unfolded(body string) string {
	e, err := w.wire.Open(w.t.Context(), body)
	if err != nil {
		return ""
	}
	return string(e.Delivery.Body)
}

func (w *world) buckets(all map[string][]string) {
	w.t.Helper()
	client := s3.NewFromConfig(w.Emulators.AWSConfig(), func(o *s3.Options) { o.UsePathStyle = true })
	for name, bucket := range w.Resources.Buckets {
		out, err := client.ListObjectsV2(w.t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket})
		if err != nil || aws.ToBool(out.IsTruncated) {
			w.t.Fatal("list objects", err)
		}
		for _, o := range out.Contents {
			object, err := client.GetObject(w.t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: o.Key})
			if err != nil {
				w.t.Fatal(err)
			}
			body, err := io.ReadAll(object.Body)
			if err != nil {
				w.t.Fatal(err)
			}
			prefix, _, _ := strings.Cut(*o.Key, "/")
			place := "bucket " + name + "/" + prefix + "/"
			all[place] = append(all[place], *o.Key+" "+w.lines(body))
		}
	}
}

// lines is the text of an object, of which each line may be a message.
func (w *world) lines(body []byte) string {
	if z, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
		if body, err = io.ReadAll(z); err != nil {
			w.t.Fatal(err)
		}
	}
	text := string(body)
	for line := range strings.Lines(string(body)) {
		text += w.unfolded(strings.TrimSuffix(line, "\n"))
	}
	return text
}

// raw are the only places in which what a sender wrote may be, until it expires.
func raw(place string) bool {
	return slices.Contains([]string{
		"queue " + contract.Quarantine, "queue " + contract.DeadLetters(contract.Observations),
		"bucket " + contract.Claims + "/" + contract.ClaimKeys, "bucket " + contract.ArchiveBucket + "/" + contract.DeliveryKeys,
	}, place)
}

// found lists where texts are, by place.
func found(sinks map[string][]string, texts ...string) map[string][]string {
	where := map[string][]string{}
	for place, all := range sinks {
		whole := strings.ToLower(strings.Join(all, "\n"))
		for _, text := range texts {
			if strings.Contains(whole, strings.ToLower(text)) {
				where[place] = append(where[place], text)
			}
		}
	}
	return where
}
