// Command drift is the function that judges records and publishes alerts.
package main

import (
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/drift"
)

func main() { bundle.Start(contract.Drift, drift.Handler) }
