package drift

import (
	"context"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/store"
)

// knownAlerts are alerts as one invocation last read or wrote them, by the id that
// findings know them by: one of 200 members takes 30 units to read, and would be
// read for each of them.
//
// What others wrote since is not seen, and does no harm. An alert that says what a
// finding says goes on saying that or something newer, and one that does not is
// written on condition; who loses that race reads it again.
type knownAlerts map[string]alert.Alert

// maxKnown bounds the alerts that are kept: some may be a hundred kilobytes.
const maxKnown = 50

// follow is store.FollowAlert, unless the alert is known.
func (k knownAlerts) follow(ctx context.Context, s store.Findings, id string) (alert.Alert, error) {
	if a, known := k[id]; known {
		return a, nil
	}
	a, err := store.FollowAlert(ctx, s, id)
	if err == nil {
		k.keep(id, a)
	}
	return a, err
}

// put writes the alert that is known by an id.
func (k knownAlerts) put(ctx context.Context, s store.Findings, id string, a alert.Alert) error {
	delete(k, id)
	if err := s.PutAlert(ctx, a); err != nil {
		return err
	}
	a.Rev++
	k.keep(id, a)
	return nil
}

func (k knownAlerts) keep(id string, a alert.Alert) {
	if len(k) >= maxKnown {
		clear(k)
	}
	k[id] = a
}
