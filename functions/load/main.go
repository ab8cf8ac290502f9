// Command load is the function that reads systems' export files.
package main

import (
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/load"
)

func main() { bundle.Start(contract.Load, load.Handler) }
