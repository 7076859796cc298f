// The tables that DuckDB writes: every type and null pattern, in every codec and both versions of the format.

// SQL for a value of row i; `d` is how many distinct values there are. Floats that are no numbers cost DuckDB its statistics,
// so they appear only where d is small.
const values = {
  BOOLEAN: 'hash(i) % 3 = 0',
  TINYINT: '(hash(i % d) % 256)::INTEGER - 128',
  SMALLINT: '(hash(i % d) % 65536)::INTEGER - 32768',
  INTEGER: 'CASE i % d WHEN 0 THEN -2147483648 WHEN 1 THEN 2147483647 ELSE (hash(i % d) % 4294967296)::BIGINT - 2147483648 END',
  BIGINT: 'CASE i % d WHEN 0 THEN -9223372036854775808 WHEN 1 THEN 9223372036854775807 ELSE (hash(i % d) % 9223372036854775807)::BIGINT - 4611686018427387904 END',
  FLOAT: "CASE if(d < 100, i % d, 9) WHEN 0 THEN '-0.0'::FLOAT WHEN 2 THEN 'infinity'::FLOAT WHEN 3 THEN '-infinity'::FLOAT ELSE ((hash(i % d) % 1000000)::BIGINT - 500000) / 7.0 END",
  DOUBLE: "CASE if(d < 100, i % d, 9) WHEN 0 THEN '-0.0'::DOUBLE WHEN 1 THEN 4.9e-324 WHEN 2 THEN 'nan'::DOUBLE ELSE ((hash(i % d) % 1000000)::BIGINT - 500000) / 7.0 END",
  VARCHAR: "CASE i % d WHEN 0 THEN '' WHEN 1 THEN 'é日本👍🏽' WHEN 2 THEN repeat('long ', 60) ELSE 'p' || (i % d % 3) || '-' || hash(i % d) END",
  DATE: "DATE '1970-01-01' + ((hash(i % d) % 40000)::INTEGER - 10000)",
  TIMESTAMP: "make_timestamp((hash(i % d) % 4000000000000000)::BIGINT - 1000000000000000)",
  TIMESTAMPTZ: "make_timestamp((hash(i % d) % 4000000000000000)::BIGINT - 1000000000000000) AT TIME ZONE 'UTC'",
  TIMESTAMP_MS: "make_timestamp(((hash(i % d) % 4000000000000)::BIGINT - 1000000000000) * 1000)",
}

// SQL that is true for a null; n is the number of rows.
const nulls = {
  none: 'false',
  all: 'true',
  alternating: 'i % 2 = 1',
  runs: 'i // 20 % 2 = 1',
  first: 'i = 0',
  last: 'i = n - 1',
}

function query(rows, distinct) {
  const columns = Object.entries(values).flatMap(([type, value]) => Object.entries(nulls).map(([pattern, isNull]) =>
    `CASE WHEN ${isNull} THEN NULL ELSE (${value})::${type} END AS ${type.toLowerCase()}_${pattern}`))
  return `SELECT ${columns.join(', ')} FROM (SELECT i, ${rows} AS n, ${distinct} AS d FROM range(${rows}) numbers(i)) ORDER BY i`
}

const codecs = ['uncompressed', 'snappy', 'gzip', 'lz4_raw']
const versions = ['v1', 'v2']
const table = (codec, version, rows, distinct) => ({
  name: `${codec}-${version}-${rows}-${distinct}`,
  query: query(rows, distinct),
  options: `CODEC '${codec}', PARQUET_VERSION '${version}'`,
})

export const tables = [
  ...codecs.flatMap(codec => versions.flatMap(version => [table(codec, version, 400, 13), table(codec, version, 400, 1000)])),
  ...[0, 1, 7, 8, 9].map((rows, i) => table(codecs[i % 4], versions[i % 2], rows, 1000)),
  { ...table('snappy', 'v2', 3000, 1000), name: 'groups', options: "CODEC 'snappy', PARQUET_VERSION 'v2', ROW_GROUP_SIZE 2048" },
]
