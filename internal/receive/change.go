package receive

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/signature"
)

// Changes takes what pipelines and job schedulers tell about changes that they
// made. The zero Changes takes nothing.
type Changes struct {
	// Secrets are references to Standard Webhooks secrets; any of them may have
	// signed. Without any there is no such address.
	Secrets []secret.Reference
	Known   change.Known
	// Queue takes the changes on their way to whoever keeps them.
	Queue Queue
}

// Change handles one request that tells of a change. A genuine body that cannot
// be read is answered with the place and what would be right: its sender is a
// script that somebody is writing.
func (s *Service) Change(ctx context.Context, req platform.Request) platform.Answer {
	answer, outcome := s.change(ctx, req)
	s.Log.InfoContext(ctx, "change", "outcome", outcome, "status", answer.Code())
	return answer
}

func (s *Service) change(ctx context.Context, req platform.Request) (answer platform.Answer, outcome string) {
	refuse := func(status int, outcome string) (platform.Answer, string) {
		return platform.Answer{Status: status}, outcome
	}
	switch {
	case len(s.Changes.Secrets) == 0:
		return refuse(http.StatusNotFound, "nobody may tell")
	case req.Method != http.MethodPost:
		return refuse(http.StatusMethodNotAllowed, "not a post")
	case len(req.Body) > change.MaxBody:
		return refuse(http.StatusRequestEntityTooLarge, "body too large")
	}
	secrets, missing := s.resolve(ctx, s.Changes.Secrets)
	keys := make([]signature.Key, 0, len(secrets))
	for _, one := range secrets {
		keys = append(keys, signature.WebhookKey(string(one)))
	}
	switch err := signature.VerifyWebhook(req.Header, req.Body, req.Received, keys); {
	case err != nil && missing != nil:
		s.Log.ErrorContext(ctx, "secrets not available", "of", "changes", "error", missing.Error())
		return refuse(http.StatusServiceUnavailable, "secrets not available")
	case err != nil:
		return refuse(http.StatusUnauthorized, "not genuine")
	}
	c, err := change.Parse(req.Body, req.Received, s.Changes.Known)
	if err != nil {
		return mistaken(err), "unreadable"
	}
	if err := s.Changes.Queue.Send(ctx, queue.EncodeChange(c)); err != nil {
		s.Log.ErrorContext(ctx, "change not queued", "error", err.Error())
		return refuse(http.StatusServiceUnavailable, "not queued")
	}
	return refuse(http.StatusOK, "queued")
}

// mistaken says what is wrong with the body, and never what stands in it.
func mistaken(err error) platform.Answer {
	text := "body: want another one"
	if problem := (*change.Problem)(nil); errors.As(err, &problem) {
		text = problem.Error()
	}
	body, _ := json.Marshal(map[string]string{"error": text}) // a text always encodes
	return platform.Answer{Status: http.StatusBadRequest, Body: string(body), Type: "application/json"}
}
