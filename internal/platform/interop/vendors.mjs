// Signs and verifies with the libraries that platforms publish. Each line of its
// input is a JSON array of questions, which it answers with a line of answers:
//
//   {"library", "act": "sign", "secret", "body", "at", "url"}            → {"headers"}
//   {"library", "act": "verify", "secret", "body", "headers", "url"}     → {"genuine"}
//
// Times are in seconds. What a library throws means that a request is not genuine,
// unless it is one of the language's own errors: then this script is wrong.

import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";

import EasyPost from "@easypost/api";
import { Signature } from "@hubspot/api-client";
import "@shopify/shopify-api/adapters/node";
import { LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { createSHA256HMAC, HashFormat } from "@shopify/shopify-api/runtime";
import { WebhooksHelper } from "square";
import * as standardwebhooks from "standardwebhooks";
import Stripe from "stripe";
import * as svix from "svix";

// Standard Webhooks, by either of its libraries. Some platforms take the secret as
// it stands.
function webhooks(Webhook, options) {
  return {
    sign({ secret, body, at }) {
      const signed = new Webhook(secret, options).sign("msg_interop", new Date(at * 1000), body);
      return { "webhook-id": "msg_interop", "webhook-timestamp": String(at), "webhook-signature": signed };
    },
    verify({ secret, body, headers }) {
      new Webhook(secret, options).verify(body, headers);
      return true;
    },
  };
}

// HubSpot's library is handed the version, the time and the address one by one.
function hubspot(version, header) {
  return {
    sign({ secret, body, at, url }) {
      const timestamp = at * 1000;
      const signature = Signature.getSignature("POST", version, { clientSecret: secret, requestBody: body, url, timestamp });
      const signed = { [header]: signature };
      if (version === "v3") signed["x-hubspot-request-timestamp"] = String(timestamp);
      else signed["x-hubspot-signature-version"] = version;
      return signed;
    },
    verify({ secret, body, headers, url }) {
      return Signature.isValid({
        signatureVersion: version, signature: headers[header], clientSecret: secret, requestBody: body, url,
        timestamp: Number(headers["x-hubspot-request-timestamp"]),
      });
    },
  };
}

function shopify(secret) {
  return shopifyApi({
    apiKey: "interop", apiSecretKey: secret, apiVersion: "2026-01", hostName: "plumbline.example", scopes: [],
    isEmbeddedApp: false, logger: { level: LogSeverity.Error, log() {} },
  });
}

const stripe = new Stripe("sk_test_interop");
const easypost = new EasyPost("interop");

const libraries = {
  standardwebhooks: webhooks(standardwebhooks.Webhook),
  "standardwebhooks raw": webhooks(standardwebhooks.Webhook, { format: "raw" }),
  svix: webhooks(svix.Webhook),
  "hubspot v1": hubspot("v1", "x-hubspot-signature"),
  "hubspot v2": hubspot("v2", "x-hubspot-signature"),
  "hubspot v3": hubspot("v3", "x-hubspot-signature-v3"),

  stripe: {
    sign: ({ secret, body, at }) => ({
      "stripe-signature": stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: at }),
    }),
    verify: ({ secret, body, headers }) => stripe.webhooks.signature.verifyHeader(body, headers["stripe-signature"], secret, 300),
  },

  shopify: {
    async sign({ secret, body, shop }) {
      return {
        "x-shopify-hmac-sha256": await createSHA256HMAC(secret, body, HashFormat.Base64),
        "x-shopify-shop-domain": shop, "x-shopify-topic": "orders/create", "x-shopify-api-version": "2026-01",
        "x-shopify-webhook-id": "interop",
      };
    },
    async verify({ secret, body, headers }) {
      return (await shopify(secret).webhooks.validate({ rawBody: body, rawRequest: { headers, method: "POST", url: "/" } })).valid;
    },
  },

  // Square's and EasyPost's libraries only verify. What is signed here as their
  // documentation says, they are asked about too.
  square: {
    sign: ({ secret, body, url }) => ({
      "x-square-hmacsha256-signature": createHmac("sha256", secret).update(url + body).digest("base64"),
    }),
    verify: ({ secret, body, headers, url }) => WebhooksHelper.verifySignature({
      requestBody: body, signatureHeader: headers["x-square-hmacsha256-signature"], signatureKey: secret, notificationUrl: url,
    }),
  },
  easypost: {
    sign: ({ secret, body }) => ({
      "x-hmac-signature": "hmac-sha256-hex=" + createHmac("sha256", secret.normalize("NFKD")).update(body).digest("hex"),
    }),
    verify({ secret, body, headers }) {
      easypost.Utils.validateWebhook(Buffer.from(body), headers, secret);
      return true;
    },
  },
};

async function answer(question) {
  const library = libraries[question.library];
  if (question.act === "sign") return { headers: await library.sign(question) };
  try {
    return { genuine: await library.verify(question) };
  } catch (e) {
    if (e instanceof TypeError || e instanceof ReferenceError) throw e;
    return { genuine: false };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answers = [];
  for (const question of JSON.parse(line)) answers.push(await answer(question));
  process.stdout.write(JSON.stringify(answers) + "\n");
}
