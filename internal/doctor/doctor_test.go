package doctor_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/doctor"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
)

var now = time.Date(2026, 3, 3, 14, 14, 0, 0, time.UTC)

var errDown = errors.New("connection refused")

// set is how a stack is set up; the zero set is whole.
type set struct {
	generation     string
	generationErr  error
	lost           map[string]bool // secrets that cannot be read
	front          map[string]int
	frontErr       error
	skew           time.Duration
	played         time.Duration // how far a recorded day is from this machine's time
	health         func(*drift.Health)
	healthErr      error
	posted         func(*drift.Posted)
	postedErr      error
	knockErr       error
	swallows       bool
	waiting, aside int
	queueErr       error
	alerts         []alert.Alert
	unheard        bool
	slackErr       error
	ownerEnded     bool
}

func (s set) Health(context.Context) (drift.Health, error) {
	h := drift.Health{Since: now.Add(-time.Hour), Ticked: now.Add(-time.Minute)}
	if s.health != nil {
		s.health(&h)
	}
	return h, s.healthErr
}

func (s set) Posted(context.Context, time.Time) (drift.Posted, bool, error) {
	p := drift.Posted{Confirmed: now.Truncate(time.Hour)}
	if s.posted != nil {
		s.posted(&p)
	}
	return p, true, s.postedErr
}

func (s set) Knock(context.Context, time.Time) error { return s.knockErr }

func (s set) Knocked(context.Context, time.Time) (bool, error) { return !s.swallows, nil }

func (s set) patient() doctor.Patient {
	owner := registry.Owner{Team: "inventory-ops", Slack: "#inventory-ops"}
	if s.ownerEnded {
		owner.Until = now.Add(-time.Hour)
	}
	depth := func(n int) map[string]doctor.Depth {
		return map[string]doctor.Depth{"observations": func(context.Context) (int, int, int, error) { return n, 0, 0, s.queueErr }}
	}
	return doctor.Patient{
		Registry: &registry.Registry{
			Generation: "g1",
			Systems: map[string]registry.System{
				"erp":  {Name: "erp", Secrets: []string{"env:ERP"}, Credential: "env:ERP_API"},
				"shop": {Name: "shop", Secrets: []string{"env:SHOP"}},
			},
			Integrations: []registry.Integration{{Name: "stock-to-storefront", Owner: owner}},
		},
		Now:        func() time.Time { return now },
		Here:       func() time.Time { return now.Add(-s.played) },
		Wait:       func(context.Context, time.Duration) error { return nil },
		Generation: func(context.Context) (string, error) { return s.generation + "g1", s.generationErr },
		Resolve: func(_ context.Context, ref secret.Reference) (string, error) {
			if s.lost[ref.Name] {
				return "", secret.ErrUnavailable
			}
			return "value", nil
		},
		HashKey: secret.Reference{Store: "env", Name: "HASH"}, SlackToken: secret.Reference{Store: "env", Name: "TOKEN"},
		Front: func(_ context.Context, _, path string) (int, time.Time, error) {
			status, other := s.front[path]
			switch {
			case other:
			case path == "/hooks/erp", path == "/hooks/shop":
				status = http.StatusUnauthorized
			default:
				status = http.StatusNotFound
			}
			return status, now.Add(s.skew - s.played), s.frontErr
		},
		Queues: depth(s.waiting), Aside: depth(s.aside),
		Drift:  s,
		Outbox: func(context.Context, time.Time) ([]alert.Alert, error) { return s.alerts, nil },
		Heard: func(_ context.Context, system string) (time.Time, error) {
			if s.unheard && system == "erp" {
				return time.Time{}, nil
			}
			return now.Add(-time.Hour), nil
		},
		Slack: func(context.Context, string) error { return s.slackErr },
	}
}

// faults are what is wrong, in one text.
func faults(t *testing.T, s set) string {
	t.Helper()
	var all []string
	told := 0
	for _, r := range doctor.Examine(t.Context(), s.patient(), func(doctor.Result) { told++ }) {
		for _, f := range r.Faults {
			if f.Do == "" {
				t.Errorf("%s: nothing to do about it", f.What)
			}
			all = append(all, r.Check+": "+f.What)
		}
	}
	if told != 14 {
		t.Errorf("%d results told, want 14", told)
	}
	return strings.Join(all, "\n")
}

func TestAStackThatWorksHasNoFault(t *testing.T) {
	if got := faults(t, set{}); got != "" {
		t.Errorf("faults:\n%s", got)
	}
}

func TestAStackThatPlaysARecordedDayHasNoFault(t *testing.T) {
	if got := faults(t, set{played: -200 * 24 * time.Hour}); got != "" {
		t.Errorf("faults:\n%s", got)
	}
}

func TestEachBrokenSetUpIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		set  set
		want string
	}{
		"the file is not what is deployed": {set{generation: "x"}, "the stack runs under another registry (xg1) than this file (g1)"},
		"the generation cannot be read":    {set{generationErr: errDown}, "the generation of the running registry cannot be asked"},
		"a system's secret is gone":        {set{lost: map[string]bool{"SHOP": true}}, "system shop: env:SHOP cannot be read"},
		"an API's credential is gone":      {set{lost: map[string]bool{"ERP_API": true}}, "system erp: env:ERP_API cannot be read"},
		"the hash key is gone":             {set{lost: map[string]bool{"HASH": true}}, "the key of personal identifiers: env:HASH cannot be read"},
		"the front is down":                {set{frontErr: errDown}, "the front does not answer: connection refused"},
		"something else listens":           {set{front: map[string]int{"/hooks/plumbline-doctor": 200}}, "the front answers 200 where 404 is right"},
		"a proxy answers for the front":    {set{front: map[string]int{"/hooks/shop": 200}}, "system shop: a delivery that nobody signed is answered 200"},
		"receive cannot read a secret":     {set{front: map[string]int{"/hooks/shop": 503}}, "system shop: deliveries are answered 503"},
		"a system is not deployed":         {set{front: map[string]int{"/hooks/erp": 404}}, "system erp is not known to the stack"},
		"a clock is wrong":                 {set{skew: -7 * time.Minute}, "this machine and the front are 7m0s apart"},
		"drift has never run":              {set{health: func(h *drift.Health) { *h = drift.Health{} }}, "drift has never run"},
		"the schedule stands still":        {set{health: func(h *drift.Health) { h.Ticked = now.Add(-20 * time.Minute) }}, "drift has not come to the end of a minute's work for 20m"},
		"no audit":                         {set{health: func(h *drift.Health) { h.Unaudited = true }}, "no audit has begun for more than 26 hours"},
		"drift's table is gone":            {set{healthErr: errDown}, "drift's state cannot be asked"},
		"the queue takes nothing":          {set{knockErr: errDown}, "the queue of observations takes nothing"},
		"merge does nothing":               {set{swallows: true}, "a record of its own is not in its row after 30s"},
		"looks are stuck":                  {set{health: func(h *drift.Health) { h.CanaryLate = true }}, "the difference that Plumbline makes in itself was not found in time"},
		"work piles up":                    {set{waiting: 12000}, "messages wait in the queue observations: 12000"},
		"a queue is gone":                  {set{queueErr: errDown}, "queue observations cannot be asked"},
		"work was given up":                {set{aside: 3}, "messages lie in observations: 3"},
		"a webhook was never registered":   {set{unheard: true}, "system erp was never heard"},
		"a webhook was removed": {set{health: func(h *drift.Health) {
			h.Silent = []drift.Silence{{System: "shop", Kind: "inventory", Since: now.Add(-3 * time.Hour)}}
		}}, "system shop tells nothing about inventory since 03 Mar 11:14 UTC"},
		"nobody gets through":  {set{health: func(h *drift.Health) { h.Deaf = now.Add(-3 * time.Hour) }}, "no system at all is heard since 03 Mar 11:14 UTC"},
		"SNS is down":          {set{alerts: []alert.Alert{{ID: "a1", Unsent: now.Add(-time.Hour)}}}, "alerts wait for over five minutes to be published: 1"},
		"the channel is wrong": {set{alerts: []alert.Alert{{ID: "a1", Refused: now.Add(-time.Hour), Owner: alert.Owner{Slack: "#stock"}}}}, "Slack takes no alerts in #stock"},
		"Slack's token ended":  {set{slackErr: errors.New("invalid_auth")}, "Slack does not take the token: invalid_auth"},
		"the bucket is gone":   {set{postedErr: errDown}, "the board cannot be asked"},
		"the board is nowhere": {set{posted: func(p *drift.Posted) { *p = drift.Posted{} }}, "the board was never written to its end"},
		"the board is old":     {set{posted: func(p *drift.Posted) { p.Confirmed = now.Add(-3 * time.Hour) }}, "the board was last found true at 03 Mar 11:14 UTC, and drift has run since"},
		"the board is torn":    {set{posted: func(p *drift.Posted) { p.Torn = true }}, "the last writing of the board did not come to its end"},
		"the board lacks some": {set{posted: func(p *drift.Posted) { p.Lacking = 2 }}, "open findings that the board lacks: 2"},
		"an owner has left":    {set{ownerEnded: true}, "integration stock-to-storefront: the owner's last day has passed"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := faults(t, c.set); !strings.Contains(got, c.want) {
				t.Errorf("faults:\n%s\nwant: %s", got, c.want)
			}
		})
	}
}

func TestNoFaultTellsASecret(t *testing.T) {
	s := set{lost: map[string]bool{"SHOP": true}, slackErr: errors.New("invalid_auth"), frontErr: errDown}
	if got := faults(t, s); strings.Contains(got, "value") {
		t.Errorf("faults:\n%s", got)
	}
}
