package drift

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// ration says which alerts go out now: all that people know already, and as many
// new ones as their channels take in a minute. It counts those that wait.
func (s *Service) ration(ctx context.Context, ready []alert.Alert) (tell []alert.Alert, waiting int, err error) {
	fresh, storms := map[string][]alert.Alert{}, map[string][]alert.Alert{}
	for _, a := range ready {
		channel := a.Owner.Slack
		switch {
		case a.Class == alert.ClassStorm:
			storms[channel] = append(storms[channel], a)
		case a.Published == 0:
			fresh[channel] = append(fresh[channel], a)
		default:
			tell = append(tell, a)
		}
	}
	channels := map[string]bool{}
	for _, of := range []map[string][]alert.Alert{fresh, storms} {
		for channel := range of {
			channels[channel] = true
		}
	}
	var failed []error
	for _, channel := range slices.Sorted(maps.Keys(channels)) {
		told, waits, err := s.channel(ctx, channel, fresh[channel], storms[channel])
		tell, waiting = append(tell, told...), waiting+waits
		failed = append(failed, err)
	}
	return tell, waiting, errors.Join(failed...)
}

// channel takes what the channel still gets in this minute off its ration before
// anything is published, so that two ticks at once do not give it twice.
func (s *Service) channel(ctx context.Context, name string, fresh, storms []alert.Alert) (tell []alert.Alert, waiting int, err error) {
	g, err := s.group(ctx, "channel/"+name)
	if err != nil {
		return nil, len(fresh), err
	}
	notice, err := s.notice(ctx, name, g.Channel.Storm)
	if err != nil {
		return nil, len(fresh), err
	}
	owed := g.Channel.Storm != "" && notice.Published == 0
	after, tell, wait := g.Channel.Ration(name, fresh, owed, s.perMinute(), s.Now())
	notice.ID = after.Storm
	if len(wait) == 0 {
		after.Storm = ""
	}
	if after != g.Channel {
		g.Channel, g.Expires = after, s.Now().Add(groupKept)
		err := s.Findings.PutGroup(ctx, g)
		if errors.Is(err, store.ErrLost) {
			return nil, len(fresh), nil
		}
		if err != nil {
			return nil, len(fresh), fmt.Errorf("write group %s: %w", g.Name, err)
		}
	}
	var failed []error
	for _, a := range storms {
		if a.ID != notice.ID { // a run stopped before it could end it
			told, err := s.storm(ctx, a, nil)
			tell, failed = append(tell, told...), append(failed, err)
		}
	}
	if notice.ID != "" {
		told, err := s.storm(ctx, notice, wait)
		tell, failed = append(told, tell...), append(failed, err)
	}
	return tell, len(wait), errors.Join(failed...)
}

// notice reads the channel's storm, or makes one that is not written yet.
func (s *Service) notice(ctx context.Context, channel, id string) (alert.Alert, error) {
	fresh := alert.Alert{Class: alert.ClassStorm, Severity: "major", Owner: alert.Owner{Slack: channel}, Opened: s.Now().UTC()}
	if id == "" {
		return fresh, nil
	}
	a, err := s.Findings.GetAlert(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return fresh, nil
	}
	if err != nil {
		return a, fmt.Errorf("read storm %s: %w", id, err)
	}
	return a, nil
}

// storm makes the channel's notice tell of those that wait, and returns it when
// it is to be published. It looks again in a minute as long as some do.
func (s *Service) storm(ctx context.Context, a alert.Alert, wait []alert.Alert) ([]alert.Alert, error) {
	next, _ := alert.Storm(a, wait, s.perMinute(), s.Now())
	next.Next = time.Time{}
	if len(wait) > 0 {
		next.Next = s.Now().Truncate(time.Minute).Add(time.Minute).UTC()
	}
	if next.Seq == a.Seq && next.Next.Equal(a.Next) {
		return publishable(a), nil
	}
	err := s.Findings.PutAlert(ctx, s.stamped(next))
	if errors.Is(err, store.ErrLost) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("write storm %s: %w", a.ID, err)
	}
	next.Rev++
	return publishable(next), nil
}

func publishable(a alert.Alert) []alert.Alert {
	if a.Seq > a.Published {
		return []alert.Alert{a}
	}
	return nil
}

func (s *Service) perMinute() int {
	if s.Registry.AlertsPerMinute > 0 {
		return s.Registry.AlertsPerMinute
	}
	return registry.AlertsPerMinute
}
