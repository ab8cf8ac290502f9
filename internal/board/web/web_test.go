package web_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/board/web"
)

// pages are kept in memory; one of them cannot be read.
type pages map[string]string

func (p pages) Get(_ context.Context, name string) ([]byte, error) {
	if name == "broken.html" {
		return nil, errors.New("away")
	}
	if body, there := p[name]; there {
		return []byte(body), nil
	}
	return nil, fmt.Errorf("get %s: %w", name, blob.ErrNotFound)
}

func TestHandler(t *testing.T) {
	site := pages{"index.html": "<p>first", "board.css": "p{}", "uplot.js": "1", "icon.svg": "<svg/>", "state.json": "{}"}
	for _, c := range []struct {
		name, host, path string
		code             int
		kind, body       string
	}{
		{"the first page", "127.0.0.1:8080", "/", http.StatusOK, "text/html", "<p>first"},
		{"a page by its name", "localhost:8080", "/index.html", http.StatusOK, "text/html", "<p>first"},
		{"by IPv6", "[::1]:8080", "/index.html", http.StatusOK, "text/html", "<p>first"},
		{"a style", "127.0.0.1", "/board.css", http.StatusOK, "text/css", "p{}"},
		{"a script", "127.0.0.1", "/uplot.js", http.StatusOK, "text/javascript", "1"},
		{"a picture", "127.0.0.1", "/icon.svg", http.StatusOK, "image/svg+xml", "<svg/>"},
		{"no such page", "127.0.0.1", "/finding-x.html", http.StatusNotFound, "text/plain", ""},
		{"the state is nobody's", "127.0.0.1", "/state.json", http.StatusNotFound, "text/plain", ""},
		{"no folders", "127.0.0.1", "/a/index.html", http.StatusNotFound, "text/plain", ""},
		{"a name of somebody else", "evil.example", "/", http.StatusMisdirectedRequest, "text/plain", ""},
		{"a page that cannot be read", "127.0.0.1", "/broken.html", http.StatusBadGateway, "text/plain", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://host"+c.path, nil)
			r.Host = c.host
			w := httptest.NewRecorder()
			web.Handler(site, slog.New(slog.DiscardHandler)).ServeHTTP(w, r)
			if w.Code != c.code || !strings.HasPrefix(w.Header().Get("Content-Type"), c.kind) || !strings.Contains(w.Body.String(), c.body) {
				t.Errorf("%d %s %q", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			if policy := w.Header().Get("Content-Security-Policy"); w.Code == http.StatusOK && !strings.Contains(policy, "default-src 'none'") {
				t.Errorf("policy %q", policy)
			}
		})
	}
}

func TestHandler_SaysThatThereIsNoBoardYet(t *testing.T) {
	w := httptest.NewRecorder()
	web.Handler(pages{}, slog.New(slog.DiscardHandler)).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/", nil))
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "no board yet") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
