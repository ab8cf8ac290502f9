// Package webapi asks Slack's Web API for what respond needs while somebody
// waits: a dialog, and a word to one person. Two calls need no library.
package webapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"

	"github.com/plumbline/plumbline/internal/respond"
)

// API is the address of Slack's Web API.
const API = "https://slack.com/api/"

const (
	callTime = 2 * time.Second
	// maxAnswer is how much of an answer is read. A dialog comes back whole.
	maxAnswer = 256 << 10
)

// ErrRefused means that Slack did not do what was asked.
var ErrRefused = errors.New("webapi: Slack refused")

// Client is the respond.Slack of one workspace. It is safe for concurrent use.
type Client struct {
	token, base string
	client      *http.Client
}

var _ respond.Slack = (*Client)(nil)

// New returns a client for the token at an address that ends in a slash, such as
// API. Redirects are not followed: they would carry the token elsewhere.
func New(token, base string, transport http.RoundTripper) *Client {
	return &Client{token: token, base: base, client: &http.Client{
		Transport:     transport,
		Timeout:       callTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Open opens the dialog. Slack takes a trigger for three seconds, once.
func (c *Client) Open(ctx context.Context, trigger string, d respond.Dialog) error {
	return c.call(ctx, "views.open", map[string]any{"trigger_id": trigger, "view": view(d)})
}

// Whisper posts a message that one person alone sees.
func (c *Client) Whisper(ctx context.Context, channel, user, text string) error {
	return c.call(ctx, "chat.postEphemeral", map[string]any{"channel": channel, "user": user, "text": text})
}

// call makes one call. No error names the address, the token or the arguments.
func (c *Client) call(ctx context.Context, method string, arguments any) error {
	body, err := json.Marshal(arguments)
	if err != nil {
		return fmt.Errorf("webapi: encode %s: %w", method, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+method, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("webapi: %s: want an address", method)
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := c.client.Do(request)
	if err != nil {
		return fmt.Errorf("webapi: %s: no answer", method)
	}
	defer response.Body.Close()
	var answer struct {
		OK    bool
		Error string
	}
	read, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil || response.StatusCode != http.StatusOK || json.Unmarshal(read, &answer) != nil {
		return fmt.Errorf("webapi: %s: no usable answer, status %d", method, response.StatusCode)
	}
	if !answer.OK {
		return fmt.Errorf("%w: %s: %s", ErrRefused, method, code(answer.Error))
	}
	return nil
}

var plainCode = regexp.MustCompile(`^[a-z_]{1,60}$`)

// code is the word that Slack answers with, and nothing that is not one.
func code(text string) string {
	if !plainCode.MatchString(text) {
		return "unknown code"
	}
	return text
}
