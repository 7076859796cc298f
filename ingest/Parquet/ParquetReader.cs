using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Pipeline.Ingest.Parquet.Columns;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Parquet.Thrift;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Ingest.Parquet;

/// <summary>Reads a flat table from a Parquet file, group by group.</summary>
/// <remarks>
/// Timestamps in milliseconds become microseconds; those in nanoseconds are refused, for they would lose digits. A timestamp that
/// names no zone is taken as UTC. Whatever is damaged is a <see cref="PipelineException"/> that names file, column and byte.
/// Source: Apache Parquet, "File Format".
/// </remarks>
public sealed class ParquetReader : IDisposable
{
    // A group is held in memory as a whole. Writers make groups of 10,000 to 1,000,000 rows.
    const long MaxGroupRows = 1 << 27;

    readonly string path;
    readonly SafeFileHandle file;
    readonly FileMetadata metadata;
    readonly ColumnReader columns;
    readonly long footerOffset;

    /// <exception cref="PipelineException">Missing, damaged, encrypted, or a column that is nested or of an unsupported type.</exception>
    public ParquetReader(string path)
    {
        this.path = path;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path} is missing.", error);
        }

        try
        {
            var footer = ReadFooter(out footerOffset);
            metadata = ParseFooter(footer);
            Schema = Explain(footerOffset, null, () => SchemaMapping.ToSchema(metadata.Schema));
            Explain(footerOffset, null, CheckGroups);
            columns = new ColumnReader(new FileWindow(file));
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

            ReadColumn(metadata.Groups[group], index, target);
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

    void ReadColumn(GroupMetadata group, int index, ColumnBuffer target)
    {
        try
        {
            columns.Read(group.Chunks[index], group.RowCount, SchemaMapping.IsMillis(metadata.Schema[index + 1]), target, footerOffset);
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            throw Failure(columns.Offset, target.Column.Name, error);
        }
    }

    int Find(string column)
    {
        var index = Schema.IndexOf(column);
        return index >= 0 ? index : throw new PipelineException(ExitCode.InputMissing,
            $"{path}: there is no column '{column}'. It has: {string.Join(", ", Schema.Columns.Select(known => known.Name))}.");
    }

    byte[] ReadFooter(out long offset)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> tail = stackalloc byte[ParquetFormat.TailBytes];
        Span<byte> head = stackalloc byte[ParquetFormat.Magic.Length];
        if (length < head.Length + tail.Length)
        {
            throw Failure(0, null, new InvalidDataException($"the file has {length} bytes, too few to be Parquet"));
        }

        ReadExactly(head, 0);
        ReadExactly(tail, length - tail.Length);
        if (tail.EndsWith(ParquetFormat.EncryptedMagic))
        {
            throw Failure(length - 4, null, new NotSupportedException("the file is encrypted"));
        }

        if (!head.SequenceEqual(ParquetFormat.Magic) || !tail.EndsWith(ParquetFormat.Magic))
        {
            throw Failure(head.SequenceEqual(ParquetFormat.Magic) ? length - 4 : 0, null, new InvalidDataException("the mark PAR1 is not there"));
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(tail);
        offset = length - tail.Length - size;
        if (size < 0 || offset < head.Length)
        {
            throw Failure(length - tail.Length, null, new InvalidDataException($"a footer of {size} bytes is not inside the file"));
        }

        var footer = new byte[size];
        ReadExactly(footer, offset);
        return footer;
    }

    FileMetadata ParseFooter(byte[] footer)
    {
        var reader = new CompactReader(footer);
        try
        {
            var parsed = FileMetadata.Read(ref reader);
            if (parsed.IsOurs || parsed.Checksum is not null)
            {
                FooterChecksum.Check(footer, parsed.Checksum ?? "nothing");
            }

            return parsed.IsEncrypted ? throw new NotSupportedException("its columns are encrypted") : parsed;
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            throw Failure(footerOffset + reader.Position, null, error);
        }
    }

    bool CheckGroups()
    {
        foreach (var group in metadata.Groups)
        {
            if (group.RowCount > MaxGroupRows)
            {
                throw new NotSupportedException($"a group has {group.RowCount} rows; up to {MaxGroupRows} are supported");
            }

            if (group.Chunks.Count != Schema.Count)
            {
                throw new InvalidDataException($"a group has {group.Chunks.Count} columns, expected {Schema.Count}");
            }

            for (var i = 0; i < Schema.Count; i++)
            {
                var (chunk, element) = (group.Chunks[i], metadata.Schema[i + 1]);
                if (!chunk.IsEncrypted && (chunk.Type != element.Type || chunk.Path != element.Name))
                {
                    throw new InvalidDataException($"a group has {chunk.Type} '{chunk.Path}' in place of {element.Type} '{element.Name}'");
                }
            }
        }

        var rows = metadata.Groups.Sum(group => group.RowCount);
        return rows == RowCount ? true : throw new InvalidDataException($"its groups have {rows} rows, expected {RowCount}");
    }

    void ReadExactly(Span<byte> target, long offset)
    {
        for (var done = 0; done < target.Length;)
        {
            var read = RandomAccess.Read(file, target[done..], offset + done);
            done += read > 0 ? read : throw Failure(offset + done, null, new InvalidDataException("the file has become shorter"));
        }
    }

    T Explain<T>(long offset, string? column, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            throw Failure(offset, column, error);
        }
    }

    /// <param name="column">Null if it is not about one.</param>
    PipelineException Failure(long offset, string? column, Exception error)
    {
        var where = column is null ? "footer" : $"column '{column}'";
        return error is NotSupportedException
            ? new PipelineException(ExitCode.InputMissing, $"{path}: {where}: {error.Message}. Write the file again without it.", error)
            : new PipelineException(ExitCode.InputMissing, $"{path}: byte {offset}, {where}: {error.Message}. The file is damaged; make it again or fetch it again.", error);
    }
}
