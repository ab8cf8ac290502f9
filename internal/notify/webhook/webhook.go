// Package webhook shows alerts through one of Slack's incoming webhooks, where
// there is no token: it can post and nothing else. Its address is the secret.
package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/notify"
)

// SlackHost is where Slack's incoming webhooks are.
const SlackHost = "hooks.slack.com"

const (
	callTime    = 10 * time.Second
	defaultWait = 30 * time.Second
	// maxAnswer is how much of an answer is read. Slack's are one word.
	maxAnswer = 200
)

var (
	// ErrAddress means that the configured address may not be posted to.
	ErrAddress = errors.New("webhook: not an address of an incoming webhook")
	// ErrCannotEdit is returned for what an incoming webhook has no way to do.
	ErrCannotEdit = errors.New("webhook: an incoming webhook can only post")
	// errUnreachable means that no connection was made, so that nothing was sent.
	errUnreachable = errors.New("cannot be reached")
)

// Sender is the notify.Sender of one incoming webhook. It is safe for
// concurrent use.
type Sender struct {
	address string
	client  *http.Client
}

var _ notify.Sender = (*Sender)(nil)

// New returns a sender for an https address at one of the hosts; without hosts,
// at SlackHost. The address is configuration that people write, so that it is
// checked before anything is sent there, and redirects are not followed.
func New(address string, transport http.RoundTripper, hosts ...string) (*Sender, error) {
	if len(hosts) == 0 {
		hosts = []string{SlackHost}
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || !slices.Contains(hosts, u.Host) {
		return nil, fmt.Errorf("%w: want https://%s/…", ErrAddress, hosts[0])
	}
	return &Sender{address: u.String(), client: &http.Client{
		Transport:     transport,
		Timeout:       callTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Edits reports false.
func (s *Sender) Edits() bool { return false }

// Edit returns ErrCannotEdit.
func (s *Sender) Edit(context.Context, notify.Ref, alert.Message, int64) error { return ErrCannotEdit }

// Find returns ErrCannotEdit.
func (s *Sender) Find(context.Context, string, string) (notify.Ref, bool, error) {
	return notify.Ref{}, false, ErrCannotEdit
}

// Reply returns ErrCannotEdit.
func (s *Sender) Reply(context.Context, notify.Ref, alert.Reply) error { return ErrCannotEdit }

// Told returns ErrCannotEdit.
func (s *Sender) Told(context.Context, notify.Ref, string) (int64, error) { return 0, ErrCannotEdit }

type body struct {
	Text        string  `json:"text"`
	Blocks      []block `json:"blocks"`
	UnfurlLinks bool    `json:"unfurl_links"`
	UnfurlMedia bool    `json:"unfurl_media"`
}

type block struct {
	Type string `json:"type"`
	Text text   `json:"text"`
}

type text struct {
	Type string `json:"type"`
	Text string `json:"text"`
	// Verbatim keeps Slack from making links and mentions of what looks like one.
	Verbatim bool `json:"verbatim"`
}

// Post sends the message. The channel is the webhook's own, whatever is asked
// for.
func (s *Sender) Post(ctx context.Context, _ string, m alert.Message, _ int64) (notify.Ref, error) {
	content := body{Text: alert.SlackText(m)}
	for _, section := range alert.SlackSections(m) {
		content.Blocks = append(content.Blocks, block{Type: "section", Text: text{Type: "mrkdwn", Text: section, Verbatim: true}})
	}
	encoded, err := json.Marshal(content)
	if err != nil {
		return notify.Ref{}, fmt.Errorf("webhook: encode: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address, bytes.NewReader(encoded))
	if err != nil {
		return notify.Ref{}, fmt.Errorf("webhook: post: %w", ErrAddress)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		return notify.Ref{}, fmt.Errorf("webhook: post: %w", transportMeaning(err))
	}
	defer response.Body.Close()
	if err := answerMeaning(response); err != nil {
		return notify.Ref{}, fmt.Errorf("webhook: post: %w", err)
	}
	return notify.Ref{}, nil
}

// answerMeaning reads Slack's answer. Other 4xx than 429 are final until
// somebody acts: the hook is revoked, the channel archived.
func answerMeaning(r *http.Response) error {
	switch {
	case r.StatusCode == http.StatusOK:
		return nil
	case r.StatusCode == http.StatusTooManyRequests:
		return &notify.WaitError{After: retryAfter(r)}
	case r.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("%w: status %d", notify.ErrUnsure, r.StatusCode)
	default:
		return fmt.Errorf("%w: status %d%s", notify.ErrRefused, r.StatusCode, code(r.Body))
	}
}

func retryAfter(r *http.Response) time.Duration {
	seconds, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if err != nil || seconds < 1 {
		return defaultWait
	}
	return time.Duration(seconds) * time.Second
}

var plainCode = regexp.MustCompile(`^[a-z_]{1,60}$`)

// code is the word that Slack answers with, and nothing that is not one.
func code(answer io.Reader) string {
	read, _ := io.ReadAll(io.LimitReader(answer, maxAnswer))
	if word := strings.TrimSpace(string(read)); plainCode.MatchString(word) {
		return " " + word
	}
	return ""
}

// transportMeaning keeps the kind of a failure and drops its text, which holds
// the address.
func transportMeaning(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return errUnreachable
	}
	return fmt.Errorf("%w: no usable answer", notify.ErrUnsure)
}
