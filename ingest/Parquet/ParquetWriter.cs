using System.Buffers.Binary;
using Pipeline.Ingest.Parquet.Columns;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Parquet.Thrift;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Ingest.Parquet;

/// <summary>Writes a table to a Parquet file, group by group. A file without <see cref="Finish"/> cannot be read.</summary>
/// <remarks>Memory is that of the largest column of one group. Source: Apache Parquet, "File Format".</remarks>
public sealed class ParquetWriter : ITableWriter
{
    readonly TableSchema schema;
    readonly ParquetOptions options;
    readonly Stream file;
    readonly ColumnWriter[] columns;
    readonly List<GroupMetadata> groups = [];
    long offset;
    bool isFinished;

    /// <param name="path">Overwritten if it is there.</param>
    /// <param name="schema">At least one column.</param>
    public ParquetWriter(string path, TableSchema schema, ParquetOptions? options = null)
    {
        this.schema = schema;
        this.options = options ?? new ParquetOptions();
        ArgumentOutOfRangeException.ThrowIfZero(schema.Count, nameof(schema));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(this.options.RowsPerGroup);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(this.options.PageBytes);
        columns = [.. schema.Columns.Select(column => new ColumnWriter(column, this.options))];
        file = Files.Create(path, 1 << 18);
        file.Write(ParquetFormat.Magic);
        offset = ParquetFormat.Magic.Length;
    }

    /// <summary>Rows written so far.</summary>
    public long RowCount { get; private set; }

    /// <summary>Writes rows as one group, or as several if there are more than the options allow. No rows write nothing.</summary>
    /// <param name="rows">Columns as in the schema of this file.</param>
    /// <exception cref="ArgumentException">Another schema, columns of different lengths, or text that is not UTF-8.</exception>
    public void Write(RowGroup rows)
    {
        ObjectDisposedException.ThrowIf(isFinished, this);
        Check(rows);
        for (var first = 0; first < rows.Count; first += options.RowsPerGroup)
        {
            WriteGroup(rows, first, Math.Min(options.RowsPerGroup, rows.Count - first));
        }
    }

    /// <summary>Writes the footer, which makes the file complete. Nothing can be written after it.</summary>
    public void Finish()
    {
        ObjectDisposedException.ThrowIf(isFinished, this);
        isFinished = true;
        var writer = new CompactWriter();
        new FileMetadata(SchemaMapping.ToElements(schema), groups, RowCount).Write(writer);
        var footer = writer.Written.ToArray();
        FooterChecksum.Seal(footer);
        file.Write(footer);
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, footer.Length);
        file.Write(size);
        file.Write(ParquetFormat.Magic);
        file.Dispose();
    }

    public void Dispose()
    {
        isFinished = true;
        file.Dispose();
    }

    void WriteGroup(RowGroup rows, int first, int count)
    {
        var chunks = new ChunkMetadata[columns.Length];
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = columns[i].Write(rows.Columns[i], first, count, file, offset);
            offset += chunks[i].CompressedSize;
        }

        groups.Add(new GroupMetadata(chunks, count));
        RowCount += count;
    }

    void Check(RowGroup rows)
    {
        if (!rows.Schema.Columns.SequenceEqual(schema.Columns))
        {
            throw new ArgumentException("The rows have other columns than the file.", nameof(rows));
        }

        if (rows.Columns.FirstOrDefault(column => column.Count != rows.Count) is { } odd)
        {
            throw new ArgumentException(
                $"Column '{odd.Column.Name}' has {odd.Count} rows, but '{rows.Columns[0].Column.Name}' has {rows.Count}.", nameof(rows));
        }
    }
}
