package tuesday

import (
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/day"
)

// setTraps plans everything healthy that looks like a fault.
func (c *company) setTraps() {
	c.stocktake()
	c.flashSale()
	c.moveSKU()
	c.doubleSKU()
	c.tie()
	c.swapStock()
	c.payLate()
	c.cancelUnpaid()
	c.split()
	c.takeBack()
	c.forge()
	c.oddOrders()
	c.At(c.Clock(23, 40, 0), c.roundedTax)
}

// stocktake: west is counted while its stock job rests, inside a quiet window.
func (c *company) stocktake() {
	skus := slices.Concat(sellers, movers)
	var keys []string
	for _, sku := range skus {
		keys = append(keys, place{sku, west}.key())
	}
	pause := func() {
		for _, sku := range skus {
			c.erp.paused[place{sku, west}] = true
		}
	}
	c.At(c.Clock(7, 31, 0), pause)
	for i, at := range []time.Time{c.Clock(7, 40, 0), c.Clock(7, 52, 30), c.Clock(8, 3, 10)} {
		c.At(at, func() {
			changes := map[bin]int{}
			for n, sku := range skus {
				if n%3 == i {
					changes[bin{sku, "WEST"}] = c.Chance.IntN(9) - 6
				}
			}
			c.adjust(changes)
		})
	}
	c.At(c.Clock(8, 14, 0), func() { clear(c.erp.paused) })
	c.Healthy(day.Silent{
		Name: "stocktake at west", Kind: "inventory", Keys: keys, Counts: map[string]int{"skus": len(skus)},
		Why: "counted from 07:40, passed on at 08:15; a quiet window until 08:30 covers it",
	})
}

// flashSale: one SKU sells over a hundred times in twenty minutes while the ERP
// imports every quarter of an hour.
func (c *company) flashSale() {
	until := c.Clock(9, 19, 20)
	orders, units := 0, 0
	var sell func()
	sell = func() {
		if c.Now.After(until) {
			c.Healthy(day.Silent{
				Name: "flash sale", Kind: "inventory", Keys: []string{place{hot, east}.key()},
				Why:    "the shop's stock falls at once, the ERP follows with each import; units on orders in flight explain it",
				Counts: map[string]int{"orders": orders, "units": units},
			})
			return
		}
		n := 1 + c.Chance.IntN(4)/3
		c.buy([]want{{hot, n, east}})
		orders, units = orders+1, units+n
		next := c.Now.Add(c.Jitter(6*time.Second, 16*time.Second))
		c.At(offMinute(next), sell)
	}
	c.At(c.Clock(9, 0, 7), sell)
}

// offMinute keeps a sale away from the full minute, so that its order and its
// stock arrive before the same tick.
func offMinute(t time.Time) time.Time {
	if t.Second() > 56 {
		return t.Add(5 * time.Second)
	}
	return t
}

// moveSKU: a SKU moves to another product with its stock, and the old product
// is deleted.
func (c *company) moveSKU() {
	c.At(c.Clock(14, 5, 0), func() {
		was := c.find(moved)
		p := c.product("Trail Bottle, new cap", "ACME", "Gear")
		p.created = c.Now
		now := c.variant(p, moved, moved, was.price)
		c.bySKU[moved] = now
		for _, location := range []string{east, west} {
			// The stock of the new item comes before the product that names it.
			c.setLevel(now, location, c.shop.available[shelf{was, location}], travel{delay: 150 * time.Millisecond})
		}
		c.publish(p, "products/create")
		c.In(4*time.Second, func() { c.tellItem(now) })
		c.In(5*time.Minute, func() { c.keepOther(was) })
		c.In(7*time.Minute, func() {
			c.fromShop("products/delete", struct {
				ID int64 `json:"id"`
			}{was.product.id}, travel{})
		})
	})
	c.At(c.Clock(14, 52, 0), func() { c.buy([]want{{moved, 1, east}}) })
	c.Healthy(day.Silent{
		Name: "SKU moved to another product", Kind: "inventory",
		Keys: []string{place{moved, east}.key(), place{moved, west}.key(), moved + "@base"},
		Why:  "BOT-1L lives on as a variant of a new product; only its old variant is gone",
	})
}

// keepOther moves the other SKU of the product away as well, so that deleting
// the product loses nothing.
func (c *company) keepOther(gone *variant) {
	for _, v := range gone.product.variants {
		if v == gone {
			continue
		}
		p := c.product(v.product.title+" small", v.product.vendor, v.product.kind)
		p.created = c.Now
		now := c.variant(p, v.sku, v.title, v.price)
		c.bySKU[v.sku] = now
		c.publish(p, "products/create")
		for _, location := range []string{east, west} {
			c.setLevel(now, location, c.shop.available[shelf{v, location}], travel{})
		}
		c.In(3*time.Second, func() { c.tellItem(now) })
	}
}

// doubleSKU: two variants carry one SKU, each with its own stock.
func (c *company) doubleSKU() {
	for _, p := range c.products {
		for _, v := range p.variants {
			if v.sku != doubled || v == c.find(doubled) {
				continue
			}
			c.At(c.Clock(6, 44, 0), func() {
				c.setLevel(v, east, 9, travel{})
				c.setLevel(v, west, 4, travel{})
				c.tellItem(v)
			})
		}
	}
	c.Healthy(day.Silent{
		Name: "one SKU on two variants", Kind: "inventory",
		Keys: []string{place{doubled, east}.key(), place{doubled, west}.key(), doubled + "@base"},
		Why:  "two live variants carry LAMP-S; which one is meant cannot be told",
	})
}

// tie: two sales of one second, without the header that orders them. Nothing
// decides for two hours.
func (c *company) tie() {
	skus := []string{"BEAN-NVY-L", "SCRF-SND-S"}
	for i, sku := range skus {
		first := c.Clock(14, 26, 10+5*i).Add(150 * time.Millisecond)
		for n := range 2 {
			c.At(first.Add(time.Duration(n)*450*time.Millisecond), func() {
				o := c.newOrder([]want{{sku, 1, east}})
				c.fromShop("orders/create", c.orderBody(o), travel{})
				c.takeFromShelves(o, travel{untimed: true})
			})
		}
		c.At(c.Clock(16, 31, 5+20*i), func() { c.buy([]want{{sku, 1, east}}) })
	}
	c.Healthy(day.Silent{
		Name: "two sales in one second", Kind: "inventory", Keys: []string{place{skus[0], east}.key(), place{skus[1], east}.key()},
		Why: "two stock events carry the same second and no triggered-at, so which came last cannot be told",
	})
}

// swapStock: two stock events arrive in the wrong order.
func (c *company) swapStock() {
	for i, delay := range []time.Duration{9 * time.Second, 300 * time.Millisecond} {
		c.At(c.Clock(10, 13, 5+3*i), func() {
			o := c.newOrder([]want{{swapped, 1, east}})
			c.fromShop("orders/create", c.orderBody(o), travel{})
			c.takeFromShelves(o, travel{delay: delay})
		})
	}
	c.Healthy(day.Silent{
		Name: "swapped stock events", Kind: "inventory", Keys: []string{place{swapped, east}.key()},
		Why: "the newer of two stock events arrived first; the older one changes nothing",
	})
}

// forge: somebody who does not know the secret reports empty shelves.
func (c *company) forge() {
	c.At(c.Clock(10, 15, 30), func() {
		c.fromShop("inventory_levels/update", c.levelBody(c.find("TEE-BLK-M"), eastLocation, 0),
			travel{forged: true, outcome: day.Refused, why: "the signature is not the shop's"})
	})
	c.Healthy(day.Silent{
		Name: "forged delivery", Kind: "inventory", Keys: []string{place{"TEE-BLK-M", east}.key()},
		Why: "a wrong signature is answered with 401 and has no effect", Counts: map[string]int{"refused": 1},
	})
}

// repeatSome delivers a part of the day again: soon after, as senders do that
// saw no answer, and once three hours later.
func (c *company) repeatSome() {
	sent := c.Sent()
	was, repeated := len(sent), 0
	const duplicates = 16
	for n := range duplicates {
		s := sent[(n*2+1)*was/(2*duplicates)]
		if s.Is == day.Accepted {
			repeated++
			c.again(s, s.At.Add(c.Jitter(2*time.Second, 50*time.Second)))
		}
	}
	late := 0
	for _, s := range sent {
		topic := s.Headers["X-Shopify-Topic"]
		in := s.At.After(c.Clock(9, 40, 0)) && s.At.Before(c.Clock(10, 0, 0))
		if in && s.Is == day.Accepted && (topic == "inventory_levels/update" || topic == "orders/create") {
			late++
			c.again(s, s.At.Add(3*time.Hour))
		}
	}
	c.Healthy(day.Silent{Name: "exact duplicates", Kind: "order", Why: "the same delivery again says nothing new", Counts: map[string]int{"deliveries": repeated}})
	c.Healthy(day.Silent{
		Name: "retries three hours late", Kind: "order", Counts: map[string]int{"deliveries": late},
		Why: fmt.Sprintf("%d deliveries of 09:40 to 10:00 came once more three hours later, with the payload of that time", late),
	})
}
