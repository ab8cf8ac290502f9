package play_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/play"
)

func at(minute int) time.Time { return time.Date(2026, 3, 3, 9, minute, 0, 0, time.UTC) }

func recordedAnswers() []day.Answer {
	const orders = "GET api.example.com/v1/orders"
	return []day.Answer{
		{From: at(0), Call: orders + "/7", Body: "placed"},
		{From: at(0), Call: orders, Body: "all"},
		{From: at(0), Call: orders, Holds: "page=2", Body: "more"},
		{From: at(0), Call: "POST api.example.com/query", Holds: `"id":"7"`, Body: "seven"},
		{From: at(10), Call: orders + "/7", Body: "shipped"},
		{From: at(20), Call: orders + "/7", Status: http.StatusNotFound, Body: "none"},
	}
}

func TestAnswers_AreThoseOfTheTimeAndTheCall(t *testing.T) {
	for name, c := range map[string]struct {
		minute       int
		method, path string
		body         string
		status       int
		want         string
	}{
		"the first":           {5, http.MethodGet, "/v1/orders/7", "", 200, "placed"},
		"from its moment on":  {10, http.MethodGet, "/v1/orders/7", "", 200, "shipped"},
		"with its status":     {30, http.MethodGet, "/v1/orders/7", "", 404, "none"},
		"any query":           {5, http.MethodGet, "/v1/orders?since=09%3A00", "", 200, "all"},
		"the query's own":     {5, http.MethodGet, "/v1/orders?page=2", "", 200, "more"},
		"the body's own":      {5, http.MethodPost, "/query", `{"id":"7"}`, 200, "seven"},
		"what is not known":   {5, http.MethodGet, "/v1/orders/8", "", 0, ""},
		"another method":      {5, http.MethodPost, "/v1/orders", "", 0, ""},
		"before it is known":  {-1, http.MethodGet, "/v1/orders/7", "", 0, ""},
		"another body's call": {5, http.MethodPost, "/query", `{"id":"8"}`, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			answers := play.NewAnswers(recordedAnswers(), func() time.Time { return at(c.minute) })
			req, err := http.NewRequestWithContext(t.Context(), c.method, "https://api.example.com"+c.path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			res, err := answers.RoundTrip(req)
			if c.status == 0 {
				if !errors.Is(err, play.ErrNoAnswer) || len(answers.Missed()) != 1 {
					t.Errorf("error %v, missed %q", err, answers.Missed())
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != c.status || string(got) != c.want {
				t.Errorf("answered %d %q (%v), want %d %q", res.StatusCode, got, err, c.status, c.want)
			}
			if err := res.Body.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
