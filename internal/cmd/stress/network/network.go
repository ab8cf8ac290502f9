// Package network is a bad network between functions and the emulators: answers
// that are late, slow, cut off, reset or never come. It is Toxiproxy in this
// process; which of its toxics make sense here, and how strong, is this package's.
package network

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/plumbline/plumbline/internal/local/emulator"
)

// Network is one proxy before each emulator.
type Network struct {
	chance  *rand.Rand
	proxies []*toxiproxy.Proxy
	faults  int
}

// Between opens proxies before the emulators and returns where functions find
// them. What goes wrong is of the seed.
func Between(e emulator.Endpoints, seed uint64) (*Network, emulator.Endpoints, error) {
	n := &Network{chance: rand.New(rand.NewPCG(seed, 2))}
	zerolog.SetGlobalLevel(zerolog.Disabled) // toxics write to no logger that one could hand in
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	through := map[string]string{}
	for _, address := range []*string{&e.DynamoDB, &e.SQS, &e.SNS, &e.S3} {
		if through[*address] == "" {
			proxy := toxiproxy.NewProxy(server, *address, "127.0.0.1:0", strings.TrimPrefix(*address, "http://"))
			if err := proxy.Start(); err != nil {
				n.Close()
				return nil, e, fmt.Errorf("open a proxy: %w", err)
			}
			n.proxies = append(n.proxies, proxy)
			through[*address] = "http://" + proxy.Listen
		}
		*address = through[*address]
	}
	return n, e, nil
}

// Close closes the proxies with all that goes through them.
func (n *Network) Close() {
	for _, p := range n.proxies {
		p.Stop()
	}
}

// toxic is a fault as Toxiproxy is told of it.
type toxic struct {
	Name       string         `json:"name"`
	Type       string         `json:"type"`
	Stream     string         `json:"stream"`
	Toxicity   string         `json:"-"`
	Attributes map[string]int `json:"attributes"`
}

// Worsen puts one fault before each emulator, and returns their names. A call
// takes seconds at most.
func (n *Network) Worsen() ([]string, error) {
	var names []string
	for _, p := range n.proxies {
		fault := n.pick()
		text, err := json.Marshal(fault)
		if err != nil {
			return nil, err
		}
		// One connection in four is struck, so that some calls come through.
		body := strings.TrimSuffix(string(text), "}") + `,"toxicity":` + fault.Toxicity + "}"
		if _, err := p.Toxics.AddToxicJson(strings.NewReader(body)); err != nil {
			return nil, fmt.Errorf("add %s: %w", fault.Name, err)
		}
		names = append(names, fault.Name)
	}
	n.faults += len(names)
	return names, nil
}

// pick chooses a fault and its strength.
func (n *Network) pick() toxic {
	some, all := "0.25", "1"
	faults := []toxic{
		{"late", "latency", "downstream", all, map[string]int{"latency": 20 + n.chance.IntN(80), "jitter": 20}},
		{"answer cut off", "limit_data", "downstream", some, map[string]int{"bytes": 1 + n.chance.IntN(2000)}},
		{"request cut off", "limit_data", "upstream", some, map[string]int{"bytes": 1 + n.chance.IntN(4000)}},
		{"reset", "reset_peer", "downstream", some, map[string]int{"timeout": n.chance.IntN(50)}},
		{"no answer", "timeout", "downstream", some, map[string]int{"timeout": 200 + n.chance.IntN(800)}},
		{"slow", "bandwidth", "downstream", all, map[string]int{"rate": 20 + n.chance.IntN(80)}},
		{"in pieces", "slicer", "upstream", all, map[string]int{"average_size": 200, "size_variation": 100, "delay": 1000}},
	}
	return faults[n.chance.IntN(len(faults))]
}

// Heal takes all faults away.
func (n *Network) Heal(ctx context.Context) {
	for _, p := range n.proxies {
		p.Toxics.ResetToxics(ctx)
	}
}

// Faults counts the faults that there were.
func (n *Network) Faults() int { return n.faults }
