// Command respond is the function that takes what people decide in Slack.
package main

import (
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/respond"
)

func main() { bundle.Start(contract.Respond, respond.Handler) }
