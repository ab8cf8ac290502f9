// Command archive is the function that keeps merged deliveries as compressed
// objects.
package main

import (
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire/archive"
	"github.com/plumbline/plumbline/internal/wire/bundle"
)

func main() { bundle.Start(contract.Archive, archive.Handler) }
