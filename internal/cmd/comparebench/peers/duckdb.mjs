// Compares two CSV files by a full outer join: node duckdb.mjs LEFT RIGHT.
import { DuckDBInstance } from "@duckdb/node-api";

const [left, right] = process.argv.slice(2);
const file = (path) =>
  `read_csv('${path}', header = true, columns = {'key': 'VARCHAR', 'price': 'DECIMAL(18,2)', 'qty': 'BIGINT', 'status': 'VARCHAR', 'updated_at': 'TIMESTAMP'})`;
const connection = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
const began = performance.now();
const result = await connection.runAndReadAll(`
  SELECT
    count(*) FILTER (l.key IS NOT NULL AND r.key IS NOT NULL AND same) AS agree,
    count(*) FILTER (l.key IS NOT NULL AND r.key IS NOT NULL AND NOT same) AS differ,
    count(*) FILTER (r.key IS NULL) AS only_left,
    count(*) FILTER (l.key IS NULL) AS only_right
  FROM (
    SELECT l, r, l.price = r.price AND l.qty = r.qty AND l.status = r.status AND l.updated_at = r.updated_at AS same
    FROM ${file(left)} l FULL OUTER JOIN ${file(right)} r ON l.key = r.key
  )`);
const [row] = result.getRowObjects();
const answer = Object.fromEntries(Object.entries(row).map(([name, n]) => [name, Number(n)]));
console.log(JSON.stringify({ ...answer, seconds: (performance.now() - began) / 1000 }));
