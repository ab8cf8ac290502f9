package respond

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/signature"
	"github.com/plumbline/plumbline/internal/store"
)

// answerTime is within what Slack waits for an answer.
const answerTime = 2500 * time.Millisecond

// Request is one HTTP request, its body byte for byte.
type Request struct {
	Header http.Header
	Body   []byte
}

// Answer is what Slack is told. A body is JSON.
type Answer struct {
	Status int
	Body   []byte
}

// Answer takes one request of Slack's. An unverified byte has no effect and
// learns nothing. What is answered with 200 is queued, or was told to who asked;
// 500 and 503 mean that nothing was done.
func (s *Service) Answer(ctx context.Context, r Request) Answer {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	secret, err := s.Secret(ctx)
	if err != nil {
		s.Log.ErrorContext(ctx, "signing secret not available", "error", err)
		return Answer{Status: http.StatusServiceUnavailable}
	}
	if err := signature.VerifySlack(r.Header, r.Body, s.Now(), signature.Key(secret)); err != nil {
		s.Log.WarnContext(ctx, "request refused", "error", err)
		return Answer{Status: http.StatusUnauthorized}
	}
	p, ok := readPayload(r.Body)
	switch {
	case !ok:
		return Answer{Status: http.StatusBadRequest}
	case p.Type == pressed:
		return s.press(ctx, p)
	case p.Type == submitted:
		return s.submit(ctx, p)
	default:
		return Answer{Status: http.StatusOK}
	}
}

// press takes a button or a choice below a message.
func (s *Service) press(ctx context.Context, p payload) Answer {
	if len(p.Actions) == 0 {
		return Answer{Status: http.StatusBadRequest}
	}
	pressed := p.Actions[0]
	action := finding.Action(pressed.ID)
	if action == finding.Assign && pressed.SelectedUser == "" {
		return Answer{Status: http.StatusOK}
	}
	a, why, err := s.decidable(ctx, pressed.Block, p.User.ID, action)
	switch {
	case err != nil:
		return s.failed(ctx, p, err)
	case why != "":
		s.whisper(ctx, p, why)
		return Answer{Status: http.StatusOK}
	case action == finding.Waive:
		if err := s.Slack.Open(ctx, p.Trigger, s.dialog(a)); err != nil {
			return s.failed(ctx, p, fmt.Errorf("open the dialog: %w", err))
		}
		return Answer{Status: http.StatusOK}
	}
	d := finding.Decision{
		ID: decisionID(a.ID, p.User.ID, pressed.ID, pressed.At), Action: action, By: p.User.ID, To: pressed.SelectedUser, At: s.Now().Round(0),
	}
	if err := d.Check(); err != nil {
		return Answer{Status: http.StatusBadRequest}
	}
	if err := s.send(ctx, a.ID, d); err != nil {
		return s.failed(ctx, p, err)
	}
	return Answer{Status: http.StatusOK}
}

// submit takes a dialog. What is wrong with it is shown in it, so that nothing
// has to be typed again.
func (s *Service) submit(ctx context.Context, p payload) Answer {
	alertID, d, wrong := s.submission(p)
	if len(wrong) > 0 {
		return inDialog(wrong)
	}
	_, why, err := s.decidable(ctx, alertID, p.User.ID, finding.Waive)
	if err == nil && why == "" {
		err = s.send(ctx, alertID, d)
	}
	switch {
	case err != nil:
		s.Log.ErrorContext(ctx, "decision not taken", "alert", alertID, "error", err)
		return inDialog(map[string]string{FieldReason: sorry})
	case why != "":
		return inDialog(map[string]string{FieldReason: why})
	default:
		return Answer{Status: http.StatusOK}
	}
}

func inDialog(wrong map[string]string) Answer {
	body, _ := json.Marshal(map[string]any{"response_action": "errors", "errors": wrong}) // texts always encode
	return Answer{Status: http.StatusOK, Body: body}
}

// decidable reads the alert, and says why the person cannot decide about it.
func (s *Service) decidable(ctx context.Context, alertID, user string, action finding.Action) (a alert.Alert, why string, err error) {
	a, err = s.Store.GetAlert(ctx, alertID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return a, "Plumbline does not know this alert any more.", nil
	case err != nil:
		return a, "", fmt.Errorf("read alert %s: %w", alertID, err)
	case !s.People.MayDecide(a.Integration, user):
		return a, fmt.Sprintf("This alert is for the team %s to decide about. Whoever belongs to it can press the button, once plumbline.yaml says so under people.",
			alert.Plain(a.Owner.Team)), nil
	case !slices.Contains(a.Offers(), action):
		return a, "That is so already: the alert is another than this message shows.", nil
	default:
		return a, "", nil
	}
}

func (s *Service) send(ctx context.Context, alertID string, d finding.Decision) error {
	body, err := queue.EncodeDecision(queue.Decision{Alert: alertID, Decision: d})
	if err != nil {
		return fmt.Errorf("encode the decision about alert %s: %w", alertID, err)
	}
	if err := s.Queue.Send(ctx, body); err != nil {
		return fmt.Errorf("queue the decision about alert %s: %w", alertID, err)
	}
	return nil
}

// sorry does not say that nothing was changed: an answer may be all that is
// missing, and the same again changes nothing then.
const sorry = "Plumbline could not take this just now. Look in a minute whether the alert tells it, and try again if not."

// failed answers so that Slack marks the button, and tells who pressed it.
func (s *Service) failed(ctx context.Context, p payload, err error) Answer {
	s.Log.ErrorContext(ctx, "decision not taken", "error", err)
	s.whisper(ctx, p, sorry)
	return Answer{Status: http.StatusInternalServerError}
}

// whisper tells the person, if Slack does.
func (s *Service) whisper(ctx context.Context, p payload, text string) {
	if err := s.Slack.Whisper(ctx, p.Channel.ID, p.User.ID, text); err != nil {
		s.Log.WarnContext(ctx, "person not told", "error", err)
	}
}
