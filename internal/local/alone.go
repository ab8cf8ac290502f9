package local

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

// Front is the HTTP front alone, with the limits and the time-outs of a stack's,
// over handlers by the contract's function names. Nothing listens until the
// caller serves it.
func Front(handlers map[string]lambda.Handler, now func() time.Time, log *slog.Logger) *http.Server {
	s := &Stack{meter: newMeter()}
	return newServer(front{functions: s.functions(handlers), now: now, log: log}.handler())
}
