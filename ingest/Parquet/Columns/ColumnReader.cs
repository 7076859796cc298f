using System.Buffers;
using Pipeline.Ingest.Parquet.Codecs;
using Pipeline.Ingest.Parquet.Encodings;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Reads one column of one group, page by page. Memory grows with what was decoded, not with what headers claim.</summary>
/// <param name="isOurs">True if we have written the file, so that its footer, which has a checksum, names the encodings of all pages, whose headers have none.</param>
sealed class ColumnReader(FileWindow file, bool isOurs)
{
    const int Block = 4096;

    readonly ArrayBufferWriter<byte> decompressed = new(1 << 16);
    readonly int[] levels = new int[Block];
    bool[] isNull = new bool[Block];

    /// <summary>Where the page being read begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Adds all rows of a chunk to a column.</summary>
    /// <param name="isMillis">True if timestamps are stored in milliseconds.</param>
    /// <param name="mostText">How many bytes of text are believed.</param>
    /// <returns>The bytes of text.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">It is encrypted, elsewhere, or in a codec or encoding without code here.</exception>
    public long Read(ChunkMetadata chunk, bool isMillis, ColumnBuffer target, long mostText)
    {
        Offset = chunk.Start;
        var pages = new PageReader(file, decompressed, FindCodec(chunk), chunk.Start, chunk.Start + chunk.CompressedSize);
        var values = ValueDecoder.Create(target, mostText);
        var end = target.Count + chunk.ValueCount;
        for (var hasDictionary = false; target.Count < end;)
        {
            var page = ReadPage(ref pages, target.Column.IsOptional);
            if (isOurs && !chunk.Encodings.Contains(page.Encoding))
            {
                throw new InvalidDataException($"a page is encoded as {page.Encoding}; the footer has {string.Join(" and ", chunk.Encodings)}");
            }

            switch (page.Kind)
            {
                case PageKind.Dictionary when !hasDictionary && page.Encoding is PageEncoding.Plain or PageEncoding.PlainDictionary:
                    values.ReadDictionary(pages.Values, page.ValueCount);
                    hasDictionary = true;
                    break;
                case PageKind.Data or PageKind.Data2 when page.ValueCount >= 0 && page.ValueCount <= end - target.Count:
                    AddRows(page, pages, values, target);
                    break;
                case PageKind.Index:
                    break;
                default:
                    throw new InvalidDataException(
                        $"a page is {page.Kind} with {page.ValueCount} rows in {page.Encoding}, where {end - target.Count} rows are left");
            }
        }

        if (isMillis)
        {
            ToMicros(((ColumnBuffer<long>)target).Last((int)chunk.ValueCount));
        }

        return values.TextBytes;
    }

    ICodec FindCodec(ChunkMetadata chunk)
    {
        if (chunk.IsEncrypted)
        {
            throw new NotSupportedException("it is encrypted");
        }

        if (chunk.IsElsewhere)
        {
            throw new NotSupportedException("its values lie in another file");
        }

        if (chunk.Start < ParquetFormat.Magic.Length || chunk.CompressedSize < 0 || chunk.CompressedSize > file.End - chunk.Start)
        {
            throw new InvalidDataException($"its {chunk.CompressedSize} bytes from {chunk.Start} on are not inside the file");
        }

        return AllCodecs.Find(chunk.Codec)
            ?? throw new NotSupportedException($"it is compressed with {AllCodecs.Name(chunk.Codec)}; supported are UNCOMPRESSED, SNAPPY, GZIP and LZ4_RAW");
    }

    PageHeader ReadPage(ref PageReader pages, bool isOptional)
    {
        try
        {
            return pages.Next(isOptional);
        }
        finally
        {
            Offset = pages.Offset;
        }
    }

    void AddRows(PageHeader page, PageReader bytes, ValueDecoder values, ColumnBuffer target)
    {
        var nulls = target.Column.IsOptional ? ReadLevels(bytes.Levels, page.ValueCount) : [];
        var present = page.ValueCount - nulls.Count(true);
        if (present > 0)
        {
            values.Read(page.Encoding, bytes.Values, present);
        }
        else if (page.Encoding == PageEncoding.Plain && !bytes.Values.IsEmpty)
        {
            // Levels that say null throughout would else hide values, as where levels of another kind lie before them.
            throw new InvalidDataException($"a page of nulls has {bytes.Values.Length} bytes of values, expected 0");
        }

        target.Spread(nulls);
    }

    ReadOnlySpan<bool> ReadLevels(ReadOnlySpan<byte> runs, int count)
    {
        var decoder = new RleDecoder(runs, 1);
        for (var done = 0; done < count;)
        {
            var part = levels.AsSpan(0, Math.Min(Block, count - done));
            decoder.Read(part);
            if (isNull.Length < done + part.Length)
            {
                Array.Resize(ref isNull, isNull.Length * 2);
            }

            for (var i = 0; i < part.Length; i++)
            {
                isNull[done + i] = part[i] == 0;
            }

            done += part.Length;
        }

        return isNull.AsSpan(0, count);
    }

    static void ToMicros(Span<long> values)
    {
        foreach (ref var value in values)
        {
            value = value is >= long.MinValue / 1000 and <= long.MaxValue / 1000
                ? value * 1000
                : throw new InvalidDataException($"{value} milliseconds are out of range");
        }
    }
}
