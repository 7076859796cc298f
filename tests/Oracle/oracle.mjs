// Two independent implementations of Parquet, to compare ours with.
//
//   node oracle.mjs read FOLDER    reads every FOLDER/*.parquet with DuckDB and hyparquet; writes NAME.duckdb.json and NAME.hyparquet.json
//   node oracle.mjs write FOLDER   writes NAME.parquet with DuckDB, and what it holds as NAME.json
//   node oracle.mjs csv FOLDER     reads every FOLDER/*.csv (columns a, b, c); writes tables.json: per file a list of rows, or [null] if DuckDB refuses it
//   node oracle.mjs query FOLDER   runs FOLDER/query.sql with DuckDB; writes rows.json: a list of cells per row, each null or text
//
// A table in JSON: { columns: [{ name, type, optional }], rows: [[cell, ...] per column], statistics: [{ group, column, encodings, min, max, nulls }] }.
// A cell is null or exact text: bits of floats in hexadecimal (NaN as "NaN"), days of dates, microseconds of timestamps.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { parquetMetadata, parquetRead } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { tables } from './tables.mjs'

const typeNames = {
  BOOLEAN: 'bool',
  TINYINT: 'int32',
  SMALLINT: 'int32',
  INTEGER: 'int32',
  BIGINT: 'int64',
  FLOAT: 'float',
  DOUBLE: 'double',
  VARCHAR: 'string',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
}

function floatBits(value, width) {
  if (Number.isNaN(value)) return 'NaN'
  const view = new DataView(new ArrayBuffer(8))
  if (width === 4) view.setFloat32(0, value)
  else view.setFloat64(0, value)
  return width === 4 ? view.getUint32(0).toString(16).padStart(8, '0') : view.getBigUint64(0).toString(16).padStart(16, '0')
}

function cell(value, type) {
  if (value === null || value === undefined) return null
  if (type === 'float') return floatBits(value, 4)
  if (type === 'double') return floatBits(value, 8)
  if (type === 'date') return String(value.days ?? value)
  if (type === 'timestamp') return String(value.micros ?? (value.millis !== undefined ? value.millis * 1000n : value))
  return String(value)
}

const quote = text => `'${text.replaceAll("'", "''")}'`

async function schemaOf(connection, file) {
  const described = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${quote(file)})`)).getRowObjects()
  const stored = (await connection.runAndReadAll(`SELECT name, repetition_type FROM parquet_schema(${quote(file)}) WHERE num_children IS NULL`)).getRowObjects()
  return described.map((column, i) => ({
    name: column.column_name,
    type: typeNames[column.column_type] ?? column.column_type,
    sqlType: column.column_type,
    optional: stored[i].repetition_type === 'OPTIONAL',
  }))
}

async function statisticsOf(connection, file, columns) {
  const found = (await connection.runAndReadAll(`SELECT row_group_id, path_in_schema, encodings, compression, stats_null_count,
    coalesce(stats_min_value, stats_min) AS low, coalesce(stats_max_value, stats_max) AS high FROM parquet_metadata(${quote(file)})`)).getRowObjects()
  const results = []
  for (const row of found) {
    const { type, sqlType } = columns.find(column => column.name === row.path_in_schema)
    const [low, high] = (await connection.runAndReadAll(`SELECT ${cast(row.low, sqlType)}, ${cast(row.high, sqlType)}`)).getRows()[0]
    results.push({
      group: Number(row.row_group_id),
      column: row.path_in_schema,
      encodings: row.encodings,
      codec: row.compression,
      min: cell(low, type),
      max: cell(high, type),
      nulls: row.stats_null_count === null ? null : String(row.stats_null_count),
    })
  }
  return results
}

const cast = (text, sqlType) => text === null ? 'NULL' : `${quote(text).replaceAll('\0', "' || chr(0) || '")}::${sqlType}`

async function valuesOf(connection, query, columns) {
  const found = (await connection.runAndReadAll(query)).getColumns()
  return columns.map((column, i) => (found[i] ?? []).map(value => cell(value, column.type)))
}

async function readWithHyparquet(file, columns) {
  const bytes = readFileSync(file)
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const raw = value => value
  let rows = []
  await parquetRead({
    file: buffer,
    metadata: parquetMetadata(buffer),
    compressors,
    parsers: { timestampFromMilliseconds: millis => millis * 1000n, timestampFromMicroseconds: raw, dateFromDays: raw },
    onComplete: data => { rows = data },
  })
  return columns.map((column, i) => rows.map(row => cell(row[i], column.type)))
}

const save = (file, content) => writeFileSync(file, JSON.stringify(content))

async function read(connection, folder) {
  for (const name of readdirSync(folder).filter(name => name.endsWith('.parquet'))) {
    const file = join(folder, name)
    const base = file.slice(0, -'.parquet'.length)
    const columns = await schemaOf(connection, file)
    const statistics = await statisticsOf(connection, file, columns)
    save(`${base}.duckdb.json`, { columns, statistics, rows: await valuesOf(connection, `SELECT * FROM read_parquet(${quote(file)})`, columns) })
    save(`${base}.hyparquet.json`, { columns, statistics: [], rows: await readWithHyparquet(file, columns) })
  }
}

async function write(connection, folder) {
  for (const { name, query, options } of tables) {
    const file = join(folder, `${name}.parquet`)
    await connection.run(`CREATE OR REPLACE TABLE made AS ${query}`)
    await connection.run(`COPY made TO ${quote(file)} (FORMAT parquet, ${options})`)
    const columns = await schemaOf(connection, file)
    const statistics = await statisticsOf(connection, file, columns)
    save(join(folder, `${name}.json`), { columns, statistics, rows: await valuesOf(connection, 'SELECT * FROM made', columns) })
  }
}

async function csv(connection, folder) {
  const options = "header = true, delim = ',', quote = '\"', escape = '\"', columns = {'a': 'VARCHAR', 'b': 'VARCHAR', 'c': 'VARCHAR'}, auto_detect = false, strict_mode = true, parallel = false"
  const results = []
  for (const name of readdirSync(folder).filter(name => name.endsWith('.csv')).sort()) {
    try {
      const rows = (await connection.runAndReadAll(`SELECT a, b, c FROM read_csv(${quote(join(folder, name))}, ${options})`)).getRows()
      results.push(rows.map(row => row.map(value => value ?? '')))
    } catch {
      results.push([null])
    }
  }
  save(join(folder, 'tables.json'), results)
}

async function query(connection, folder) {
  const rows = (await connection.runAndReadAll(readFileSync(join(folder, 'query.sql'), 'utf8'))).getRows()
  save(join(folder, 'rows.json'), rows.map(row => row.map(value => value === null ? null : String(value))))
}

const [direction, folder] = process.argv.slice(2)
const connection = await (await DuckDBInstance.create(':memory:')).connect()
await connection.run("SET TimeZone = 'UTC'")
await ({ read, write, csv, query })[direction](connection, folder)
