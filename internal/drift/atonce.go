package drift

import (
	"context"
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/registry"
)

// atOnce publishes what is in the outbox as soon as there is a new alert of a rule
// whose sides may not differ at all: there is nothing to wait for. All others gain
// members until the minute is over. What cannot be published here the next minute
// publishes.
func (r *run) atOnce(ctx context.Context) error {
	if r.opened == 0 || !slices.ContainsFunc(r.Registry.Integrations, func(i registry.Integration) bool {
		return slices.ContainsFunc(i.Rules, waitsForNothing)
	}) {
		return nil
	}
	alerts, err := r.Findings.Outbox(ctx, r.Now())
	if err != nil {
		return fmt.Errorf("read outbox: %w", err)
	}
	if !slices.ContainsFunc(alerts, r.tellsAtOnce) {
		return nil
	}
	return r.publish(ctx)
}

// tellsAtOnce reports whether nobody was told of an alert that waits for nothing.
func (r *run) tellsAtOnce(a alert.Alert) bool {
	i, _ := r.Registry.Integration(a.Integration)
	return a.Published == 0 && slices.ContainsFunc(i.Rules, func(rule registry.Rule) bool { return rule.ID == a.Rule && waitsForNothing(rule) })
}

func waitsForNothing(rule registry.Rule) bool {
	return rule.Mode == registry.Alert && rule.Check == registry.Equal && rule.Settle.AtOnce()
}
