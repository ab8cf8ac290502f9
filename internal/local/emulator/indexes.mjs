// Adds to the DynamoDB emulator's database what parallel scans order their items
// by. Without it each page of one walks by its whole table and sorts it, so that
// an audit takes the square of the items.
import { DatabaseSync } from "node:sqlite";

const db = new DatabaseSync(process.argv[2]);
db.exec("PRAGMA busy_timeout = 10000");
for (const { table } of db.prepare("SELECT table_name AS 'table' FROM _tables").all()) {
  const name = table.replaceAll('"', '""');
  db.exec(`CREATE INDEX IF NOT EXISTS "${name}::scan" ON "${name}" (hash_prefix, pk, sk)`);
}
db.close();
