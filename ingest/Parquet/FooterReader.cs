using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Ingest.Parquet;

/// <summary>Reads the footer of a file and checks that it agrees with itself, so that no later step has to.</summary>
static class FooterReader
{
    // A group is held in memory as a whole. Writers make groups of 10,000 to 1,000,000 rows.
    const long MaxGroupRows = 1 << 27;

    // Above any writer's, and a file with holes is as long as it likes.
    const int MaxFooter = 1 << 27;

    /// <param name="offset">Where the footer begins, and the pages end.</param>
    /// <exception cref="Pipeline.Stages.PipelineException">Damaged or encrypted.</exception>
    public static FileMetadata Read(string path, SafeFileHandle file, out long offset)
    {
        offset = 0;
        try
        {
            var footer = ReadBytes(file, ref offset);
            var metadata = Parse(footer, ref offset);

            // First: what is nested has other numbers of columns and values than rows, and is not damaged.
            SchemaMapping.RequireFlat(metadata.Schema);
            CheckGroups(metadata);
            return metadata;
        }
        catch (Exception error) when (FileFailure.IsExpected(error))
        {
            throw FileFailure.Of(path, offset, null, error);
        }
    }

    /// <param name="offset">While this fails: the place at fault.</param>
    static byte[] ReadBytes(SafeFileHandle file, ref long offset)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> head = stackalloc byte[ParquetFormat.Magic.Length];
        Span<byte> tail = stackalloc byte[ParquetFormat.TailBytes];
        if (length < head.Length + tail.Length)
        {
            throw new InvalidDataException($"the file has {length} bytes, too few to be Parquet");
        }

        ReadExactly(file, head, 0);
        ReadExactly(file, tail, length - tail.Length);
        if (tail.EndsWith(ParquetFormat.EncryptedMagic))
        {
            throw new NotSupportedException("the file is encrypted");
        }

        CheckMagic(head);
        offset = length - ParquetFormat.Magic.Length;
        CheckMagic(tail[^ParquetFormat.Magic.Length..]);
        offset = length - tail.Length;
        var size = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (size < 0 || size > length - tail.Length - head.Length)
        {
            throw new InvalidDataException($"a footer of {size} bytes is not inside the file");
        }

        if (size > MaxFooter)
        {
            throw new NotSupportedException($"it has {size} bytes; up to {MaxFooter} are supported");
        }

        offset -= size;
        var footer = new byte[size];
        ReadExactly(file, footer, offset);
        return footer;
    }

    /// <param name="offset">The footer's; while this fails: the place at fault.</param>
    static FileMetadata Parse(byte[] footer, ref long offset)
    {
        var start = offset;
        var reader = new CompactReader(footer);
        try
        {
            var metadata = FileMetadata.Read(ref reader);
            if (metadata.IsOurs || metadata.Checksum is not null)
            {
                FooterChecksum.Check(footer, metadata.Checksum ?? "nothing");
            }

            if (metadata.IsEncrypted)
            {
                throw new NotSupportedException("its columns are encrypted");
            }

            // A zero in the wrong place ends the structure early: no groups then, and no checksum to say that there were some.
            return reader.Position == footer.Length ? metadata : throw new InvalidDataException($"it has {footer.Length - reader.Position} bytes behind its end");
        }
        catch (InvalidDataException)
        {
            offset = start + reader.Position;
            throw;
        }
    }

    static void CheckGroups(FileMetadata metadata)
    {
        foreach (var group in metadata.Groups)
        {
            if (group.RowCount > MaxGroupRows)
            {
                throw new NotSupportedException($"a group has {group.RowCount} rows; up to {MaxGroupRows} are supported");
            }

            if (group.Chunks.Count != metadata.Schema.Count - 1)
            {
                throw new InvalidDataException($"a group has {group.Chunks.Count} columns, expected {metadata.Schema.Count - 1}");
            }

            foreach (var (chunk, column) in group.Chunks.Zip(metadata.Schema.Skip(1)))
            {
                CheckChunk(chunk, column, group.RowCount);
            }
        }

        CheckOverlaps(metadata);
        var rows = metadata.Groups.Sum(group => group.RowCount);
        if (rows != metadata.RowCount)
        {
            throw new InvalidDataException($"its groups have {rows} rows, expected {metadata.RowCount}");
        }
    }

    static void CheckChunk(ChunkMetadata chunk, SchemaElement column, long rows)
    {
        // An encrypted chunk hides what follows; it is refused when its column is read.
        if (!chunk.IsEncrypted && (chunk.Type != column.Type || chunk.Path != column.Name || chunk.ValueCount != rows))
        {
            throw new InvalidDataException($"a group has {chunk.ValueCount} {chunk.Type} in '{chunk.Path}', expected {rows} {column.Type} in '{column.Name}'");
        }
    }

    /// <summary>Else a small file could have the same bytes read thousands of times.</summary>
    static void CheckOverlaps(FileMetadata metadata)
    {
        var end = 0L;
        foreach (var chunk in metadata.Groups.SelectMany(group => group.Chunks)
            .Where(chunk => chunk is { IsEncrypted: false, IsElsewhere: false, ValueCount: > 0, CompressedSize: > 0 }).OrderBy(chunk => chunk.Start))
        {
            if (chunk.Start < end)
            {
                throw new InvalidDataException($"the bytes of '{chunk.Path}' from {chunk.Start} on belong to another column too");
            }

            end = chunk.CompressedSize > long.MaxValue - chunk.Start ? long.MaxValue : chunk.Start + chunk.CompressedSize;
        }
    }

    static void CheckMagic(ReadOnlySpan<byte> found)
    {
        if (!found.SequenceEqual(ParquetFormat.Magic))
        {
            throw new InvalidDataException("the mark PAR1 is not there");
        }
    }

    static void ReadExactly(SafeFileHandle file, Span<byte> target, long offset)
    {
        for (var done = 0; done < target.Length;)
        {
            var read = RandomAccess.Read(file, target[done..], offset + done);
            done += read > 0 ? read : throw new InvalidDataException("the file has become shorter");
        }
    }
}
