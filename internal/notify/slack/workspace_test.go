package slack_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"
)

// token is what the workspace accepts. It must never be seen in an error.
const token = "xoxb-0000-published-test-token"

// message is what people see.
type message struct {
	Timestamp string         `json:"ts"`
	Text      string         `json:"text"`
	Metadata  map[string]any `json:"metadata"`
	blocks    string
}

// workspace behaves like Slack's Web API in what the sender uses of it.
type workspace struct {
	mu       sync.Mutex
	t        *testing.T
	channels map[string]string // name to id
	messages map[string][]message
	calls    []string
	// answer decides about a call before and after its effect; a nil response is
	// the usual one. Hang means no answer at all.
	before, after func(method string, call int) *reply
	server        *httptest.Server
	page          int
}

type reply struct {
	status int
	header map[string]string
	body   string
	hang   bool
}

func newWorkspace(t *testing.T) *workspace {
	w := &workspace{
		t: t, page: 200, messages: map[string][]message{},
		channels: map[string]string{"general": "C00000001", "inventory-ops": "C00000002"},
	}
	w.server = httptest.NewServer(w)
	t.Cleanup(w.server.Close)
	return w
}

func (w *workspace) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	method := r.URL.Path[1:]
	w.mu.Lock()
	w.calls = append(w.calls, method)
	call := len(w.calls)
	w.mu.Unlock()
	if w.before != nil {
		if answered := w.before(method, call); answered != nil {
			answered.write(rw, r)
			return
		}
	}
	result := w.effect(method, r.Form)
	if w.after != nil {
		if answered := w.after(method, call); answered != nil {
			answered.write(rw, r)
			return
		}
	}
	_ = json.NewEncoder(rw).Encode(result)
}

func (a *reply) write(rw http.ResponseWriter, r *http.Request) {
	if a.hang {
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
		return
	}
	for name, value := range a.header {
		rw.Header().Set(name, value)
	}
	rw.WriteHeader(a.status)
	fmt.Fprint(rw, a.body)
}

func (w *workspace) effect(method string, form url.Values) map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	if form.Get("token") != token {
		return problem("invalid_auth")
	}
	switch method {
	case "chat.postMessage":
		return w.post(form)
	case "chat.update":
		return w.update(form)
	case "conversations.history":
		return w.history(form)
	case "conversations.list":
		return w.list(form)
	default:
		return problem("unknown_method")
	}
}

func problem(code string) map[string]any { return map[string]any{"ok": false, "error": code} }

// id takes a name or an id, as posting does.
func (w *workspace) id(channel string) (string, bool) {
	for name, id := range w.channels {
		if channel == id || channel == name || channel == "#"+name {
			return id, true
		}
	}
	return "", false
}

func (w *workspace) post(form url.Values) map[string]any {
	id, ok := w.id(form.Get("channel"))
	if !ok {
		return problem("channel_not_found")
	}
	m := message{Timestamp: fmt.Sprintf("1772548500.%06d", len(w.messages[id])+1)}
	m.fill(form)
	w.messages[id] = append(w.messages[id], m)
	return map[string]any{"ok": true, "channel": id, "ts": m.Timestamp}
}

func (m *message) fill(form url.Values) {
	m.Text, m.blocks = form.Get("text"), form.Get("blocks")
	_ = json.Unmarshal([]byte(form.Get("metadata")), &m.Metadata)
}

func (w *workspace) update(form url.Values) map[string]any {
	id := form.Get("channel")
	for i, m := range w.messages[id] {
		if m.Timestamp == form.Get("ts") {
			w.messages[id][i].fill(form)
			return map[string]any{"ok": true, "channel": id, "ts": m.Timestamp}
		}
	}
	return problem("message_not_found")
}

// history pages through the messages, newest first. It takes ids only, and
// tells metadata only when asked to.
func (w *workspace) history(form url.Values) map[string]any {
	all, ok := w.messages[form.Get("channel")]
	if !ok && w.channels["general"] != form.Get("channel") && w.channels["inventory-ops"] != form.Get("channel") {
		return problem("channel_not_found")
	}
	skip, _ := strconv.Atoi(form.Get("cursor"))
	limit, _ := strconv.Atoi(form.Get("limit"))
	page := []message{}
	for i := len(all) - 1 - skip; i >= 0 && len(page) < min(limit, w.page); i-- {
		m := all[i]
		if form.Get("include_all_metadata") != "1" {
			m.Metadata = nil
		}
		page = append(page, m)
	}
	next := ""
	if skip += len(page); skip < len(all) {
		next = strconv.Itoa(skip)
	}
	return map[string]any{"ok": true, "messages": page, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next}}
}

// list tells one channel at a time.
func (w *workspace) list(form url.Values) map[string]any {
	names := []string{"general", "inventory-ops"}
	i, _ := strconv.Atoi(form.Get("cursor"))
	next := ""
	if i+1 < len(names) {
		next = strconv.Itoa(i + 1)
	}
	return map[string]any{
		"ok": true, "channels": []map[string]any{{"id": w.channels[names[i]], "name": names[i]}},
		"response_metadata": map[string]any{"next_cursor": next},
	}
}

func (w *workspace) seen(channel string) []message {
	w.mu.Lock()
	defer w.mu.Unlock()
	id, _ := w.id(channel)
	return w.messages[id]
}
