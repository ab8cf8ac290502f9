// Package workspace is a Slack workspace on loopback for tests: what the Web API
// does of messages, threads, metadata, dialogs and whispers, and of it what
// Plumbline uses. Every call can be answered otherwise, before its effect or
// after it.
//
// The library's own slacktest keeps no message, so that nothing can be edited,
// searched or replied to there, and it answers every call with success.
package workspace

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Token is what the workspace accepts. It must never be seen in an error.
const Token = "xoxb-0000-published-test-token" //nolint:gosec // it opens nothing but this workspace

// The channels.
const (
	General      = "C00000001"
	InventoryOps = "C00000002"
)

// Message is what people see.
type Message struct {
	Timestamp string         `json:"ts"`
	Thread    string         `json:"thread_ts,omitempty"`
	Text      string         `json:"text"`
	Metadata  map[string]any `json:"metadata"`
	// Broadcast is set on a reply that the channel shows as well.
	Broadcast bool `json:"-"`
	// Blocks are the message's as they were sent.
	Blocks string `json:"-"`
}

// Whisper is a message that one person alone sees.
type Whisper struct{ Channel, User, Text string }

// View is a dialog that was opened.
type View struct {
	Trigger string
	// JSON is the dialog as it was sent.
	JSON json.RawMessage
}

// Answer is how a call is answered in place of the usual way.
type Answer struct {
	Status int
	Header map[string]string
	Body   string
	// Hang means no answer at all.
	Hang bool
}

// Problem is Slack's way to say no.
func Problem(code string) *Answer {
	return &Answer{Status: http.StatusOK, Body: fmt.Sprintf(`{"ok":false,"error":%q}`, code)}
}

// Workspace is one workspace with the channels general and inventory-ops. Its
// exported fields are set before the calls that they are about.
type Workspace struct {
	// Before and After decide about a call, before or after its effect; nil
	// answers as usual. Calls count from 1.
	Before, After func(method string, call int) *Answer
	// Page is the most that one page has.
	Page int

	mu       sync.Mutex
	posted   int
	messages map[string][]Message
	whispers []Whisper
	views    []View
	calls    []string
	server   *httptest.Server
}

var channels = map[string]string{"general": General, "inventory-ops": InventoryOps}

// New starts a workspace that ends with the test.
func New(t testing.TB) *Workspace {
	w := Offline()
	w.server = httptest.NewServer(w)
	t.Cleanup(w.server.Close)
	return w
}

// Offline is a workspace without an address, which a transport calls through
// ServeHTTP.
func Offline() *Workspace {
	return &Workspace{Page: 200, messages: map[string][]Message{}}
}

// API is the address of the Web API, with its slash.
func (w *Workspace) API() string { return w.server.URL + "/" }

// Close ends the workspace before the test does.
func (w *Workspace) Close() { w.server.Close() }

// Calls lists the methods that were called.
func (w *Workspace) Calls() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls)
}

// Messages lists what people see in a channel, by name or id, without threads.
func (w *Workspace) Messages(channel string) []Message {
	return w.list(channel, func(m Message) bool { return m.Thread == "" })
}

// Thread lists the replies below a message.
func (w *Workspace) Thread(channel, timestamp string) []Message {
	return w.list(channel, func(m Message) bool { return m.Thread == timestamp })
}

func (w *Workspace) list(channel string, wanted func(Message) bool) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	id, _ := channelID(channel)
	return slices.DeleteFunc(slices.Clone(w.messages[id]), func(m Message) bool { return !wanted(m) })
}

// Say lets people talk in a channel.
func (w *Workspace) Say(channel string, texts ...string) {
	for _, text := range texts {
		w.post(url.Values{"channel": {channel}, "text": {text}})
	}
}

// Clear removes every message.
func (w *Workspace) Clear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.messages = map[string][]Message{}
}

// Whispers lists what single people were told.
func (w *Workspace) Whispers() []Whisper {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.whispers)
}

// Views lists the dialogs that were opened.
func (w *Workspace) Views() []View {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.views)
}

// ServeHTTP answers as the Web API.
func (w *Workspace) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	form := values(r)
	method := r.URL.Path[1:]
	w.mu.Lock()
	w.calls = append(w.calls, method)
	call := len(w.calls)
	w.mu.Unlock()
	if w.Before != nil {
		if a := w.Before(method, call); a != nil {
			a.write(rw, r)
			return
		}
	}
	result := w.effect(method, form)
	if w.After != nil {
		if a := w.After(method, call); a != nil {
			a.write(rw, r)
			return
		}
	}
	_ = json.NewEncoder(rw).Encode(result)
}

// values reads a call's arguments, which come as a form or as JSON.
func values(r *http.Request) url.Values {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = r.ParseForm()
		return r.Form
	}
	body, _ := io.ReadAll(r.Body)
	var arguments map[string]json.RawMessage
	_ = json.Unmarshal(body, &arguments)
	form := url.Values{"token": {strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")}}
	for name, value := range arguments {
		text := string(value)
		if unquoted := ""; json.Unmarshal(value, &unquoted) == nil {
			text = unquoted
		}
		form.Set(name, text)
	}
	return form
}

func (a *Answer) write(rw http.ResponseWriter, r *http.Request) {
	if a.Hang {
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
		return
	}
	for name, value := range a.Header {
		rw.Header().Set(name, value)
	}
	rw.WriteHeader(a.Status)
	fmt.Fprint(rw, a.Body)
}

func (w *Workspace) effect(method string, form url.Values) map[string]any {
	if form.Get("token") != Token {
		return problem("invalid_auth")
	}
	switch method {
	case "auth.test":
		return map[string]any{"ok": true}
	case "chat.postMessage":
		return w.post(form)
	case "chat.update":
		return w.update(form)
	case "chat.postEphemeral":
		return w.whisper(form)
	case "conversations.history":
		return w.history(form)
	case "conversations.replies":
		return w.replies(form)
	case "conversations.list":
		return w.directory(form)
	case "views.open":
		return w.open(form)
	default:
		return problem("unknown_method")
	}
}

func problem(code string) map[string]any { return map[string]any{"ok": false, "error": code} }

// channelID takes a name or an id, as posting does.
func channelID(channel string) (string, bool) {
	for name, id := range channels {
		if channel == id || channel == name || channel == "#"+name {
			return id, true
		}
	}
	return "", false
}

func (w *Workspace) post(form url.Values) map[string]any {
	id, ok := channelID(form.Get("channel"))
	if !ok {
		return problem("channel_not_found")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.posted++
	m := Message{Timestamp: fmt.Sprintf("1772548500.%06d", w.posted), Thread: form.Get("thread_ts"), Broadcast: form.Get("reply_broadcast") == "true"}
	if m.Thread != "" && !slices.ContainsFunc(w.messages[id], func(o Message) bool { return o.Timestamp == m.Thread }) {
		return problem("thread_not_found")
	}
	m.fill(form)
	w.messages[id] = append(w.messages[id], m)
	return map[string]any{"ok": true, "channel": id, "ts": m.Timestamp}
}

func (m *Message) fill(form url.Values) {
	m.Text, m.Blocks = form.Get("text"), form.Get("blocks")
	_ = json.Unmarshal([]byte(form.Get("metadata")), &m.Metadata)
}

func (w *Workspace) update(form url.Values) map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := form.Get("channel")
	for i, m := range w.messages[id] {
		if m.Timestamp == form.Get("ts") {
			w.messages[id][i].fill(form)
			return map[string]any{"ok": true, "channel": id, "ts": m.Timestamp}
		}
	}
	return problem("message_not_found")
}

func (w *Workspace) whisper(form url.Values) map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.whispers = append(w.whispers, Whisper{form.Get("channel"), form.Get("user"), form.Get("text")})
	return map[string]any{"ok": true, "message_ts": "1772548500.900000"}
}

func (w *Workspace) open(form url.Values) map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	if form.Get("trigger_id") == "" {
		return problem("invalid_trigger_id")
	}
	w.views = append(w.views, View{form.Get("trigger_id"), json.RawMessage(form.Get("view"))})
	return map[string]any{"ok": true, "view": map[string]any{"id": "V1"}}
}

// history pages through the messages, newest first. It takes ids only, and
// tells metadata only when asked to.
func (w *Workspace) history(form url.Values) map[string]any {
	if id, _ := channelID(form.Get("channel")); id != form.Get("channel") || id == "" {
		return problem("channel_not_found")
	}
	all := w.Messages(form.Get("channel"))
	slices.Reverse(all)
	return w.page(all, form)
}

// replies pages through a thread, its message first.
func (w *Workspace) replies(form url.Values) map[string]any {
	channel, timestamp := form.Get("channel"), form.Get("ts")
	all := w.list(channel, func(m Message) bool { return m.Timestamp == timestamp || m.Thread == timestamp })
	if len(all) == 0 {
		return problem("thread_not_found")
	}
	return w.page(all, form)
}

func (w *Workspace) page(all []Message, form url.Values) map[string]any {
	skip, _ := strconv.Atoi(form.Get("cursor"))
	limit, _ := strconv.Atoi(form.Get("limit"))
	page := slices.Clone(all[skip:min(len(all), skip+min(limit, w.Page))])
	for i := range page {
		if include := form.Get("include_all_metadata"); include != "1" && include != "true" {
			page[i].Metadata = nil
		}
	}
	next := ""
	if skip += len(page); skip < len(all) {
		next = strconv.Itoa(skip)
	}
	return map[string]any{"ok": true, "messages": page, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next}}
}

// directory tells one channel at a time.
func (w *Workspace) directory(form url.Values) map[string]any {
	names := []string{"general", "inventory-ops"}
	i, _ := strconv.Atoi(form.Get("cursor"))
	next := ""
	if i+1 < len(names) {
		next = strconv.Itoa(i + 1)
	}
	return map[string]any{
		"ok": true, "channels": []map[string]any{{"id": channels[names[i]], "name": names[i]}},
		"response_metadata": map[string]any{"next_cursor": next},
	}
}
