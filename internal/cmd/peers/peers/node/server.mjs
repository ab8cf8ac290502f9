// The same ingestion as an HTTP server of one process: verify, normalise, hand over
// to a queue in memory. What was handed over last is at /last.
import { createServer } from "node:http";
import { isGenuine, normalise } from "./order.mjs";

const { SHOPIFY_SECRET } = process.env;
let last;

async function receive(req, res) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (!isGenuine(body, req.headers["x-shopify-hmac-sha256"], SHOPIFY_SECRET)) {
    return res.writeHead(401).end();
  }
  const order = normalise(JSON.parse(body));
  setImmediate(() => (last = order));
  res.writeHead(200).end();
}

const server = createServer((req, res) => {
  if (req.url === "/last") return res.end(JSON.stringify(last));
  receive(req, res).catch(() => res.writeHead(400).end());
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
