using Parquet;
using Parquet.Schema;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Library = Parquet.ParquetWriter;
using OwnOptions = Pipeline.Ingest.Parquet.ParquetOptions;

namespace Pipeline.Integrations;

/// <summary>Writes a table with Parquet.Net. Its size of pages is the library's own.</summary>
sealed class ParquetNetWriter : ITableWriter
{
    readonly TableSchema schema;
    readonly OwnOptions options;
    readonly DataField[] fields;
    readonly FileStream file;
    readonly Library library;
    bool isFinished;

    /// <param name="path">Overwritten if it is there.</param>
    /// <param name="schema">At least one column.</param>
    public ParquetNetWriter(string path, TableSchema schema, OwnOptions? options = null)
    {
        (this.schema, this.options) = (schema, options ?? new OwnOptions());
        ArgumentOutOfRangeException.ThrowIfZero(schema.Count, nameof(schema));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(this.options.RowsPerGroup);
        fields = [.. schema.Columns.Select(ParquetNetFields.Of)];
        file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 18);
        library = Library.CreateAsync(new ParquetSchema(fields), file, new global::Parquet.ParquetOptions
        {
            CompressionMethod = MethodOf(this.options.Codec),
            DictionaryEncodingThreshold = this.options.UseDictionary ? 0.8 : 0,
        }).GetAwaiter().GetResult();
    }

    public long RowCount { get; private set; }

    /// <exception cref="ArgumentException">Another schema, or columns of different lengths.</exception>
    public void Write(RowGroup rows)
    {
        ObjectDisposedException.ThrowIf(isFinished, this);
        if (!rows.Schema.Columns.SequenceEqual(schema.Columns) || rows.Columns.Any(column => column.Count != rows.Count))
        {
            throw new ArgumentException("The rows have other columns than the file, or columns of different lengths.", nameof(rows));
        }

        for (var first = 0; first < rows.Count; first += options.RowsPerGroup)
        {
            WriteGroupAsync(rows, first, Math.Min(options.RowsPerGroup, rows.Count - first)).GetAwaiter().GetResult();
        }
    }

    public void Finish()
    {
        ObjectDisposedException.ThrowIf(isFinished, this);
        isFinished = true;
        library.DisposeAsync().AsTask().GetAwaiter().GetResult();
        file.Dispose();
    }

    /// <summary>Leaves a file that cannot be read unless it was finished: the library writes the footer when it is disposed, so it is not.</summary>
    public void Dispose()
    {
        isFinished = true;
        file.Dispose();
    }

    async Task WriteGroupAsync(RowGroup rows, int first, int count)
    {
        using var group = library.CreateRowGroup();
        for (var i = 0; i < fields.Length; i++)
        {
            await WriteAsync(group, fields[i], rows.Columns[i], first, count);
        }

        group.CompleteValidate();
        RowCount += count;
    }

    static Task WriteAsync(ParquetRowGroupWriter group, DataField field, ColumnBuffer column, int first, int count) => (column, column.Column.Type) switch
    {
        (ColumnBuffer<int> days, ColumnType.Date) => WriteAsync(group, field, column, first, count, row => ParquetNetFields.ToDate(days[row])),
        (ColumnBuffer<long> micros, ColumnType.Timestamp) => WriteAsync(group, field, column, first, count, row => ParquetNetFields.ToInstant(micros[row])),
        (ColumnBuffer<bool> values, _) => WriteAsync(group, field, column, first, count, row => values[row]),
        (ColumnBuffer<int> values, _) => WriteAsync(group, field, column, first, count, row => values[row]),
        (ColumnBuffer<long> values, _) => WriteAsync(group, field, column, first, count, row => values[row]),
        (ColumnBuffer<float> values, _) => WriteAsync(group, field, column, first, count, row => values[row]),
        (ColumnBuffer<double> values, _) => WriteAsync(group, field, column, first, count, row => values[row]),
        (StringBuffer texts, _) => WriteAsync(group, field, column, first, count, row => texts.Text(row).AsMemory()),
        _ => throw new ArgumentException($"Column '{column.Column.Name}' has no values that Parquet.Net takes.", nameof(column)),
    };

    static Task WriteAsync<T>(ParquetRowGroupWriter group, DataField field, ColumnBuffer column, int first, int count, Func<int, T> value)
        where T : struct
    {
        if (!column.Column.IsOptional)
        {
            var present = new T[count];
            for (var i = 0; i < count; i++)
            {
                present[i] = value(first + i);
            }

            return group.WriteAsync<T>(field, new ReadOnlyMemory<T>(present));
        }

        var values = new T?[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = column.IsNull(first + i) ? null : value(first + i);
        }

        return group.WriteAsync<T>(field, new ReadOnlyMemory<T?>(values));
    }

    static CompressionMethod MethodOf(ParquetCodec codec) => codec switch
    {
        ParquetCodec.Uncompressed => CompressionMethod.None,
        ParquetCodec.Snappy => CompressionMethod.Snappy,
        ParquetCodec.Gzip => CompressionMethod.Gzip,
        ParquetCodec.Lz4Raw => CompressionMethod.Lz4Raw,
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "Unknown codec."),
    };
}
