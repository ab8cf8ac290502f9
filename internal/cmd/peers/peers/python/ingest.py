"""The Lambda function behind an HTTP API: verify, normalise, send to SQS."""

import base64
import hashlib
import hmac
import json
import os
from collections import Counter
from datetime import datetime, timezone
from decimal import Decimal

import boto3

sqs = boto3.client("sqs", endpoint_url=os.environ.get("AWS_ENDPOINT_URL_SQS"))
QUEUE_URL = os.environ["QUEUE_URL"]
SECRET = os.environ["SHOPIFY_SECRET"].encode()


def is_genuine(body, signature):
    digest = hmac.new(SECRET, body.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest).decode(), signature or "")


def instant(text):
    return datetime.fromisoformat(text).astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def ships(line):
    return line.get("requires_shipping") is not False


def lines_of(items):
    units = Counter()
    for item in items:
        if item.get("sku") and item["current_quantity"] > 0:
            units[item["sku"]] += item["current_quantity"]
    return [{"sku": sku, "units": units[sku]} for sku in sorted(units)]


def facets_of(order):
    items = order["line_items"]
    shipped = [f for f in order["fulfillments"] if f["status"] == "success"]
    return {
        "payment": order["financial_status"],
        "fulfilment": order["fulfillment_status"] or "unfulfilled",
        "cancelled": order["cancelled_at"] is not None,
        "test": order["test"],
        "channel": order["source_name"],
        "currency": order["currency"],
        "presentment_currency": order["presentment_currency"],
        "created": instant(order["created_at"]),
        "total": order["total_price"],
        "total_current": order["current_total_price"],
        "tax": order["total_tax"],
        "tax_current": order["current_total_tax"],
        "discount": order["total_discounts"],
        "tips": order["total_tip_received"],
        "shipping": order["total_shipping_price_set"]["shop_money"]["amount"],
        "presentment_total": order["total_price_set"]["presentment_money"]["amount"],
        "presentment_total_current": order["current_total_price_set"]["presentment_money"]["amount"],
        "presentment_tax": order["total_tax_set"]["presentment_money"]["amount"],
        "rounding": str(
            Decimal(order["total_cash_rounding_payment_adjustment_set"]["shop_money"]["amount"])
            + Decimal(order["total_cash_rounding_refund_adjustment_set"]["shop_money"]["amount"])
        ),
        "tax_channel_liable": str(sum(Decimal(t["price"]) for t in order["tax_lines"] if t.get("channel_liable"))),
        "gift_sold": str(sum(Decimal(i["price"]) * i["quantity"] for i in items if i.get("gift_card"))),
        "lines": len(items),
        "units": sum(i["quantity"] for i in items),
        "units_current": sum(i["current_quantity"] for i in items),
        "units_open": sum(i["fulfillable_quantity"] for i in items if ships(i)),
        "units_shipped": sum(i["quantity"] for f in shipped for i in f["line_items"] if ships(i)),
    }


def normalise(order):
    return {
        "native": str(order["id"]),
        "number": order["name"].removeprefix("#"),
        "updated": instant(order["updated_at"]),
        "facets": facets_of(order),
        "lines": lines_of(order["line_items"]),
    }


def handler(event, context):
    body = event["body"]
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    headers = event["headers"]
    if not is_genuine(body, headers.get("x-shopify-hmac-sha256")):
        return {"statusCode": 401}
    message = {
        "id": headers.get("x-shopify-webhook-id"),
        "topic": headers.get("x-shopify-topic"),
        "received": datetime.now(timezone.utc).isoformat(),
        "order": normalise(json.loads(body)),
        "body": body,
    }
    sqs.send_message(QueueUrl=QUEUE_URL, MessageBody=json.dumps(message))
    return {"statusCode": 200}
