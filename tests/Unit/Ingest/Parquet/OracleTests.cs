using System.Text;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>Our files are read by DuckDB and hyparquet, and those of DuckDB by us, with equal values, schemas and statistics.</summary>
public sealed class OracleTests(OracleTests.Exchange exchange) : IClassFixture<OracleTests.Exchange>
{
    [OracleFact]
    public void DuckDB_reads_our_files_with_equal_values() => AssertRead("duckdb");

    [OracleFact]
    public void Hyparquet_reads_our_files_with_equal_values() => AssertRead("hyparquet");

    [OracleFact]
    public void DuckDB_sees_our_types_and_which_columns_are_optional()
    {
        foreach (var (name, table) in exchange.Ours)
        {
            var columns = exchange.Read($"{name}.duckdb").Columns;

            Assert.Equal(table.Schema.ToManifest().Select(column => (column.Name, column.Type, column.IsOptional)), columns.Select(column => (column.Name, column.Type, column.Optional)));
            Assert.All(columns.Where(column => column.Type == "timestamp"), column => Assert.Equal("TIMESTAMP WITH TIME ZONE", column.SqlType));
        }
    }

    [OracleFact]
    public void DuckDB_sees_the_statistics_of_our_columns()
    {
        foreach (var (name, table) in exchange.Ours)
        {
            foreach (var found in exchange.Read($"{name}.duckdb").Statistics)
            {
                var buffer = table.Columns[table.Schema.IndexOf(found.Column)];
                var first = found.Group * Exchange.RowsPerGroup;
                var rows = Enumerable.Range(first, Math.Min(Exchange.RowsPerGroup, table.Count - first)).ToList();
                Assert.Equal($"{rows.Count(buffer.IsNull)}", found.Nulls);
                AssertBounds(buffer, rows.Where(row => !buffer.IsNull(row)), found);
            }
        }
    }

    [OracleFact]
    public void We_read_the_files_of_DuckDB_with_equal_values_and_schemas()
    {
        foreach (var name in exchange.Theirs)
        {
            var expected = exchange.Read(name);
            using var reader = new ParquetReader(exchange.File($"{name}.parquet"));
            Assert.Equal(expected.Columns.Select(column => (column.Name, column.Type, column.Optional)), reader.Schema.ToManifest().Select(column => (column.Name, column.Type, column.IsOptional)));

            var rows = new RowGroup(reader.Schema);
            for (var group = 0; group < reader.GroupCount; group++)
            {
                reader.ReadInto(rows, group);
            }

            AssertEqual(name, expected.Rows, rows);
        }
    }

    [OracleFact]
    public void We_see_the_statistics_of_the_files_of_DuckDB()
    {
        foreach (var name in exchange.Theirs)
        {
            using var reader = new ParquetReader(exchange.File($"{name}.parquet"));
            foreach (var expected in exchange.Read(name).Statistics)
            {
                var found = reader.Statistics(expected.Group, expected.Column);
                var (type, isMillis) = (reader.Schema.Columns[reader.Schema.IndexOf(expected.Column)].Type, expected.Column.StartsWith("timestamp_ms_", StringComparison.Ordinal));

                Assert.Equal((expected.Column, expected.Min, expected.Max, expected.Nulls), (expected.Column, Shown(Cell(found.Min, type, isMillis)), Shown(Cell(found.Max, type, isMillis)), $"{found.NullCount}"));
            }
        }
    }

    [OracleFact]
    public void The_files_of_DuckDB_hold_every_encoding_that_it_writes_in_every_codec()
    {
        var found = exchange.Theirs.SelectMany(name => exchange.Read(name).Statistics).Select(chunk => $"{chunk.Encodings} {chunk.Codec}").ToHashSet();

        Assert.Superset(
            new HashSet<string>(
                from encoding in (string[])["PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "BYTE_STREAM_SPLIT"]
                from codec in (string[])["UNCOMPRESSED", "SNAPPY", "GZIP", "LZ4_RAW"]
                select $"{encoding} {codec}"),
            found);
    }

    void AssertRead(string by)
    {
        foreach (var (name, table) in exchange.Ours)
        {
            AssertEqual($"{name} by {by}", exchange.Read($"{name}.{by}").Rows, table);
        }
    }

    static void AssertEqual(string name, string?[][] oracle, RowGroup table)
    {
        Assert.Equal(table.Schema.Count, oracle.Length);
        foreach (var (cells, buffer) in oracle.Zip(table.Columns))
        {
            var ours = Enumerable.Range(0, table.Count).Select(row => SampleTables.Cell(buffer, row)).ToArray();
            if (!cells.AsSpan().SequenceEqual(ours))
            {
                Assert.Fail($"{name}, {buffer.Column.Name}: the oracle has {string.Join(" ", cells.Take(20))}, we have {string.Join(" ", ours.Take(20))}");
            }
        }
    }

    static void AssertBounds(ColumnBuffer buffer, IEnumerable<int> rows, OracleStatistics found)
    {
        var (min, max) = buffer switch
        {
            ColumnBuffer<bool> bools => Bounds(rows.Select(row => bools[row]), value => value ? "true" : "false"),
            ColumnBuffer<int> ints => Bounds(rows.Select(row => ints[row]), value => $"{value}"),
            ColumnBuffer<long> longs => Bounds(rows.Select(row => longs[row]), value => $"{value}"),
            ColumnBuffer<float> floats => Bounds(rows.Select(row => floats[row]).Where(value => !float.IsNaN(value)), value => $"{BitConverter.SingleToUInt32Bits(value):x8}"),
            ColumnBuffer<double> doubles => Bounds(rows.Select(row => doubles[row]).Where(value => !double.IsNaN(value)), value => $"{BitConverter.DoubleToUInt64Bits(value):x16}"),
            StringBuffer texts => Bounds(rows.Select(texts.Text), value => value, ByBytes),
            _ => throw new ArgumentException("Unknown buffer."),
        };
        if (max?.Length > 64)
        {
            // A long text is bounded by a shorter one that is not below it.
            Assert.True(found.Max!.Length <= 64 && ByBytes.Compare(found.Max, max) > 0, $"{found.Max} is not above {max}");
            max = found.Max;
        }

        Assert.Equal((found.Column, Shown(min), Shown(max)), (found.Column, found.Min, found.Max));
    }

    /// <summary>DuckDB does not show a bound that is infinite: these are the bits of both infinities, in both widths.</summary>
    static string? Shown(string? bound) => bound is "7f800000" or "ff800000" or "7ff0000000000000" or "fff0000000000000" ? null : bound;

    static Comparer<string> ByBytes { get; } = Comparer<string>.Create((left, right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));

    static (string? Min, string? Max) Bounds<T>(IEnumerable<T> values, Func<T, string> show, IComparer<T>? order = null) =>
        values.Any() ? (show(values.Min(order)!), show(values.Max(order)!)) : (null, null);

    static string? Cell(byte[]? bound, ColumnType type, bool isMillis) => bound is null ? null : type switch
    {
        ColumnType.Bool => bound[0] == 0 ? "false" : "true",
        ColumnType.Int32 or ColumnType.Date => $"{BitConverter.ToInt32(bound)}",
        ColumnType.Int64 or ColumnType.Timestamp => $"{BitConverter.ToInt64(bound) * (isMillis ? 1000 : 1)}",
        ColumnType.Float => $"{BitConverter.ToUInt32(bound):x8}",
        ColumnType.Double => $"{BitConverter.ToUInt64(bound):x16}",
        _ => Encoding.UTF8.GetString(bound),
    };

    /// <summary>Files that both sides have written, and what the oracle says about them. Made when first needed.</summary>
    public sealed class Exchange : IDisposable
    {
        /// <summary>Of our files.</summary>
        public const int RowsPerGroup = 250;

        readonly TempFolder ours = new(), theirs = new();
        readonly Lazy<IReadOnlyDictionary<string, RowGroup>> ourTables;
        readonly Lazy<IReadOnlyList<string>> theirNames;
        readonly Dictionary<string, OracleTable> read = [];

        public Exchange()
        {
            ourTables = new(WriteOurs);
            theirNames = new(WriteTheirs);
        }

        public IReadOnlyDictionary<string, RowGroup> Ours => ourTables.Value;

        public IReadOnlyList<string> Theirs => theirNames.Value;

        public string File(string name) => System.IO.File.Exists(ours.File(name)) ? ours.File(name) : theirs.File(name);

        internal OracleTable Read(string name) => read.TryGetValue(name, out var table) ? table : read[name] = Oracle.Read(File($"{name}.json"));

        public void Dispose()
        {
            ours.Dispose();
            theirs.Dispose();
        }

        Dictionary<string, RowGroup> WriteOurs()
        {
            var tables = new Dictionary<string, RowGroup>();
            foreach (var codec in Enum.GetValues<ParquetCodec>())
            {
                // One group; small pages in two groups; few values and many.
                Write(tables, $"few-{codec}", 200, 40, new ParquetOptions { Codec = codec });
                Write(tables, $"pages-{codec}", 400, 40, new ParquetOptions { Codec = codec, PageBytes = 300 });
                Write(tables, $"many-{codec}", 200, 5000, new ParquetOptions { Codec = codec, UseDictionary = false });
            }

            foreach (var rows in (int[])[0, 1, 7, 8, 9])
            {
                Write(tables, $"rows-{rows}", rows, 40, new ParquetOptions());
            }

            Oracle.Run("read", ours.Path);
            return tables;
        }

        void Write(Dictionary<string, RowGroup> tables, string name, int rows, int distinct, ParquetOptions options)
        {
            tables[name] = SampleTables.Make(SampleTables.Schema, rows, distinct);
            using var writer = new ParquetWriter(ours.File($"{name}.parquet"), SampleTables.Schema, options with { RowsPerGroup = RowsPerGroup });
            writer.Write(tables[name]);
            writer.Finish();
        }

        List<string> WriteTheirs()
        {
            Oracle.Run("write", theirs.Path);
            return [.. Directory.GetFiles(theirs.Path, "*.parquet").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];
        }
    }
}
