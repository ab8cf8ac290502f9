// Starts the queue and topic emulator, with what its release lacks for a
// supervised stack on one machine. Prints {"port": N} when it is ready.
import net from "node:net";

// It binds every interface; the local stack is for this machine only.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (options, ...rest) {
  if (options && typeof options === "object" && options.host === "0.0.0.0") {
    options = { ...options, host: "127.0.0.1" };
  }
  return listen.call(this, options, ...rest);
};

// With a data folder, making a message visible again writes NULL into a column
// that forbids it, and the call fails.
const { PersistenceManager } = await import(
  new URL("./node_modules/fauxqs/dist/persistence.js", import.meta.url)
);
PersistenceManager.prototype.updateMessageReady = function (id) {
  this.db
    .prepare("UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?")
    .run(id);
};

// Who was handling a message when the last stack ended has ended with it, so
// that nothing is gained by hiding the message until its visibility is over.
if (process.env.RELEASE) {
  const load = PersistenceManager.prototype.loadSqsQueues;
  PersistenceManager.prototype.loadSqsQueues = function (...rest) {
    this.db.exec("UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL");
    return load.apply(this, rest);
  };
}

// The SDK for Go writes the quotes around a part's tag as &#34;, which is left as it
// is, so that no tag matches and no upload in parts is ever completed.
const { S3Store } = await import(new URL("./node_modules/fauxqs/dist/s3/s3Store.js", import.meta.url));
const complete = S3Store.prototype.completeMultipartUpload;
S3Store.prototype.completeMultipartUpload = function (id, parts) {
  return complete.call(this, id, parts.map((part) => ({ ...part, etag: part.etag.replaceAll("&#34;", '"') })));
};

const { startFauxqs } = await import("fauxqs");
const server = await startFauxqs({
  port: Number(process.env.PORT ?? 0),
  dataDir: process.env.DATA_DIR || undefined,
  logger: false,
});
console.log(JSON.stringify({ port: server.port }));

const stop = async () => {
  await server.stop();
  process.exit(0);
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
// The supervisor holds the other end: the end of input is the end of it.
process.stdin.resume();
process.stdin.on("end", stop);
