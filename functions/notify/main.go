// Command notify is the function that makes what people see match the alerts.
package main

import (
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire"
)

func main() { wire.Start(contract.Notify) }
