package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
)

// maxAnswer bounds an answer, unfolded, in bytes.
const maxAnswer = 8 << 20

// agent names Plumbline to those whom it calls.
const agent = "plumbline"

// answer is what an API answered.
type answer struct {
	status int
	body   []byte
	// sent is when it was asked, came when it answered, and date what the API's clock
	// showed then, zero where it does not say.
	sent, came, date time.Time
	// kind is the media type of the body and accept what was asked for.
	kind, accept string
	// encoded is true when the body is compressed in a way that nobody asked for.
	encoded bool
}

var errLarge = &neverError{fmt.Sprintf("the answer is larger than %d MiB", maxAnswer>>20)}

// call makes one call at the pace of the system. An answer that asks for
// patience is a *laterError, and then nobody calls the system before its time.
func (s *Service) call(ctx context.Context, t target, req *http.Request) (answer, error) {
	if err := allowed(req, t.api.Hosts()); err != nil {
		return answer{}, err
	}
	if err := s.turn(ctx, t); err != nil {
		return answer{}, err
	}
	a := answer{sent: s.Now(), accept: req.Header.Get("Accept")}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := s.Transport.RoundTrip(prepared(ctx, req))
	if errors.Is(err, errAddress) {
		return a, &neverError{"the host of the call: want an address of the internet"}
	}
	if err != nil {
		return a, cut(ctx)
	}
	defer res.Body.Close()
	a.status, a.kind = res.StatusCode, res.Header.Get("Content-Type")
	a.came = s.Now()
	a.date, _ = http.ParseTime(res.Header.Get("Date"))
	if again(a.status) {
		return a, s.leaveAlone(ctx, t, res)
	}
	a.body, a.encoded, err = read(res)
	switch {
	case errors.Is(err, errLarge):
		return a, errLarge
	case err != nil, ctx.Err() != nil:
		// A server that sees the call end may end its answer as if it were whole.
		return a, cut(ctx)
	}
	return a, s.throttled(ctx, t, a)
}

// allowed keeps a call on the platform's own hosts.
func allowed(req *http.Request, hosts []string) error {
	u := req.URL
	switch {
	case u.Scheme != "https", u.User != nil, u.Port() != "" && u.Port() != "443":
		return &neverError{"the address of the call: want https without a port and a user"}
	case !slices.Contains(hosts, u.Hostname()), req.Host != "" && req.Host != u.Host:
		return &neverError{"the address of the call: want one of the platform's hosts"}
	}
	return nil
}

// prepared is the call as it is sent.
func prepared(ctx context.Context, req *http.Request) *http.Request {
	req = req.Clone(ctx)
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", agent)
	}
	// Asked for by name, the transport leaves it to read to unfold it.
	req.Header.Set("Accept-Encoding", "gzip")
	return req
}

// throttled is the patience that an API asks for in a body, as in leaveAlone.
func (s *Service) throttled(ctx context.Context, t target, a answer) error {
	api, ok := t.api.(platform.Throttler)
	if !ok || a.status != http.StatusOK {
		return nil
	}
	pause := min(api.Throttled(a.body), longPause)
	if pause <= 0 {
		return nil
	}
	later := &laterError{at: s.Now().Add(max(pause, time.Second)), reason: "its API asks for patience"}
	if err := s.Paces.Hold(context.WithoutCancel(ctx), t.name, t.api.Pace(), later.at); err != nil {
		return fmt.Errorf("leave %s alone: %w", t.name, err)
	}
	return later
}

// turn waits for the system's pace, or is a *laterError when that takes longer
// than the invocation can wait. A run takes no call out of turn, which all others
// may after a rest, and waits for the next one only: they are ahead of it.
func (s *Service) turn(ctx context.Context, t target) error {
	wait := longestWait
	if deadline, ok := ctx.Deadline(); ok {
		wait = max(min(wait, time.Until(deadline)-callTimeout-margin), 0)
	}
	pace := t.api.Pace()
	if t.run {
		pace.Burst, wait = 1, min(wait, max(pace.Every, time.Second))
	}
	at, reserved, err := s.Paces.Reserve(ctx, t.name, pace, s.Now(), wait)
	if err != nil {
		return err
	}
	if !reserved {
		return &laterError{at: at, reason: "others call the system"}
	}
	if t.budget != (platform.Pace{}) {
		within, reserved, err := s.Paces.Reserve(ctx, budgetOf(t.name), t.budget, s.Now(), wait)
		if err != nil {
			return err
		}
		if !reserved {
			return &laterError{at: within, ours: true, reason: "the budget of its pull is spent"}
		}
		if within.After(at) {
			at = within
		}
	}
	return sleep(ctx, at.Sub(s.Now()))
}

// budgetOf names the pace of a system's pulls. No system has such a name.
func budgetOf(system string) string { return "pull|" + system }

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// again reports whether an answer only says that there is none now.
func again(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status == http.StatusTooEarly || status >= 500
}

// leaveAlone keeps everybody from calling the system for as long as it asks for.
func (s *Service) leaveAlone(ctx context.Context, t target, res *http.Response) error {
	now := s.Now()
	later := &laterError{at: retryAfter(res.Header, now), reason: fmt.Sprintf("its API answers %d", res.StatusCode)}
	if later.at.IsZero() && res.StatusCode == http.StatusTooManyRequests {
		later.at = now.Add(shortPause)
	}
	if later.at.IsZero() {
		later.failed = true
		return later
	}
	if err := s.Paces.Hold(context.WithoutCancel(ctx), t.name, t.api.Pace(), later.at); err != nil {
		return fmt.Errorf("leave %s alone: %w", t.name, err)
	}
	return later
}

// cut is the error of a call without a whole answer. What the transport says of
// it may quote what was sent or received.
func cut(ctx context.Context) error {
	reason := "its API did not answer whole"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		reason = "its API did not answer in time"
	}
	return &laterError{failed: true, reason: reason}
}

// read takes the whole body, unfolded.
func read(res *http.Response) (body []byte, encoded bool, err error) {
	r := io.LimitReader(res.Body, maxAnswer+1)
	switch encoding := strings.ToLower(res.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, false, err
		}
		r = io.LimitReader(z, maxAnswer+1)
	default:
		encoded = true
	}
	body, err = io.ReadAll(r)
	if err == nil && len(body) > maxAnswer {
		err = errLarge
	}
	return body, encoded, err
}

// unusable says why a body is not worth reading, or nil. What the call accepts
// is what the platform's package reads.
func (a answer) unusable() *platform.BodyError {
	if a.encoded {
		return &platform.BodyError{Where: "content encoding of the answer", Want: "gzip or none"}
	}
	kind, _, err := mime.ParseMediaType(a.kind)
	if len(a.body) == 0 || a.kind == "" || a.accept == "" || a.status >= 300 {
		return nil
	}
	for wanted := range strings.SplitSeq(a.accept, ",") {
		wanted, _, _ := mime.ParseMediaType(wanted)
		if err == nil && matches(wanted, kind) {
			return nil
		}
	}
	return &platform.BodyError{Where: "content type of the answer", Want: a.accept}
}

// matches reports whether a media type is of a wanted one: of any, of its group,
// itself, or built on it as "application/hal+json" is.
func matches(wanted, kind string) bool {
	group, suffix, _ := strings.Cut(wanted, "/")
	return wanted == "*/*" || wanted == kind || suffix == "*" && strings.HasPrefix(kind, group+"/") ||
		strings.HasPrefix(kind, group+"/") && strings.HasSuffix(kind, "+"+suffix)
}
