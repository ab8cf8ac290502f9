// Command golang is the ingestion as the usual Go sample has it: aws-lambda-go,
// encoding/json and the SDK, behind an HTTP API. With -http it is the same as a
// server that hands over to a queue in memory.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

type message struct {
	ID       string    `json:"id"`
	Topic    string    `json:"topic"`
	Received time.Time `json:"received"`
	Order    Order     `json:"order"`
	Body     string    `json:"body"`
}

func main() {
	run := runLambda
	if len(os.Args) > 1 && os.Args[1] == "-http" {
		run = runServer
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type function struct {
	sqs           *sqs.Client
	queue, secret string
}

func runLambda() error {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		return err
	}
	f := function{sqs: sqs.NewFromConfig(cfg), queue: os.Getenv("QUEUE_URL"), secret: os.Getenv("SHOPIFY_SECRET")}
	lambda.Start(f.handle)
	return nil
}

func (f function) handle(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	body := []byte(event.Body)
	if event.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(event.Body)
		if err != nil {
			return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
		}
		body = decoded
	}
	if !isGenuine(body, event.Headers["x-shopify-hmac-sha256"], f.secret) {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusUnauthorized}, nil
	}
	order, err := normalise(body)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
	}
	text, err := json.Marshal(message{
		ID: event.Headers["x-shopify-webhook-id"], Topic: event.Headers["x-shopify-topic"],
		Received: time.Now().UTC(), Order: order, Body: string(body),
	})
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, err
	}
	_, err = f.sqs.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(f.queue), MessageBody: aws.String(string(text))})
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("send message: %w", err)
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}, nil
}

// runServer tells its port on standard output; what was handed over last is at
// /last.
func runServer() error {
	secret := os.Getenv("SHOPIFY_SECRET")
	queue := make(chan Order, 1024)
	var last atomic.Pointer[Order]
	go func() {
		for order := range queue {
			last.Store(&order)
		}
	}()
	http.HandleFunc("GET /last", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(last.Load()) })
	http.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "read body", http.StatusBadRequest)
			return
		}
		if !isGenuine(body, r.Header.Get("X-Shopify-Hmac-Sha256"), secret) {
			http.Error(w, "not genuine", http.StatusUnauthorized)
			return
		}
		order, err := normalise(body)
		if err != nil {
			http.Error(w, "not an order", http.StatusBadRequest)
			return
		}
		queue <- order
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	return http.Serve(listener, nil)
}
