// Command merge is the function that folds queued deliveries into records.
package main

import (
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/merge"
)

func main() { bundle.Start(contract.Merge, merge.Handler) }
