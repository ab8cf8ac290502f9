package bigcommerce

import (
	"slices"
	"strconv"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// line is a product of an order.
type line struct {
	SKU      body.Field `json:"sku"`
	Type     body.Field `json:"type"`
	Quantity body.Field `json:"quantity"`
	Shipped  body.Field `json:"quantity_shipped"`
	Refunded body.Field `json:"quantity_refunded"`
	Total    body.Field `json:"total_inc_tax"`
}

// The types of lines that mean something here.
const (
	physical        = "physical"
	giftCertificate = "giftcertificate"
)

var linesTarget = lazyregexp.New(`^v2/orders/(\d+)/products\?limit=250&page=([1-9]\d{0,6})$`)

// lines observes a page of an order's lines as a part of it. Lines have no time of
// their own: what counts is when they were asked for.
func (n *normaliser) lines() error {
	ids, ok := n.asked(linesTarget)
	if !ok {
		return nil
	}
	var s left
	count := int64(0)
	err := n.list(func(element []byte) error {
		count++
		return s.add(n, element)
	})
	store, number, web := n.OrderNumber.Read("", ids[0])
	if err != nil || n.Problem() != nil || n.missing() || !web {
		return err
	}
	page, _ := strconv.Atoi(ids[1])
	f := n.facets()
	f.Put("units_current", commerce.Number(s.units))
	f.Put("units_open", commerce.Number(s.open))
	f.Put("gift_sold", commerce.Number(s.gifts))
	// The greatest count of all pages is that of the order.
	f.Count("lines", int64(page-1)*pageSize+count)
	if count > 0 || page == 1 {
		n.observeReceived(commerce.Observation{
			Kind: commerce.Order, Key: commerce.Key{store, number}, Part: "lines", Native: ids[0] + "/" + ids[1],
			Facets: f.Values, Lines: s.inFlight(),
		})
	}
	return nil
}

// left adds up what the lines of an order have left.
type left struct {
	units, open, gifts commerce.Decimal
	bySKU              map[string]commerce.Decimal
}

func (s *left) add(n *normaliser, element []byte) error {
	var l line
	if err := body.Decode(element, &l); err != nil {
		return err
	}
	sku, kind := n.sku(l.SKU), n.OptionalText("type", l.Type)
	units := n.Sum("quantity_refunded", n.Number("quantity", l.Quantity), n.amount("quantity_refunded", l.Refunded).Neg())
	open := n.Sum("quantity_shipped", units, n.amount("quantity_shipped", l.Shipped).Neg())
	s.units = n.Sum("quantity", s.units, units)
	if kind == physical && open.Sign() > 0 {
		s.open = n.Sum("quantity", s.open, open)
	}
	if kind == giftCertificate {
		s.gifts = n.Sum("total_inc_tax", s.gifts, n.Number("total_inc_tax", l.Total))
	}
	if sku != "" && units.Sign() > 0 {
		if s.bySKU == nil {
			s.bySKU = map[string]commerce.Decimal{}
		}
		s.bySKU[sku] = n.Sum("quantity", s.bySKU[sku], units)
	}
	return nil
}

// inFlight are the units of each SKU. Which location they come from no line says.
func (s *left) inFlight() []commerce.Line {
	var lines []commerce.Line
	for sku, units := range s.bySKU {
		lines = append(lines, commerce.Line{SKU: sku, Units: units})
	}
	slices.SortFunc(lines, func(a, b commerce.Line) int { return strings.Compare(a.SKU, b.SKU) })
	return lines
}
