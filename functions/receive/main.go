// Command receive is the function that verifies, reads and queues webhooks.
package main

import (
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/receive"
)

func main() { bundle.Start(contract.Receive, receive.Handler, receive.Platforms()...) }
