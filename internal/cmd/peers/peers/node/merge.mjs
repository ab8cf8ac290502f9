// The Lambda function behind a queue: each message once, the newest value kept.
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";

const { IDEMPOTENCY_TABLE, STATE_TABLE } = process.env;
const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const processor = new BatchProcessor(EventType.SQS);
const config = new IdempotencyConfig({ eventKeyJmesPath: "id" });

const keep = makeIdempotent(
  async ({ key, version, facets }) => {
    const { Item } = await db.send(new GetCommand({ TableName: STATE_TABLE, Key: { id: key }, ConsistentRead: true }));
    if (Item && Item.version >= version) return;
    await db.send(new PutCommand({ TableName: STATE_TABLE, Item: { id: key, version, ...facets } }));
  },
  { persistenceStore: new DynamoDBPersistenceLayer({ tableName: IDEMPOTENCY_TABLE }), config },
);

export const handler = async (event, context) => {
  config.registerLambdaContext(context);
  // One after the other: reading and writing are not one step, and a duplicate in the
  // same batch would fail as one that is in progress.
  return processPartialResponse(event, (record) => keep(JSON.parse(record.body)), processor, {
    context,
    processInParallel: false,
  });
};
