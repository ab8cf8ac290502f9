// Command fetch is the function that asks platforms for what their webhooks do
// not say.
package main

import (
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/fetch"
)

func main() { bundle.Start(contract.Fetch, fetch.Handler, fetch.Platforms()...) }
