// Package shippo verifies and reads the webhooks of a Shippo account.
//
// It owns both proofs, the shapes of transactions and trackings, and turns them
// into observations of shipments. Answering the request, links, waiting views, and
// what a difference means are left to others.
//
// # Who sends
//
// Shippo signs time and body once it has agreed on a secret with its customer,
// which takes days. Until then the proof is a token in the address. A request that
// carries a signature is judged by it and never by a token; the setting signed
// refuses those that carry none.
//
// # What is read
//
// A transaction is a label that was bought. Its metadata, which whoever buys the
// label writes, holds the number of the web order; without it nothing says which
// order the parcel is of. A tracking repeats the metadata or names its transaction.
// What a label says of itself and what the carrier says of the parcel have times of
// their own and are parts of one shipment. Labels that failed or wait have no
// parcel; a refund of a label voids it, unless the carrier refuses.
//
// No address, no owner and no signature of a receiver is read.
//
// # Second-hand and from memory
//
// Second-hand: what is signed. From memory, and so a setting: the header of the
// signature. From memory and harmless when wrong: the states of transactions, and
// that a webhook which is not answered within three seconds is sent again.
package shippo

import (
	"cmp"
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// The names of the settings in the registry.
const (
	modeSetting   = "mode"
	signedSetting = "signed"
	headerSetting = "signature_header"
)

// The modes of an account.
const (
	production = "production"
	test       = "test"
)

const defaultHeader = "Shippo-Auth-Signature"

// Platform describes Shippo.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "shippo",
		Title: "Shippo",
		Role:  platform.Shipping,
		Settings: []platform.Setting{
			{Name: modeSetting, Help: "production, which is the default, or test: what is of the other mode is ignored"},
			{Name: signedSetting, Help: "true when Shippo signs, so that nothing unsigned is taken; false when not given"},
			{Name: headerSetting, Help: "the header with the signature; " + defaultHeader + " when not given"},
		},
		New: newEndpoint,
	}
}

// endpoint is one mode of a configured account. It does not change after it was
// made.
type endpoint struct {
	platform.Config
	mode   string
	signed bool
	header string
}

var headerName = lazyregexp.New(`^[A-Za-z0-9-]+$`)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	signed := cmp.Or(c.Settings[signedSetting], "false")
	e := &endpoint{
		Config: c, mode: cmp.Or(c.Settings[modeSetting], production), signed: signed == "true",
		header: cmp.Or(c.Settings[headerSetting], defaultHeader),
	}
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{modeSetting, "production or test", e.mode == production || e.mode == test},
		{signedSetting, "true or false", signed == "true" || signed == "false"},
		{headerSetting, "the name of a header", headerName.MatchString(e.header)},
	} {
		if !check.right {
			return nil, fmt.Errorf("shippo: setting %s: want %s", check.setting, check.want)
		}
	}
	return e, nil
}

// Normalise reads an event.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	n.event()
	if err := n.Problem(); err != nil {
		return platform.Reading{}, err
	}
	if len(n.reading.Observations) == 0 {
		n.reading.Ignored = n.why
	}
	return n.reading, nil
}
