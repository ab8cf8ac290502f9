#!/bin/sh
# Reports a stock level in the standard format, signed by hand as a Standard
# Webhook.
set -eu
front=${1:-http://127.0.0.1:8080}
secret=$(cat events/day/secrets/erp.txt)
key=$(printf '%s' "${secret#whsec_}" | base64 -d | od -An -vtx1 | tr -d ' \n')

id=by-hand-2
ts=$(date +%s)
body='{"type": "records.reported", "timestamp": "'$(date -u +%Y-%m-%dT%H:%M:%SZ)'", "records": [
  {"kind": "inventory", "key": {"sku": "MUG-BLU", "location": "EAST"}, "facets": {"free": "12", "tracked": true}}]}'

signature=$(printf '%s.%s.%s' "$id" "$ts" "$body" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)

curl --silent --show-error --output /dev/null --write-out '%{http_code}\n' \
  --header 'Content-Type: application/json' \
  --header "webhook-id: $id" \
  --header "webhook-timestamp: $ts" \
  --header "webhook-signature: v1,$signature" \
  --data-binary "$body" "$front/hooks/erp"
