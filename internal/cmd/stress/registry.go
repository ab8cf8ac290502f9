package main

import (
	"fmt"
	"strings"
)

// stock is a registry of two systems whose stock must agree within half a minute.
const stock = `
systems:
  erp: {platform: standard, secrets: ["env:SIGNING_KEY"], timezone: UTC, locations: {EAST: east}}
  shop: {platform: standard, secrets: ["env:SIGNING_KEY"], timezone: UTC, locations: {EAST: east}}
keys: {inventory: sku@location}
defaults: {mode: alert, alerts_per_minute: 60}
people: {dana@acme.example: {slack: U024BE7LH}}
integrations:
  stock-to-storefront:
    purpose: Stock from the ERP to the shop
    owner: {team: inventory-ops, slack: "#inventory-ops", person: dana@acme.example}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: Pause ads.
    from: erp
    to: shop
    rules:
      - {id: stock, kind: inventory, expect: {available: from.free}, settle: 30s}
`

// withProbes adds so many integrations, each of which judges the products of one
// barcode and waits for nothing. Differences of one integration would join one
// alert.
func withProbes(n int) string {
	var b strings.Builder
	b.WriteString(stock)
	for i := range n {
		fmt.Fprintf(&b, `  probe-%04d:
    purpose: Packs of one product
    owner: {team: inventory-ops, slack: "#inventory-ops", person: dana@acme.example}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: Nothing.
    from: erp
    to: shop
    rules:
      - {id: pack, kind: product, when: 'from.barcode == "%s"', expect: {pack: from.pack}, settle: 0s}
`, i, probe(i))
	}
	return b.String()
}

// probe names the record of an episode.
func probe(i int) string { return fmt.Sprintf("PROBE-%04d", i) }
