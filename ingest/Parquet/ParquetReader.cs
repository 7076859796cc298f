using Microsoft.Win32.SafeHandles;
using Pipeline.Ingest.Parquet.Columns;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Ingest.Parquet;

/// <summary>Reads a flat table from a Parquet file, group by group.</summary>
/// <remarks>
/// Timestamps in milliseconds become microseconds; those in nanoseconds are refused, for they would lose digits. A timestamp that
/// names no zone is taken as UTC. Whatever is damaged is a <see cref="PipelineException"/> that names file, column and byte.
/// Source: Apache Parquet, "File Format".
/// </remarks>
public sealed class ParquetReader : ITableReader
{
    readonly string path;
    readonly SafeFileHandle file;
    readonly FileMetadata metadata;
    readonly ColumnReader columns;
    readonly Expansion expansion;

    /// <exception cref="PipelineException">Missing, damaged, encrypted, or a column that is nested or of an unsupported type.</exception>
    public ParquetReader(string path)
    {
        this.path = path;
        file = Open(path);
        try
        {
            metadata = FooterReader.Read(path, file, out var footerOffset);
            (Schema, expansion) = MapSchema(footerOffset);
            columns = new ColumnReader(new FileWindow(file, footerOffset), metadata.IsOurs);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public TableSchema Schema { get; }

    public long RowCount => metadata.RowCount;

    public int GroupCount => metadata.Groups.Count;

    public long RowCountOf(int group) => metadata.Groups[group].RowCount;

    /// <summary>Reads a group into memory.</summary>
    /// <param name="columns">Which columns, in the order wanted; null for all.</param>
    public RowGroup Read(int group, IReadOnlyList<string>? columns = null)
    {
        var rows = new RowGroup(Select(columns));
        ReadInto(rows, group);
        return rows;
    }

    /// <summary>Adds the rows of a group to rows in memory, whose columns say what is read.</summary>
    public void ReadInto(RowGroup rows, int group)
    {
        foreach (var target in rows.Columns)
        {
            var index = Find(target.Column.Name);
            if (target.Column != Schema.Columns[index])
            {
                throw new PipelineException(ExitCode.InputMissing, $"{path}: found {Schema.Columns[index]}, expected {target.Column}.");
            }

            ReadColumn(metadata.Groups[group].Chunks[index], metadata.Schema[index + 1], target);
        }
    }

    /// <summary>The schema of some columns.</summary>
    /// <param name="columns">In the order wanted; null for all.</param>
    public TableSchema Select(IReadOnlyList<string>? columns) =>
        columns is null ? Schema : new TableSchema([.. columns.Select(name => Schema.Columns[Find(name)])]);

    /// <summary>What the file says about a column of a group.</summary>
    public ColumnStatistics Statistics(int group, string column) =>
        metadata.Groups[group].Chunks[Find(column)].Statistics ?? new ColumnStatistics(null, null, null);

    public void Dispose() => file.Dispose();

    static SafeFileHandle Open(string path)
    {
        try
        {
            return Files.OpenHandle(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path} is missing.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path} cannot be read: {error.Message}", error);
        }
    }

    (TableSchema Schema, Expansion Expansion) MapSchema(long footerOffset)
    {
        try
        {
            var schema = SchemaMapping.ToSchema(metadata.Schema);
            return (schema, new Expansion(schema, metadata.RowCount, footerOffset));
        }
        catch (Exception error) when (FileFailure.IsExpected(error))
        {
            throw FileFailure.Of(path, footerOffset, null, error);
        }
    }

    void ReadColumn(ChunkMetadata chunk, SchemaElement element, ColumnBuffer target)
    {
        try
        {
            var text = columns.Read(chunk, SchemaMapping.IsMillis(element), target, expansion.TextOf(chunk.Start));
            expansion.Take(chunk.Start, text);
        }
        catch (Exception error) when (FileFailure.IsExpected(error))
        {
            throw FileFailure.Of(path, columns.Offset, target.Column.Name, error);
        }
    }

    int Find(string column)
    {
        var index = Schema.IndexOf(column);
        return index >= 0 ? index : throw new PipelineException(ExitCode.InputMissing,
            $"{path}: there is no column '{column}'. It has: {string.Join(", ", Schema.Columns.Select(known => known.Name))}.");
    }
}
