package driftbench

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/rerun"
	"github.com/plumbline/plumbline/internal/store"
)

// plumbline is the product under test: merge and drift as they are deployed, over
// stores in memory and queues on the simulated clock.
type plumbline struct {
	*rerun.Stage
	findings *outbox
}

func newPlumbline(c *company.Company, r *registry.Registry, rows *rows, findings *outbox, arrivals store.Arrivals) *plumbline {
	return &plumbline{findings: findings, Stage: rerun.New(c.Agenda, r, rerun.Stores{
		Records: rows, Findings: findings, Arrivals: arrivals, Awake: findings.anyAwake,
	})}
}

// body stands for what a webhook carried. What Plumbline sends itself has none.
var body = []byte("{}")

// take merges a delivery at the time at which it arrives.
func (p *plumbline) take(d company.Delivery) {
	p.Merge(queue.Envelope{
		Delivery:     commerce.Delivery{ID: d.ID, System: d.System, Received: d.Received, Body: body},
		Observations: d.Observations,
	})
}
