package rig

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/cmd/stress/traffic"
	"github.com/plumbline/plumbline/internal/signature"
)

// connections is the most that senders keep open.
const connections = 256

func newClient() *http.Client {
	return &http.Client{Timeout: callTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxIdleConns: connections}}
}

// Sign makes the headers of a delivery that is sent now.
func Sign(d traffic.Delivery) http.Header {
	header := signature.SignWebhook(d.ID, time.Now(), d.Body, signature.WebhookKey(signingKey))
	header.Set("Content-Type", "application/json")
	return header
}

// Send signs a delivery as of now, posts it once, and notes its acknowledgement.
// A status other than 200 is no error.
func (r *Rig) Send(ctx context.Context, d traffic.Delivery) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Front()+"/hooks/"+d.System, bytes.NewReader(d.Body))
	if err != nil {
		return 0, fmt.Errorf("send %s: %w", d.ID, err)
	}
	req.Header = Sign(d)
	res, err := r.client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("send %s: %w", d.ID, err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0, fmt.Errorf("send %s: %w", d.ID, err)
	}
	if res.StatusCode == http.StatusOK {
		r.Trace.accepted(d.ID, time.Now())
		r.Truth.Acknowledged(d)
	}
	return res.StatusCode, nil
}

// retryPause is how soon a sender tries again. Platforms wait longer.
const retryPause = 200 * time.Millisecond

// Insist sends until the delivery is acknowledged, as platforms do for hours.
func (r *Rig) Insist(ctx context.Context, d traffic.Delivery) (tries int, err error) {
	for {
		tries++
		if status, err := r.Send(ctx, d); err == nil && status == http.StatusOK {
			return tries, nil
		}
		select {
		case <-ctx.Done():
			return tries, fmt.Errorf("send %s: %w", d.ID, ctx.Err())
		case <-time.After(retryPause):
		}
	}
}

// Sent counts what came of deliveries, and how long answers took.
type Sent struct {
	mu sync.Mutex
	// Accepted, Refused and Failed count answers of 200, other answers, and none.
	Accepted, Refused, Failed int
	// Late counts deliveries that were sent more than a second after their time.
	Late    int
	Answers Times
	Took    time.Duration
}

func (s *Sent) note(status int, err error, late, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		s.Failed++
	case status == http.StatusOK:
		s.Accepted++
	default:
		s.Refused++
	}
	if late > time.Second {
		s.Late++
	}
	s.Answers = append(s.Answers, took)
}

// Pump sends deliveries at a rate, whatever their answers, for as long as next
// has some and ctx lasts. A delivery that is refused is not sent again.
func (r *Rig) Pump(ctx context.Context, rate int, next func() (traffic.Delivery, bool)) *Sent {
	type due struct {
		traffic.Delivery
		at time.Time
	}
	sent, work, began := &Sent{}, make(chan due, rate), time.Now()
	var senders sync.WaitGroup
	for range connections {
		senders.Go(func() {
			for d := range work {
				called := time.Now()
				status, err := r.Send(context.WithoutCancel(ctx), d.Delivery)
				sent.note(status, err, called.Sub(d.at), time.Since(called))
			}
		})
	}
	for i := 0; ctx.Err() == nil; i++ {
		at := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		if wait := time.Until(at); wait > 0 {
			time.Sleep(wait)
		}
		d, more := next()
		if !more {
			break
		}
		work <- due{d, at}
	}
	close(work)
	senders.Wait()
	sent.Took = time.Since(began)
	return sent
}
