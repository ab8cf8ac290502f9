package bundle

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/metric"
)

// Measured is a handler whose invocations each say in one line what they did, as of
// now.
func Measured(h lambda.Handler, now func() time.Time, log *slog.Logger) lambda.Handler {
	return measured{Handler: h, now: now, log: log}
}

type measured struct {
	lambda.Handler
	now func() time.Time
	log *slog.Logger
}

// Invoke handles one event. A function that has a line of its own says it there.
func (m measured) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	ctx, invocation := metric.With(ctx, m.now())
	answer, err := m.Handler.Invoke(ctx, payload)
	if line := invocation.Take(); line != nil {
		m.log.InfoContext(ctx, "invocation", line...)
	}
	return answer, err
}
