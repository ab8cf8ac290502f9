#!/bin/sh
# Signs a webhook as Shopify does, by hand, and posts it.
set -eu
front=${1:-http://127.0.0.1:8080}
body=events/shopify/orders-create.body.json
secret=$(cat events/day/secrets/shopify-us.txt)

signature=$(openssl dgst -sha256 -hmac "$secret" -binary < "$body" | base64)

curl --silent --show-error --output /dev/null --write-out '%{http_code}\n' \
  --header 'Content-Type: application/json' \
  --header 'X-Shopify-Shop-Domain: acme.myshopify.com' \
  --header 'X-Shopify-Topic: orders/create' \
  --header 'X-Shopify-Webhook-Id: by-hand-1' \
  --header "X-Shopify-Hmac-Sha256: $signature" \
  --data-binary "@$body" "$front/hooks/shopify-us"
