package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

const (
	samplePath   = "events/shopify/orders-updated-14kb.body.json"
	shop         = "acme.myshopify.com"
	shopSystem   = "shopify-us"
	orderTopic   = "orders/updated"
	shopSecret   = "an invented secret of the storefront"
	differOrders = 64
)

// bodies are signed orders of 14 KB that differ in their ids and numbers.
func bodies() ([][]byte, error) {
	sample, err := os.ReadFile(samplePath)
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for i := range differOrders {
		body := bytes.ReplaceAll(sample, []byte("5821034561042"), fmt.Appendf(nil, "58210345%05d", 61000+i))
		body = bytes.ReplaceAll(body, []byte(`"#US1042"`), fmt.Appendf(nil, `"#US%d"`, 2000+i))
		all = append(all, body)
	}
	return all, nil
}

// order is what everybody makes of such a body.
type order struct {
	Native  string         `json:"native"`
	Number  string         `json:"number"`
	Updated time.Time      `json:"updated"`
	Facets  map[string]any `json:"facets"`
	Lines   []line         `json:"lines"`
}

type line struct {
	SKU   string      `json:"sku"`
	Units json.Number `json:"units"`
}

// of is the order that observations tell of.
func of(observations []commerce.Observation) (order, error) {
	for _, o := range observations {
		if o.Kind != commerce.Order {
			continue
		}
		result := order{Native: o.Native, Number: o.Key[1], Updated: o.Version.Parts().Clock, Facets: map[string]any{}}
		for name, value := range o.Facets {
			result.Facets[name] = value.String()
		}
		for _, l := range o.Lines {
			result.Lines = append(result.Lines, line{SKU: l.SKU, Units: json.Number(l.Units.String())})
		}
		return result, nil
	}
	return order{}, errors.New("no order among the observations")
}

var errUnequal = errors.New("another order")

// equal compares two orders by what they say: numbers and times are equal however
// they are written.
func equal(got, want order) error {
	g, err := said(got)
	if err != nil {
		return err
	}
	w, err := said(want)
	if err != nil {
		return err
	}
	if !bytes.Equal(g, w) {
		return fmt.Errorf("%w: %s, want %s", errUnequal, g, w)
	}
	return nil
}

// said is an order written in the one way.
func said(o order) ([]byte, error) {
	plain := o
	plain.Updated = o.Updated.UTC()
	plain.Facets = map[string]any{}
	for name, value := range o.Facets {
		plain.Facets[name] = written(value)
	}
	return json.Marshal(plain)
}

func written(value any) string {
	switch v := value.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		if d, err := commerce.ParseDecimal(v); err == nil {
			return d.String()
		}
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return at.UTC().Format(time.RFC3339Nano)
		}
		return v
	default:
		return fmt.Sprint(v)
	}
}
