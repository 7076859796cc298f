using System.Buffers;
using System.Buffers.Binary;
using Pipeline.Ingest.Parquet.Codecs;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Goes through the pages of a column of a group: checks and decompresses them, one at a time.</summary>
ref struct PageReader(FileWindow file, ArrayBufferWriter<byte> decompressed, ICodec codec, long start, long end)
{
    const int MaxHeader = 1 << 16;

    // Of a compressed page. Writers end pages at a megabyte; the largest known limit is 100 MB.
    const int MaxUnpacked = 1 << 27;

    // It is held beside the page that it came in. Writers give up dictionaries beyond a megabyte.
    const int MaxDictionary = 1 << 26;

    long next = start;

    /// <summary>Where the page at hand, or the one that could not be read, begins.</summary>
    public long Offset { get; private set; } = start;

    /// <summary>Runs of levels; empty where the column has no nulls to tell or the page is a dictionary.</summary>
    public ReadOnlySpan<byte> Levels { get; private set; }

    public ReadOnlySpan<byte> Values { get; private set; }

    /// <param name="hasLevels">True if the column is optional.</param>
    public PageHeader Next(bool hasLevels)
    {
        Offset = next;
        var header = ReadHeader(out var headerSize);
        next += headerSize;
        if (header.UncompressedSize < 0 || header.CompressedSize < 0 || header.CompressedSize > end - next)
        {
            throw new InvalidDataException($"a page of {header.CompressedSize} bytes exceeds the {end - next} that are left of the column");
        }

        if (header.Kind == PageKind.Dictionary && header.UncompressedSize > MaxDictionary)
        {
            throw new NotSupportedException($"it has a dictionary of {header.UncompressedSize} bytes; up to {MaxDictionary} are supported");
        }

        var page = file.Read(next, header.CompressedSize);
        next += header.CompressedSize;
        if (header.Crc is { } crc && Crc32.Of(page) != crc)
        {
            throw new InvalidDataException("the page does not match its checksum");
        }

        if (header.Kind == PageKind.Data2)
        {
            OpenV2(header, page);
        }
        else
        {
            Values = Decompress(page, header.UncompressedSize);
            Levels = header.Kind == PageKind.Data && hasLevels ? TakeLevels(header) : [];
        }

        return header;
    }

    PageHeader ReadHeader(out int size)
    {
        // Its size is not known beforehand. Few are longer than a hundred bytes, but some hold statistics.
        var reader = new CompactReader(file.Read(next, (int)Math.Min(MaxHeader, end - next)));
        var header = PageHeader.Read(ref reader);
        size = reader.Position;
        return header;
    }

    void OpenV2(PageHeader header, ReadOnlySpan<byte> page)
    {
        var (repetition, definition) = (header.RepetitionBytes, header.DefinitionBytes);
        if (repetition < 0 || definition < 0 || (long)repetition + definition > Math.Min(page.Length, header.UncompressedSize))
        {
            throw new InvalidDataException($"levels of {definition} bytes exceed their page");
        }

        Levels = page.Slice(repetition, definition);
        var values = page[(repetition + definition)..];
        var size = header.UncompressedSize - repetition - definition;
        if (header.IsCompressed && size > 0)
        {
            Values = Decompress(values, size);
            return;
        }

        Values = values.Length == size ? values : throw new InvalidDataException($"a page has {values.Length} bytes of values, expected {size}");
    }

    ReadOnlySpan<byte> TakeLevels(PageHeader header)
    {
        if (header.LevelEncoding != PageEncoding.Rle)
        {
            throw new NotSupportedException($"its levels are encoded as {header.LevelEncoding}; supported is Rle");
        }

        var size = Values.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(Values);
        if (size < 0 || size > Values.Length - 4)
        {
            throw new InvalidDataException($"levels of {size} bytes exceed their page");
        }

        var levels = Values.Slice(4, size);
        Values = Values[(4 + size)..];
        return levels;
    }

    readonly ReadOnlySpan<byte> Decompress(ReadOnlySpan<byte> page, int size)
    {
        if (codec.Id == ParquetCodec.Uncompressed)
        {
            return page.Length == size ? page : throw new InvalidDataException($"a page has {page.Length} bytes, expected {size}");
        }

        if (size > MaxUnpacked)
        {
            throw new NotSupportedException($"it has a page of {size} bytes before compression; up to {MaxUnpacked} are supported");
        }

        decompressed.ResetWrittenCount();
        codec.Decompress(page, size, decompressed);
        return decompressed.WrittenSpan;
    }
}
