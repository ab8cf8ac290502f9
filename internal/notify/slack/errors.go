package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"time"

	api "github.com/slack-go/slack"

	"github.com/plumbline/plumbline/internal/notify"
)

// errNoAnswer stands for an answer that says neither yes nor no.
var errNoAnswer = errors.New("no usable answer")

// defaultWait is for a rate limit that does not say how long.
const defaultWait = 30 * time.Second

// unsureCodes are Slack's own faults, after which the message may be there.
var unsureCodes = map[string]bool{
	"internal_error": true, "fatal_error": true, "service_unavailable": true, "request_timeout": true,
}

// lostCodes say that the message cannot be edited, now or ever.
var lostCodes = map[string]bool{
	"message_not_found": true, "thread_not_found": true, "cant_update_message": true, "edit_window_closed": true,
}

var plainCode = regexp.MustCompile(`^[a-z_]{1,60}$`)

// meaning turns what a call returned into what notify acts on.
func meaning(err error) error {
	var limited *api.RateLimitedError
	var status api.StatusCodeError
	var answer api.SlackErrorResponse
	switch {
	case errors.As(err, &limited):
		return &notify.WaitError{After: max(limited.RetryAfter, time.Second)}
	case errors.As(err, &status):
		return statusMeaning(status.Code)
	case errors.As(err, &answer):
		return codeMeaning(answer.Err)
	default:
		return transportMeaning(err)
	}
}

func statusMeaning(status int) error {
	switch {
	case status == http.StatusTooManyRequests:
		return &notify.WaitError{After: defaultWait}
	case status >= http.StatusInternalServerError:
		return fmt.Errorf("%w: status %d", notify.ErrUnsure, status)
	default:
		return fmt.Errorf("%w: status %d", notify.ErrRefused, status)
	}
}

func codeMeaning(code string) error {
	if !plainCode.MatchString(code) {
		code = "unknown code"
	}
	switch {
	case code == "ratelimited" || code == "rate_limited":
		return &notify.WaitError{After: defaultWait}
	case unsureCodes[code]:
		return fmt.Errorf("%w: %s", notify.ErrUnsure, code)
	case lostCodes[code]:
		return fmt.Errorf("%w: %s", notify.ErrNoMessage, code)
	default:
		return fmt.Errorf("%w: %s", notify.ErrRefused, code)
	}
}

// errUnreachable means that no connection was made, so that nothing was sent.
var errUnreachable = errors.New("cannot be reached")

func transportMeaning(err error) error {
	var op *net.OpError
	var timeout net.Error
	switch {
	case errors.As(err, &op) && op.Op == "dial":
		return errUnreachable
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%w: cancelled", notify.ErrUnsure)
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("%w: time-out", notify.ErrUnsure)
	default:
		return fmt.Errorf("%w: no usable answer", notify.ErrUnsure)
	}
}
