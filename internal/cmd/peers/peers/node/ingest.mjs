// The Lambda function behind an HTTP API: verify, normalise, send to SQS.
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { isGenuine, normalise } from "./order.mjs";

const sqs = new SQSClient({});
const { QUEUE_URL, SHOPIFY_SECRET } = process.env;

export const handler = async (event) => {
  const body = event.isBase64Encoded ? Buffer.from(event.body, "base64").toString() : event.body;
  if (!isGenuine(body, event.headers["x-shopify-hmac-sha256"], SHOPIFY_SECRET)) {
    return { statusCode: 401 };
  }
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: QUEUE_URL,
      MessageBody: JSON.stringify({
        id: event.headers["x-shopify-webhook-id"],
        topic: event.headers["x-shopify-topic"],
        received: new Date().toISOString(),
        order: normalise(JSON.parse(body)),
        body,
      }),
    }),
  );
  return { statusCode: 200 };
};
