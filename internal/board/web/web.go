// Package web answers HTTP with the pages of the board, on the machine of whoever
// looks at them. It leaves to its callers where it listens and whose credentials
// read the pages.
package web

import (
	"context"
	"errors"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"path"
	"strings"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/board"
)

// Pages are where the site is kept: a name that is not there is blob.ErrNotFound.
type Pages interface {
	Get(ctx context.Context, name string) ([]byte, error)
}

// security is what a browser may do with a page, whatever stands in it.
var security = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":  "nosniff",
	"Referrer-Policy":         "no-referrer",
	"Cache-Control":           "no-cache",

	"Cross-Origin-Resource-Policy": "same-origin",
}

const notYet = `<!doctype html><html lang="en"><title>Plumbline</title><h1>There is no board yet</h1>
<p>It is written in the first minute in which Plumbline runs. Load this page again then.</p></html>`

// Handler serves the site to this machine alone: requests that name another host
// are refused, so that no page of the web can read it through a name of its own.
func Handler(pages Pages, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !here(r.Host) {
			http.Error(w, "The board is for this machine alone.", http.StatusMisdirectedRequest)
			return
		}
		for name, value := range security {
			w.Header().Set(name, value)
		}
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" {
			name = board.Index
		}
		kind := mime.TypeByExtension(path.Ext(name))
		if strings.Contains(name, "/") || kind == "" || path.Ext(name) == ".json" {
			http.NotFound(w, r)
			return
		}
		page, err := pages.Get(r.Context(), name)
		switch {
		case errors.Is(err, blob.ErrNotFound) && name == board.Index:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(notYet)) // a reader who has left
		case errors.Is(err, blob.ErrNotFound):
			http.NotFound(w, r)
		case err != nil:
			log.ErrorContext(r.Context(), "page not read", "page", name, "error", err.Error())
			http.Error(w, "The page cannot be read now; the terminal says why.", http.StatusBadGateway)
		default:
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(page) //nolint:gosec // drift wrote and escaped it; an error is a reader who has left
		}
	})
}

// here reports whether a host is this machine.
func here(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
