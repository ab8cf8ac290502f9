// Command notify is the function that makes what people see match the alerts.
package main

import (
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/notify"
)

func main() { bundle.Start(contract.Notify, notify.Handler) }
