// Command moody is a function that does what its event says.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct{ Do string }

type answer struct {
	Folder, Request, ARN string
	Remaining            time.Duration
	Environment          []string
}

func handle(ctx context.Context, e event) (any, error) {
	fmt.Println("told to", e.Do)
	switch e.Do {
	case "fail":
		return nil, errors.New("no luck today")
	case "panic":
		panic("no")
	case "exit":
		os.Exit(7)
	case "sleep":
		time.Sleep(time.Minute)
	case "wait":
		time.Sleep(300 * time.Millisecond)
	case "long":
		return strings.Repeat("long", 2<<20), nil
	}
	folder, err := os.Getwd()
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return answer{folder, lc.AwsRequestID, lc.InvokedFunctionArn, time.Until(deadline), os.Environ()}, err
}

func main() {
	fmt.Fprintln(os.Stderr, "begins")
	switch os.Getenv("BEGIN") {
	case "never":
		os.Exit(3)
	case "report":
		url := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/init/error"
		body := bytes.NewBufferString(`{"errorType": "Moody.Begin", "errorMessage": "not in the mood"}`)
		if res, err := http.Post(url, "application/json", body); err != nil || res.StatusCode != http.StatusAccepted {
			panic("the report was not taken")
		}
		time.Sleep(time.Minute)
	}
	lambda.Start(handle)
}
