package drift

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// itemKept is how long after its first order an alert is known to others with one of
// its items. What is ordered once in two days is missing all the same, and the alert
// takes others only while none of its orders has arrived.
const itemKept = 3 * 24 * time.Hour

// maxItems bounds the items of an order by which others are looked for.
const maxItems = 5

// items name the alerts about orders that do not arrive, by what was ordered: an
// item that the other system does not take keeps every order of it out.
func items(f finding.Finding, row record.Row) []string {
	if f.Kind != commerce.Order || f.Class != finding.Missing {
		return nil
	}
	var names []string
	for _, line := range row.Lines(f.From) {
		name := strings.Join([]string{"item", f.Integration, f.Rule, line.SKU}, "/")
		if line.SKU != "" && len(names) < maxItems && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// sameItem is the alert that tells of an order which is missing as well and has an
// item of this one, as long as none of its orders has arrived. It is blank where
// there is none.
func (r *run) sameItem(ctx context.Context, f finding.Finding, row record.Row) (string, error) {
	return r.firstOf(ctx, items(f, row), func(j store.Joinable, a alert.Alert) bool { return !r.now.After(j.Until) && a.Stands(f) })
}
