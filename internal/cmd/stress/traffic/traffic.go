// Package traffic makes what two systems tell of their stock, as much as is
// wanted and all of one seed, and knows what must be stored at the end. It sends
// nothing: that, and the time, is its caller's.
package traffic

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// The systems. What ERP says first, Shop says after it.
const (
	ERP  = "erp"
	Shop = "shop"
)

// facets are the names under which each system reports stock.
var facets = map[string]string{ERP: "free", Shop: "available"}

// Facet is the name under which a system reports its stock.
func Facet(system string) string { return facets[system] }

// Delivery is one webhook before it is signed.
type Delivery struct {
	ID, System string
	Body       []byte
	// View is whose view of which SKU's stock it tells, zero where it tells of
	// something else; Sequence orders what is told of one view, and Value is the
	// number that it reports.
	View     View
	Sequence uint64
	Value    int
}

// View is one system's view of a SKU's stock.
type View struct{ System, SKU string }

// Stock is a delivery that reports a SKU's stock.
func Stock(system, sku string, sequence uint64, value int, at time.Time) Delivery {
	return Delivery{
		ID: fmt.Sprintf("%s-%s-%d", system, sku, sequence), System: system, View: View{system, sku}, Sequence: sequence, Value: value,
		Body: fmt.Appendf(nil, `{"type":"records.reported","timestamp":%q,"records":[{"kind":"inventory","id":"%s/EAST",`+
			`"key":{"sku":%q,"location":"EAST"},"updated_at":%q,"sequence":%d,"facets":{%q:"%d","tracked":true}}]}`,
			at.UTC().Format(time.RFC3339Nano), sku, sku, at.UTC().Format(time.RFC3339Nano), sequence, facets[system], value),
	}
}

// Product is a delivery that reports in which packs a SKU is sold, and its barcode.
func Product(system, sku, barcode string, pack int, at time.Time) Delivery {
	return Delivery{
		ID: system + "-" + sku, System: system,
		Body: fmt.Appendf(nil, `{"type":"records.reported","timestamp":%q,"records":[{"kind":"product","id":%q,"key":{"sku":%q},`+
			`"facets":{"barcode":%q,"pack":"%d"}}]}`, at.UTC().Format(time.RFC3339Nano), sku, sku, barcode, pack),
	}
}

// Stream is healthy traffic: every change of a SKU is told by the ERP and then by
// the shop; one delivery in ten comes twice, and one in ten overtakes the one
// before it. It is safe for concurrent use.
type Stream struct {
	mu       sync.Mutex
	chance   *rand.Rand
	prefix   string
	skus     int
	sequence uint64
	ahead    []Delivery
}

// NewStream is a stream about so many SKUs, whose names begin with the prefix.
func NewStream(seed uint64, prefix string, skus int) *Stream {
	return &Stream{chance: rand.New(rand.NewPCG(seed, 0)), prefix: prefix, skus: skus}
}

// horizon is how many deliveries a repeated one may be late by.
const horizon = 32

// Next is the next delivery, as of the time.
func (s *Stream) Next(now time.Time) Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.ahead) < horizon {
		s.sequence++
		sku, value := fmt.Sprintf("%s%05d", s.prefix, s.chance.IntN(s.skus)), s.chance.IntN(1000)
		s.ahead = append(s.ahead, Stock(ERP, sku, s.sequence, value, now), Stock(Shop, sku, s.sequence, value, now))
	}
	if s.oneInTen() {
		s.ahead[0], s.ahead[1] = s.ahead[1], s.ahead[0]
	}
	next := s.ahead[0]
	s.ahead = s.ahead[1:]
	if s.oneInTen() {
		at := s.chance.IntN(len(s.ahead))
		s.ahead = append(s.ahead, Delivery{})
		copy(s.ahead[at+1:], s.ahead[at:])
		s.ahead[at] = next
	}
	return next
}

func (s *Stream) oneInTen() bool { return s.chance.IntN(10) == 0 }

// Flash is so many changes of one SKU that the ERP tells in any order, each as
// of a moment of its own, and a tenth of them twice.
func Flash(seed uint64, sku string, changes int, now time.Time) []Delivery {
	chance := rand.New(rand.NewPCG(seed, 1))
	var all []Delivery
	for i := range changes {
		d := Stock(ERP, sku, uint64(i+1), changes-i, now.Add(time.Duration(i)*time.Millisecond-time.Minute))
		all = append(all, d)
		if chance.IntN(10) == 0 {
			all = append(all, d)
		}
	}
	chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
