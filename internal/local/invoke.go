package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/plumbline/plumbline/internal/local/emulator"
)

// account is the account id of the emulators.
const account = "000000000000"

var (
	errTimeout = errors.New("local: the function did not end in time")
	errPanic   = errors.New("local: the function panicked")
)

// function is one handler as the Lambda service would call it.
type function struct {
	name    string
	timeout time.Duration
	handler lambda.Handler
	meter   *meter
}

// invoke calls the handler with a deadline and an id, and turns a panic into an
// error. It returns at the deadline at the latest: the service would end the
// process then, here the late handler runs on and its result is dropped.
//
// An invocation is not cut short by the end of the stack, which waits for it.
func (f function) invoke(ctx context.Context, payload []byte) ([]byte, error) {
	f.meter.begin()
	defer f.meter.end()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.timeout)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{
		AwsRequestID:       requestID(),
		InvokedFunctionArn: fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", emulator.Region, account, f.name),
	})
	type result struct {
		answer []byte
		err    error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r = result{err: fmt.Errorf("%w: %v", errPanic, p)}
			}
			done <- r
		}()
		r.answer, r.err = f.handler.Invoke(ctx, payload)
	}()
	select {
	case r := <-done:
		return r.answer, r.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %v", errTimeout, f.timeout)
	}
}

func requestID() string { return rand.Text() }
