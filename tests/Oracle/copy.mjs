// How long DuckDB takes to turn H&M's transactions from CSV into Parquet:   node copy.mjs FROM.csv TO.parquet THREADS   prints { "ms": ... }
import { DuckDBInstance } from '@duckdb/node-api'

const [from, to, threads] = process.argv.slice(2)
const quote = text => `'${text.replaceAll("'", "''")}'`
const types = "{'t_dat': 'DATE', 'customer_id': 'VARCHAR', 'article_id': 'VARCHAR', 'price': 'DOUBLE', 'sales_channel_id': 'INTEGER'}"
const connection = await (await DuckDBInstance.create(':memory:')).connect()
await connection.run(`SET threads = ${Number(threads)}`)
const began = performance.now()
await connection.run(`COPY (SELECT * FROM read_csv(${quote(from)}, header = true, types = ${types})) TO ${quote(to)} (FORMAT parquet, COMPRESSION snappy)`)
console.log(JSON.stringify({ ms: performance.now() - began }))
