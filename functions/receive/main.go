// Command receive is the function that verifies, reads and queues webhooks.
package main

import (
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire"
)

func main() { wire.Start(contract.Receive) }
