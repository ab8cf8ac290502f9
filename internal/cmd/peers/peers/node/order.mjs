// What the functions make of an order: its key, when it changed, the values that
// are compared, and its lines.
import { createHmac, timingSafeEqual } from "node:crypto";

export function isGenuine(rawBody, signature, secret) {
  const digest = createHmac("sha256", secret).update(rawBody).digest();
  const given = Buffer.from(signature ?? "", "base64");
  return given.length === digest.length && timingSafeEqual(digest, given);
}

const sum = (items, value) => items.reduce((total, item) => total + value(item), 0);
const ships = (line) => line.requires_shipping !== false;

function linesOf(items) {
  const units = new Map();
  for (const { sku, current_quantity } of items) {
    if (sku && current_quantity > 0) units.set(sku, (units.get(sku) ?? 0) + current_quantity);
  }
  return [...units].map(([sku, units]) => ({ sku, units })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

function facetsOf(order) {
  const items = order.line_items;
  const shipped = order.fulfillments.filter((f) => f.status === "success");
  return {
    payment: order.financial_status,
    fulfilment: order.fulfillment_status ?? "unfulfilled",
    cancelled: order.cancelled_at != null,
    test: order.test,
    channel: order.source_name,
    currency: order.currency,
    presentment_currency: order.presentment_currency,
    created: new Date(order.created_at).toISOString(),
    total: order.total_price,
    total_current: order.current_total_price,
    tax: order.total_tax,
    tax_current: order.current_total_tax,
    discount: order.total_discounts,
    tips: order.total_tip_received,
    shipping: order.total_shipping_price_set.shop_money.amount,
    presentment_total: order.total_price_set.presentment_money.amount,
    presentment_total_current: order.current_total_price_set.presentment_money.amount,
    presentment_tax: order.total_tax_set.presentment_money.amount,
    rounding: (
      Number(order.total_cash_rounding_payment_adjustment_set.shop_money.amount) +
      Number(order.total_cash_rounding_refund_adjustment_set.shop_money.amount)
    ).toFixed(2),
    tax_channel_liable: sum(order.tax_lines.filter((t) => t.channel_liable), (t) => Number(t.price)).toFixed(2),
    gift_sold: sum(items.filter((i) => i.gift_card), (i) => Number(i.price) * i.quantity).toFixed(2),
    lines: items.length,
    units: sum(items, (i) => i.quantity),
    units_current: sum(items, (i) => i.current_quantity),
    units_open: sum(items.filter(ships), (i) => i.fulfillable_quantity),
    units_shipped: sum(shipped, (f) => sum(f.line_items.filter(ships), (i) => i.quantity)),
  };
}

export function normalise(order) {
  return {
    native: String(order.id),
    number: order.name.replace(/^#/, ""),
    updated: new Date(order.updated_at).toISOString(),
    facets: facetsOf(order),
    lines: linesOf(order.line_items),
  };
}
