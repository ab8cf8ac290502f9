package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
)

// ask makes the call of a fetch and hands the answer on. What the API's clock shows
// is noted in the run that the fetch belongs to.
func (s *Service) ask(ctx context.Context, t target, f *queue.Fetch) (receive.Taken, error) {
	a, err := s.authorised(ctx, t, f.Fetch)
	if err != nil {
		return receive.Taken{}, err
	}
	status, err := a.verdict()
	if err != nil {
		return receive.Taken{}, err
	}
	f.Run = clocked(f.Run, a.date)
	if err := s.accepted(ctx, *f); err != nil {
		return receive.Taken{}, err
	}
	d := delivery(*f, a, status)
	if cause := a.unusable(); cause != nil {
		taken := receive.Taken{Outcome: "unreadable", Unreadable: true}
		return taken, s.Deliveries.Unusable(ctx, d, cause)
	}
	taken, err := s.Deliveries.Take(ctx, d)
	if err == nil {
		err = s.gather(ctx, f, status, taken)
	}
	if err == nil {
		s.Log.InfoContext(ctx, "fetched", "system", f.System, "topic", f.Topic, "cause", f.Cause, "status", status,
			"outcome", taken.Outcome, "observations", taken.Observations)
	}
	return taken, err
}

// authorised makes the call with the token, and once more with a fresh one when
// the API does not take it.
func (s *Service) authorised(ctx context.Context, t target, f platform.Fetch) (answer, error) {
	for again := false; ; again = true {
		token, renewable, err := s.token(ctx, t)
		if err != nil {
			return answer{}, err
		}
		req, err := t.api.Request(f, token)
		if err != nil {
			return answer{}, &neverError{"the address that it names: " + bodyError(err, "want one that the platform has")}
		}
		a, err := s.call(ctx, t, req)
		if err != nil || a.status != http.StatusUnauthorized && a.status != http.StatusForbidden {
			return a, err
		}
		s.tokens.forget(t.name, token)
		if again || !renewable {
			return a, &refusedError{fmt.Sprintf("its API answers %d", a.status)}
		}
	}
}

// verdict tells what an answer's status means: the status of the delivery, or
// why there is none.
func (a answer) verdict() (string, error) {
	switch {
	case a.status >= 200 && a.status < 300:
		return strconv.Itoa(http.StatusOK), nil
	case a.status == http.StatusNotFound, a.status == http.StatusGone:
		return strconv.Itoa(http.StatusNotFound), nil
	default:
		return "", &neverError{fmt.Sprintf("the API answers %d, want 200 or 404", a.status)}
	}
}

// delivery is the answer as it goes on.
func delivery(f queue.Fetch, a answer, status string) commerce.Delivery {
	h := sha256.New()
	for _, part := range []string{f.System, f.Topic, f.Target, status, string(a.body)} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	id := hex.EncodeToString(h.Sum(nil)[:8])
	if f.Run != nil {
		id = commerce.PulledID(id)
	}
	header := map[string]string{platform.FetchedHeader: f.Target, platform.StatusHeader: status}
	if asked, behind := a.asked(); behind {
		header[platform.AskedHeader] = asked.UTC().Format(time.RFC3339)
	}
	return commerce.Delivery{
		ID: id, System: f.System, Topic: f.Topic, Received: a.sent.UTC().Truncate(time.Millisecond), Header: header, Body: a.body,
	}
}

// asked is the time that the API's clock had not reached before it was asked, and
// whether that is behind. Its date is of whole seconds, and may be of any moment of
// the call.
func (a answer) asked() (at time.Time, behind bool) {
	at = a.date.Add(-a.came.Sub(a.sent))
	return at, !a.date.IsZero() && a.sent.Sub(at) > time.Second
}

// about is the delivery that a report on a fetch without an answer names.
func (s *Service) about(f queue.Fetch) commerce.Delivery {
	return commerce.Delivery{ID: f.Cause, System: f.System, Topic: f.Topic, Received: s.Now().UTC().Truncate(time.Millisecond)}
}

// bodyError is the text of an error that is made to be shown, and otherwise of
// any other: those may hold what must not be shown.
func bodyError(err error, otherwise string) string {
	var one *platform.BodyError
	if errors.As(err, &one) {
		return one.Error()
	}
	return otherwise
}
