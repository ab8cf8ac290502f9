// The Runtime API as the managed runtime speaks it, over one connection that is kept.
import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const options = { agent, hostname, port, method, path: `/2018-06-01/runtime/invocation/${path}` };
    const req = request(options, (res) => {
      const chunks = [];
      res.on("data", (chunk) => chunks.push(chunk));
      res.on("end", () => resolve({ headers: res.headers, text: Buffer.concat(chunks).toString() }));
    });
    req.on("error", reject);
    req.end(body);
  });
}

export async function start(handler) {
  for (;;) {
    const { headers, text } = await call("GET", "next");
    const awsRequestId = headers["lambda-runtime-aws-request-id"];
    const deadline = Number(headers["lambda-runtime-deadline-ms"]);
    const context = { awsRequestId, getRemainingTimeInMillis: () => deadline - Date.now() };
    try {
      const answer = await handler(JSON.parse(text), context);
      await call("POST", `${awsRequestId}/response`, JSON.stringify(answer ?? null));
    } catch (error) {
      await call("POST", `${awsRequestId}/error`, JSON.stringify({ errorType: error.name, errorMessage: error.message }));
    }
  }
}
