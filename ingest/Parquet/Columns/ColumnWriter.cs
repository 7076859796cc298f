using System.Buffers;
using System.Buffers.Binary;
using Pipeline.Ingest.Parquet.Codecs;
using Pipeline.Ingest.Parquet.Encodings;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Parquet.Thrift;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Writes one column, group by group: a dictionary page if it pays, then data pages v1. Keeps its memory between groups.</summary>
sealed class ColumnWriter(Column column, ParquetOptions options)
{
    // A page of nulls has no values that could fill it.
    const int MaxPageRows = 1 << 16;

    readonly ICodec codec = AllCodecs.Find((int)options.Codec) ?? throw new ArgumentException($"There is no codec {options.Codec}.");
    readonly ValueEncoder values = ValueEncoder.Create(column);
    readonly ArrayBufferWriter<byte> body = new(1 << 16), compressed = new(1 << 16);
    readonly CompactWriter header = new();
    readonly int[] levels = new int[column.IsOptional ? MaxPageRows : 0];
    int[] positions = [];
    long uncompressedSize, compressedSize;

    /// <param name="offset">Where the stream stands in the file.</param>
    public ChunkMetadata Write(ColumnBuffer rows, int firstRow, int rowCount, Stream file, long offset)
    {
        values.Take(rows, firstRow, rowCount);
        (uncompressedSize, compressedSize) = (0, 0);
        var hasDictionary = options.UseDictionary && BuildDictionary();
        if (hasDictionary)
        {
            values.WriteDictionary(body);
            WritePage(PageKind.Dictionary, PageEncoding.Plain, values.DictionaryCount, file);
        }

        var dataOffset = offset + compressedSize;
        var encoding = hasDictionary ? PageEncoding.RleDictionary : PageEncoding.Plain;
        for (int row = 0, value = 0; row < rowCount;)
        {
            var (pageRows, pageValues) = MeasurePage(rows, firstRow + row, rowCount - row, value, hasDictionary);
            WriteLevels(rows, firstRow + row, pageRows);
            WriteValues(value, pageValues, hasDictionary);
            WritePage(PageKind.Data, encoding, pageRows, file);
            row += pageRows;
            value += pageValues;
        }

        return new ChunkMetadata
        {
            Type = values.Type,
            Encodings = hasDictionary ? [PageEncoding.Plain, PageEncoding.Rle, encoding] : [PageEncoding.Plain, PageEncoding.Rle],
            Path = column.Name,
            Codec = (int)options.Codec,
            ValueCount = rowCount,
            UncompressedSize = uncompressedSize,
            CompressedSize = compressedSize,
            DataPageOffset = dataOffset,
            DictionaryPageOffset = hasDictionary ? offset : null,
            Statistics = values.Bounds(hasDictionary) with { NullCount = rowCount - values.Count },
        };
    }

    bool BuildDictionary()
    {
        if (positions.Length < values.Count)
        {
            positions = new int[values.Count];
        }

        return values.Count > 0 && values.BuildDictionary(positions);
    }

    /// <returns>Rows of the next page, and how many of them are not null.</returns>
    (int Rows, int Values) MeasurePage(ColumnBuffer rows, int firstRow, int rowsLeft, int firstValue, bool hasDictionary)
    {
        var left = values.Count - firstValue;
        var fit = left == 0 ? 0
            : hasDictionary ? (int)Math.Clamp(options.PageBytes * 8L / ValueEncoder.PositionBits(values.DictionaryCount), 1, left)
            : values.Fit(firstValue, options.PageBytes);
        var limit = Math.Min(rowsLeft, MaxPageRows);
        if (rows.NullCount == 0)
        {
            return (Math.Min(fit, limit), Math.Min(fit, limit));
        }

        var (row, found) = (0, 0);
        while (row < limit && (found < fit || rows.IsNull(firstRow + row)))
        {
            found += rows.IsNull(firstRow + row++) ? 0 : 1;
        }

        return (row, found);
    }

    /// <summary>1 for a value, 0 for a null, after their size in 4 bytes. A required column has none.</summary>
    void WriteLevels(ColumnBuffer rows, int firstRow, int count)
    {
        if (!column.IsOptional)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            levels[i] = rows.IsNull(firstRow + i) ? 0 : 1;
        }

        compressed.ResetWrittenCount();
        RleEncoder.Write(levels.AsSpan(0, count), 1, compressed);
        BinaryPrimitives.WriteInt32LittleEndian(body.GetSpan(4), compressed.WrittenCount);
        body.Advance(4);
        body.Write(compressed.WrittenSpan);
    }

    void WriteValues(int firstValue, int count, bool hasDictionary)
    {
        if (!hasDictionary)
        {
            values.WritePlain(firstValue, count, body);
            return;
        }

        var width = ValueEncoder.PositionBits(values.DictionaryCount);
        body.GetSpan(1)[0] = (byte)width;
        body.Advance(1);
        RleEncoder.Write(positions.AsSpan(firstValue, count), width, body);
    }

    /// <summary>Writes the body as a page and empties it.</summary>
    void WritePage(PageKind kind, PageEncoding encoding, int valueCount, Stream file)
    {
        compressed.ResetWrittenCount();
        codec.Compress(body.WrittenSpan, compressed);
        header.Reset();
        new PageHeader
        {
            Kind = kind,
            UncompressedSize = body.WrittenCount,
            CompressedSize = compressed.WrittenCount,
            Crc = Crc32.Of(compressed.WrittenSpan),
            ValueCount = valueCount,
            Encoding = encoding,
        }.Write(header);
        file.Write(header.Written);
        file.Write(compressed.WrittenSpan);
        uncompressedSize += header.Written.Length + body.WrittenCount;
        compressedSize += header.Written.Length + compressed.WrittenCount;
        body.ResetWrittenCount();
    }
}
